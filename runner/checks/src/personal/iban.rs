//! International bank account numbers.

mod registry;

use super::kind::Kind;
use super::page::Page;
use super::spelled;
use super::{Hit, checksum};
use registry::COUNTRIES;

/// Reads the number that begins with the two letters at a place.
pub(super) fn read(page: &Page<'_>, start: usize) -> Option<Hit> {
    let country = [page.byte(start).to_ascii_uppercase(), page.byte(start + 1).to_ascii_uppercase()];
    let place = COUNTRIES.binary_search_by_key(&country, |(known, _)| *known).ok()?;
    let spelled = spelled::read(page, start, COUNTRIES.get(place)?.1)?;
    is_checked(&spelled.digits(10)).then_some(Hit { kind: Kind::Iban, start, end: spelled.end })
}

/// With the country and the check digits moved to the end, and letters as numbers from 10 to 35, one is left of a division by
/// 97; the check digits are 02 to 98 (ISO 13616-1, annex A; ISO/IEC 7064, MOD 97-10).
fn is_checked(digits: &[u8]) -> bool {
    let Some((head @ [.., tens, ones], body)) = digits.split_at_checked(6) else { return false };
    (2..=98).contains(&(tens * 10 + ones)) && checksum::remainder(&[body, head].concat(), 97) == 1
}

#[cfg(test)]
mod tests;
