//! Which thresholds the checks hold an output to.

use serde::{Deserialize, Serialize};

/// Fewest people that a policy may ask for: what holds of one person is that person's.
pub(crate) const FEWEST: u32 = 2;

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
    /// Most bytes of information that leave of one dataset under one permit before somebody looks at it (C6).
    pub information: u64,
    /// File types that may leave at all (F1), by extension.
    pub types: Vec<String>,
    /// Most significant bits of a number in a model (M6); where there are none, numbers leave as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_bits: Option<u32>,
}

impl Profile {
    /// Significant bits of the most precise numbers that models hold (IEEE 754, binary64).
    pub const ALL_BITS: u32 = 53;

    /// Both profiles at once: the stricter threshold of each pair.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let name = match self.name == other.name {
            true => self.name.clone(),
            false => format!("{}+{}", self.name, other.name),
        };
        Self {
            name,
            min_people: self.min_people.max(other.min_people),
            max_bytes: self.max_bytes.min(other.max_bytes),
            max_rows: self.max_rows.min(other.max_rows),
            information: self.information.min(other.information),
            types: self.types.iter().filter(|kind| other.types.contains(kind)).cloned().collect(),
            weight_bits: self.weight_bits.into_iter().chain(other.weight_bits).min(),
        }
    }
}
