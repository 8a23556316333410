//! What the daemon may ask of the launcher. It names objects by id; it never gives a path, and never a label that is believed.

use semla_policy::release::{Judged, Verdict};
use semla_policy::{Digest, Ending, Output, OutputKind, Receipt, Refusal, Signed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Most bytes of one message.
pub const MESSAGE: usize = 160 << 10;

/// Names an attempt, and all that exists because of it: cgroups, folders, objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

/// A text that can't be an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no id: 1 to 64 of a-z, 0-9 and `-` are")]
pub struct IdError(String);

impl Id {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it can name what the daemon hands in: code or a dummy.
    pub fn is_kept(&self) -> bool {
        self.0.starts_with("c-") || self.0.starts_with("d-")
    }

    /// Whether it can name an attempt of a job or of a check. Whatever an attempt makes is named by it, so that no two makers'
    /// names meet.
    pub fn is_fence(&self) -> bool {
        self.0.starts_with("j-") || self.0.starts_with("k-")
    }
}

impl TryFrom<String> for Id {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match (1..=64).contains(&text.len()) && !text.starts_with('-') && text.chars().all(plain) {
            true => Ok(Self(text)),
            false => Err(IdError(text)),
        }
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A request of the daemon, numbered so that answers find it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Call {
    /// Chosen by the daemon.
    pub number: u64,
    /// What it wants.
    pub request: Request,
}

/// What the launcher does on request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Put a record in force that those whose duty it is have signed.
    Enact(Signed),
    /// Keep the bytes of the descriptor that comes along, at this label.
    Keep {
        /// Its new name.
        object: Id,
        /// Its label: content that the daemon has seen can't be above what it is told.
        label: String,
        /// The permit that it belongs to.
        permit: String,
    },
    /// Keep what a reviewer wrote to the author of a file, at that file's label.
    Note {
        /// The file.
        about: Id,
        /// The reviewer's words, signed.
        note: Signed,
    },
    /// Start an attempt, unless its fence was ever claimed.
    Start {
        /// The attempt.
        fence: Id,
        /// What it runs.
        work: Work,
        /// The ledger's entry of this start.
        receipt: Receipt,
    },
    /// Where an attempt stands.
    Observe(Id),
    /// End an attempt.
    Stop(Id),
    /// Hand out a descriptor for a person to read through. It is journaled.
    Open {
        /// The object.
        object: Id,
        /// Who reads.
        person: String,
        /// Whether they read as a reviewer, or as a member of the permit.
        reviewer: bool,
        /// What they signed, where the object's level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry of this read.
        receipt: Receipt,
    },
    /// Hand out the log of an attempt in the same way.
    OpenLog {
        /// The attempt.
        fence: Id,
        /// Who reads.
        person: String,
        /// What they signed, where the attempt's level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry of this read.
        receipt: Receipt,
    },
    /// Hand out the list of the packages in an image.
    Versions {
        /// The image.
        image: Digest,
        /// Who reads.
        person: String,
        /// What they signed, where the image's level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry of this read.
        receipt: Receipt,
    },
    /// Hand out a copy that was lowered, for the bundle of its release.
    Collect {
        /// The copy.
        copy: Id,
        /// The ledger's entry of this.
        receipt: Receipt,
    },
    /// Make a copy of an object at a lower label.
    Lower(Box<Lower>),
}

/// A file to lower, with all that speaks for it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lower {
    /// The object.
    pub object: Id,
    /// The request.
    pub release: String,
    /// The file's name in the request.
    pub file: String,
    /// The label of the copy.
    pub to: String,
    /// The attempts that checked it.
    pub checks: Vec<Id>,
    /// The votes.
    pub votes: Vec<Signed>,
    /// The ledger's entry of this lowering.
    pub receipt: Receipt,
}

/// What an attempt runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// A job. The launcher admits it again by itself.
    Job {
        /// What was submitted, and signed where its level asks for that.
        submission: Signed,
        /// The label that it was admitted at when it was submitted.
        label: String,
        /// The snapshot of the code.
        code: Id,
        /// The dummies that stand in for datasets, by mount name.
        dummies: BTreeMap<String, Id>,
    },
    /// The checks of one file, under one policy, for one target.
    Check {
        /// The file.
        object: Id,
        /// Whose thresholds.
        policy: Digest,
        /// The label that it would get.
        to: String,
        /// A policy that isn't in force, which an officer has proposed: what it would say of the file. No release goes by that.
        proposal: Option<Signed>,
    },
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the call.
    pub number: u64,
    /// What came of it.
    pub reply: Result<Reply, Refusal>,
}

/// What the launcher answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// It is done.
    Done,
    /// The object is kept; its content has this digest and size.
    Kept(Content),
    /// The copy at the lower label, made now or before.
    Lowered(Id),
    /// Where an attempt stands.
    Standing(Standing),
    /// The descriptor comes along.
    Opened(Content),
}

