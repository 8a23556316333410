//! Leaves that say nothing, and what opens one of them.

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::merkle::{Proof, ProofError};
use serde::{Deserialize, Serialize};

/// What a leaf commits to: hand it to those who are cleared for the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The entry's position, from 0.
    pub index: u64,
    /// 32 random bytes, so that nobody finds a short entry by trying.
    pub salt: Hash,
    /// The entry itself; empty if it is padding.
    #[serde(with = "crate::base")]
    pub entry: Vec<u8>,
}

/// An opening that doesn't open this log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// The proof is about another entry.
    #[error("the opening is of entry {opening} and the proof of entry {proof}; ask for the two together")]
    Index {
        /// The opening's.
        opening: u64,
        /// The proof's.
        proof: u64,
    },
    /// The proof is about another tree.
    #[error("the proof is for {proof} entries and the checkpoint for {checkpoint}; ask for the two together")]
    Size {
        /// The proof's.
        proof: u64,
        /// The checkpoint's.
        checkpoint: u64,
    },
    /// The proof fails.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl Opening {
    /// The leaf's data: the SHA-256 over salt and entry.
    pub fn commitment(&self) -> Hash {
        commitment(self.salt.as_bytes(), &self.entry)
    }

    /// Whether this is what was logged in the log of a checkpoint, whose signature has been checked.
    pub fn verify(&self, proof: &Proof, checkpoint: &Checkpoint) -> Result<(), OpeningError> {
        if self.index != proof.index {
            return Err(OpeningError::Index { opening: self.index, proof: proof.index });
        }
        if proof.size != checkpoint.size {
            return Err(OpeningError::Size { proof: proof.size, checkpoint: checkpoint.size });
        }
        Ok(proof.verify(&Hash::leaf(self.commitment().as_bytes()), &checkpoint.root)?)
    }
}

pub(crate) fn commitment(salt: &[u8; 32], entry: &[u8]) -> Hash {
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(entry);
    Hash::of(&bytes)
}

#[cfg(test)]
mod tests;
