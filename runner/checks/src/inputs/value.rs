//! One value of an input: a number, a word, or nothing.

use crate::decimal::Decimal;

/// Words for a value that isn't there.
const MISSING: [&str; 8] = ["", "na", "n/a", "nan", "null", "none", "<na>", "-"];

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
            None => {
                let longest = cell.split(u8::is_ascii_whitespace).max_by_key(|word| word.len()).unwrap_or_default();
                Self::Word { key: word(cell), longest: (longest.len() < cell.len()).then(|| word(longest)) }
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

/// Whether a cell says that its value isn't there.
pub(crate) fn is_missing(text: &[u8]) -> bool {
    MISSING.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// The key of a text, whatever the case of its letters. The same in every run: a report must be, too.
pub(crate) fn word(text: &[u8]) -> u64 {
    let mut key = text.len() as u64;
    for chunk in text.chunks(8) {
        let word = chunk.iter().fold(0u64, |word, byte| word << 8 | u64::from(byte.to_ascii_lowercase()));
        key = fold(key ^ 0x9e37_79b9_7f4a_7c15, word ^ 0xd6e8_feb8_6659_fd93);
    }
    mix(key)
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
