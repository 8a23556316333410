//! Answers the daemon's requests, one at a time.

use super::beside::Running;
use super::readers::Readers;
use super::reads::Reader;
use super::{gate, start};
use crate::confine::Ground;
use crate::engine::Runtime;
use crate::facts::Facts;
use crate::house::House;
use crate::keeper::standing;
use crate::objects::{self, Origin};
use crate::protocol::{Answer, Call, Id, Reply, Request, Standing, note_id};
use semla_policy::{Backend, Isolation, Marking, Refusal, Signed};
use std::fs::File;
use std::os::fd::OwnedFd;

/// Most bytes that the daemon may have kept at once.
const KEEP: u64 = 256 << 20;

/// What the launcher knows.
pub(super) struct Desk {
    pub(super) house: House,
    pub(super) facts: Facts,
    pub(super) ground: Ground,
    pub(super) running: Running,
    /// Whom the host has served since it was last seen to be empty; nothing, where that isn't known.
    pub(super) served: Option<Vec<Marking>>,
    /// Whose reads may be in memory.
    pub(super) readers: Readers,
}

/// A reply, and the descriptor that goes with it.
pub(super) type Replied = Result<(Reply, Option<OwnedFd>), Refusal>;

impl Desk {
    /// Answers one call.
    pub(super) fn answer(&mut self, call: Call, fd: Option<OwnedFd>) -> (Answer, Option<OwnedFd>) {
        let (reply, handed) = match self.decide(call.request, fd) {
            Ok((reply, handed)) => (Ok(reply), handed),
            Err(refusal) => (Err(refusal), None),
        };
        (Answer { number: call.number, reply }, handed)
    }

    fn decide(&mut self, request: Request, fd: Option<OwnedFd>) -> Replied {
        match request {
            Request::Enact(signed) => self.facts.enact(&self.house, &signed).map(|()| (Reply::Done, None)),
            Request::Keep { object, label, permit } => self.keep(&object, label, permit, fd),
            Request::Note { about, note } => self.note(&about, &note),
            Request::Start { fence, work, receipt } => {
                start::start(self, &fence, work, &receipt).map(|()| (Reply::Done, None))
            }
            Request::Backends => {
                let backends = self.backends().into_iter().map(|(backend, _)| backend).collect();
                Ok((Reply::Backends(backends), None))
            }
            Request::Observe(fence) => {
                Ok((Reply::Standing(standing::look_after(&self.house, &self.ground, &fence)), None))
            }
            Request::Stop(fence) => self.stop(&fence),
            Request::Open { object, person, reviewer, reading, receipt } => {
                self.open(&object, reviewer, &Reader { person: &person, reading: reading.as_ref(), receipt: &receipt })
            }
            Request::OpenLog { fence, person, reading, receipt } => {
                self.open_log(&fence, &Reader { person: &person, reading: reading.as_ref(), receipt: &receipt })
            }
            Request::Versions { image, person, reading, receipt } => {
                self.versions(&image, &Reader { person: &person, reading: reading.as_ref(), receipt: &receipt })
            }
            Request::Collect { copy, receipt } => self.collect(&copy, &receipt),
            Request::Lower(lower) => gate::lower(self, &lower).map(|copy| (Reply::Lowered(copy), None)),
        }
    }

    /// The ways in which jobs can run here.
    pub(super) fn backends(&self) -> Vec<(Backend, Option<Runtime>)> {
        let isolation = if self.ground.slots().are_hosts() { Isolation::Local } else { Isolation::Rootless };
        self.house.backends(Backend { isolation, limits: self.ground.limits() })
    }

    /// Keeps what the daemon was handed over the network: code, dummies. It can't hand in anything that it hasn't seen.
    fn keep(&mut self, id: &Id, label: String, permit: String, fd: Option<OwnedFd>) -> Replied {
        if !id.is_kept() {
            return Err(Refusal::new(8, "what is handed in has a name of its own kind", "begin it with `c-` or `d-`"));
        }
        self.facts.registry().label(&label)?;
        let fd = fd.ok_or_else(|| Refusal::new(8, "no descriptor came along", "send one"))?;
        let mut file = super::intake::plain(File::from(fd))?;
        let marking =
            Marking { label, permit, submitter: String::new(), policy: *self.facts.registry().policy_digest() };
        let content = objects::take(&self.house, id, &mut file, KEEP, marking, Origin::Kept).map_err(|error| {
            Refusal::new(8, format!("it couldn't be kept: {error}"), "free some disk, and try again")
        })?;
        if id.is_dummy() {
            self.readers.is_new(self.house.object(id));
        }
        Ok((Reply::Kept(content), None))
    }

    /// Keeps what a reviewer wrote, at the label and with the permit of what it is about. Its author is that reviewer: who wrote it
    /// doesn't vote on it. The same note again is the same object.
    fn note(&self, about: &Id, signed: &Signed) -> Replied {
        let file = objects::find(&self.house, about)?;
        start::declared(self, &file)?;
        let (author, note) = self.facts.registry().note(signed, &file.marking, &file.content.digest)?;
        let id = note_id(signed).map_err(|error| Refusal::new(8, error.to_string(), "write it again"))?;
        if let Ok(kept) = objects::find(&self.house, &id) {
            return Ok((Reply::Kept(kept.content), None));
        }
        let marking = Marking { submitter: author, ..file.marking };
        let text = format!("{}\n", note.text.trim_end());
        let origin = Origin::Note { about: about.clone() };
        let kept = objects::take(&self.house, &id, &mut text.as_bytes(), KEEP, marking, origin);
        let failed = |error| Refusal::new(8, format!("it couldn't be kept: {error}"), "free some disk, and try again");
        Ok((Reply::Kept(kept.map_err(failed)?), None))
    }

    fn stop(&self, fence: &Id) -> Replied {
        if standing::observe(&self.house, fence) == Standing::Running {
            standing::order_stop(&self.house, &self.ground, fence)
                .map_err(|error| Refusal::new(8, format!("the attempt couldn't be stopped: {error}"), "try again"))?;
        }
        Ok((Reply::Done, None))
    }
}
