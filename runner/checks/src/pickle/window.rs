//! Goes through a file once, with a stretch of it at hand.

use crate::anatomy::Fault;
use crate::data::Data;

/// Bytes that are at hand at a time.
const WIDTH: usize = 1 << 18;
/// Longest line of a text opcode.
pub(super) const LINE: usize = 16 << 20;

/// Where the reading is.
#[derive(Debug)]
pub(super) struct Window<'a> {
    data: &'a Data,
    bytes: Vec<u8>,
    /// Where in the file `bytes` begins.
    start: u64,
    /// Where in `bytes` the reading is.
    at: usize,
}

impl<'a> Window<'a> {
    pub(super) fn new(data: &'a Data, at: u64) -> Self {
        Self { data, bytes: Vec::new(), start: at, at: 0 }
    }

    pub(super) fn data(&self) -> &'a Data {
        self.data
    }

    /// The place in the file of what is read next.
    #[inline]
    pub(super) fn offset(&self) -> u64 {
        self.start + self.at as u64
    }

    /// Bytes from here to the end of the file.
    pub(super) fn left(&self) -> u64 {
        self.data.len().saturating_sub(self.offset())
    }

    /// Brings so many bytes from here on to hand, if the file has them; otherwise fewer.
    #[cold]
    fn fill(&mut self, wanted: usize) -> Result<(), Fault> {
        self.start = self.offset();
        self.at = 0;
        self.bytes.resize(WIDTH.max(wanted), 0);
        let mut filled = 0;
        while let Some(rest) = self.bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.data.read_at(self.start + filled as u64, rest)? {
                0 => break,
                read => filled += read,
            }
        }
        self.bytes.truncate(filled);
        Ok(())
    }

    #[cold]
    fn ended(&self) -> Fault {
        Fault::at(self.data.len(), "it ends in the middle")
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        if self.at >= self.bytes.len() {
            self.fill(1)?;
        }
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.ended())?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        if let Some(bytes) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            self.at += N;
            return Ok(*bytes);
        }
        self.fill(N)?;
        let bytes = *self.bytes.first_chunk().ok_or_else(|| self.ended())?;
        self.at += N;
        Ok(bytes)
    }

    /// So many bytes, all at hand at once: a few.
    #[inline]
    pub(super) fn take(&mut self, len: usize) -> Result<&[u8], Fault> {
        if self.bytes.len() - self.at < len {
            self.fill(len)?;
        }
        let from = self.at;
        if self.bytes.len() - from < len {
            return Err(self.ended());
        }
        self.at += len;
        Ok(self.bytes.get(from..self.at).unwrap_or_default())
    }

    /// Goes back by a few bytes that were just taken.
    pub(super) fn back(&mut self, len: usize) {
        self.at = self.at.saturating_sub(len);
    }

    /// Passes over so many bytes.
    pub(super) fn skip(&mut self, len: u64) -> Result<(), Fault> {
        if len > self.left() {
            return Err(self.ended());
        }
        let at = self.offset() + len;
        match usize::try_from(at - self.start) {
            Ok(inside) if inside <= self.bytes.len() => self.at = inside,
            _ => {
                self.bytes.clear();
                (self.start, self.at) = (at, 0);
            }
        }
        Ok(())
    }

    /// The bytes up to the end of the line, without it. A line that nothing ends is one that readers disagree on.
    pub(super) fn line(&mut self) -> Result<&[u8], Fault> {
        let ends = |bytes: &[u8]| bytes.iter().take(LINE).position(|byte| *byte == b'\n');
        let mut len = self.bytes.get(self.at..).and_then(ends);
        for wanted in [WIDTH, LINE] {
            if len.is_none() {
                self.fill(wanted)?;
                len = ends(&self.bytes);
            }
        }
        let at = self.offset();
        let Some(len) = len else {
            return Err(if self.left() <= LINE as u64 {
                self.ended()
            } else {
                Fault::at(at, "it has an endless line")
            });
        };
        let from = self.at;
        self.at += len + 1;
        Ok(self.bytes.get(from..from + len).unwrap_or_default())
    }
}
