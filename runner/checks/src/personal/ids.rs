//! Numbers that states, insurers and banks give to persons, and what chance makes of each.

mod be;
mod de;
mod fr;
mod lu;
mod uk;

use super::card;
use super::digits::Part;
use super::kind::Kind;
pub(super) use de::{health, pension};
pub(super) use uk::insurance;

/// What a number that fits its form needs beside it to be taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: of 10,000 random numbers with as many digits, less than one fits.
    Nothing,
    /// A place of its own, apart from other digits: of 1,000 rows of numbers that are grouped like it, less than one fits.
    Place,
    /// A sentence around it: of 1,000 rows of numbers that are grouped like it, some fit.
    Sentence,
    /// Words that say what it is.
    Words,
}

/// A number that is digits only: its kind, and what it needs if some digits are one.
pub(super) type Id = (Kind, fn(&Part<'_>) -> Option<Needs>);

/// All of these.
pub(super) const IDS: [Id; 6] = [
    (Kind::Matricule, lu::matricule),
    (Kind::Nir, fr::nir),
    (Kind::NationalNumber, be::national),
    (Kind::TaxId, de::tax),
    (Kind::NhsNumber, uk::nhs),
    (Kind::Card, card::number),
];

/// Two digits as a number.
fn two(digits: &[u8], at: usize) -> u8 {
    match digits.get(at..at + 2) {
        Some([tens, ones]) => tens * 10 + ones,
        _ => u8::MAX,
    }
}

#[cfg(test)]
mod tests;
