//! Why a log can't be opened or used.

use crate::audit::AuditError;
use crate::checkpoint::CheckpointError;
use crate::durable::FileError;
use crate::journal::JournalError;
use crate::merkle::ProofError;
use crate::note::NoteError;
use std::path::PathBuf;

/// Why the log can't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Another process has the log.
    #[error("`{}` is in use by another process; stop that first", .0.display())]
    Busy(PathBuf),
    /// Entries that a checkpoint covers are gone.
    #[error("the journal has {have} of the {covered} entries that were signed for; restore it from its backup")]
    Lost {
        /// How many there are.
        have: u64,
        /// How many the checkpoint covers.
        covered: u64,
    },
    /// The checkpoint on disk isn't the last one.
    #[error("the checkpoint on disk isn't the last that was signed; reopen the log and call an auditor")]
    Replaced,
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The public files.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The stored checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// There is no such proof.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The origin.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
}
