//! What goes over the wire: the same types for the daemon, the command line and the generated OpenAPI document.

mod files;
mod jobs;
mod ledger;
mod policy;
mod records;
mod releases;
mod session;

pub use files::{FileView, NoticeView, VoteView};
pub use jobs::{ArtifactView, BudgetView, JobView, Snapshot, Submit};
pub use ledger::{AuditLine, EhdsPage, LedgerView};
pub use policy::{Compare, Consequences, Question, Rejudged, Replay, Replayed};
pub use records::{AllowanceView, DatasetView, Halted, ImageView, Pending, PermitView, Recorded};
pub use releases::{AskRelease, LeaveOut, ReleaseView, Replace, Votes, WriteNote};
pub use session::{Login, Me, PersonView, Session};

use semla_policy::Reading;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A statement and its signatures, as [`semla_policy::Signed`] has them.
pub type Signed = semla_policy::Signed;

/// The header with what a reader signed: a signed [`Reading`] as JSON, in base64.
pub const READING: &str = "semla-reading";

/// Everything that is wrong with a request, in words that don't leak what the asker may not see.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What happened.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Why, and what to do next.
    pub detail: String,
    /// The rule that was decided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<u8>,
    /// The labels compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub labels: Option<Value>,
    /// What the reader has to sign, where it is asked for; it comes back in the header `semla-reading`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub sign: Option<Reading>,
}
