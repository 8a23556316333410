//! Rounding to significant bits: to the nearest, of two as near to the even one (IEEE 754, section 4.3.1).

use crate::array::{Array, Number};

/// How many significant bits numbers have at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Precision(u32);

impl Precision {
    pub(super) fn new(bits: u32) -> Self {
        Self(bits.max(1))
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }

    /// Rounds an array whose bytes begin here.
    pub(super) fn round(self, array: &Array, bytes: &mut [u8]) {
        let (size, step) = (array.number.size(), usize::try_from(array.step).unwrap_or(usize::MAX).max(1));
        let count = usize::try_from(array.len()).unwrap_or(usize::MAX);
        let words = bytes.chunks_mut(step).take(count).filter_map(|item| item.get_mut(..size));
        self.round_each(array.number, array.big_endian, words);
    }

    /// Rounds numbers that follow each other, the least significant byte of each first.
    pub(super) fn round_packed(self, number: Number, bytes: &mut [u8]) {
        self.round_each(number, false, bytes.chunks_exact_mut(number.size()));
    }

    fn round_each<'a>(self, number: Number, big_endian: bool, words: impl Iterator<Item = &'a mut [u8]>) {
        let Some(form) = Form::of(number) else { return };
        for word in words {
            let old = form.read(word, big_endian);
            let new = form.round(old, self.0);
            if new != old {
                form.write(word, new, big_endian);
            }
        }
    }
}

/// How a kind of number is made: bits of the fraction, and of all.
#[derive(Clone, Copy)]
struct Form {
    fraction: u32,
    all: u32,
}

impl Form {
    fn of(number: Number) -> Option<Self> {
        let (fraction, all) = match number {
            Number::F64 => (52, 64),
            Number::F32 => (23, 32),
            Number::F16 => (10, 16),
            Number::Bf16 => (7, 16),
            _ => return None,
        };
        Some(Self { fraction, all })
    }

    /// All ones in the exponent: infinity, or with a fraction no number.
    fn infinity(self) -> u64 {
        let sign = 1u64 << (self.all - 1);
        (sign - 1) & !((1 << self.fraction) - 1)
    }

    fn round(self, bits: u64, precision: u32) -> u64 {
        let sign = bits & 1 << (self.all - 1);
        let size = bits ^ sign;
        if size > self.infinity() {
            // What isn't a number has bits that no arithmetic looks at: one such value stands for all.
            return self.infinity() | 1 << (self.fraction - 1);
        }
        let drop = (self.fraction + 1).saturating_sub(precision);
        if size == self.infinity() || drop == 0 {
            return bits;
        }
        let down = size >> drop << drop;
        let (rest, half) = (size - down, 1u64 << (drop - 1));
        let odd = size >> drop & 1 == 1;
        let up = down + (1 << drop);
        // The largest numbers don't become infinite.
        if (rest > half || rest == half && odd) && up < self.infinity() { sign | up } else { sign | down }
    }

    fn read(self, word: &[u8], big_endian: bool) -> u64 {
        let push = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        if big_endian { word.iter().fold(0, push) } else { word.iter().rev().fold(0, push) }
    }

    fn write(self, word: &mut [u8], bits: u64, big_endian: bool) {
        let bytes = bits.to_le_bytes();
        let last = word.len().saturating_sub(1);
        for (at, byte) in bytes.iter().enumerate().take(word.len()) {
            if let Some(to) = word.get_mut(if big_endian { last - at } else { at }) {
                *to = *byte;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rounded(number: Number, bits: u64, precision: u32) -> u64 {
        Form::of(number).map_or(bits, |form| form.round(bits, precision))
    }

    proptest! {
        #[test]
        fn to_24_bits_is_what_conversion_to_a_narrower_type_does(value in -3e38f64..3e38) {
            prop_assume!(value.abs() > f64::from(f32::MIN_POSITIVE));
            let narrow = f64::from(value as f32);
            prop_assert_eq!(f64::from_bits(rounded(Number::F64, value.to_bits(), 24)), narrow);
        }

        #[test]
        fn to_8_bits_is_what_bfloat16_keeps(value in -3e38f32..3e38) {
            let narrow = half::bf16::from_f32(value).to_f32();
            prop_assert_eq!(f32::from_bits(rounded(Number::F32, value.to_bits().into(), 8) as u32), narrow);
        }

        #[test]
        fn what_is_rounded_stays(bits: u64, precision in 1u32..=53) {
            let once = rounded(Number::F64, bits, precision);
            prop_assert_eq!(rounded(Number::F64, once, precision), once);
        }
    }

    #[test]
    fn the_largest_number_stays_finite_and_what_is_no_number_has_one_form() {
        assert_eq!(f64::from_bits(rounded(Number::F64, f64::MAX.to_bits(), 10)).to_bits() >> 52, 0x7fe);
        assert_eq!(rounded(Number::F64, f64::NEG_INFINITY.to_bits(), 10), f64::NEG_INFINITY.to_bits());
        let message = 0xfff8_0000_dead_beef;
        assert!(f64::from_bits(message).is_nan());
        assert_eq!(rounded(Number::F64, message, 53), f64::NAN.to_bits());
    }
}
