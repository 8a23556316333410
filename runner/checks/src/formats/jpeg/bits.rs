//! Bits and Huffman codes of a JPEG's scan (T.81, annexes B.1.1.5, C and F.2.2).

use crate::anatomy::Fault;
use crate::formats::walk::Walk;

/// Longest code; and the bits of those that are looked up at once.
const LONG: usize = 16;
const SHORT: u32 = 9;

pub(super) fn broken(walk: &Walk<'_>) -> Fault {
    Fault::at(walk.at(), "one of its parts is broken")
}

/// A table of codes: for each length the first code beyond it, and where its symbols are.
#[derive(Clone, Debug)]
pub(super) struct Table {
    lengths: [Length; LONG],
    symbols: Vec<u8>,
    /// For the next few bits the length of the code that they begin with, and its symbol.
    short: Vec<(u32, u8)>,
}

/// The codes of one length.
#[derive(Clone, Copy, Debug, Default)]
struct Length {
    first: u32,
    count: u32,
    /// Symbols of shorter codes.
    before: usize,
}

impl Table {
    /// Reads how many codes there are of each length, and their symbols (T.81, B.2.4.2).
    pub(super) fn read(walk: &mut Walk<'_>) -> Result<Self, Fault> {
        let counts = walk.take(LONG)?.to_vec();
        let mut lengths = [Length::default(); LONG];
        let (mut code, mut before) = (0u32, 0usize);
        for (place, (length, count)) in lengths.iter_mut().zip(counts).enumerate() {
            *length = Length { first: code, count: count.into(), before };
            code += u32::from(count);
            before += usize::from(count);
            if code > 1 << (place + 1) {
                return Err(broken(walk));
            }
            code <<= 1;
        }
        let symbols = walk.take(before)?.to_vec();
        let mut short = vec![(0, 0); 1 << SHORT];
        for (length, bits) in lengths.iter().zip(1..=SHORT) {
            let own = symbols.iter().skip(length.before);
            for (code, symbol) in (length.first..length.first + length.count).zip(own) {
                let first = (code << (SHORT - bits)) as usize;
                short.iter_mut().skip(first).take(1 << (SHORT - bits)).for_each(|place| *place = (bits, *symbol));
            }
        }
        Ok(Self { lengths, symbols, short })
    }
}

/// The bits of one scan. They end at the first marker.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Where the bytes are that aren't held yet.
    at: usize,
    /// The next bits, the first of them the highest.
    held: u64,
    left: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, held: 0, left: 0 }
    }

    fn get(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn fill(&mut self) {
        while self.left <= 56 {
            // A byte of ones is followed by one of zeros; anything else there is a marker.
            let step = match (self.get(self.at), self.get(self.at + 1)) {
                (None, _) => return,
                (Some(0xff), Some(0)) => 2,
                (Some(0xff), _) => return,
                _ => 1,
            };
            self.held |= u64::from(self.get(self.at).unwrap_or(0)) << (56 - self.left);
            self.left += 8;
            self.at += step;
        }
    }

    fn drop(&mut self, count: u32) -> Result<(), Fault> {
        self.left =
            self.left.checked_sub(count).ok_or_else(|| Fault::at(self.at as u64, "its pixels end too early"))?;
        self.held <<= count;
        Ok(())
    }

    pub(super) fn bit(&mut self) -> Result<u32, Fault> {
        self.bits(1)
    }

    /// The next bits, at most 16.
    pub(super) fn bits(&mut self, count: u8) -> Result<u32, Fault> {
        let count = u32::from(count.min(16));
        if self.left < count {
            self.fill();
        }
        // Two steps, for there may be no bits to take.
        let bits = (self.held >> 1 >> (63 - count)) as u32;
        self.drop(count).map(|()| bits)
    }

    /// A number of so many bits, negative if its first is zero (T.81, F.2.2.1).
    pub(super) fn number(&mut self, count: u8) -> Result<i32, Fault> {
        if count == 0 {
            return Ok(0);
        }
        let bits = self.bits(count.min(15))? as i32;
        Ok(if bits >> (count.min(15) - 1) == 0 { bits - (1 << count.min(15)) + 1 } else { bits })
    }

    /// The symbol of the next code.
    pub(super) fn symbol(&mut self, table: &Table) -> Result<u8, Fault> {
        if self.left < LONG as u32 {
            self.fill();
        }
        if let Some((bits @ 1.., symbol)) = table.short.get((self.held >> (64 - SHORT)) as usize) {
            return self.drop(*bits).map(|()| *symbol);
        }
        for (length, bits) in table.lengths.iter().zip(1..) {
            let code = (self.held >> (64 - bits)) as u32;
            if let Some(place) = code.checked_sub(length.first).filter(|place| *place < length.count) {
                self.drop(bits)?;
                let symbol = table.symbols.get(length.before + place as usize);
                return symbol.copied().ok_or_else(|| self.fault());
            }
        }
        Err(self.fault())
    }

    pub(super) fn fault(&self) -> Fault {
        Fault::at(self.at as u64, "its pixels are broken")
    }

    /// Goes over the restart marker of a number (T.81, B.2.1), which must follow at once.
    pub(super) fn restart(&mut self, number: usize) -> Result<(), Fault> {
        let at = self.end();
        if (self.get(at), self.get(at + 1)) != (Some(0xff), Some(0xd0 | (number % 8) as u8)) {
            return Err(self.fault());
        }
        (self.at, self.held, self.left) = (at + 2, 0, 0);
        Ok(())
    }

    /// Where what follows the last byte that was used begins: before those bytes that are held and weren't used.
    pub(super) fn end(&self) -> usize {
        let back = |at: usize, _| match (
            at.checked_sub(1).and_then(|at| self.get(at)),
            at.checked_sub(2).and_then(|at| self.get(at)),
        ) {
            (Some(0), Some(0xff)) => at - 2,
            _ => at.saturating_sub(1),
        };
        (0..self.left / 8).fold(self.at, back)
    }
}
