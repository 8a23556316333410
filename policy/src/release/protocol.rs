//! The life of a request, from its first check to its end.

use super::{CastVote, Decision, Verdict};
use crate::digest::Digest;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// How many distinct approvals each file needs.
    pub reviewers: u8,
    /// Where it stands.
    pub state: State,
    /// The files, by name.
    pub files: BTreeMap<String, File>,
}

/// One file of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its content. Votes bind to it.
    pub digest: Digest,
    /// Where it stands.
    pub state: FileState,
    /// Who said what.
    pub votes: BTreeMap<String, Decision>,
}

/// Where a file of a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// The checks haven't answered.
    Unchecked,
    /// Reviewers may vote.
    Open,
    /// The checks block it: it left the request.
    Blocked,
    /// Enough reviewers approved.
    Approved,
    /// A reviewer wants it changed.
    ChangesRequested,
    /// A reviewer rejected it: it left the request.
    Rejected,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not sent yet.
    Draft,
    /// The checks run.
    Checking,
    /// Reviewers read.
    InReview,
    /// The author has to answer.
    ChangesRequested,
    /// Every file is decided; the launcher lowers the approved ones.
    Approved,
    /// The bundle can be fetched.
    Released,
    /// No file was left.
    Rejected,
    /// The requester took it back.
    Withdrawn,
    /// Nobody decided in time, or the votes no longer counted when it came to it.
    Expired,
    /// Taken back after the fact.
    Revoked,
}

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Event {
    /// The requester sends it.
    Submit,
    /// The checks answered for a file of this content.
    Checked {
        /// The file's name.
        file: String,
        /// What was checked.
        digest: Digest,
        /// The worst finding, under every policy that counts.
        verdict: Verdict,
    },
    /// The checks made a copy that can stand in for a file: it is checked and voted on afresh.
    Mended {
        /// The file's name.
        file: String,
        /// What was mended.
        digest: Digest,
        /// The copy's content.
        copy: Digest,
    },
    /// A reviewer voted.
    Vote(CastVote),
    /// The author replaced a file.
    Replace {
        /// The file's name.
        file: String,
        /// The new content.
        digest: Digest,
    },
    /// The requester takes it back.
    Withdraw,
    /// The time is over.
    Expire,
    /// The launcher lowered every approved file.
    Lowered,
    /// The launcher refused: the policy, the people or the permit changed since the votes.
    Refused,
    /// An officer takes it back.
    Revoke,
}

/// What has to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Check this file.
    Check {
        /// Its name.
        file: String,
        /// Its content.
        digest: Digest,
    },
    /// Have the launcher lower these files.
    Lower(Vec<String>),
    /// Mark the bundle as taken back.
    Withhold,
}

