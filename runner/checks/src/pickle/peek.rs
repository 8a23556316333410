//! Reads texts and short bytes where they lie, mostly one after the other, with a stretch of the file at hand.

use super::literal;
use super::opcode::*;
use super::slot::{Slot, Value};
use crate::data::Data;
use std::borrow::Cow;
use std::ops::Range;

/// Bytes that are at hand.
const WIDTH: usize = 1 << 16;
/// An opcode, and how long what follows it is.
const HEAD: usize = 5;

/// A stretch of a file.
#[derive(Debug)]
pub(super) struct Peek<'a> {
    data: &'a Data,
    bytes: Vec<u8>,
    start: u64,
}

impl<'a> Peek<'a> {
    pub(super) fn new(data: &'a Data) -> Self {
        Self { data, bytes: Vec::new(), start: 0 }
    }

    /// A text; of a long one the first `most` bytes.
    pub(super) fn text(&mut self, slot: Slot, most: usize) -> Option<String> {
        let Value::Text(at) = slot.value() else { return None };
        self.text_at(at, most).map(Cow::into_owned)
    }

    pub(super) fn text_at(&mut self, at: u64, most: usize) -> Option<Cow<'_, str>> {
        let data = self.data;
        let place = self.place(at).filter(|place| place.len() <= most);
        match place.and_then(|place| str::from_utf8(self.bytes.get(place)?).ok()) {
            Some(text) => Some(Cow::Borrowed(text)),
            None => literal::text(data, at, most).ok().map(Cow::Owned),
        }
    }

    /// The bytes of the opcode at a place.
    pub(super) fn bytes_at(&mut self, at: u64) -> Option<Cow<'_, [u8]>> {
        let data = self.data;
        match self.place(at).and_then(|place| self.bytes.get(place)) {
            Some(bytes) => Some(Cow::Borrowed(bytes)),
            None => literal::bytes(data, at).ok()??.bytes().ok().map(Cow::Owned),
        }
    }

    /// Whether two slots hold the same text.
    pub(super) fn same(&mut self, one: Slot, other: Slot) -> bool {
        one == other || self.text(one, 1024).is_some_and(|text| self.text(other, 1024) == Some(text))
    }

    /// Where among the bytes at hand those of the opcode at a place are, if it is of the commonest forms.
    #[inline]
    fn place(&mut self, at: u64) -> Option<Range<usize>> {
        if let Some(place) = self.held(at, HEAD) {
            return place;
        }
        // It goes forwards alone: what lies far back may be referred to by every other opcode.
        if at >= self.start {
            self.fill(at);
        }
        self.held(at, 1)?
    }

    /// The same, if so many bytes from there on are at hand, and all that belong to it.
    #[inline]
    fn held(&self, at: u64, least: usize) -> Option<Option<Range<usize>>> {
        let from = usize::try_from(at.checked_sub(self.start)?).ok()?;
        let head = self.bytes.get(from..).filter(|head| head.len() >= least)?;
        let (from, len) = match *head {
            [SHORT_BINUNICODE | SHORT_BINBYTES, len, ..] => (from + 2, usize::from(len)),
            [BINUNICODE, a, b, c, d, ..] => (from + 5, u32::from_le_bytes([a, b, c, d]) as usize),
            _ => return Some(None),
        };
        let place = from..from + len;
        if place.end <= self.bytes.len() { Some(Some(place)) } else { None }
    }

    #[cold]
    fn fill(&mut self, at: u64) {
        self.bytes.resize(WIDTH, 0);
        self.start = at;
        let read = self.data.read_at(at, &mut self.bytes).unwrap_or(0);
        self.bytes.truncate(read);
    }
}
