//! Recomputing everything.

use super::{Log, LogError};
use crate::audit::{AuditError, compare};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::merkle::{Nodes, Tree, root};

impl Log {
    /// Reads every file again and recomputes the log from it: the journal against the tree that proofs are made from, and the
    /// public files and the signed root against both. The error names the first entry that is wrong.
    ///
    /// Returns what a checkpoint would say now. It isn't signed; what was recorded since the last one isn't public yet.
    pub fn verify_all(&self) -> Result<Checkpoint, LogError> {
        let mut again = Tree::default();
        self.journal.check(|index, commitment| {
            let leaf = Hash::leaf(commitment.as_bytes());
            again.push(leaf);
            self.tree.node(0, index) == Some(leaf)
        })?;
        if let Some((last, _)) = &self.published {
            let seen = compare(&self.public(), self.verifier(), |index| again.node(0, index))?;
            if seen != *last {
                return Err(LogError::Replaced);
            }
            if root(&again, last.size)? != last.root {
                return Err(AuditError::Root(last.size).into());
            }
        }
        match again.root() == self.tree.root() {
            true => Ok(Checkpoint { origin: self.verifier().name().to_owned(), size: self.size(), root: again.root() }),
            false => Err(AuditError::Root(self.size()).into()),
        }
    }
}
