//! Numbers of a person with letters in them.

use super::context;
use super::ids;
use super::kind::Kind;
use super::page::Page;
use super::{Hit, iban, spelled};

/// Reads the number whose letters stand right before the digits at a place.
pub(super) fn joined(page: &Page<'_>, start: usize) -> Option<Hit> {
    let letters = page.run_back(start, 3, |byte| byte.is_ascii_alphabetic());
    let before = page.back(letters, 1);
    if before.is_ascii_alphanumeric() || before == b'_' {
        return None;
    }
    match start - letters {
        1 => health(page, letters),
        2 => iban::read(page, letters).or_else(|| insurance(page, letters)),
        _ => None,
    }
}

/// Reads the number whose two letters stand before a space and the two digits at a place.
pub(super) fn spaced(page: &Page<'_>, start: usize) -> Option<Hit> {
    let letters = start.checked_sub(3)?;
    let before = page.back(letters, 1);
    if before.is_ascii_alphanumeric() || before == b'_' {
        return None;
    }
    iban::read(page, letters).or_else(|| insurance(page, letters))
}

/// A National Insurance number; in the printed form, `AB 12 34 56 C`, it needs no words beside it.
fn insurance(page: &Page<'_>, start: usize) -> Option<Hit> {
    if !ids::insurance(page.byte(start), page.byte(start + 1)) {
        return None;
    }
    let number = spelled::read(page, start, "a2n6a1")?;
    let suffix = matches!(number.characters.last(), Some(b'A'..=b'D'));
    let sure = number.gaps == 4 || context::names(page, start, number.end, Kind::Nino);
    (suffix && sure).then_some(Hit { kind: Kind::Nino, start, end: number.end })
}

/// A health insurance number, beside words that say so.
fn health(page: &Page<'_>, start: usize) -> Option<Hit> {
    if !page.byte(start).is_ascii_uppercase() {
        return None;
    }
    let number = spelled::read(page, start, "a1n9")?;
    let sure = ids::health(&number.digits(1)) && context::names(page, start, number.end, Kind::HealthNumber);
    sure.then_some(Hit { kind: Kind::HealthNumber, start, end: number.end })
}

/// Reads the pension insurance number that begins at a place. 1 of 300 texts of its form fits, and few texts have it.
pub(super) fn pension(page: &Page<'_>, start: usize) -> Option<Hit> {
    let number = spelled::read(page, start, "n8a1n3")?;
    ids::pension(&number.digits(1)).then_some(Hit { kind: Kind::PensionNumber, start, end: number.end })
}
