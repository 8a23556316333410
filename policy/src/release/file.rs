//! One file of a request: what stands against it, and what reviewers say of it.

use super::{CastVote, Decision, Effect};
use crate::digest::Digest;
use crate::panel::Panels;
use crate::policy::Role;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One file of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct File {
    /// Its content. Votes bind to it.
    pub digest: Digest,
    /// Where it stands.
    pub state: FileState,
    /// The checks that block it, and that an approval excuses, each of them and no other.
    pub excused: BTreeSet<String>,
    /// Who says what.
    pub votes: BTreeMap<String, Decision>,
    /// For which of the roles that the way wants each of them stands, as it was when they voted. Of whom nothing was kept, it is for none.
    #[serde(default)]
    pub roles: BTreeMap<String, BTreeSet<Role>>,
    /// What was said of contents that its requester replaced. It is said of them still: nobody gets other reviewers for the same content.
    #[serde(default)]
    pub earlier: BTreeMap<Digest, Said>,
    /// Whether its requester put it in the place of what reviewers wanted changed.
    #[serde(default)]
    pub replaced: bool,
}

/// What was said of one content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Said {
    /// Who says what.
    pub votes: BTreeMap<String, Decision>,
    /// For which roles they stand.
    pub roles: BTreeMap<String, BTreeSet<Role>>,
}

/// Where a file of a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// The checks haven't answered.
    Unchecked,
    /// Reviewers may vote.
    Open,
    /// Enough reviewers voted, and they differ, or what they voted on came back: they see each other's votes, and may vote again.
    Disputed,
    /// The checks block it: it left the request.
    Blocked,
    /// Enough reviewers approved, each role that the way wants among them, and all who voted did.
    Approved,
    /// Reviewers want it changed.
    ChangesRequested,
    /// They did, and the checks block what came in its place: its requester answers once more, and the rest waits for that.
    Returned,
    /// Reviewers rejected it: it left the request.
    Rejected,
    /// Reviewers wanted it changed, and its requester left it out.
    LeftOut,
}

impl FileState {
    /// Whether it can leave, as far as anybody has said, without its requester.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Unchecked | Self::Open | Self::Disputed | Self::Approved)
    }

    /// Whether reviewers may vote.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Disputed)
    }
}

impl File {
    pub(super) fn unchecked(digest: Digest) -> Self {
        let (votes, roles, earlier) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (state, excused, replaced) = (FileState::Unchecked, BTreeSet::new(), false);
        Self { digest, state, excused, votes, roles, earlier, replaced }
    }

    /// With another content, of which nobody has said anything, or what they said of it once.
    pub(super) fn with(&self, digest: Digest) -> Self {
        let mut earlier = self.earlier.clone();
        if !self.votes.is_empty() {
            earlier.insert(self.digest, Said { votes: self.votes.clone(), roles: self.roles.clone() });
        }
        Self { earlier, replaced: self.replaced, ..Self::unchecked(digest) }
    }

    /// Under another policy nothing counts that was said under the old one.
    pub(super) fn forget(&mut self) {
        self.votes.clear();
        self.roles.clear();
        self.earlier.clear();
    }

    /// To be checked anew.
    pub(super) fn afresh(&self) -> Self {
        Self { replaced: self.replaced, ..Self::unchecked(self.digest) }
    }

    /// The checks let it through, but for what is excused. Those who have voted on this content may vote again, now that it came back:
    /// its author may have said more of it.
    pub(super) fn passed(&mut self, excused: BTreeSet<String>) {
        (self.excused, self.state) = (excused, FileState::Open);
        if let Some(Said { votes, roles }) = self.earlier.remove(&self.digest) {
            (self.votes, self.roles, self.state) = (votes, roles, FileState::Disputed);
        }
    }

    /// The checks block it: it leaves the request, unless it answers reviewers who wanted something changed.
    pub(super) fn blocked(&mut self) {
        self.state = if self.replaced { FileState::Returned } else { FileState::Blocked };
    }

    /// Whether its requester is to answer.
    pub(super) fn awaits_answer(&self) -> bool {
        matches!(self.state, FileState::ChangesRequested | FileState::Returned)
    }

    pub(super) fn check(&self, name: &str) -> Effect {
        Effect::Check { file: name.to_owned(), digest: self.digest }
    }

    /// Takes a vote of somebody who may vote, about this very content. Reviews are blind: who has voted can't change it, but where the
    /// votes are shown because they differ.
    pub(super) fn voted(&mut self, cast: &CastVote, panels: &Panels) -> Result<(), Refusal> {
        let (name, vote) = (&cast.vote.file, &cast.vote);
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy));
        if self.state == FileState::Blocked {
            let what = format!("the checks block `{name}`, and what they found isn't excused under the policy");
            return refuse(what, "vote on the other files; its author can mend it and ask again");
        }
        if !self.state.is_open() {
            return refuse(format!("`{name}` is no longer open for votes"), "vote on the other files");
        }
        if self.state == FileState::Open && self.votes.contains_key(&cast.reviewer) {
            return refuse(
                format!("`{}` has voted on this file already", cast.reviewer),
                "leave it to another checker; where votes differ, those who voted may vote again",
            );
        }
        if vote.decision == Decision::Approve && vote.excuses != self.excused {
            return refuse(
                format!("{}, and the vote excuses others", blocked_by(name, &self.excused)),
                "excuse exactly the checks that block it, or don't approve",
            );
        }
        self.votes.insert(cast.reviewer.clone(), vote.decision);
        self.roles.insert(cast.reviewer.clone(), cast.roles.clone());
        self.decide(panels);
        Ok(())
    }

    /// Decides anew from those of the votes that still count: the others are dropped, and whoever votes again is one vote more.
    pub(super) fn recounted(&mut self, still: &[CastVote], panels: &Panels) {
        let same = |by: &String, said: &Decision| {
            still.iter().find(|cast| cast.reviewer == *by && cast.vote.decision == *said).map(|cast| cast.roles.clone())
        };
        let roles = self.votes.iter().filter_map(|(by, said)| Some((by.clone(), same(by, said)?)));
        let roles: BTreeMap<_, _> = roles.collect();
        let before = (self.votes.len(), std::mem::replace(&mut self.roles, roles));
        self.votes.retain(|by, _| self.roles.contains_key(by));
        // Who thinks again goes on thinking, in whichever role; who only waited for a role that is there now waits no longer.
        if before.0 != self.votes.len() || (before.1 != self.roles && self.state != FileState::Disputed) {
            self.decide(panels);
        }
    }

    /// Decided is what enough reviewers say, and nobody who voted says otherwise. That it may leave is decided once each rule has those whom
    /// it wants: until then others may join, or votes that can't suffice would end it.
    fn decide(&mut self, panels: &Panels) {
        let said: BTreeSet<Decision> = self.votes.values().copied().collect();
        let enough = self.votes.len() >= usize::from(panels.reviewers());
        self.state = match Vec::from_iter(said).as_slice() {
            _ if !enough => FileState::Open,
            [Decision::Approve] if panels.missing(self.roles.values()).is_some() => FileState::Open,
            [Decision::Approve] => FileState::Approved,
            [Decision::RequestChanges] => FileState::ChangesRequested,
            [Decision::Reject] => FileState::Rejected,
            _ => FileState::Disputed,
        };
    }
}

fn blocked_by(name: &str, checks: &BTreeSet<String>) -> String {
    match checks.is_empty() {
        true => format!("nothing blocks `{name}`"),
        false => format!("`{name}` is blocked by {}", checks.iter().cloned().collect::<Vec<_>>().join(", ")),
    }
}
