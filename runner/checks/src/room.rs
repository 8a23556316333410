//! How much of one file is examined: what archives and streams unpack to, how deep they are nested, how many parts there are (F3).

use crate::data::Data;
use std::io::{self, Read};

/// Most bytes that all of a file unpacks to.
const UNPACKED: u64 = 1 << 30;
/// Most bytes that a stretch of packed bytes may unpack to, for each of its own.
const RATIO: u64 = 100;
/// A stretch that unpacks to less is small, whatever its ratio.
const SMALL: u64 = 1 << 20;
/// Most parts of a file.
const PARTS: usize = 100_000;
/// Most bytes of texts and numbers that are kept in this process's own memory, each text with what holding it takes.
const KEPT: usize = 384 << 20;
/// Most pixels of all figures in a file.
const PIXELS: u64 = 100_000_000;
/// What holding a text takes beside its letters.
const HOLDING: usize = 48;
/// Deepest level of something inside something: a csv in a zip in a tar is at 2.
const DEPTH: u32 = 2;

/// What is left of the bounds.
#[derive(Debug)]
pub(crate) struct Room {
    unpacked: u64,
    parts: usize,
    kept: usize,
    pixels: u64,
    depth: u32,
}

impl Default for Room {
    fn default() -> Self {
        Self { unpacked: UNPACKED, parts: PARTS, kept: KEPT, pixels: PIXELS, depth: DEPTH }
    }
}

/// Why something isn't unpacked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RoomError {
    #[error("it unpacks to more than {RATIO} times its size")]
    Ratio,
    #[error("all that is packed in it has more than {UNPACKED} bytes")]
    Bytes,
    #[error("it has more than {PARTS} parts")]
    Parts,
    #[error("its texts and numbers take more memory than there is")]
    Kept,
    #[error("its figures have more than {PIXELS} pixels")]
    Pixels,
    #[error("things are packed in it more than {DEPTH} deep")]
    Depth,
    #[error("it can't be unpacked ({0})")]
    Broken(#[from] io::Error),
}

impl Room {
    /// Unpacks a stretch that takes so many packed bytes.
    pub(crate) fn unpack(&mut self, packed: u64, reader: impl Read) -> Result<Data, RoomError> {
        let by_ratio = packed.saturating_mul(RATIO).max(SMALL);
        let unpacked = Data::unpacked(reader, by_ratio.min(self.unpacked))?;
        match unpacked {
            Some(data) => {
                self.unpacked -= data.len();
                Ok(data)
            }
            None if by_ratio < self.unpacked => Err(RoomError::Ratio),
            None => Err(RoomError::Bytes),
        }
    }

    /// Makes room for one part more.
    pub(crate) fn part(&mut self) -> Result<(), RoomError> {
        self.parts = self.parts.checked_sub(1).ok_or(RoomError::Parts)?;
        Ok(())
    }

    /// Makes room for a text, or for so many bytes of numbers.
    pub(crate) fn keep(&mut self, bytes: usize) -> Result<(), RoomError> {
        self.kept = bytes.checked_add(HOLDING).and_then(|all| self.kept.checked_sub(all)).ok_or(RoomError::Kept)?;
        Ok(())
    }

    /// Makes room for the work that a figure's pixels are.
    pub(crate) fn draw(&mut self, pixels: u64) -> Result<(), RoomError> {
        self.pixels = self.pixels.checked_sub(pixels).ok_or(RoomError::Pixels)?;
        Ok(())
    }

    /// Goes one level deeper; [`Self::outside`] comes back.
    pub(crate) fn inside(&mut self) -> Result<(), RoomError> {
        self.depth = self.depth.checked_sub(1).ok_or(RoomError::Depth)?;
        Ok(())
    }

    /// Comes back from where [`Self::inside`] went.
    pub(crate) fn outside(&mut self) {
        self.depth += 1;
    }
}
