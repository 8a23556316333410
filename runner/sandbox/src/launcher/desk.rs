//! Answers the daemon's requests, one at a time.

use super::{gate, journal, start};
use crate::confine::Ground;
use crate::facts::Facts;
use crate::house::House;
use crate::keeper::standing;
use crate::objects::{self, Object, Origin};
use crate::protocol::{Answer, Call, Content, Id, Reply, Request, Standing};
use semla_policy::{Digest, Marking, Need, Receipt, Refusal};
use std::fs::File;
use std::os::fd::OwnedFd;

/// Most bytes that the daemon may have kept at once.
const KEEP: u64 = 256 << 20;

/// What the launcher knows.
pub(super) struct Desk {
    pub(super) house: House,
    pub(super) facts: Facts,
    pub(super) ground: Ground,
}

/// A reply, and the descriptor that goes with it.
type Replied = Result<(Reply, Option<OwnedFd>), Refusal>;

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
            Request::Start { fence, work } => start::start(self, &fence, work).map(|()| (Reply::Done, None)),
            Request::Observe(fence) => Ok((Reply::Standing(standing::observe(&self.house, &fence)), None)),
            Request::Stop(fence) => self.stop(&fence),
            Request::Open { object, person, reviewer, receipt } => self.open(&object, &person, reviewer, &receipt),
            Request::OpenLog { fence, person, receipt } => self.open_log(&fence, &person, &receipt),
            Request::Versions { image, person } => self.versions(&image, &person),
            Request::Lower(lower) => gate::lower(self, &lower).map(|copy| (Reply::Lowered(copy), None)),
        }
    }

    /// Keeps what the daemon was handed over the network: code, dummies. It can't hand in anything that it hasn't seen.
    fn keep(&self, id: &Id, label: String, permit: String, fd: Option<OwnedFd>) -> Replied {
        if !id.is_kept() {
            return Err(Refusal::new(8, "what is handed in has a name of its own kind", "begin it with `c-` or `d-`"));
        }
        self.facts.registry().label(&label)?;
        let fd = fd.ok_or_else(|| Refusal::new(8, "no descriptor came along", "send one"))?;
        let mut file = super::intake::plain(File::from(fd))?;
        let marking =
            Marking { label, permit, submitter: String::new(), policy: self.facts.registry().policy_digest().clone() };
        let content = objects::take(&self.house, id, &mut file, KEEP, marking, Origin::Kept).map_err(|error| {
            Refusal::new(8, format!("it couldn't be kept: {error}"), "free some disk, and try again")
        })?;
        Ok((Reply::Kept(content), None))
    }

    fn stop(&self, fence: &Id) -> Replied {
        if standing::observe(&self.house, fence) == Standing::Running {
            standing::order_stop(&self.house, &self.ground, fence)
                .map_err(|error| Refusal::new(8, format!("the attempt couldn't be stopped: {error}"), "try again"))?;
        }
        Ok((Reply::Done, None))
    }

    /// Rule 1, asked once more from the signed records; then the journal; then the descriptor. Datasets are no objects:
    /// no request hands one out.
    fn open(&self, id: &Id, person: &str, reviewer: bool, receipt: &Receipt) -> Replied {
        let Object { marking, content, .. } = objects::find(&self.house, id)?;
        self.may_read(&marking, person, reviewer)?;
        journal::write(&self.house, &journal::Line::Opened { object: id, person, receipt })?;
        let file = objects::open(&self.house, id)?;
        Ok((Reply::Opened(content), Some(file.into())))
    }

    fn open_log(&self, fence: &Id, person: &str, receipt: &Receipt) -> Replied {
        let hidden = || Refusal::not_found("such object");
        let task = standing::task(&self.house, fence).ok_or_else(hidden)?;
        self.may_read(&task.marking, person, false)?;
        journal::write(&self.house, &journal::Line::Opened { object: fence, person, receipt })?;
        let file = File::open(self.house.attempt(fence).join("log")).map_err(|_| hidden())?;
        let content = Content { digest: Digest::of(b""), size: file.metadata().map_or(0, |data| data.len()) };
        Ok((Reply::Opened(content), Some(file.into())))
    }

    /// What a worker said of an image when it came in.
    fn versions(&self, image: &Digest, person: &str) -> Replied {
        let image = self.facts.registry().image_for(person, image)?;
        let file = File::open(self.house.versions(&image.digest));
        let file = file.map_err(|_| Refusal::new(8, "nobody listed what is in the image", "import it again"))?;
        let size = file.metadata().map_or(0, |data| data.len());
        Ok((Reply::Opened(Content { digest: Digest::of(b""), size }), Some(file.into())))
    }

    fn may_read(&self, marking: &Marking, person: &str, reviewer: bool) -> Result<(), Refusal> {
        let registry = self.facts.registry();
        let label = registry.label(&marking.label).ok();
        let need = match reviewer {
            true => Need::Reviewer(&marking.permit),
            false => Need::Member(&marking.permit),
        };
        registry.may_read(person, label.as_ref(), need, crate::clock::today())
    }
}
