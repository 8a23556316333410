//! Bytes that were decoded from a text, one stretch after the other.

use crate::data::Data;

/// Fewest bytes that are looked at: two numbers of 64 bits.
const FEWEST: usize = 16;
/// Stretches begin at multiples of so many bytes, so that numbers of every size are aligned in each.
const ALIGNED: usize = 8;

#[derive(Default)]
pub(super) struct Found {
    bytes: Vec<u8>,
    /// Where a stretch begins, and how long it is.
    stretches: Vec<(u64, u64)>,
}

impl Found {
    /// Adds what a decoder appends, unless it gives up or that is little. Whether it was added.
    pub(super) fn add(&mut self, decode: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> bool {
        let start = self.bytes.len();
        let decoded = decode(&mut self.bytes);
        let len = self.bytes.len().saturating_sub(start);
        let enough = decoded.is_some() && len >= FEWEST;
        if enough {
            self.stretches.push((start as u64, len as u64));
            self.bytes.resize(self.bytes.len().next_multiple_of(ALIGNED), 0);
        } else {
            self.bytes.truncate(start);
        }
        enough
    }

    /// All bytes together, and each stretch of them; none if nothing was found.
    pub(super) fn all(self) -> Option<(Data, Vec<Data>)> {
        let all = Data::from(self.bytes);
        let stretches: Vec<Data> = self.stretches.iter().filter_map(|(start, len)| all.part(*start, *len)).collect();
        (!stretches.is_empty()).then_some((all, stretches))
    }
}
