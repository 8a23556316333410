//! What the launcher answers.

use super::{Checked, Id};
use semla_policy::{Backend, Digest, Ending, Refusal};
use serde::{Deserialize, Serialize};

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
    /// The ways in which jobs can run here, the weakest first.
    Backends(Vec<Backend>),
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
