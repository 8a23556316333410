//! Where a request stands.

use super::FileState;
use serde::{Deserialize, Serialize};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not sent yet.
    Draft,
    /// The checks run.
    Checking,
    /// Reviewers read.
    InReview,
    /// The author has to answer.
    ChangesRequested,
    /// Every file is decided; the launcher lowers the approved ones.
    Approved,
    /// The bundle can be fetched.
    Released,
    /// No file was left.
    Rejected,
    /// The requester took it back.
    Withdrawn,
    /// Nobody decided in time, what it rested on is gone, or the votes no longer counted when it came to it.
    Expired,
    /// An officer took it back.
    Revoked,
}

impl State {
    /// Where a request stands that was sent and isn't over: it follows from where its files stand.
    pub fn of(files: impl IntoIterator<Item = FileState>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        let any = |state| files.contains(&state);
        if any(FileState::Unchecked) {
            Self::Checking
        } else if any(FileState::Open) || any(FileState::Disputed) {
            Self::InReview
        } else if any(FileState::ChangesRequested) || any(FileState::Returned) {
            Self::ChangesRequested
        } else if any(FileState::Approved) {
            Self::Approved
        } else {
            Self::Rejected
        }
    }

    /// Whether it can still go either way.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Checking | Self::InReview | Self::ChangesRequested)
    }

    /// Whether something can still leave that hasn't left.
    pub fn is_pending(self) -> bool {
        self.is_open() || self == Self::Approved
    }

    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Checking => "being checked",
            Self::InReview => "in review",
            Self::ChangesRequested => "waiting for changes",
            Self::Approved => "approved",
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}
