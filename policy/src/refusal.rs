//! What a person is told when something may not be.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A decision against something: which rule, what about it, and what would make it pass.
///
/// The words name only what the asker gave or may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule of the design, 1 to 10.
    pub rule: u8,
    /// What is wrong.
    pub what: String,
    /// The two labels that don't fit, where the rule compares two: the one that should dominate comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<(String, String)>,
    /// What to do next.
    pub remedy: String,
}

impl Refusal {
    /// A decision against something.
    pub fn new(rule: u8, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { rule, what: what.into(), labels: None, remedy: remedy.into() }
    }

    /// Names the two labels that do not fit: the one that should dominate comes first.
    pub fn comparing(mut self, high: String, low: String) -> Self {
        self.labels = Some((high, low));
        self
    }

    /// The one answer for what doesn't exist and for what the asker may not know of (rule 1).
    pub fn not_found(what: &str) -> Self {
        Self::new(1, format!("there is no {what} that you may see"), "check the name, or ask whoever runs the permit")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (rule {}); {}", self.what, self.rule, self.remedy)
    }
}

impl std::error::Error for Refusal {}
