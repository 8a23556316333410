//! Telephone numbers: international ones by their form, national ones beside words that announce them.

mod called;
mod countries;
mod dial;

use super::Hit;
use super::kind::Kind;
use super::page::Page;
use called::Announced;
use dial::{Dial, Stop};

/// Fewest digits of an international number that is written without any space.
const SOLID: usize = 9;
/// How many digits a national number has, a leading zero among them.
const NATIONAL: std::ops::RangeInclusive<usize> = 6..=13;

/// Reads the number whose first digit is at a place, behind a plus.
pub(super) fn international(page: &Page<'_>, start: usize) -> Option<Hit> {
    let before = page.back(start, 2);
    if before.is_ascii_alphanumeric() || matches!(before, b'_' | b')' | b']' | b'+') {
        return None;
    }
    let dial = Dial::read(page, start);
    // In a row of numbers a plus is a sign, and what follows is the next number.
    let row = before == b' ' && page.back(start, 3).is_ascii_digit();
    let announced = called::before(page, start - 1) > Announced::Not;
    let grouped = |code| announced || !row && dial.first() == code;
    let fits = |stop: &Stop| code(&dial, stop, 0).is_some_and(|code| stop.groups == 1 || grouped(code));
    let stop = dial.stops().find(|stop| stop.is_free(page) && fits(stop))?;
    Some(hit(page, start - 1, stop.end))
}

/// How many digits a country code has, if behind a prefix there is one and as many digits as that country uses.
fn code(dial: &Dial, stop: &Stop, prefix: usize) -> Option<usize> {
    let digits = dial.digits(stop).get(prefix..)?;
    // `+1.25`, `+1.234.567` and `+12024-05-17` are numbers of another kind.
    let other = dial.is_other(stop) || dial.is_thousands(stop) || stop.groups == 1 && digits.len() < SOLID;
    if other { None } else { countries::code(digits) }
}

/// Whether the name of a column says that telephone numbers are below.
pub(super) fn is_called(header: &str) -> bool {
    called::last(header) == Some(Announced::Surely)
}

/// Reads the number whose first digit is at a place, with nothing of its own that tells where in the world it is.
pub(super) fn national(page: &Page<'_>, start: usize) -> Option<Hit> {
    let before = called::before(page, start);
    let zero = page.byte(start) == b'0';
    // What nothing announces begins with the code of a country, or has words in brackets behind it.
    let told = || page.byte(start + 1) == b'0' || page.after(start, Dial::LONGEST).contains(" (");
    if before == Announced::Not && !(zero && told()) {
        return None;
    }
    let dial = Dial::read(page, start);
    let foreign = |stop: &Stop| code(&dial, stop, 2).filter(|_| zero && page.byte(start + 1) == b'0');
    let fits = |stop: &Stop| {
        let announced = before.max(called::after(page, stop.end));
        let shaped = match announced {
            Announced::Not => foreign(stop).is_some_and(|code| stop.groups > 1 && dial.first() == 2 + code),
            Announced::Perhaps => zero || stop.groups > 2 && !dial::is_unit(page, stop.end),
            Announced::Surely => true,
        };
        let long = NATIONAL.contains(&dial.digits(stop).len()) || foreign(stop).is_some();
        shaped && long && !dial.is_other(stop) && stop.is_free(page)
    };
    let stop = dial.stops().find(|stop| fits(stop))?;
    Some(hit(page, start, stop.end))
}

/// A number, with the bracket before it that closes in it.
fn hit(page: &Page<'_>, start: usize, end: usize) -> Hit {
    let open =
        page.back(start, 1) == b'(' && page.part(start, end).split('(').next().is_some_and(|part| part.contains(')'));
    Hit { kind: Kind::Phone, start: start - usize::from(open), end }
}

#[cfg(test)]
mod tests;
