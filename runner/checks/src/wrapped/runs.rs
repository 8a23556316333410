//! Runs of letters and digits in a text that may be bytes in base64: over several lines, alone, or cut into pieces of one length.

use super::base64::{self, unfilled};
use super::found::Found;
use super::hexadecimal;
use super::letters::{self, BASE64, Line};

/// Fewest characters of a run.
pub(super) const SHORTEST: usize = 22;
/// Fewest characters of a piece of a run that was cut into pieces of one length.
const PIECE: usize = 6;
/// Fewest characters of a line that goes on with the run of the line before.
const LINE: usize = 4;

/// Runs over several lines, of any length.
pub(super) struct Lines {
    all: Vec<u8>,
    count: usize,
}

impl Lines {
    pub(super) fn with_capacity(room: usize) -> Self {
        Self { all: Vec::with_capacity(room), count: 0 }
    }

    pub(super) fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let run = line.inner.as_bytes();
        if line.is(BASE64) && run.len() >= LINE {
            self.all.extend_from_slice(unfilled(run));
            self.count += 1;
            return;
        }
        // The last line of a block may be shorter.
        if self.count > 0 && line.is(BASE64) {
            self.all.extend_from_slice(unfilled(run));
        }
        self.end(found);
    }

    pub(super) fn end(&mut self, found: &mut Found) {
        if self.count > 1 {
            of_run(&self.all, found);
        }
        self.all.clear();
        self.count = 0;
    }
}

/// Runs that stand alone, and those that were cut into pieces of one length.
pub(super) struct Pieces {
    /// Pieces of one length, as they are; the last may be shorter.
    all: Vec<u8>,
    len: usize,
}

impl Pieces {
    pub(super) fn with_capacity(room: usize) -> Self {
        Self { all: Vec::with_capacity(room), len: 0 }
    }

    pub(super) fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        if line.is(BASE64) {
            self.piece(line.inner.as_bytes(), found);
            return;
        }
        let is_other = |byte: &u8| letters::sets(*byte) & BASE64 == 0;
        line.inner.as_bytes().split(is_other).for_each(|piece| self.piece(piece, found));
    }

    fn piece(&mut self, piece: &[u8], found: &mut Found) {
        if piece.is_empty() {
            return;
        }
        of_run(piece, found);
        if piece.len() != self.len {
            if piece.len() < self.len {
                self.all.extend_from_slice(piece);
            }
            self.end(found);
        }
        if piece.len() >= PIECE {
            self.len = piece.len();
            self.all.extend_from_slice(piece);
        }
    }

    pub(super) fn end(&mut self, found: &mut Found) {
        if self.all.len() > self.len {
            let pieces = self.all.chunks(self.len.max(1)).map(unfilled);
            let filled = memchr::memchr(b'=', &self.all).is_some();
            let whole = if filled {
                of_run(&pieces.clone().collect::<Vec<_>>().concat(), found)
            } else {
                of_run(&self.all, found)
            };
            // Each may have been encoded alone: then its last letter has bits to spare.
            if filled || !whole || !self.len.is_multiple_of(4) {
                found.add(|bytes| {
                    pieces.for_each(|piece| {
                        let start = bytes.len();
                        if base64::decode(piece, bytes).is_none() {
                            bytes.truncate(start);
                        }
                    });
                    Some(())
                });
            }
        }
        self.all.clear();
        self.len = 0;
    }
}

/// Adds what a run is in each reading. Whether it is base64.
fn of_run(run: &[u8], found: &mut Found) -> bool {
    let run = unfilled(run);
    if run.len() < SHORTEST {
        return false;
    }
    found.add(|bytes| hexadecimal::decode(run.strip_prefix(b"0x").unwrap_or(run), bytes));
    found.add(|bytes| base64::decode(run, bytes))
}
