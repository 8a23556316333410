//! Reads texts where they lie, mostly one after the other, with a stretch of the file at hand.

use super::literal;
use super::opcode::*;
use super::slot::{Slot, Value};
use crate::data::Data;

/// Bytes that are at hand.
const WIDTH: usize = 1 << 16;

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
        self.text_at(at, most)
    }

    pub(super) fn text_at(&mut self, at: u64, most: usize) -> Option<String> {
        if let Some(short) = self.short(at, most) {
            return Some(short.to_owned());
        }
        literal::text(self.data, at, most).ok()
    }

    /// Whether two slots hold the same text.
    pub(super) fn same(&mut self, one: Slot, other: Slot) -> bool {
        one == other || self.text(one, 1024).is_some_and(|text| self.text(other, 1024) == Some(text))
    }

    /// A text of the commonest form that is at hand, or can be.
    #[inline]
    fn short(&mut self, at: u64, most: usize) -> Option<&str> {
        let held = |peek: &Self| {
            let from = usize::try_from(at.checked_sub(peek.start)?).ok()?;
            let (opcode, rest) = peek.bytes.get(from..)?.split_first()?;
            let (len, from) = match *opcode {
                SHORT_BINUNICODE => (usize::from(*rest.first()?), from + 2),
                BINUNICODE => (u32::from_le_bytes(*rest.first_chunk()?) as usize, from + 5),
                _ => return None,
            };
            (len <= most && from + len <= peek.bytes.len()).then_some((from, len))
        };
        let place = match held(self) {
            Some(place) => place,
            None => {
                self.bytes.resize(WIDTH, 0);
                self.start = at;
                let read = self.data.read_at(at, &mut self.bytes).unwrap_or(0);
                self.bytes.truncate(read);
                held(self)?
            }
        };
        str::from_utf8(self.bytes.get(place.0..place.0 + place.1)?).ok()
    }
}
