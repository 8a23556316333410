//! How exactly a number in an output tells a number of an input.
//!
//! A number that was copied is the input's own, or what is left of it after it was written with fewer digits, or held in a type of
//! fewer bits. An interval says both: which outputs an input may have become.

use half::{bf16, f16};

/// Rounding to fewer digits than these makes another number of it.
const FEWEST: u32 = 4;
/// Digits that 64-bit floating point tells apart (`DBL_DIG` and two).
const MOST: u32 = 17;
/// What arithmetic in 64-bit floating point may do to a number that lies half-way between two others.
const HALFWAY: f64 = 1e-12;

/// How a number of an output came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Grain {
    /// As it is.
    Exact,
    /// Written with so many digits, or fewer where they end with zeros.
    Digits(u32),
    /// As a 32-bit, 16-bit (IEEE 754 binary16, bfloat16) floating-point number.
    Single,
    Half,
    Brain,
    /// As an integer.
    Whole,
    /// Reckoned back from another number, and so many units of 2^-40 of it off at most.
    Near(u32),
}

impl Grain {
    /// The grain of a number with so many digits.
    pub(crate) fn digits(shown: u32) -> Self {
        Self::Digits(shown.clamp(FEWEST, MOST))
    }

    /// Least and greatest number that a value may have become.
    pub(crate) fn becomes(self, value: f64) -> (f64, f64) {
        let about = |spread: f64| (value - spread, value + spread);
        let just = |value: f64| (value, value);
        match self {
            Self::Exact => just(value),
            Self::Digits(MOST..) => just(value),
            Self::Digits(digits) => about(half_unit(value, digits) + value.abs() * HALFWAY),
            Self::Single => just(f64::from(value as f32)),
            Self::Half => just(f16::from_f64(value).to_f64()),
            // Programs round to bfloat16, or cut the lower half off.
            Self::Brain => {
                let cut = f64::from(f32::from_bits((value as f32).to_bits() & 0xffff_0000));
                let rounded = bf16::from_f64(value).to_f64();
                (cut.min(rounded), cut.max(rounded))
            }
            Self::Whole => (value.floor(), value.ceil()),
            Self::Near(units) => about(value.abs() * f64::from(units) * (1.0 / (1u64 << 40) as f64)),
        }
    }
}

impl Grain {
    /// How far two numbers near a value lie apart at least if each becomes another one.
    pub(crate) fn unit(self, value: f64) -> f64 {
        match self {
            Self::Exact | Self::Digits(MOST..) => 0.0,
            Self::Digits(digits) => 2.0 * half_unit(value, digits),
            Self::Single => value.abs() * 2f64.powi(-23),
            Self::Half => value.abs() * 2f64.powi(-10),
            Self::Brain => value.abs() * 2f64.powi(-7),
            Self::Whole => 1.0,
            Self::Near(_) => self.becomes(value).1 - self.becomes(value).0,
        }
    }

    /// Least and greatest number that a value may have come from: all that become it, and maybe a few more.
    pub(crate) fn comes_from(self, value: f64) -> (f64, f64) {
        let about = |spread: f64| (value - spread, value + spread);
        let relative = |bits: i32| about(value.abs() * 2f64.powi(-bits) + f64::MIN_POSITIVE);
        match self {
            Self::Exact | Self::Digits(MOST..) => (value, value),
            // Just below a power of ten it may come from what has the larger unit above it.
            Self::Digits(digits) => about(half_unit(value * 1.001, digits) + 2.0 * value.abs() * HALFWAY),
            Self::Single => about(value.abs() * 2f64.powi(-24) + f64::from(f32::MIN_POSITIVE)),
            Self::Half => about(value.abs() * 2f64.powi(-11) + f64::from(f16::MIN_POSITIVE)),
            Self::Brain => relative(7),
            Self::Whole => about(1.0),
            Self::Near(_) => {
                let (least, most) = self.becomes(value);
                (least - (value - least) * 0.01, most + (most - value) * 0.01)
            }
        }
    }
}

/// Half of the last of so many digits of a number.
fn half_unit(value: f64, digits: u32) -> f64 {
    match value == 0.0 {
        true => 0.0,
        false => 0.5 * 10f64.powi(value.abs().log10().floor() as i32 + 1 - digits as i32),
    }
}

#[cfg(test)]
mod tests {
    use super::Grain;

    fn tells(grain: Grain, output: f64, input: f64) -> bool {
        let (least, most) = grain.becomes(input);
        (least..=most).contains(&output)
    }

    #[test]
    fn a_written_number_tells_what_rounds_to_it() {
        for (digits, output, input, expected) in [
            (4, 14.13, 14.127, true),
            (4, 14.12, 14.127, false),
            (4, 14.1, 14.104, true),
            (4, 14.1, 14.11, false),
            (2, 14.0, 14.003, true),
            (4, 10.0, 9.9996, true),
            (5, 14.127, 14.1274, true),
            (5, 14.127, 14.1276, false),
            (4, 10_430.0, 10_432.0, true),
            (4, 0.0, 0.0, true),
            (4, 0.0, 0.001, false),
            (17, 0.1, 0.1, true),
            (4, -2.345, -2.3451, true),
            (4, 2.345, 2.3445, true),
        ] {
            assert_eq!(tells(Grain::digits(digits), output, input), expected, "{output} for {input}");
        }
    }

    #[test]
    fn what_a_value_becomes_comes_from_it() {
        let grains = [Grain::Exact, Grain::Single, Grain::Half, Grain::Brain, Grain::Whole, Grain::Near(1 << 16)];
        let grains = grains.into_iter().chain((4..=17).map(Grain::Digits));
        for grain in grains {
            for input in [0.0, 1e-9, -3.25, 9.9996, 14.127, 999.96, 1e-5, 65_000.4, -45_678.9, 0.1 + 0.2] {
                let (least, most) = grain.becomes(input);
                for output in [least, most] {
                    let (from, to) = grain.comes_from(output);
                    assert!((from..=to).contains(&input), "{grain:?}: {output} for {input}");
                }
            }
        }
    }

    #[test]
    fn types_of_fewer_bits_tell_what_becomes_them() {
        for (grain, output, input, expected) in [
            (Grain::Exact, 14.127, 14.127, true),
            (Grain::Exact, f64::from(14.127f32), 14.127, false),
            (Grain::Single, f64::from(14.127f32), 14.127, true),
            (Grain::Half, 14.125, 14.127, true),
            (Grain::Half, 14.133, 14.127, false),
            (Grain::Brain, 14.125, 14.127, true),
            (Grain::Brain, 14.0625, 14.12, true),
            (Grain::Whole, 14.0, 14.9, true),
            (Grain::Whole, 15.0, 14.9, true),
            (Grain::Whole, 13.0, 14.0, false),
            (Grain::Near(1 << 20), 100.00005, 100.0, true),
            (Grain::Near(1 << 20), 100.0002, 100.0, false),
        ] {
            assert_eq!(tells(grain, output, input), expected, "{grain:?}: {output} for {input}");
        }
    }
}
