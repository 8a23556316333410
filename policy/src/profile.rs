//! Which thresholds the checks hold an output to.

use serde::{Deserialize, Serialize};

/// The thresholds of one check profile. They come from the policy, never from the job (rule 7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// How people name it, such as `standard`.
    pub name: String,
    /// Fewest people that a count may rest on (T1).
    pub min_people: u32,
    /// Most bytes of a released file (F2).
    pub max_bytes: u64,
    /// Most rows of a released table (F2).
    pub max_rows: u64,
    /// File types that may leave at all (F1), by extension.
    pub types: Vec<String>,
}
