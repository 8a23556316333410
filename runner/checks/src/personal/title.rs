//! Names of persons behind titles.

use super::Hit;
use super::kind::Kind;
use super::page::{Page, is_word};
use super::words::{List, list};
use super::{context, person, words};

/// How people are addressed.
pub(super) const TITLES: [&str; 35] = [
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Dr",
    "Prof",
    "Professor",
    "Doctor",
    "Docteur",
    "Doktor",
    "Herr",
    "Herrn",
    "Frau",
    "HERR",
    "FRAU",
    "Här",
    "Monsieur",
    "Madame",
    "Madamm",
    "Mme",
    "Mlle",
    "M",
    "Meneer",
    "Mijnheer",
    "Mevrouw",
    "Mevr",
    "Mw",
    "heer",
    "Heer",
    "meneer",
    "mevrouw",
    "mevr",
    "dhr",
    "Dhr",
    "Joffer",
];
static KNOWN: List = List::new(|| TITLES.into_iter().collect());
/// What may stand between a title and a name.
static DEGREES: List = List::new(|| list("med jur phil rer nat habil Ing Dipl vet"));
/// Words that make a woman or a gentleman of the title behind them.
static ARTICLES: List =
    List::new(|| list("ein eine einer einem einen jede jeder pro die der den keine diese dieser als"));
/// Words of a French sentence before `M.`, which is an initial nearly everywhere else.
static FRENCH: List =
    List::new(|| list("à a au de du par et avec pour chez que contre cher selon voir vu dossier entre sur feu"));
/// Most titles of one person.
const TITLED: usize = 5;
/// Longest name, with what may stand behind it.
const NAME: usize = 96;

/// Reads the name behind the title that begins at a place.
pub(super) fn read(page: &Page<'_>, start: usize) -> Option<Hit> {
    let before = page.back(start, 1);
    let title = words::after(page, start);
    if is_word(before) || matches!(before, b'_' | b'-' | b'.' | b'/') || !KNOWN.contains(title) {
        return None;
    }
    let (_, word) = words::before(page, start.saturating_sub(1));
    if matches!(title, "Frau" | "Herr") && ARTICLES.contains(word.to_lowercase().as_str()) {
        return None;
    }
    let mut at = start;
    for _ in 0..TITLED {
        let word = words::after(page, at);
        if !KNOWN.contains(word) && !DEGREES.contains(word) {
            break;
        }
        at += word.len();
        at += usize::from(page.byte(at) == b'.');
        if page.byte(at) != b' ' {
            return None;
        }
        at += 1;
    }
    let line = context::line(page.after(at, NAME));
    let name = person::read(line)?;
    if title == "M" && !(page.byte(start + 1) == b'.' && is_monsieur(page, start, line.get(name.length..)?, word)) {
        return None;
    }
    Some(Hit { kind: Kind::PersonName, start: at, end: at + name.length })
}

/// Whether an `M.` is a title: in a French sentence, or at the beginning of one, or alone with the name in a cell. In lists of
/// authors it is not.
fn is_monsieur(page: &Page<'_>, start: usize, after: &str, word: &str) -> bool {
    if page.back(start, 1) == b' ' && FRENCH.contains(word) {
        return true;
    }
    let alone = after.is_empty() || after.starts_with([';', '|', '\t']);
    let goes_on =
        after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase) && !rest.starts_with("and "));
    matches!(page.back(start, 1), 0 | b'\n' | b';' | b'|' | b'\t') && (alone || goes_on)
}

#[cfg(test)]
mod tests;
