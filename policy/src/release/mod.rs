//! The one gate (rule 6): the protocol by which files get a lower label.
//!
//! State and event in, state and effects out; no clock, no files, no network. The daemon drives it. The launcher, which
//! does the lowering, trusts neither the daemon nor this state: it judges each file again by [`Registry::lowering`].
//!
//! [`Registry::lowering`]: crate::Registry::lowering

mod blocks;
mod event;
mod file;
mod gate;
mod note;
mod protocol;
mod reason;
mod state;
mod vote;
mod who;

pub(crate) use blocks::NEVER_EXCUSED;
pub use blocks::{Blocks, Judged};
pub use event::{Effect, Event};
pub use file::{File, FileState, Said};
pub use gate::{Candidate, Lowering};
pub use note::Note;
pub use protocol::Release;
pub use reason::Reason;
pub use state::State;
pub use vote::{CastVote, Decision, REPLIES, Vote, replies};

use serde::{Deserialize, Serialize};

/// The worst finding of a file's checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing was found.
    Pass,
    /// A person must look.
    Review,
    /// It may not leave.
    Block,
}

impl Verdict {
    /// Reads the one word that a worker answers; anything else is a block (rule 8).
    pub fn read(answer: &str) -> Self {
        match answer {
            "pass" => Self::Pass,
            "review" => Self::Review,
            _ => Self::Block,
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}
