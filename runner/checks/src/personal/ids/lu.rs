//! Luxembourg.

use super::{Needs, two};
use crate::personal::checksum::{luhn, verhoeff};
use crate::personal::digits::Part;

/// The numéro d'identification: a date of birth, three digits, and two check digits, each over the first eleven (règlement
/// grand-ducal du 28 novembre 2013, article 1). Month and day are 00 where they aren't known.
pub(super) fn matricule(part: &Part<'_>) -> Option<Needs> {
    let [body @ .., first, second] = part.digits else { return None };
    // A day and the next number have different marks.
    if !part.is_even() {
        return None;
    }
    let body: [u8; 11] = body.try_into().ok()?;
    // Milliseconds since 1970 look like dates from 1890 to 1899 until March 2030.
    let needs = match (two(&body, 0), two(&body, 2)) {
        (18, 90..) => Needs::Words,
        (19, _) | (20, 0..50) => Needs::Nothing,
        _ => return None,
    };
    let dated = two(&body, 4) <= 12 && two(&body, 6) <= 31;
    let checked = |check: u8, holds: fn(&[u8]) -> bool| holds(&[body.as_slice(), &[check]].concat());
    (dated && checked(*first, luhn) && checked(*second, verhoeff)).then_some(needs)
}
