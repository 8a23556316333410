//! Germany.

use super::{Needs, two};
use crate::personal::checksum::{cross_weighted, mod_11_10};
use crate::personal::digits::Part;

/// The steuerliche Identifikationsnummer: of the first ten digits one comes twice or three times, but not three times in a row,
/// and none else more than once; the last one is a check digit (§ 139b Abgabenordnung; ITZBund, Informationen zur Berechnung
/// gültiger Prüfziffern, version 2.3). About 1 of 300 random numbers fits.
pub(super) fn tax(part: &Part<'_>) -> Option<Needs> {
    let body: [u8; 10] = part.digits.get(..10)?.try_into().ok()?;
    let mut often = [0u8; 10];
    for digit in body {
        *often.get_mut(usize::from(digit))? += 1;
    }
    let repeated = often.iter().filter(|times| **times > 1).count() == 1 && often.iter().all(|times| *times < 4);
    let in_a_row = body.windows(3).any(|three| matches!(three, [a, b, c] if a == b && b == c));
    let fits = part.digits.len() == 11 && body.first() != Some(&0) && repeated && !in_a_row && mod_11_10(part.digits);
    fits.then_some(Needs::Words)
}

/// The Versicherungsnummer of the pension insurance, written as digits with the letter's place in the alphabet at the ninth and
/// tenth: area, day, month and year of birth, the name's letter, two digits, and a check digit (§ 147 SGB VI; § 2 VKVV). The day
/// may be 50 higher than it was.
pub(in crate::personal) fn pension(digits: &[u8]) -> bool {
    let [body @ .., check] = digits else { return false };
    let area = (2..=89).contains(&two(digits, 0));
    let born = matches!(two(digits, 2), 1..=31 | 51..=81) && matches!(two(digits, 4), 1..=12);
    let sum = cross_weighted(body, &[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]);
    digits.len() == 13 && area && born && sum % 10 == u32::from(*check)
}

/// The Krankenversichertennummer, written as digits with the letter's place in the alphabet at the first and second: eight
/// digits, and a check digit (§ 290 SGB V). 1 of 10 random numbers fits.
pub(in crate::personal) fn health(digits: &[u8]) -> bool {
    let [body @ .., check] = digits else { return false };
    digits.len() == 11 && cross_weighted(body, &[1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 == u32::from(*check)
}