/// The content of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// SHA-256.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
}

/// Where an attempt stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody ever claimed the fence.
    Unknown,
    /// Its keeper lives.
    Running,
    /// Its keeper wrote its end.
    Ended(Box<End>),
    /// Its keeper died without a word.
    Lost,
}

/// How an attempt ended, in the keeper's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The word from the fixed list.
    pub ending: Ending,
    /// The step of the launch that failed, where one did; never the job's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Milliseconds since 1970.
    pub started: u64,
    /// Milliseconds since 1970.
    pub ended: u64,
    /// What it left, taken in at its label.
    pub outputs: Vec<Taken>,
    /// Where in the submitted code it failed, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceback: Option<Taken>,
    /// What the checks said, where these were checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// One output that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Its declared path.
    pub path: String,
    /// Its name in the store.
    pub object: Id,
    /// Its content.
    pub content: Content,
}

/// What a note is called.
pub const NOTE: &str = "note.txt";

/// What a note is said to be: no job declares it.
pub fn note() -> Output {
    Output {
        path: NOTE.to_owned(),
        kind: OutputKind::Text,
        counts: Vec::new(),
        data: None,
        about: "what a reviewer writes to the author".to_owned(),
        controls: String::new(),
    }
}

/// The name of the object that a note becomes: one text of one reviewer about one file is one object.
pub fn note_id(note: &Signed) -> Result<Id, IdError> {
    Id::try_from(format!("n-{}", Digest::of(note.payload.as_bytes()).hex().get(..40).unwrap_or_default()))
}

/// What a traceback is called.
pub const TRACEBACK: &str = "traceback.txt";

/// What a traceback is said to be: no job declares it.
pub fn traceback() -> Output {
    Output {
        path: TRACEBACK.to_owned(),
        kind: OutputKind::Text,
        counts: Vec::new(),
        data: None,
        about: "where in the submitted code the job failed, and with which class of exception".to_owned(),
        controls: "a class that the policy names, and a line of the code; nothing of the message".to_owned(),
    }
}

/// What a worker said of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The file.
    pub object: Id,
    /// Whose thresholds.
    pub policy: Digest,
    /// For which target.
    pub to: String,
    /// The worst finding; no answer is a block.
    pub verdict: Verdict,
    /// How each check came out.
    pub notices: Vec<Notice>,
    /// The detail, at the file's label.
    pub detail: Option<Taken>,
    /// A mended copy, at the file's label.
    pub mended: Option<Taken>,
}

impl Checked {
    /// What that means for the file. The launcher and the daemon ask here, each by itself.
    pub fn judged(&self) -> Judged {
        let blocks = self.notices.iter().filter(|notice| notice.outcome == Verdict::Block);
        let blocks = blocks.map(|notice| notice.check.clone()).collect();
        Judged { policy: self.policy, verdict: self.verdict, blocks }
    }
}

/// How one check came out: a letter with a number, and one of three words. A worker that a file took over can say no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The check's id.
    pub check: String,
    /// The worst of its findings.
    pub outcome: Verdict,
}

impl Notice {
    /// Reads a line such as `T1 block`.
    pub fn read(line: &str) -> Option<Self> {
        let (check, word) = line.split_once(' ')?;
        let (letter, number) = check.split_at_checked(1)?;
        let plain = letter.bytes().all(|byte| byte.is_ascii_uppercase())
            && matches!(number.len(), 1 | 2)
            && number.bytes().all(|byte| byte.is_ascii_digit());
        let outcome = Verdict::read(word);
        (plain && outcome.word() == word).then(|| Self { check: check.to_owned(), outcome })
    }
}

/// What somebody on this machine may hand to the launcher directly: bytes that the daemon must not see.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// The next descriptor is the file of this number of a dataset whose record a steward has signed.
    Dataset {
        /// The record.
        record: Signed,
        /// Which of its files.
        file: usize,
    },
    /// The descriptor is an archive of a root filesystem, named by its digest in a statement that an operator signed.
    Archive(Signed),
}

/// What an operator signs to have an archive unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// The bytes.
    pub archive: Digest,
}

impl semla_policy::Statement for Archive {
    const TYPE: &'static str = "application/vnd.semla.archive+json";
}

/// The answer to an offer: the digest of what was taken in.
pub type Taking = Result<Digest, Refusal>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_tells_a_word_for_each_check_and_nothing_else() {
        assert_eq!(Notice::read("T1 block"), Some(Notice { check: "T1".into(), outcome: Verdict::Block }));
        for other in ["", "T1", "T1 ", "T1 blocked", "t1 block", "T123 block", "TT block", "T1  block", "5.1,3.5 pass"]
        {
            assert_eq!(Notice::read(other), None, "{other}");
        }
    }
}