impl Release {
    /// A request that wasn't sent yet.
    pub fn draft(
        id: String,
        requester: String,
        labels: (String, String),
        reviewers: u8,
        files: BTreeMap<String, Digest>,
    ) -> Self {
        let files = files.into_iter().map(|(name, digest)| (name, File::unchecked(digest))).collect();
        Self { id, requester, from: labels.0, to: labels.1, reviewers: reviewers.max(1), state: State::Draft, files }
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
            (State::Checking, Event::Checked { file, digest, verdict }) => self.checked(&file, &digest, verdict),
            (State::Checking, Event::Mended { file, digest, copy }) => self.mended(&file, &digest, copy),
            (State::InReview, Event::Vote(cast)) => self.voted(&cast),
            (State::ChangesRequested, Event::Replace { file, digest }) => self.replace(&file, digest),
            (State::Approved, Event::Lowered) => self.end(State::Released),
            (State::Approved, Event::Refused) => self.end(State::Expired),
            (State::Released, Event::Revoke) => {
                self.state = State::Revoked;
                Ok(vec![Effect::Withhold])
            }
            (state, Event::Withdraw) if state.is_open() => self.end(State::Withdrawn),
            (state, Event::Expire) if state.is_open() => self.end(State::Expired),
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

    fn checked(&mut self, name: &str, digest: &Digest, verdict: Verdict) -> Result<Vec<Effect>, Refusal> {
        let file = self.file(name)?;
        // An answer about content that was replaced meanwhile says nothing.
        if file.digest == *digest && file.state == FileState::Unchecked {
            file.state = match verdict {
                Verdict::Block => FileState::Blocked,
                Verdict::Pass | Verdict::Review => FileState::Open,
            };
        }
        self.settle()
    }

    fn mended(&mut self, name: &str, digest: &Digest, copy: Digest) -> Result<Vec<Effect>, Refusal> {
        let file = self.file(name)?;
        if file.digest != *digest || file.state != FileState::Unchecked {
            return Ok(Vec::new());
        }
        *file = File::unchecked(copy);
        Ok(vec![file.check(name)])
    }

    fn voted(&mut self, cast: &CastVote) -> Result<Vec<Effect>, Refusal> {
        let (release, from, to, needed) = (self.id.clone(), self.from.clone(), self.to.clone(), self.reviewers);
        let vote = &cast.vote;
        let about = vote.release == release && vote.requester == self.requester;
        let file = self.file(&vote.file)?;
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy));
        if !about || vote.from != from || vote.to != to || vote.digest != file.digest {
            return refuse(
                format!("the vote is about another content of `{}`, or another request", vote.file),
                "look at the file as it is now, and vote again",
            );
        }
        if file.state != FileState::Open {
            return refuse(format!("`{}` is no longer open for votes", vote.file), "vote on the other files");
        }
        if file.votes.contains_key(&cast.reviewer) {
            return refuse(
                format!("`{}` has voted on this file already", cast.reviewer),
                "leave it to another checker",
            );
        }
        file.votes.insert(cast.reviewer.clone(), vote.decision);
        let approvals = file.votes.values().filter(|decision| **decision == Decision::Approve).count();
        match vote.decision {
            Decision::Reject => file.state = FileState::Rejected,
            Decision::RequestChanges => file.state = FileState::ChangesRequested,
            Decision::Approve if approvals >= usize::from(needed) => file.state = FileState::Approved,
            Decision::Approve => {}
        }
        self.settle()
    }

    /// A file that changes loses its votes; the others keep theirs.
    fn replace(&mut self, name: &str, digest: Digest) -> Result<Vec<Effect>, Refusal> {
        let file = self.file(name)?;
        if file.state != FileState::ChangesRequested {
            return Err(Refusal::new(
                6,
                format!("nobody asked for changes of `{name}`"),
                "replace the files that reviewers named",
            ));
        }
        *file = File::unchecked(digest);
        let check = file.check(name);
        self.state = State::Checking;
        Ok(vec![check])
    }

    fn file(&mut self, name: &str) -> Result<&mut File, Refusal> {
        self.files.get_mut(name).ok_or_else(|| Refusal::not_found("such file in the request"))
    }

    /// Where the request stands follows from where its files stand.
    fn settle(&mut self) -> Result<Vec<Effect>, Refusal> {
        let any = |state| self.files.values().any(|file| file.state == state);
        self.state = if any(FileState::Unchecked) {
            State::Checking
        } else if any(FileState::Open) {
            State::InReview
        } else if any(FileState::ChangesRequested) {
            State::ChangesRequested
        } else if any(FileState::Approved) {
            State::Approved
        } else {
            State::Rejected
        };
        let approved = || self.files.iter().filter(|(_, file)| file.state == FileState::Approved);
        Ok(match self.state {
            State::Approved => vec![Effect::Lower(approved().map(|(name, _)| name.clone()).collect())],
            _ => Vec::new(),
        })
    }
}

impl File {
    fn unchecked(digest: Digest) -> Self {
        Self { digest, state: FileState::Unchecked, votes: BTreeMap::new() }
    }

    fn check(&self, name: &str) -> Effect {
        Effect::Check { file: name.to_owned(), digest: self.digest }
    }
}

impl State {
    /// Whether it can still go either way.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Checking | Self::InReview | Self::ChangesRequested)
    }

    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Checking => "being checked",
            Self::InReview => "in review",
            Self::ChangesRequested => "waiting for changes",
            Self::Approved => "approved",
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}
