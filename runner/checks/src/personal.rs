//! F7: secrets and personal data in a text.
//!
//! A word or a prefix is a cue for a closer look, and each run of digits may begin a number. What is found has a form that chance
//! hardly makes (a prefix that its issuer chose, checksums, a plausible date), or stands beside words that say what it is. The
//! time is linear in the text.

mod assigned;
mod card;
mod checksum;
mod column;
mod context;
mod cue;
mod digits;
mod email;
mod iban;
mod ids;
mod jwt;
mod kind;
mod lettered;
mod name;
mod number;
mod page;
mod pem;
mod person;
mod phone;
mod random;
mod sieve;
mod spelled;
mod title;
mod token;
mod url;
mod value;
mod words;

pub(crate) use column::column;
use cue::Cues;
use kind::Kinds;
pub(crate) use kind::{Kind, Sort};
use page::Page;

/// One thing that was found: what, and from which byte to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Looks through a text, and tells what is found in the order in which it stands there. Nothing is told twice. A text in pieces has
/// to be cut at the ends of lines, and keys of several lines not at all.
pub(crate) fn scan(text: &str, found: &mut impl FnMut(Hit)) {
    look(text, Kinds::default(), found);
}

/// The same, where a header says what numbers in the text are.
fn look(text: &str, header: Kinds, found: &mut impl FnMut(Hit)) {
    let page = Page::new(text, header);
    let (mut at, mut told) = (0, 0);
    let mut cues = Cues::new(&page);
    let mut cue = cues.next(at);
    loop {
        let stop = cue.map_or(text.len(), |cue| cue.start);
        let hit = match (number::next(&page, at, stop), cue) {
            (None, None) => return,
            (None, Some(cue)) => {
                at = cue.start + 1;
                cue.read(&page, told)
            }
            (Some(number), _) => {
                at = number.end;
                Some(number)
            }
        };
        if let Some(hit) = hit.filter(|hit| hit.start >= told) {
            found(hit);
            told = hit.end;
            at = at.max(told);
        }
        // What was found covers the cues in it; those behind it are known already.
        if cue.is_some_and(|cue| cue.start < at) {
            cue = cues.next(at);
        }
    }
}

#[cfg(test)]
mod tests;
