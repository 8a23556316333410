//! Secrets behind a word that says so: `password = ...`, `Kennwort lautet ...`, `Authorization: Bearer ...`.

use super::Hit;
use super::kind::Kind;
use super::page::{Page, is_word};
use super::value::{is_blank, is_key, is_password};
use super::words::{List, fold, list};
use super::{cue, jwt, token, words};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// What kind of word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Somebody chose the secret.
    Password,
    /// A machine drew it.
    Key,
    /// A key follows at once (RFC 6750, section 2.1).
    Bearer,
    /// A user and a password follow at once, in base64 (RFC 7617, section 2).
    Basic,
}

/// Words that are no longer may be the end of other words.
const SHORT: usize = 4;
/// Longest name in a program that a word is part of, on either side.
const NAME: usize = 40;
/// Most marks and spaces between a name and its value.
const MARKS: usize = 8;
/// Longest value.
const VALUE: usize = 257;
/// What verbs may stand for an equals sign.
static VERBS: List = List::new(|| list("is ist lautet est ass was war are becomes wird"));
/// Words in a name that make it the name of something else: `token_count`, `password_hash`, `secret_name`.
static OTHERS: List = List::new(|| {
    list(
        "next hash hashes hashed sha sha1 sha256 md5 digest checksum commit count counts length len size num n max min \
         total type name file path dir url uri field column index policy rule rules expires expiry ttl public label \
         vocab embedding embeddings encoder mask usage fingerprint salt",
    )
});

/// Reads the secret behind the word between two places.
pub(super) fn read(page: &Page<'_>, start: usize, end: usize, word: Word) -> Option<Hit> {
    let named = matches!(word, Word::Password | Word::Key);
    let at = if named { behind(page, start, end)? } else { page.run(end, MARKS, |byte| byte == b' ') };
    // The value, or a name and a value together, may be a token of a known kind.
    let name = page.run_back(start, NAME, is_name);
    let known = jwt::read(page, at).or_else(|| token::read(page, at)).or_else(|| token::read(page, name));
    known.or_else(|| {
        let value = value(page, at, word);
        let holds = match word {
            Word::Password => is_password(value) || is_key(value),
            Word::Key | Word::Bearer => is_key(value),
            Word::Basic => is_basic(value),
        };
        let other = || named && is_other(page.part(name, page.run(end, NAME, is_name)));
        (holds && !other()).then_some(Hit { kind: Kind::Password, start: at, end: at + value.len() })
    })
}

/// Whether the name of a column says that secrets are below.
pub(super) fn announces(header: &str) -> bool {
    cue::ends_secret(header) && !is_other(header)
}

/// Whether a name is that of something else than a secret.
fn is_other(name: &str) -> bool {
    fold(name).split(' ').any(|word| OTHERS.contains(word))
}

/// Where the value begins, if the word ends a name that something is assigned to.
fn behind(page: &Page<'_>, start: usize, end: usize) -> Option<usize> {
    let next = page.byte(end);
    // `bypass` and `tokenizer` are other words; `dbPass` and `token2` are not.
    let inside = page.byte(start).is_ascii_lowercase() && is_word(page.back(start, 1)) && end - start <= SHORT;
    if inside || next.is_ascii_lowercase() || next >= 0x80 {
        return None;
    }
    let to = page.run(end, NAME, is_name);
    let at = page.run(to, MARKS, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'`' | b'*' | b']' | b')' | b'\\'));
    let sign = match page.starts(at, "| ") {
        true => at + 1,
        false => page.run(at, 2, |byte| matches!(byte, b':' | b'=')),
    };
    let sign = sign + usize::from(sign > at && page.byte(sign) == b'>');
    let verb = words::after(page, at);
    let sign = match sign > at {
        true => sign,
        false if at > to && VERBS.contains(verb) => page.run(at + verb.len(), 2, |byte| matches!(byte, b' ' | b':')),
        false => return None,
    };
    Some(page.run(sign, MARKS, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'`' | b'*' | b'\\')))
}

/// The value at a place: up to its quotation mark, or to what ends a word. Sentences are none.
fn value<'a>(page: &Page<'a>, at: usize, word: Word) -> &'a str {
    let quote = page.back(at, 1);
    let end = match quote {
        b'"' | b'\'' | b'`' => page.run(at, VALUE, |byte| byte != quote && !matches!(byte, b'\n' | b'\r' | b'\\')),
        // An equals sign ends base64, or begins the next value.
        _ => page.run(
            page.run(at, VALUE, |byte| byte > b' ' && !is_end(byte) && (byte != b':' || word == Word::Password)),
            2,
            |byte| byte == b'=',
        ),
    };
    let value = page.part(at, end);
    if value.contains(' ') { "" } else { value.trim_end_matches(['.', ':', '?']) }
}

/// What ends a value that has no quotation marks.
fn is_end(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>' | b'&' | b')' | b'}' | b']' | b'|' | b'\\' | b'=')
}

fn is_basic(value: &str) -> bool {
    let plain = BASE64_STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = plain.as_deref().and_then(|plain| plain.split_once(':'));
    pair.is_some_and(|(user, password)| {
        let printed = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        printed(user) && printed(password) && !is_blank(password)
    })
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'_' | b'-')
}

#[cfg(test)]
mod tests;
