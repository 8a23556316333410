//! Proofs, and how to check one against roots alone.

use super::split;
use crate::hash::Hash;
use serde::{Deserialize, Serialize};

/// The proof that one leaf is in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The leaf's position, from 0.
    pub index: u64,
    /// How many leaves the tree has.
    pub size: u64,
    /// The hashes beside the way from the leaf to the root, the leaf's neighbour first.
    pub path: Vec<Hash>,
}

/// The proof that one tree is the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// How many leaves the older tree has.
    pub old: u64,
    /// How many leaves the newer tree has.
    pub new: u64,
    /// The hashes that both roots follow from.
    pub path: Vec<Hash>,
}

/// A proof that can't be made, or that proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// There is no such leaf.
    #[error("there is no entry {index} in a log of {size}; ask for a lower one")]
    Index {
        /// The leaf that was asked for.
        index: u64,
        /// How many there are.
        size: u64,
    },
    /// The tree isn't that large yet.
    #[error("the log has {have} entries and not {size}; ask for a smaller tree")]
    Ahead {
        /// The size that was asked for.
        size: u64,
        /// How many leaves there are.
        have: u64,
    },
    /// The later tree is the smaller one.
    #[error("a log of {new} entries can't have grown from one of {old}; give the older one first")]
    Shrunk {
        /// The older size.
        old: u64,
        /// The newer size.
        new: u64,
    },
    /// The storage lacks a hash.
    #[error("the hash {index} of level {level} is missing; reopen the log to have it derived again")]
    Missing {
        /// How many times 2 leaves are halved into it.
        level: u32,
        /// Its position in the level.
        index: u64,
    },
    /// The proof has too many or too few hashes for these sizes.
    #[error("the proof has {0} hashes, which doesn't fit the sizes; fetch it again")]
    Length(usize),
    /// The hashes lead to another root.
    #[error("the proof leads to another root: what it is for isn't in this log")]
    Root,
}

impl Proof {
    /// Whether a leaf with this hash is in the tree with this root.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
        if self.index >= self.size {
            return Err(ProofError::Index { index: self.index, size: self.size });
        }
        let length = || ProofError::Length(self.path.len());
        match climb(self.index, self.size, leaf, &self.path).ok_or_else(length)? == *root {
            true => Ok(()),
            false => Err(ProofError::Root),
        }
    }
}

/// The root that a leaf and its path lead to. Goes down as PATH does, so that it is correct where PATH is.
fn climb(index: u64, width: u64, leaf: &Hash, path: &[Hash]) -> Option<Hash> {
    if width == 1 {
        return path.is_empty().then_some(*leaf);
    }
    let (beside, rest) = path.split_last()?;
    let left = split(width);
    match index < left {
        true => Some(Hash::node(&climb(index, left, leaf, rest)?, beside)),
        false => Some(Hash::node(beside, &climb(index - left, width - left, leaf, rest)?)),
    }
}

impl Consistency {
    /// Whether the log with the root `new` grew from the one with the root `old`.
    pub fn verify(&self, old: &Hash, new: &Hash) -> Result<(), ProofError> {
        if self.old > self.new {
            return Err(ProofError::Shrunk { old: self.old, new: self.new });
        }
        let length = || ProofError::Length(self.path.len());
        let roots = match self.old {
            0 => self.path.is_empty().then_some((Hash::of(b""), *new)),
            _ => both(self.old, self.new, Some(old), &self.path),
        };
        match roots.ok_or_else(length)? == (*old, *new) {
            true => Ok(()),
            false => Err(ProofError::Root),
        }
    }
}

/// The older and the newer root that a path leads to. `known` is the older root while the older tree is a left edge.
fn both(old: u64, new: u64, known: Option<&Hash>, path: &[Hash]) -> Option<(Hash, Hash)> {
    if old == new {
        return match (known, path) {
            (Some(root), []) => Some((*root, *root)),
            (None, [root]) => Some((*root, *root)),
            _ => None,
        };
    }
    let (beside, rest) = path.split_last()?;
    let left = split(new);
    if old <= left {
        let (older, newer) = both(old, left, known, rest)?;
        return Some((older, Hash::node(&newer, beside)));
    }
    let (older, newer) = both(old - left, new - left, None, rest)?;
    Some((Hash::node(beside, &older), Hash::node(beside, &newer)))
}
