//! Bytes that a text writes by their numbers: `%7F`, `=7F`, `\x7f`, `\177`, or as a list of integers below 256.

use super::found::Found;
use super::letters::{self, ASCII, ITEM, Line};
use std::mem;

/// Fewest bytes that are escaped.
const FEWEST: usize = 8;

/// Adds the bytes of a text in which many are escaped.
pub(super) fn decoded(text: &str, found: &mut Found) {
    if memchr::memchr3_iter(b'%', b'=', b'\\', text.as_bytes()).take(FEWEST).count() == FEWEST {
        for mark in ["%", "=", "\\x"] {
            found.add(|bytes| unescaped(text, mark, bytes));
        }
    }
}

/// The whole text with what was escaped by a mark and two hexadecimal digits, if there is enough of that.
fn unescaped(text: &str, mark: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let mut pieces = text.split(mark);
    bytes.extend_from_slice(pieces.next()?.as_bytes());
    let mut count = 0;
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                count += 1;
                bytes.push(byte);
                bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
            }
            // The end of a line that goes on.
            None if mark == "=" && piece.starts_with(['\n', '\r']) => {
                bytes.extend_from_slice(piece.trim_start_matches(['\n', '\r']).as_bytes());
            }
            None => {
                bytes.extend_from_slice(mark.as_bytes());
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
    }
    (count >= FEWEST).then_some(())
}

/// Integers from 0 to 255, with nothing but marks between them.
#[derive(Default)]
pub(super) struct Lists {
    bytes: Vec<u8>,
}

impl Lists {
    pub(super) fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let text = line.inner;
        match (line.is(ITEM), line.is(ASCII)) {
            (true, true) => self.item(text.as_bytes(), found),
            (false, true) => {
                let is_between = |byte: &u8| letters::sets(*byte) & ITEM == 0;
                text.as_bytes().split(is_between).for_each(|item| self.item(item, found));
            }
            (_, false) => {
                let is_between = |c: char| c.is_whitespace() || ",;|[](){}".contains(c);
                text.split(is_between).for_each(|item| self.item(item.as_bytes(), found));
            }
        }
    }

    fn item(&mut self, item: &[u8], found: &mut Found) {
        // A plus sign and zeros may stand before it.
        let digits = item.strip_prefix(b"+").unwrap_or(item);
        let byte = digits.iter().try_fold(0u8, |value, digit| {
            let digit = char::from(*digit).to_digit(10)?;
            value.checked_mul(10)?.checked_add(digit as u8)
        });
        match byte.filter(|_| !digits.is_empty()) {
            Some(byte) => self.bytes.push(byte),
            None if item.is_empty() => {}
            None => self.end(found),
        }
    }

    pub(super) fn end(&mut self, found: &mut Found) {
        if !self.bytes.is_empty() {
            let list = mem::take(&mut self.bytes);
            found.add(|bytes| {
                bytes.extend_from_slice(&list);
                Some(())
            });
        }
    }
}
