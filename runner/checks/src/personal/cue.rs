//! What makes a text worth a closer look: prefixes of secrets, and words that stand before secrets and names.

mod list;

use super::assigned::{self, Word};
use super::page::Page;
use super::{Hit, email, jwt, name, pem, title, token, url};
pub(super) use list::ends_secret;
use list::{LIST, List};
use memchr::memchr;

/// What to look for around a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Email,
    Url,
    Block,
    Putty,
    WebToken,
    Token,
    Assigned(Word),
    Title,
    Label,
}

/// A cue in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cue {
    pub(super) start: usize,
    pub(super) end: usize,
    look: Look,
}

/// The cues of a text, in order.
pub(super) struct Cues<'a> {
    text: &'a [u8],
    list: Option<&'static List>,
    /// The next at sign, as far as it was looked for.
    sign: Option<usize>,
}

impl<'a> Cues<'a> {
    pub(super) fn new(page: &Page<'a>) -> Self {
        Self { text: page.bytes(), list: LIST.as_ref(), sign: None }
    }

    /// The first cue from a place on. Places never go back.
    pub(super) fn next(&mut self, from: usize) -> Option<Cue> {
        let end = self.text.len();
        let known = self.sign.filter(|sign| *sign >= from);
        let sign = known.or_else(|| Some(from + memchr(b'@', self.text.get(from..)?)?)).unwrap_or(end);
        self.sign = Some(sign);
        let list = self.list?;
        let mut at = from;
        while let Some(start) = list.sieve.next(self.text, at, sign) {
            if let Some((end, look)) = list.read(self.text, start) {
                return Some(Cue { start, end, look });
            }
            at = start + 1;
        }
        (sign < end).then_some(Cue { start: sign, end: sign + 1, look: Look::Email })
    }
}

impl Cue {
    /// Looks around the cue; nothing before `floor` belongs to it.
    pub(super) fn read(self, page: &Page<'_>, floor: usize) -> Option<Hit> {
        match self.look {
            Look::Email => email::read(page, self.start, floor),
            Look::Url => url::read(page, self.start),
            Look::Block => pem::read(page, self.start),
            Look::Putty => pem::putty(page, self.start),
            Look::WebToken => jwt::read(page, self.start),
            Look::Token => token::read(page, self.start),
            Look::Assigned(word) => assigned::read(page, self.start, self.end, word),
            Look::Title => title::read(page, self.start),
            Look::Label => name::labelled(page, self.start, self.end),
        }
    }
}
