//! What happens to a request, and what has to be done about it.

use super::{Blocks, CastVote};
use crate::digest::Digest;
use crate::terms::Terms;
use std::collections::{BTreeMap, BTreeSet};

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Event {
    /// The requester sends it.
    Submit,
    /// The checks answered for a file of this content, under every policy that counts.
    Checked {
        /// The file's name.
        file: String,
        /// What was checked.
        digest: Digest,
        /// What stands against it.
        blocks: Blocks,
    },
    /// The checks made a copy that can stand in for a file: it is checked and voted on afresh.
    Mended {
        /// The file's name.
        file: String,
        /// What was mended.
        digest: Digest,
        /// The copy's content.
        copy: Digest,
    },
    /// A reviewer voted.
    Vote(Box<CastVote>),
    /// Of the votes on a file that is approved, or open, only these still count: people lose accounts, roles and clearances.
    Recounted {
        /// The file's name.
        file: String,
        /// The votes, cast once more.
        votes: Vec<CastVote>,
    },
    /// The requester answers those who wanted changes with new content: these files are checked and voted on afresh. It may be what it
    /// was, or whoever isn't cleared would learn whether it is; what was said of it is said of it still.
    Replace(BTreeMap<String, Digest>),
    /// The requester answers them with nothing: these files leave the request, and the rest goes on.
    LeaveOut(BTreeSet<String>),
    /// Another policy is in force. What it takes now, under that and the pinned one.
    PolicyChanged(Box<Terms>),
    /// The requester takes it back.
    Withdraw,
    /// The time is over.
    Expire,
    /// What it rests on is gone: its permit ended or was withdrawn, or the policy has no such way any more.
    Lapsed,
    /// The launcher lowered every approved file.
    Lowered,
    /// The launcher refused: the policy or the permit changed since the votes.
    Refused,
    /// An officer takes it back.
    Revoke,
}

/// What has to be done about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Check this file.
    Check {
        /// Its name.
        file: String,
        /// Its content.
        digest: Digest,
    },
    /// Have the launcher lower these files.
    Lower(Vec<String>),
    /// Mark the bundle as taken back.
    Withhold,
}
