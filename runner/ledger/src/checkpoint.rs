//! Checkpoints (C2SP tlog-checkpoint): what a log signs about itself.

use crate::hash::Hash;
use crate::note::{self, Note, NoteError, Signer, VerifierKey};
use std::fmt;
use std::str::FromStr;

/// A log's name, how many entries it has, and the root over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the name of the key that signs.
    pub origin: String,
    /// How many leaves the tree has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// A checkpoint that can't be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text isn't a checkpoint.
    #[error("not a checkpoint: it has to be three lines, the log's origin, its size and the base64 of its root")]
    Format,
    /// The key belongs to another log.
    #[error("the checkpoint is of `{found}` and not of `{wanted}`; use the key of the log that it comes from")]
    Origin {
        /// The checkpoint's origin.
        found: String,
        /// The key's name.
        wanted: String,
    },
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The signed note.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        note::sign(&self.to_string(), &[signer])
    }

    /// Reads a signed note that the log with this key made.
    pub fn open(text: &str, log: &VerifierKey) -> Result<Self, CheckpointError> {
        Self::of(&note::open(text, std::slice::from_ref(log))?, log)
    }

    /// What a note says that the log with this key signed.
    pub(crate) fn of(note: &Note, log: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint: Self = note.text.parse()?;
        match checkpoint.origin == log.name() {
            true => Ok(checkpoint),
            false => Err(CheckpointError::Origin { found: checkpoint.origin, wanted: log.name().to_owned() }),
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the text without its signatures. Extension lines are refused: this log writes none, and nobody could audit them.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, ""] = lines.as_slice() else { return Err(CheckpointError::Format) };
        let number: u64 = size.parse().map_err(|_| CheckpointError::Format)?;
        let root = root.parse().map_err(|_| CheckpointError::Format)?;
        let checkpoint = Self { origin: (*origin).to_owned(), size: number, root };
        // One text for one checkpoint: no empty origin, no leading zeroes, no sign.
        match !origin.is_empty() && checkpoint.to_string() == text {
            true => Ok(checkpoint),
            false => Err(CheckpointError::Format),
        }
    }
}

#[cfg(test)]
mod tests;
