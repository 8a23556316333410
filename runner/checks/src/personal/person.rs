//! Names of persons: a form that names have, without what looks the same and is none.

mod stop;

use super::words::{List, fold, list};

/// Longest name, in bytes, and most words of one.
const NAME: usize = 80;
const WORDS: usize = 6;
/// Parts of names that are written small.
static PARTICLES: List =
    List::new(|| list("von vom van der den de del della di da dos du des la le zu zum zur ten ter el al"));
/// Those that a name may begin with; `le` and `la` begin titles, too.
static FIRST: List = List::new(|| list("von vom van de del della di da du zu zum zur ten ter"));

/// A name at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Bytes.
    pub(super) length: usize,
    /// How many words there are that begin with a capital, without initials.
    pub(super) words: usize,
}

/// Reads a name: words with capitals, initials, and particles, with one space between two; or `Weber, Anna`.
pub(super) fn read(text: &str) -> Option<Name> {
    let text = text.get(..text.floor_char_boundary(NAME)).unwrap_or(text);
    let mut name = Name { length: 0, words: 0 };
    let mut at = 0;
    for place in 0..WORDS {
        let rest = text.get(at..)?;
        let word =
            rest.split(|c: char| !c.is_alphabetic() && !matches!(c, '-' | '\'' | '\u{2019}')).next().unwrap_or("");
        let after = rest.get(word.len()..)?;
        let initial = word.chars().count() == 1 && is_capital(word) && after.starts_with('.');
        match () {
            () if initial => at += 1,
            () if is_name(word) => {
                name = Name { length: at + word.len(), words: name.words + 1 };
            }
            () if PARTICLES.contains(word) && (place > 0 || FIRST.contains(word)) => {}
            () => break,
        }
        at += word.len();
        let rest = text.get(at..)?;
        at += match rest.strip_prefix(", ") {
            Some(_) if name.words == 1 && place < 2 => 2,
            _ if rest.starts_with(' ') => 1,
            _ => break,
        };
    }
    (name.words > 0).then_some(name)
}

/// Whether a word has the form of a name and no other sense that is more likely.
pub(super) fn is_name(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    is_capital(word) && letters > 1 && !word.ends_with(['-', '\'', '\u{2019}']) && !is_stop(word)
}

/// Whether a word is one of those that stand where names do and name nobody.
pub(super) fn is_stop(word: &str) -> bool {
    fold(word).split(' ').any(|part| stop::WORDS.contains(part))
}

/// Whether a text is one or several words in small letters that may be a name.
pub(super) fn is_small(text: &str) -> bool {
    let word = |word: &str| {
        word.chars().count() > 1 && word.chars().all(|c| c.is_lowercase() || matches!(c, '-' | '\'')) && !is_stop(word)
    };
    text.split(' ').all(word)
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests;
