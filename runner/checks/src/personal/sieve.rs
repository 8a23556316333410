//! A first look at a text that passes over nearly all of it: where three bytes stand with which a word of a list may begin.

/// Bits of a byte that are looked at: those that small letters and capitals have in common.
const BITS: usize = 5;
const MASK: u8 = (1 << BITS) - 1;
/// One bit for each combination of three bytes.
const COMBINATIONS: usize = 1 << (3 * BITS);

/// Beginnings of words.
pub(super) struct Sieve([u64; COMBINATIONS / 64]);

impl Sieve {
    /// A sieve for words of at least three bytes.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut sieve = Self([0; COMBINATIONS / 64]);
        for word in words {
            if let [a, b, c, ..] = word.as_bytes() {
                let place = place(*a, *b, *c);
                if let Some(bits) = sieve.0.get_mut(place / 64) {
                    *bits |= 1 << (place % 64);
                }
            }
        }
        sieve
    }

    /// The first place between two where a word may begin.
    pub(super) fn next(&self, text: &[u8], from: usize, to: usize) -> Option<usize> {
        // The last words may end behind `to`.
        let rest = text.get(from..text.len().min(to.saturating_add(2)))?;
        let found = rest.windows(3).position(|three| matches!(three, [a, b, c] if self.has(*a, *b, *c)))?;
        Some(from + found)
    }

    fn has(&self, a: u8, b: u8, c: u8) -> bool {
        let place = place(a, b, c);
        self.0.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 != 0)
    }
}

fn place(a: u8, b: u8, c: u8) -> usize {
    usize::from(a & MASK) | usize::from(b & MASK) << BITS | usize::from(c & MASK) << (2 * BITS)
}

#[cfg(test)]
mod tests;
