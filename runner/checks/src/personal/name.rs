//! Names of persons behind the labels of forms and fields.

use super::Hit;
use super::kind::Kind;
use super::page::{Page, is_word};
use super::words::{List, fold, list};
use super::{context, person};

/// Labels that stand before names of persons and nothing else.
static PERSONS: List = List::new(|| {
    list(
        "surname forename firstname lastname fullname patientname nachname vorname familienname geburtsname \
         patientenname zuname rufname prenom achternaam voornaam familienaam patientnaam virnumm familljennumm \
         patientennumm nomdefamille",
    )
});
/// Labels that stand before other names, too.
static LABELS: List = List::new(|| list("name nom naam numm"));
static PATIENTS: List = List::new(|| list("patient patientin patiente"));
/// Whose name it is that the word behind them announces.
static WHOSE: List =
    List::new(|| list("first last given family full maiden middle patient patients patienten person legal"));
/// The same, behind the label: `nom de famille`, `Name des Patienten`.
static OF_WHOM: List =
    List::new(|| list("de du des der van vum la het of the famille naissance patient patiente patienten patientin"));
/// How far a label and what it belongs to reach, and how many marks there are behind it.
const LABEL: usize = 24;
const MARKS: usize = 6;
/// Longest name, with its beginning.
const NAME: usize = 96;

/// What a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Person,
    /// Perhaps a person, or a model, or a column.
    Something,
}

/// What the last words of a label, or the name of a column, say.
pub(super) fn says(label: &str) -> Option<Says> {
    let folded = fold(label);
    let mut words = folded.split(' ').rev().filter(|word| !word.is_empty());
    let (last, before) = (words.next()?, words.next().unwrap_or(""));
    match last {
        _ if PERSONS.contains(last) => Some(Says::Person),
        _ if LABELS.contains(last) && WHOSE.contains(before) => Some(Says::Person),
        _ if LABELS.contains(last) || PATIENTS.contains(last) => Some(Says::Something),
        _ => None,
    }
}

/// Reads the name behind the label that a word between two places is part of.
pub(super) fn labelled(page: &Page<'_>, start: usize, end: usize) -> Option<Hit> {
    let to = page.run(end, LABEL, is_word);
    // The name of a field alone, as in JSON, may be that of anything.
    if page.back(start, 1) == b'"' && page.byte(to) == b'"' && to == end {
        return None;
    }
    let (sign, of_whom) = sign(page, to)?;
    let before = page.before(to, LABEL);
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    let says = if of_whom { Says::Person } else { says(line)? };
    let mut from = page.run(sign + 1, MARKS, |byte| matches!(byte, b' ' | b'\t' | b'*' | b'_'));
    let certain = says == Says::Person;
    if certain {
        from = page.run(from, MARKS, |byte| matches!(byte, b' ' | b'"' | b'\''));
    } else if page.byte(sign) != b':'
        || !page.byte(start).is_ascii_uppercase()
        || from == sign + 1
        || !is_first(page, start)
    {
        return None;
    }
    let name = person::read(context::line(page.after(from, NAME)))?;
    let hit = Hit { kind: Kind::PersonName, start: from, end: from + name.length };
    let fits = if certain { !is_code(page, hit.end) } else { name.words > 1 && is_last(page, hit.end) };
    fits.then_some(hit)
}

/// Where the colon or equals sign behind a label is, and whether words before it say whose name it is.
fn sign(page: &Page<'_>, to: usize) -> Option<(usize, bool)> {
    let is_between = |byte| is_word(byte) || matches!(byte, b' ' | b'"' | b'\'' | b'*' | b'_' | b'(' | b')' | b'/');
    let sign = page.run(to, LABEL, is_between);
    if !matches!(page.byte(sign), b':' | b'=') {
        return None;
    }
    let between = fold(page.part(to, sign));
    let mut words = between.split(' ').filter(|word| !word.is_empty()).peekable();
    let of_whom = words.peek().is_some();
    words.all(|word| OF_WHOM.contains(word)).then_some((sign, of_whom))
}

/// Whether nothing but marks stands before a label on its line, or a cell begins with it.
fn is_first(page: &Page<'_>, start: usize) -> bool {
    let before = page.before(start, LABEL);
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    let cell = line.trim_end().ends_with([';', ',', '|', '.']);
    !line.ends_with('"') && (cell || line.len() < LABEL && !line.contains(char::is_alphabetic))
}

/// Whether something stands behind a name that only programs have there.
fn is_code(page: &Page<'_>, end: usize) -> bool {
    let next = page.byte(end);
    matches!(next, b'(' | b'<' | b'[' | b'_')
        || matches!(next, b'.' | b':') && !matches!(page.byte(end + 1), 0 | b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether nothing goes on behind a name that would make something else of it.
fn is_last(page: &Page<'_>, end: usize) -> bool {
    let (next, after) = (page.byte(end), page.byte(end + 1));
    let goes_on = next == b' ' && (after.is_ascii_uppercase() || after.is_ascii_digit());
    !goes_on && !is_word(next) && !matches!(next, b'_' | b'=' | b'[' | b'(') && !page.starts(end, ", dtype")
}

#[cfg(test)]
mod tests;
