//! The life of a request, from its first check to its end.

use super::{Blocks, CastVote, Effect, Event, File, FileState, State};
use crate::digest::Digest;
use crate::panel::Panels;
use crate::policy::Excuse;
use crate::refusal::Refusal;
use crate::terms::Terms;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A request to lower some files to one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its name: random, so that nobody can count requests.
    pub id: String,
    /// Who asked.
    pub requester: String,
    /// The files' label.
    pub from: String,
    /// The label that they would get.
    pub to: String,
    /// Who has to approve a file. Nothing, in a request of before that was kept: nothing of it is approved until its terms are taken anew.
    #[serde(default)]
    pub panels: Panels,
    /// Which blocks may be excused, and how many approvals that takes.
    pub excuse: Option<Excuse>,
    /// How often the checks began anew: each time there is another answer to be told.
    pub round: u32,
    /// Where it stands.
    pub state: State,
    /// The files, by name.
    pub files: BTreeMap<String, File>,
}

impl Release {
    /// A request that wasn't sent yet.
    pub fn draft(
        id: String,
        requester: String,
        (from, to): (String, String),
        terms: &Terms,
        files: BTreeMap<String, Digest>,
    ) -> Self {
        let files = files.into_iter().map(|(name, digest)| (name, File::unchecked(digest))).collect();
        let (panels, excuse) = (terms.panels.clone(), terms.excuse.clone());
        Self { id, requester, from, to, panels, excuse, round: 0, state: State::Draft, files }
    }

    /// Who has to approve a file. One that is excused needs more.
    pub fn panels(&self, file: &File) -> Panels {
        self.panels.excusing(&file.excused)
    }

    /// The fewest approvals that a file needs.
    pub fn needed(&self, file: &File) -> u8 {
        self.panels(file).reviewers()
    }

    /// The state after an event, and what to do. An event that doesn't fit the state changes nothing.
    pub fn step(&self, event: Event) -> Result<(Self, Vec<Effect>), Refusal> {
        let mut next = self.clone();
        let effects = next.apply(event)?;
        Ok((next, effects))
    }

    fn apply(&mut self, event: Event) -> Result<Vec<Effect>, Refusal> {
        match (self.state, event) {
            (State::Draft, Event::Submit) => self.submit(),
            (State::Checking, Event::Checked { file, digest, blocks }) => self.checked(&file, &digest, &blocks),
            (State::Checking, Event::Mended { file, digest, copy }) => self.mended(&file, &digest, copy),
            (State::InReview, Event::Vote(cast)) => self.voted(&cast),
            (State::Approved | State::InReview, Event::Recounted { file, votes }) => self.recounted(&file, &votes),
            (State::ChangesRequested, Event::Replace(files)) => self.replace(&files),
            (State::ChangesRequested, Event::LeaveOut(files)) => self.leave_out(&files),
            (State::Approved, Event::Lowered) => self.end(State::Released),
            (State::Approved, Event::Refused) => self.end(State::Expired),
            (state, Event::PolicyChanged(terms)) if state.is_pending() => Ok(self.policy_changed(*terms)),
            (state, Event::Withdraw) if state.is_pending() => self.end(State::Withdrawn),
            (state, Event::Lapsed) if state.is_pending() => self.end(State::Expired),
            (state, Event::Expire) if state.is_open() => self.end(State::Expired),
            (state, Event::Revoke) if state.is_pending() || state == State::Released => {
                self.state = State::Revoked;
                Ok(vec![Effect::Withhold])
            }
            (state, _) => Err(Refusal::new(
                6,
                format!("the request is {}, where that can't be done", state.word()),
                "look at it with `semla release show`",
            )),
        }
    }

    fn end(&mut self, state: State) -> Result<Vec<Effect>, Refusal> {
        self.state = state;
        Ok(Vec::new())
    }

    fn submit(&mut self) -> Result<Vec<Effect>, Refusal> {
        if self.files.is_empty() {
            return Err(Refusal::new(6, "the request names no file", "name declared outputs of the job"));
        }
        self.state = State::Checking;
        Ok(self.files.iter().map(|(name, file)| file.check(name)).collect())
    }

    fn checked(&mut self, name: &str, digest: &Digest, blocks: &Blocks) -> Result<Vec<Effect>, Refusal> {
        let excused = blocks.excusable(self.excuse.as_ref()).cloned();
        let file = self.file(name)?;
        // An answer about content that was replaced meanwhile says nothing.
        if file.digest == *digest && file.state == FileState::Unchecked {
            match excused {
                Some(checks) => file.passed(checks),
                None => file.blocked(),
            }
        }
        Ok(self.settle())
    }

