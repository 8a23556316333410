//! Publishing: tiles first, then the checkpoint that they belong to.

use super::{Log, LogError};
use crate::audit::CHECKPOINT;
use crate::checkpoint::Checkpoint;
use crate::durable::{clear, place};
use crate::merkle::ProofError;
use crate::tiles::{WIDTH, between};
use std::path::PathBuf;

impl Log {
    /// Publishes everything recorded so far: writes the tiles, then signs and writes the checkpoint, and returns its note.
    pub fn checkpoint(&mut self) -> Result<String, LogError> {
        let (old, new) = (self.covered(), self.size());
        if let Some((last, note)) = &self.published
            && last.size == new
        {
            return Ok(note.clone());
        }
        let checkpoint = Checkpoint { origin: self.verifier().name().to_owned(), size: new, root: self.tree.root() };
        let note = checkpoint.sign(&self.signer)?;
        let tiles = between(old, new);
        let public = self.public();
        let mut files = Vec::with_capacity(tiles.len());
        for tile in &tiles {
            let skip = tile.start().saturating_sub(full(old));
            let commitments = usize::try_from(skip).ok().and_then(|skip| self.pending.get(skip..)).unwrap_or_default();
            let missing = ProofError::Missing { level: 0, index: tile.start() };
            files.push((public.join(tile.path()), tile.bytes(&self.tree, commitments).ok_or(missing)?));
        }
        place(&self.aside(), 0o644, &files)?;
        // Only now: a checkpoint never stands without its tiles.
        place(&self.aside(), 0o644, &[(public.join(CHECKPOINT), note.clone().into_bytes())])?;
        let done = full(new) - full(old);
        self.pending.drain(..usize::try_from(done).unwrap_or_default().min(self.pending.len()));
        self.published = Some((checkpoint, note.clone()));
        // The full tile stands in for its partial states from here on.
        for tile in tiles.iter().filter(|tile| tile.width == WIDTH) {
            clear(&public.join(tile.parts()))?;
        }
        Ok(note)
    }

    /// The last checkpoint's note, if there was one. Unlike [`Log::checkpoint`], asking changes nothing that others see.
    pub fn published(&self) -> Option<&str> {
        self.published.as_ref().map(|(_, note)| note.as_str())
    }

    /// How many entries the last checkpoint covers.
    pub fn covered(&self) -> u64 {
        self.published.as_ref().map_or(0, |(last, _)| last.size)
    }

    pub(super) fn public(&self) -> PathBuf {
        self.folder.join("public")
    }

    pub(super) fn aside(&self) -> PathBuf {
        self.folder.join("aside")
    }
}

/// How many of the first `size` leaves are in full tiles.
pub(super) fn full(size: u64) -> u64 {
    size - size % WIDTH
}
