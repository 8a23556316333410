//! Names.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Names an attempt, and all that exists because of it: cgroups, folders, objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

/// A text that can't be an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no id: 1 to 64 of a-z, 0-9 and `-` are")]
pub struct IdError(String);

impl Id {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it can name what the daemon hands in: code or a dummy.
    pub fn is_kept(&self) -> bool {
        self.0.starts_with("c-") || self.is_dummy()
    }

    /// Whether it can name a dummy.
    pub(crate) fn is_dummy(&self) -> bool {
        self.0.starts_with("d-")
    }

    /// Whether it can name the attempt of a check; a job's begins with `j-`. Whatever an attempt makes is named by it, so that no two
    /// makers' names meet.
    pub fn is_check(&self) -> bool {
        self.0.starts_with("k-")
    }
}

impl TryFrom<String> for Id {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match (1..=64).contains(&text.len()) && !text.starts_with('-') && text.chars().all(plain) {
            true => Ok(Self(text)),
            false => Err(IdError(text)),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}