    fn mended(&mut self, name: &str, digest: &Digest, copy: Digest) -> Result<Vec<Effect>, Refusal> {
        let file = self.file(name)?;
        if file.digest != *digest || file.state != FileState::Unchecked {
            return Ok(Vec::new());
        }
        *file = file.with(copy);
        Ok(vec![file.check(name)])
    }

    fn voted(&mut self, cast: &CastVote) -> Result<Vec<Effect>, Refusal> {
        let vote = &cast.vote;
        let file = self.files.get(&vote.file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        if !self.is_about(cast, file) {
            return Err(Refusal::new(
                6,
                format!("the vote is about another content of `{}`, or another request", vote.file),
                "look at the file as it is now, and vote again",
            ));
        }
        let panels = self.panels(file);
        self.file(&vote.file)?.voted(cast, &panels)?;
        Ok(self.settle())
    }

    fn recounted(&mut self, name: &str, votes: &[CastVote]) -> Result<Vec<Effect>, Refusal> {
        let file = self.files.get(name).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        // What is decided otherwise is decided.
        if file.state != FileState::Approved && !file.state.is_open() {
            return Ok(Vec::new());
        }
        let about = votes.iter().filter(|cast| cast.vote.file == name && self.is_about(cast, file));
        let (still, panels): (Vec<_>, _) = (about.cloned().collect(), self.panels(file));
        self.file(name)?.recounted(&still, &panels);
        Ok(self.settle())
    }

    /// Whether a vote is about this request, this way and this content.
    fn is_about(&self, cast: &CastVote, file: &File) -> bool {
        let vote = &cast.vote;
        let about = vote.release == self.id && vote.requester == self.requester;
        about && vote.from == self.from && vote.to == self.to && vote.digest == file.digest
    }

    /// A file that changes loses its votes, as long as it is another one than it was; the others keep theirs.
    fn replace(&mut self, files: &BTreeMap<String, Digest>) -> Result<Vec<Effect>, Refusal> {
        self.wanted_changed(files.keys())?;
        let replaced = self.files.iter_mut().filter_map(|(name, file)| Some((name, file, files.get(name)?)));
        let checks = replaced.map(|(name, file, digest)| {
            *file = File { replaced: true, ..file.with(*digest) };
            file.check(name)
        });
        let checks = checks.collect();
        self.round += 1;
        self.state = State::Checking;
        Ok(checks)
    }

    fn leave_out(&mut self, files: &BTreeSet<String>) -> Result<Vec<Effect>, Refusal> {
        self.wanted_changed(files.iter())?;
        let left = self.files.iter_mut().filter(|(name, _)| files.contains(*name));
        left.for_each(|(_, file)| file.state = FileState::LeftOut);
        self.round += 1;
        Ok(self.settle())
    }

    /// A requester answers what reviewers asked of them, and nothing else.
    fn wanted_changed<'a>(&self, mut names: impl ExactSizeIterator<Item = &'a String>) -> Result<(), Refusal> {
        if names.len() == 0 {
            return Err(Refusal::new(6, "no file is named", "name those that reviewers want changed"));
        }
        names.try_for_each(|name| match self.files.get(name) {
            Some(file) if file.awaits_answer() => Ok(()),
            Some(_) => {
                let what = format!("nobody asked for changes of `{name}`");
                Err(Refusal::new(6, what, "name those that reviewers want changed"))
            }
            None => Err(Refusal::not_found("such file in the request")),
        })
    }

    /// Votes were cast under a policy, and so were the checks: whatever could still leave begins anew, and nothing that was said under the
    /// old one comes back. What left the request stays out, and what waits for its author goes on waiting.
    fn policy_changed(&mut self, terms: Terms) -> Vec<Effect> {
        (self.panels, self.excuse) = (terms.panels, terms.excuse);
        if self.state == State::Draft {
            return Vec::new();
        }
        self.files.values_mut().filter(|file| file.awaits_answer()).for_each(File::forget);
        let files = self.files.iter_mut().filter(|(_, file)| file.state.is_under_way());
        let again = files.map(|(name, file)| {
            *file = file.afresh();
            file.check(name)
        });
        let mut effects: Vec<_> = again.collect();
        if !effects.is_empty() {
            self.round += 1;
        }
        effects.extend(self.settle());
        effects
    }

    fn file(&mut self, name: &str) -> Result<&mut File, Refusal> {
        self.files.get_mut(name).ok_or_else(|| Refusal::not_found("such file in the request"))
    }

    /// Where the request stands follows from where its files stand.
    fn settle(&mut self) -> Vec<Effect> {
        self.state = State::of(self.files.values().map(|file| file.state));
        let approved = || self.files.iter().filter(|(_, file)| file.state == FileState::Approved);
        match self.state {
            State::Approved => vec![Effect::Lower(approved().map(|(name, _)| name.clone()).collect())],
            _ => Vec::new(),
        }
    }
}
