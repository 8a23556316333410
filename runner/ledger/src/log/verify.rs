//! Recomputing everything.

use super::{Log, LogError};
use crate::audit::{AuditError, PUBLIC, compare, last};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::journal::Journal;
use crate::merkle::{Nodes, Tree, root};
use crate::note::VerifierKey;
use std::path::PathBuf;

/// A log as it stood at one moment. It is recomputed without holding the log up, which may go on meanwhile.
#[derive(Debug)]
pub struct Snapshot {
    public: PathBuf,
    verifier: VerifierKey,
    journal: Journal,
    tree: Tree,
    published: Option<Checkpoint>,
}

impl Log {
    /// What the log is now. Takes memory (about 72 bytes an entry), and the time to copy that.
    pub fn snapshot(&self) -> Result<Snapshot, LogError> {
        Ok(Snapshot {
            public: self.folder.join(PUBLIC),
            verifier: self.verifier().clone(),
            journal: self.journal.again()?,
            tree: self.tree.clone(),
            published: self.published.as_ref().map(|(last, _)| last.clone()),
        })
    }
}

impl Snapshot {
    /// Reads every file again and recomputes the log from it: the journal against the tree that proofs are made from, and the
    /// public files and the signed root against both. The error names the first entry that is wrong.
    ///
    /// Returns what a checkpoint would have said. It isn't signed; what was recorded since the last one wasn't public.
    pub fn verify(&self) -> Result<Checkpoint, LogError> {
        let mut again = Tree::default();
        self.journal.check(|index, commitment| {
            let leaf = Hash::leaf(commitment.as_bytes());
            again.push(leaf);
            self.tree.node(0, index) == Some(leaf)
        })?;
        if let Some(published) = &self.published {
            let seen = last(&self.public, &self.verifier)?;
            // A later one was published meanwhile.
            if seen != *published && seen.size <= published.size {
                return Err(LogError::Replaced);
            }
            compare(&self.public, published, |index| again.node(0, index))?;
            if root(&again, published.size)? != published.root {
                return Err(AuditError::Root(published.size).into());
            }
        }
        let (origin, size) = (self.verifier.name().to_owned(), self.tree.size());
        match again.root() == self.tree.root() {
            true => Ok(Checkpoint { origin, size, root: again.root() }),
            false => Err(AuditError::Root(size).into()),
        }
    }
}
