//! What stands beside digits, and lets them be a number of their own or doesn't.

use crate::personal::context;
use crate::personal::digits::Part;
use crate::personal::page::Page;

/// How far a line is looked at on either side.
const AROUND: usize = 64;

/// Whether digits may begin here: they are no decimals, no negative number, no exponent and no end of something longer.
pub(super) fn begins(page: &Page<'_>, start: usize) -> bool {
    let after = page.back(start, 2);
    match page.back(start, 1) {
        b'.' | b':' | b'\'' => !after.is_ascii_digit(),
        b'-' => after.is_ascii_alphabetic() && !page.back(start, 3).is_ascii_digit(),
        _ => true,
    }
}

/// Whether a part of a chain may end where it does.
pub(super) fn ends(page: &Page<'_>, part: &Part<'_>) -> bool {
    let next = page.byte(part.end + 1);
    match page.byte(part.end) {
        _ if part.next != 0 => part.next == b' ' || part.next == 0xc2,
        b'.' | b':' | b'\'' => !next.is_ascii_digit(),
        b'-' | b'/' => !next.is_ascii_alphanumeric(),
        byte => !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'%'),
    }
}

/// Whether a comma beside digits is that of a fraction: there is one in its line, and between values there are more.
pub(super) fn is_fraction(page: &Page<'_>, start: usize, end: usize) -> bool {
    let before = page.back(start, 1) == b',' && page.back(start, 2).is_ascii_digit();
    let after = page.byte(end) == b',' && page.byte(end + 1).is_ascii_digit();
    let commas = || {
        let (before, after) = around(page, start, end);
        before.matches(',').count() + after.matches(',').count()
    };
    (before || after) && commas() < 2
}

/// Whether groups of digits stand alone, behind so many words or between marks: in a row of numbers, any few may look like a
/// printed one.
pub(super) fn has_room(page: &Page<'_>, start: usize, part: &Part<'_>, least: usize) -> bool {
    let (before, after) = around(page, start, part.end);
    let apart = !before.trim_end().ends_with(|c: char| c.is_ascii_digit());
    let words = before.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic)).count();
    let mark = |c: char| matches!(c, '"' | '\'' | ';' | ',' | '|' | ':' | '=' | '(' | '<' | '>' | ')');
    let marked = before.trim_end().ends_with(mark) || after.trim_start().starts_with(mark);
    let sentence = words >= least || after.contains(char::is_alphabetic);
    part.is_whole && apart && (sentence || marked || !part.has_marks(b" "))
}

/// What stands on the same line before and after a place.
fn around<'a>(page: &Page<'a>, start: usize, end: usize) -> (&'a str, &'a str) {
    let before = page.before(start, AROUND);
    let before = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    (before, context::line(page.after(end, AROUND)))
}
