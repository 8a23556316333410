//! One value of an input: a number, a word, or nothing.

use crate::decimal::Decimal;

/// Words for a value that isn't there; those that begin with a letter begin with N.
const MISSING: [&str; 8] = ["", "na", "n/a", "nan", "null", "none", "<na>", "-"];

/// The longest of them.
pub(super) const LONGEST: usize = 4;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Missing,
    Number(f64),
    Word {
        key: u64,
        /// The key of its longest word, of several: a text that is broken into words shows by it.
        longest: Option<u64>,
    },
}

impl Value {
    /// What a cell of a text holds.
    pub(crate) fn read(cell: &[u8]) -> Self {
        let cell = cell.trim_ascii();
        match Decimal::read(cell).and_then(Decimal::value) {
            Some(number) => Self::Number(number),
            None if is_missing(cell) => Self::Missing,
            None if !cell.iter().any(u8::is_ascii_whitespace) => Self::Word { key: word(cell), longest: None },
            None => {
                let longest = cell.split(u8::is_ascii_whitespace).max_by_key(|word| word.len());
                Self::Word { key: word(cell), longest: longest.map(word) }
            }
        }
    }

    /// A number for the value; none if it is missing.
    pub(crate) fn key(self) -> Option<u64> {
        match self {
            Self::Missing => None,
            Self::Number(value) => Some(mix(value.to_bits())),
            Self::Word { key, .. } => Some(key),
        }
    }
}

/// Whether an integer tells a value: it is one itself, or has so many digits that a fraction makes little of it.
pub(crate) fn is_whole(value: f64) -> bool {
    value.fract() == 0.0 || value.abs() >= 100.0
}

/// Whether a cell says that its value isn't there.
pub(crate) fn is_missing(text: &[u8]) -> bool {
    text.len() <= LONGEST && MISSING.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// The key of a text, whatever the case of its letters. The same in every run: a report must be, too.
pub(crate) fn word(text: &[u8]) -> u64 {
    if text.len() < 8 {
        let letters = text.iter().rev().fold(0, |letters, letter| letters << 8 | u64::from(*letter));
        return short_word(letters, text.len());
    }
    // The last letters go with some of those before them.
    let ends = text.last_chunk().copied().unwrap_or_default();
    let chunks = text.as_chunks::<8>().0.iter().chain([&ends]);
    mix(chunks.fold(text.len() as u64, |key, chunk| join(key, u64::from_le_bytes(*chunk))))
}

/// The same for fewer than eight letters, the first in the lowest bits.
#[inline]
pub(super) fn short_word(letters: u64, len: usize) -> u64 {
    mix(join(len as u64, letters))
}

#[inline]
fn join(key: u64, letters: u64) -> u64 {
    fold(key ^ 0x9e37_79b9_7f4a_7c15, lower(letters) ^ 0xd6e8_feb8_6659_fd93)
}

/// Eight letters at once, with the capitals of ASCII made small.
fn lower(letters: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let low = letters & !HIGH;
    // The high bit of each byte that is at least `A`, and that is beyond `Z`.
    let (from, beyond) = (low + (0x80 - 0x41) * ONES, low + (0x80 - 0x5b) * ONES);
    letters | ((from & !beyond & !letters & HIGH) >> 2)
}

/// Two numbers in one: both halves of their product.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Spreads the bits of a number (the finalizer of SplitMix64; Steele, Lea and Flood 2014).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Value, lower, word};

    #[test]
    fn capitals_are_made_small_and_nothing_else() {
        for byte in 0..=u8::MAX {
            let made = lower(u64::from_le_bytes([byte; 8])).to_le_bytes();
            assert_eq!(made, [byte.to_ascii_lowercase(); 8], "{byte}");
        }
    }

    #[test]
    fn words_of_any_case_and_length_are_told_apart() {
        assert_eq!(word(b"North-East Ward"), word(b"NORTH-EAST WARD"));
        let text = b"abcdefghijklmnopqrstuvwxyz";
        let keys: std::collections::HashSet<u64> = (0..=26).filter_map(|end| text.get(..end)).map(word).collect();
        assert_eq!(keys.len(), 27);
    }

    #[test]
    fn a_value_is_a_number_a_word_or_missing() {
        assert_eq!(Value::read(b" 1.50 "), Value::Number(1.5));
        assert_eq!(Value::read(b"NaN"), Value::Missing);
        assert_eq!(Value::read(b"north"), Value::Word { key: word(b"NORTH"), longest: None });
        assert_eq!(
            Value::read(b"of the north"),
            Value::Word { key: word(b"of the north"), longest: Some(word(b"north")) }
        );
    }
}
