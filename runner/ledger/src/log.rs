//! The log: append, prove, publish.

mod error;
mod open;
mod publish;
#[cfg(test)]
mod tests;
mod verify;

pub use error::LogError;
pub use verify::Snapshot;

use crate::bundle::{self, AttestError};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::journal::{Journal, JournalError};
use crate::merkle::{self, Consistency, Nodes, Proof, ProofError, Tree};
use crate::note::{NoteError, Signer, VerifierKey};
use crate::opening::{Opening, commitment};
use crate::revocation::Revocations;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::PathBuf;

/// An open log. One process has it at a time.
#[derive(Debug)]
pub struct Log {
    folder: PathBuf,
    signer: Signer,
    journal: Journal,
    tree: Tree,
    /// The last checkpoint and its note.
    published: Option<(Checkpoint, String)>,
    /// The commitments from the first tile on that isn't full in public.
    pending: Vec<Hash>,
    recovery: Recovery,
    _lock: File,
}

/// What opening a log had to mend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// How many bytes of a torn append were dropped. Nobody was told that it is recorded.
    pub dropped: u64,
    /// Public files that were missing or changed and were derived again.
    pub rewritten: Vec<PathBuf>,
}

impl Log {
    /// Records a batch and returns the positions. When this returns, the entries survive a power cut; if it fails, none of
    /// them is there. They get public with the next checkpoint.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E]) -> Result<Range<u64>, LogError> {
        let first = self.size();
        if entries.is_empty() {
            return Ok(first..first);
        }
        let mut salts = vec![0; 32 * entries.len()];
        SystemRandom::new().fill(&mut salts).map_err(|_| JournalError::Random)?;
        let (salts, _) = salts.as_chunks::<32>();
        let records: Vec<_> = salts.iter().copied().zip(entries.iter().map(AsRef::as_ref)).collect();
        self.journal.append(&records)?;
        for (salt, entry) in records {
            let commitment = commitment(&salt, entry);
            self.pending.push(commitment);
            self.tree.push(Hash::leaf(commitment.as_bytes()));
        }
        Ok(first..self.size())
    }

    /// Records an entry that says nothing and looks like any other. Called often enough, it makes the log's size say nothing
    /// about what happens.
    pub fn pad(&mut self) -> Result<u64, LogError> {
        Ok(self.append(&[b""])?.start)
    }

    /// How many entries are recorded, public or not.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The key that others check the log's signatures with.
    pub fn verifier(&self) -> &VerifierKey {
        self.signer.verifier()
    }

    /// What opening the log had to mend.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// The proof that an entry is in the tree of everything recorded so far: that of the next checkpoint, if nothing comes between.
    pub fn prove(&self, index: u64) -> Result<Proof, LogError> {
        self.prove_at(index, self.size())
    }

    /// The proof that an entry is in the tree of the first `size` entries.
    pub fn prove_at(&self, index: u64, size: u64) -> Result<Proof, LogError> {
        Ok(merkle::inclusion(&self.tree, index, size)?)
    }

    /// The proof that the log of `new` entries grew from that of `old`.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Consistency, LogError> {
        Ok(merkle::consistency(&self.tree, old, new)?)
    }

    /// An entry and what opens it.
    pub fn opening(&self, index: u64) -> Result<Opening, LogError> {
        let leaf = self.tree.node(0, index).ok_or(ProofError::Index { index, size: self.size() })?;
        let opening = self.journal.opening(index)?;
        match Hash::leaf(opening.commitment().as_bytes()) == leaf {
            true => Ok(opening),
            false => Err(JournalError::Damaged(index).into()),
        }
    }

    /// The note with this list of revoked bundles, signed by the log's key.
    pub fn revocations(&self, list: &Revocations) -> Result<String, NoteError> {
        list.sign(&self.signer)
    }

    /// The text of a DSSE envelope, signed by the log's key, over an in-toto statement about these files.
    pub fn attest(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        predicate_type: &str,
        predicate: serde_json::Value,
    ) -> Result<String, AttestError> {
        bundle::attest(&self.signer, files, predicate_type, predicate)
    }
}
