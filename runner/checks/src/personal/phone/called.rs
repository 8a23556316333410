//! Words that announce a telephone number.

use crate::personal::kind::Kind;
use crate::personal::page::{Page, is_word};
use crate::personal::words::{self, fold};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Most words between the announcing word and the number.
const BETWEEN: usize = 5;
/// Most marks between two words.
const MARKS: usize = 4;

/// Whether words say that a telephone number comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Announced {
    Not,
    /// In words that have other senses, too.
    Perhaps,
    Surely,
}

const SURE: &str = "tel telefon telefoon telephone phone telefonnummer telefonnr telefoonnummer telnr telno rufnummer handy \
                    handynummer handynr mobilnummer mobilfunk mobilfunknummer mobilephone smartphone gsm gsmnummer fax telefax \
                    faxnummer natel whatsapp festnetz festnetznummer cellphone telefonsnummer telefonsnumm phonenumber tlf";
const UNSURE: &str =
    "mobile mobil mobiel portable cell call ring hotline erreichbar joignable bereikbaar sms appelez appeler";
/// Words that may stand between.
const BETWEENS: &str = "number nummer numm numero no nr n num is ist ass est lautet at on unter au le op via me us private privat \
                        prive work home office dienstlich m extern";

/// What each word says, folded; those between say nothing.
static WORDS: LazyLock<HashMap<&str, Announced>> = LazyLock::new(|| {
    let all = [(SURE, Announced::Surely), (UNSURE, Announced::Perhaps), (BETWEENS, Announced::Not)];
    all.into_iter().flat_map(|(words, said)| words.split_ascii_whitespace().map(move |word| (word, said))).collect()
});

/// What the words before a number say, or the header above it.
pub(super) fn before(page: &Page<'_>, start: usize) -> Announced {
    if page.header.has(Kind::Phone) {
        return Announced::Surely;
    }
    let mut at = start;
    for _ in 0..BETWEEN {
        at = page.run_back(at, MARKS, is_mark);
        if page.back(at, 1).is_ascii_digit() || !is_word(page.back(at, 1)) {
            return Announced::Not;
        }
        let (from, word) = words::before(page, at);
        match last(word) {
            Some(Announced::Not) => at = from,
            Some(announced) => return announced,
            None => return Announced::Not,
        }
    }
    Announced::Not
}

/// What the word in brackets right behind a number says: `0621 123 456 (mobile)`. Without them it may announce the next number.
pub(super) fn after(page: &Page<'_>, end: usize) -> Announced {
    if !page.starts(end, " (") {
        return Announced::Not;
    }
    last(words::after(page, end + 2)).unwrap_or(Announced::Not)
}

/// What the last words of a text say: none of them says something else.
pub(super) fn last(text: &str) -> Option<Announced> {
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase());
    let folded = if plain { Cow::Borrowed(text) } else { Cow::Owned(fold(text)) };
    let mut said = None;
    for word in folded.split(' ').rev().filter(|word| !word.is_empty()) {
        said = Some(*WORDS.get(word)?);
        if said != Some(Announced::Not) {
            break;
        }
    }
    said
}

fn is_mark(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b':' | b'.' | b'=' | b'"' | b'\'' | b'(' | b')' | b'-' | b'/' | b',' | b'|' | b'\t' | b'#' | b'_' | b'*'
    )
}
