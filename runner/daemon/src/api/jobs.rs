//! Jobs, and what they leave.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A snapshot that was handed in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// Its digest: what a job names.
    pub digest: String,
    /// Bytes.
    pub size: u64,
}

/// A job to submit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// A submission, and the signature of whoever is signed in, where the job's level asks for one.
    #[schema(value_type = Object)]
    pub submission: semla_policy::Signed,
    /// The commit that the code was at, and whether it had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the code had changes that the commit lacks.
    #[serde(default)]
    pub dirty: bool,
}

/// A job as far as the asker may know it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JobView {
    /// Its id.
    pub id: String,
    /// The permit that it runs under.
    pub permit: String,
    /// Its label.
    pub label: String,
    /// Who submitted it.
    pub submitter: String,
    /// One word: `queued`, `running`, then how it ended; nothing where the level says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the word usually means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Whether nothing more will be told: it ended, or the answers stopped.
    pub settled: bool,
    /// Whether the asker may read its log and outputs.
    pub cleared: bool,
    /// Whether it is a rehearsal on dummies.
    pub dummy: bool,
    /// The declared outputs.
    pub outputs: Vec<String>,
    /// The digest of the code.
    pub code: String,
    /// The commit, with `+` where the code had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Bits of the permit's budget that the answers have cost so far, and how many are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetView>,
}

/// What may still be told.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BudgetView {
    /// What this object's answers have cost.
    pub cost: u32,
    /// Bits left.
    pub left: u32,
    /// Bits in all.
    pub of: u32,
}

/// One artifact, for those who may read it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ArtifactView {
    /// Its declared path.
    pub path: String,
    /// Its content.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Its label.
    pub label: String,
}
