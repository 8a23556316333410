//! The ledger, and what it answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The state of the ledger.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerView {
    /// How many entries there are, padding included.
    pub size: u64,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The key that checks it.
    pub key: String,
}

/// What somebody did, as the ledger has it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditLine {
    /// When, in UTC.
    pub at: String,
    /// A person, or `semla`.
    pub by: String,
    /// What happened: `submitted`, `read`, `told`, `voted`, `released`, ...
    pub event: String,
    /// The job, release, object or record.
    pub about: String,
    /// The rest of what the ledger says of it.
    pub what: String,
    /// The label of what it is about.
    pub label: String,
    /// The permit, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
}

/// How one letter of Art. 73(1) of Regulation (EU) 2025/327 is met.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EhdsPage {
    /// `a` to `f`.
    pub letter: String,
    /// What the letter asks for, in short.
    pub title: String,
    /// The page, as Markdown.
    pub text: String,
}
