//! Requests for release, as a whole.

use super::{BudgetView, FileView, Signed};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// A release to ask for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRelease {
    /// The job.
    pub job: String,
    /// Declared outputs.
    #[serde(default)]
    pub paths: Vec<String>,
    /// In their place: where in the submitted code the job failed, and with which class of exception.
    #[serde(default)]
    pub traceback: bool,
    /// The label that they would get.
    pub to: String,
}

/// Outputs of a later job, in the place of files that reviewers want changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The job.
    pub job: String,
    /// The files, which are outputs that the job declared.
    pub paths: BTreeSet<String>,
}

/// Files that reviewers want changed, and that shall leave the request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveOut {
    /// The files.
    pub paths: BTreeSet<String>,
}

/// A request as far as the asker may know it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ReleaseView {
    /// Its id.
    pub id: String,
    /// The job; nothing for officers, who see that there is a bundle and not what it is made of.
    pub job: String,
    /// Whether that job is a rehearsal on dummies.
    #[serde(default)]
    pub dummy: bool,
    /// The day on which its bundle was made, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<String>,
    /// The permit.
    pub permit: String,
    /// Who asked.
    pub requester: String,
    /// The files' label.
    pub from: String,
    /// The label that they would get.
    pub to: String,
    /// `submitted`, as long as its checks wait for a place, or nothing of it is told; `checking`, `in-review`, `approved`, `released`, `rejected`, ...
    pub state: String,
    /// Approvals that each file needs.
    pub reviewers: u8,
    /// The day by which reviewers should have answered.
    pub due: String,
    /// The last day on which votes count: what a vote names.
    pub until: String,
    /// The policy in force: what a vote names.
    pub policy: String,
    /// Whether that is another one than its job was submitted under: no later job can mend its files.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// The files, by name.
    pub files: BTreeMap<String, FileView>,
    /// Whether the asker may review it.
    pub reviewable: bool,
    /// For reviewers: what they may reply to the author, from 1 on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
    /// The request that this is a reviewer's note on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What reviewers wrote about it and what was released of that: requests whose bundles can be fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The digest of the code behind it, for those who may read that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The commit that the code was at, with `+` where it had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What the notices cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetView>,
    /// Why nothing of the checks is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// A reviewer's words about a file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteNote {
    /// A note, signed by the reviewer.
    #[schema(value_type = Object)]
    pub note: Signed,
}

/// Votes on files of one request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// Each a signed [`semla_policy::release::Vote`].
    #[schema(value_type = Vec<Object>)]
    pub votes: Vec<Signed>,
    /// Why blocks are excused, by file: a [`semla_policy::release::Reason`] whose digest the vote has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Object>)]
    pub reasons: BTreeMap<String, semla_policy::release::Reason>,
}
