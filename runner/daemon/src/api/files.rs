//! One file of a request: what the checks and the reviewers say of it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One file of a request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// `unchecked`, `open`, `disputed`, `blocked`, `approved`, `changes-requested`, `rejected`,
    /// `returned`, `left-out`; nothing where the level says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Its content, for those who may read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whether it is a copy that semla re-encoded.
    #[serde(default)]
    pub mended: bool,
    /// For those who are cleared: whether the job left no such file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// The worst finding in general words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeView>,
    /// What the author says of it.
    #[serde(default)]
    pub about: String,
    /// What the author did against disclosure.
    #[serde(default)]
    pub controls: String,
    /// The columns that hold counts of people, as the author declared them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<String>,
    /// The job that it is from, where that is a later one than the request's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The jobs that its earlier versions are from, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
    /// The digest of the later job's code, for those who may read that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The commit that this code was at, with `+` where it had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// For those who are cleared: how many approvals it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u8>,
    /// For those who are cleared: the checks that block it, and that an approval excuses, each of them and no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excusable: Vec<String>,
    /// Who said what: the asker's own vote; once votes differ or are enough, those of the others, too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<String, VoteView>,
    /// What reviewers reply to the author.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
}

/// What a reviewer said of a file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct VoteView {
    /// `approve`, `request-changes` or `reject`.
    pub decision: String,
    /// The numbers of the replies to the author.
    pub replies: Vec<u8>,
    /// The checks that it excuses.
    pub excuses: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A notice: fixed words, chosen by check and outcome alone.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    /// The check.
    pub check: String,
    /// Its title.
    pub title: String,
    /// `pass`, `review` or `block`.
    pub outcome: String,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub remedy: String,
}
