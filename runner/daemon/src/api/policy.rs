//! The policy: compared, explained, replayed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody wants explained.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Whether they may submit this. `submitter` is replaced by whoever asks.
    #[schema(value_type = Object)]
    Job(Box<semla_policy::JobPlan>),
    /// Whether somebody may read an object.
    Read {
        /// A job, a request for release, or a dataset.
        object: String,
        /// Who; whoever asks, where nobody is named.
        #[serde(default)]
        user: Option<String>,
    },
    /// Whether something may get from one label to another.
    Flow {
        /// The label that it has.
        from: String,
        /// The label that it would have.
        to: String,
    },
}

/// Two policies to compare.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// The one before; the one in force, where none is given.
    #[schema(value_type = Object)]
    #[serde(default)]
    pub old: Option<semla_policy::Policy>,
    /// The one after.
    #[schema(value_type = Object)]
    pub new: semla_policy::Policy,
}

/// What a change of policy comes to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Consequences {
    /// In sentences.
    pub told: Vec<String>,
    /// What can't be, for the people, the permits and the hosts of today.
    #[schema(value_type = Vec<Object>)]
    pub faults: Vec<semla_policy::Fault>,
}

/// A wish to judge recent releases again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The id of a proposed policy, or its beginning.
    pub proposal: String,
    /// Within how many days they left.
    pub days: u32,
}

/// Releases judged again under a proposed policy.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Replayed {
    /// Its name.
    pub id: String,
    /// Under which proposal.
    #[serde(default)]
    pub policy: String,
    /// Each file that left.
    pub files: Vec<Rejudged>,
}

/// A file judged again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Rejudged {
    /// The request that it left with.
    pub release: String,
    /// Its name.
    pub file: String,
    /// What would become of it; nothing, until the checks have answered.
    pub verdict: Option<String>,
}
