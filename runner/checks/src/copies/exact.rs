//! How exactly the numbers of an array tell what they were, by their type.

use super::form::Form;
use super::grain::Grain;
use crate::array::Number;

/// As it is held.
pub(super) fn grain(number: Number, value: f64) -> Grain {
    match number {
        Number::F16 => Grain::Half,
        Number::Bf16 => Grain::Brain,
        Number::F32 => Grain::Single,
        Number::F64 if f64::from(value as f32) == value => Grain::Single,
        Number::F64 => Grain::Exact,
        _ => Grain::Whole,
    }
}

/// How exactly the figures of a number are told: by all digits of an integer, and by six of any other.
pub(super) fn figures(number: Number, value: f64) -> Grain {
    match number.is_float() {
        true => Form::Figures.grain(grain(number, value)),
        false => Form::Figures.grain(Grain::digits(digits(value.abs() as u64))),
    }
}

/// How many digits an integer has before those that are zeros at its end.
fn digits(mut whole: u64) -> u32 {
    while whole > 0 && whole.is_multiple_of(10) {
        whole /= 10;
    }
    whole.checked_ilog10().map_or(1, |log| log + 1)
}

/// The place of a number of two bytes at most among all of its type.
pub(super) fn short(number: Number, value: f64) -> Option<usize> {
    let bits = (value as f32).to_bits();
    match number {
        Number::F16 => Some(bits as usize >> 13),
        Number::Bf16 => Some(bits as usize >> 16),
        Number::I8 | Number::U8 | Number::I16 | Number::U16 | Number::Bool => Some((value + 32_768.0) as usize),
        _ => None,
    }
}

/// How far off a number may be that was scaled, held in a type and scaled back: some of the type's last bits, in units of 2^-40.
pub(super) fn spread(number: Number) -> u32 {
    match number {
        Number::F64 => 1 << 8,
        Number::F32 => 1 << 20,
        _ => 1 << 31,
    }
}
