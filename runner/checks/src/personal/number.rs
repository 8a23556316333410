//! Digits that may be a number of a person: each run of digits begins one, or doesn't.

mod beside;

use super::digits::{Chain, Part};
use super::ids::{IDS, Needs};
use super::page::Page;
use super::{Hit, context, lettered, phone};
use beside::{begins, ends, has_room, is_fraction};

/// Fewest digits that are a number without others behind them.
const FEWEST: usize = 6;
/// Most digits in a row that are looked at.
const MOST: usize = 19;
/// So many digits are no thousands, and the minutes of nothing.
const LONG: usize = 9;
/// How many digits the numbers of persons have.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=16;

/// The first number that begins between two places.
pub(super) fn next(page: &Page<'_>, from: usize, stop: usize) -> Option<Hit> {
    let mut at = from;
    loop {
        at += page.bytes().get(at..stop)?.iter().position(u8::is_ascii_digit)?;
        let rest = page.bytes().get(at..)?;
        let end = at + rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        if let Some(hit) = read(page, at, end) {
            return Some(hit);
        }
        at = end;
    }
}

/// The number that begins with the digits from `start` to `end`. Most begin none, and that has to be told fast.
fn read(page: &Page<'_>, start: usize, end: usize) -> Option<Hit> {
    let length = end - start;
    let (before, digit_before) = (page.back(start, 1), page.back(start, 2).is_ascii_digit());
    match before {
        b'0'..=b'9' | b'_' | b'$' | b'%' => return None,
        b'a'..=b'z' | b'A'..=b'Z' if digit_before => return None,
        b'a'..=b'z' | b'A'..=b'Z' => return lettered::joined(page, start),
        b'.' | b',' | b':' | b'\'' if length < LONG && digit_before => return None,
        // In a row of numbers only long ones count.
        b' ' if length < FEWEST && digit_before => return None,
        b'+' => return phone::international(page, start),
        b' ' | b'-' if matches!(length, 2 | 6) && page.back(start, 2).is_ascii_uppercase() => {
            if let Some(hit) = lettered::spaced(page, start) {
                return Some(hit);
            }
        }
        _ => {}
    }
    let more = goes_on(page, end);
    if length > MOST || length < FEWEST && !more || !begins(page, start) {
        return None;
    }
    if matches!(length, 2 | 8)
        && let Some(hit) = lettered::pension(page, start)
    {
        return Some(hit);
    }
    let row = before == b' ' && digit_before;
    let number = if length > LONG || more && !row { identity(page, start) } else { None };
    number.filter(|hit| !row || hit.end == end).or_else(|| phone::national(page, start))
}

/// Whether more digits follow behind a mark; one point alone makes a fraction.
fn goes_on(page: &Page<'_>, end: usize) -> bool {
    let next = page.byte(end + 1);
    match page.byte(end) {
        b' ' | b'-' | b'/' => next.is_ascii_digit() || next == b'(',
        // The departments of Corsica.
        b'A' | b'B' => next.is_ascii_digit(),
        b')' => next == b' ' || next.is_ascii_digit(),
        0xc2 => next == 0xa0,
        b'.' => {
            let group = page.run(end + 1, 5, |byte| byte.is_ascii_digit());
            group > end + 1 && matches!(page.byte(group), b'.' | b'-' | b' ' | b'/')
        }
        _ => false,
    }
}

/// A number of digits alone.
fn identity(page: &Page<'_>, start: usize) -> Option<Hit> {
    let chain = Chain::read(page, start);
    let parts = chain.parts().filter(|part| DIGITS.contains(&part.digits.len()) && ends(page, part));
    parts.filter_map(|part| fitting(page, start, &part)).next().filter(|hit| !is_fraction(page, start, hit.end))
}

/// The kind that digits fit and that what stands beside them allows.
fn fitting(page: &Page<'_>, start: usize, part: &Part<'_>) -> Option<Hit> {
    let holds = |kind, needs| match needs {
        Needs::Nothing => true,
        Needs::Place if has_room(page, start, part, 1) => true,
        Needs::Sentence if has_room(page, start, part, 2) => true,
        _ => context::names(page, start, part.end, kind),
    };
    let mut fits = IDS.iter().filter_map(|(kind, fits)| Some((*kind, fits(part)?)));
    let (kind, _) = fits.find(|(kind, needs)| holds(*kind, *needs))?;
    Some(Hit { kind, start, end: part.end })
}

#[cfg(test)]
mod tests;
