//! What an auditor does with a mirror of the log: recompute everything from its files.

#[cfg(test)]
mod tests;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::durable::{FileError, at};
use crate::hash::Hash;
use crate::journal::{self, JournalError};
use crate::merkle::{Nodes, Tree};
use crate::note::VerifierKey;
use crate::tiles::{Kind, Tile, between};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The checkpoint's name in the public folder.
pub(crate) const CHECKPOINT: &str = "checkpoint";
/// The public folder's name in the log's.
pub(crate) const PUBLIC: &str = "public";
/// The name of the file with the openings.
pub(crate) const OPENINGS: &str = "openings";

/// What is wrong with a mirror, at the first place where something is.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// An entry's commitment isn't the one that the tree was built from.
    #[error("entry {0} isn't what was logged; compare with another mirror")]
    Entry(u64),
    /// A hash isn't the one that follows from the entries below it.
    #[error("the entries {first} to {last} don't lead to their hash in `{}`; compare with another mirror", path.display())]
    Entries {
        /// The first of the entries below the hash.
        first: u64,
        /// The last of them.
        last: u64,
        /// The tile with the hash.
        path: PathBuf,
    },
    /// A tile has the wrong length.
    #[error("`{}` has {found} bytes and not {wanted}; mirror it again", path.display())]
    Length {
        /// The tile.
        path: PathBuf,
        /// How long it is.
        found: usize,
        /// How long it should be.
        wanted: usize,
    },
    /// Everything fits together, but not to what was signed.
    #[error("the {0} entries don't lead to the signed root; compare with another mirror")]
    Root(u64),
    /// The checkpoint can't be believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The openings can't be read.
    #[error(transparent)]
    Openings(#[from] JournalError),
    /// A file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Recomputes the log in the folder `public` from its entries up, and returns the checkpoint that it agrees with.
pub fn audit(public: &Path, log: &VerifierKey) -> Result<Checkpoint, AuditError> {
    let checkpoint = last(public, log)?;
    compare(public, &checkpoint, |_| None)?;
    Ok(checkpoint)
}

/// Gives every entry of the log in `folder`, with its position, to `each`, and returns the checkpoint that they lead to. The log's
/// own process may be running.
pub fn entries(folder: &Path, log: &VerifierKey, mut each: impl FnMut(u64, &[u8])) -> Result<Checkpoint, AuditError> {
    // In this order: what is recorded meanwhile is more than what was signed, and not less.
    let checkpoint = last(&folder.join(PUBLIC), log)?;
    let mut leaves = Vec::new();
    journal::entries(&folder.join(OPENINGS), |record| {
        leaves.push(Hash::leaf(record.commitment().as_bytes()));
        each(record.index, record.entry);
    })?;
    let known = |index| usize::try_from(index).ok().and_then(|index| leaves.get(index).copied());
    compare(&folder.join(PUBLIC), &checkpoint, known)?;
    match checkpoint.size <= leaves.len() as u64 {
        true => Ok(checkpoint),
        false => Err(AuditError::Root(checkpoint.size)),
    }
}

/// The checkpoint in a public folder.
pub(crate) fn last(public: &Path, log: &VerifierKey) -> Result<Checkpoint, AuditError> {
    Ok(Checkpoint::open(&text(&public.join(CHECKPOINT))?, log)?)
}

/// Recomputes what a checkpoint covers from its entries up; the leaves have to be these as well, where they are known.
pub(crate) fn compare(
    public: &Path,
    checkpoint: &Checkpoint,
    known: impl Fn(u64) -> Option<Hash>,
) -> Result<(), AuditError> {
    let mut tree = Tree::default();
    for tile in between(0, checkpoint.size) {
        match tile.kind {
            Kind::Entries => commitments(public, &tile, &mut tree, &known)?,
            // The leaves' own hashes are compared one by one with their entries.
            Kind::Hashes(0) => {}
            Kind::Hashes(level) => hashes(public, &tile, level, &tree)?,
        }
    }
    match tree.root() == checkpoint.root {
        true => Ok(()),
        false => Err(AuditError::Root(checkpoint.size)),
    }
}

fn commitments(
    public: &Path,
    tile: &Tile,
    tree: &mut Tree,
    known: impl Fn(u64) -> Option<Hash>,
) -> Result<(), AuditError> {
    let entries = read(public, tile, 34)?;
    let leaves = read(public, &Tile { kind: Kind::Hashes(0), ..*tile }, 32)?;
    for (entry, stored) in entries.chunks(34).zip(leaves.chunks(32)) {
        let index = tree.size();
        let (length, commitment) = entry.split_first_chunk::<2>().ok_or(AuditError::Entry(index))?;
        let leaf = Hash::leaf(commitment);
        let as_known = known(index).is_none_or(|known| known == leaf);
        if *length != 32u16.to_be_bytes() || leaf.as_bytes() != stored || !as_known {
            return Err(AuditError::Entry(index));
        }
        tree.push(leaf);
    }
    Ok(())
}

fn hashes(public: &Path, tile: &Tile, level: u32, tree: &Tree) -> Result<(), AuditError> {
    for (index, stored) in (tile.start()..).zip(read(public, tile, 32)?.chunks(32)) {
        let derived = tree.node(8 * level, index);
        if derived.is_none_or(|hash| hash.as_bytes() != stored) {
            let first = index << (8 * level);
            return Err(AuditError::Entries { first, last: first + (1 << (8 * level)) - 1, path: tile.path() });
        }
    }
    Ok(())
}

/// A tile's bytes: those of its partial state, or the beginning of the full one that replaced it.
fn read(public: &Path, tile: &Tile, each: usize) -> Result<Vec<u8>, AuditError> {
    let path = public.join(tile.path());
    let wanted = usize::try_from(tile.width).unwrap_or_default() * each;
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut bytes = std::fs::read(public.join(tile.whole())).map_err(|_| at("read", &path)(error))?;
            bytes.truncate(wanted);
            bytes
        }
        read => read.map_err(at("read", &path))?,
    };
    match bytes.len() == wanted {
        true => Ok(bytes),
        false => Err(AuditError::Length { path, found: bytes.len(), wanted }),
    }
}

pub(crate) fn text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(at("read", path))
}
