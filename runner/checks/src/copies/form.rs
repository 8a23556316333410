//! In which form numbers are compared: as they are, or by their significant figures alone.
//!
//! What was written in thousandths, in percent, as an integer of cents or with the other sign has the same figures.

use super::grain::Grain;
use crate::decimal::POWERS;

/// Digits that tell figures: the last ones of 64-bit floating point change when a point is moved.
const DIGITS: u32 = 14;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Same,
    /// Without sign and power of ten: from 1 to 10.
    Figures,
}

impl Form {
    /// A number in this form.
    pub(crate) fn of(self, value: f64) -> f64 {
        match self {
            Self::Same => value,
            Self::Figures => figures(value),
        }
    }

    /// How exactly a number tells what it was, in this form.
    pub(crate) fn grain(self, grain: Grain) -> Grain {
        match (self, grain) {
            (Self::Same, grain) => grain,
            (Self::Figures, Grain::Digits(digits)) => Grain::Digits(digits.min(DIGITS)),
            // Six digits: what was changed by less is the same.
            (Self::Figures, Grain::Exact | Grain::Single | Grain::Near(_)) => Grain::Near(1 << 20),
            (Self::Figures, Grain::Half | Grain::Brain | Grain::Whole) => grain,
        }
    }
}

/// The significant figures of a number, with the point behind the first.
fn figures(value: f64) -> f64 {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return size;
    }
    let power = size.log10().floor() as i32;
    let by = POWERS.get(power.unsigned_abs() as usize).copied().unwrap_or_else(|| 10f64.powi(power.abs()));
    let moved = if power < 0 { size * by } else { size / by };
    match moved {
        ..1.0 => moved * 10.0,
        10.0.. => moved / 10.0,
        _ => moved,
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn figures_are_the_same_whatever_the_sign_and_the_point() {
        for value in [17.99, -17.99, 1799.0, 0.001799, 1.799e-30, 1.799e25, 17_990_000.0] {
            assert!((Form::Figures.of(value) - 1.799).abs() < 1e-12, "{value}");
        }
        for (value, expected) in [(0.0, 0.0), (-1.0, 1.0), (10.0, 1.0), (9.999, 9.999), (f64::INFINITY, f64::INFINITY)]
        {
            assert!(Form::Figures.of(value) == expected, "{value}");
        }
    }
}
