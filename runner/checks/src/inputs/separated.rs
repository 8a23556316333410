//! Rows of separated values, read as fast as they come: whoever compares with millions of rows does little else.
//!
//! Inputs are the steward's files. Quotes are read as RFC 4180 has them; what it forbids is taken as it comes, since a row that was
//! misread is only one that isn't found, and a file that isn't a table at all was refused when it was registered.

use super::value::{LONGEST, Value, short_word, word};
use crate::decimal::POWERS;
use std::io::{self, Read};
use std::ops::Range;

/// Bytes that are read at a time.
const READ: usize = 1 << 18;
/// Longest row.
const ROW: usize = 64 << 20;
/// Digits that fit into 64 bits, whatever they are.
const DIGITS: usize = 18;

/// Reads rows one at a time.
pub(crate) struct Separated<R> {
    reader: R,
    separator: u8,
    buffer: Vec<u8>,
    /// What of the buffer isn't read yet.
    left: Range<usize>,
    ended: bool,
    /// The row that was read last.
    row: Range<usize>,
    values: Vec<Value>,
}

impl<R: Read> Separated<R> {
    pub(crate) fn new(reader: R, separator: u8) -> Self {
        Self { reader, separator, buffer: Vec::new(), left: 0..0, ended: false, row: 0..0, values: Vec::new() }
    }

    /// Goes to the next row that isn't empty.
    pub(crate) fn advance(&mut self) -> io::Result<bool> {
        loop {
            let Some(end) = self.end()? else { return Ok(false) };
            let start = self.left.start;
            self.left.start = (end + 1).min(self.left.end);
            let row = self.buffer.get(start..end).unwrap_or(&[]);
            let row = row.strip_suffix(b"\r").unwrap_or(row);
            if !row.is_empty() {
                self.row = start..start + row.len();
                return Ok(true);
            }
        }
    }

    /// The values of the row.
    pub(crate) fn values(&mut self) -> &[Value] {
        self.values.clear();
        let row = self.buffer.get(self.row.clone()).unwrap_or(&[]);
        read(row, self.separator, |value| self.values.push(value));
        &self.values
    }

    /// Hands out the values of the row.
    pub(crate) fn each(&self, take: impl FnMut(Value)) {
        read(self.buffer.get(self.row.clone()).unwrap_or(&[]), self.separator, take);
    }

    /// The cells of the row, as they are written but for their quotes.
    pub(crate) fn cells(&self) -> Vec<Vec<u8>> {
        let mut cells = Vec::new();
        let mut rest = Some(self.buffer.get(self.row.clone()).unwrap_or(&[]));
        while let Some(row) = rest {
            let (cell, after) = cut(row, self.separator);
            cells.push(unquoted(cell));
            rest = after;
        }
        cells
    }

    /// Where the row ends that begins at what is left; none if nothing is left.
    fn end(&mut self) -> io::Result<Option<usize>> {
        let mut from = self.left.start;
        let mut quoted = false;
        loop {
            let rest = self.buffer.get(from..self.left.end).unwrap_or(&[]);
            let found = if quoted { memchr::memchr(b'"', rest) } else { memchr::memchr2(b'\n', b'"', rest) };
            match found {
                Some(at) if !quoted && rest.get(at) == Some(&b'\n') => return Ok(Some(from + at)),
                Some(at) => {
                    quoted = !quoted;
                    from += at + 1;
                }
                None if self.ended => return Ok((!self.left.is_empty()).then_some(self.left.end)),
                None => {
                    from = self.left.end - self.left.start;
                    self.fill()?;
                }
            }
        }
    }

    /// Moves what is left to the beginning, and reads more behind it.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.left.clone(), 0);
        self.left = 0..self.left.len();
        if self.left.end > ROW {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a row has more than {ROW} bytes")));
        }
        self.buffer.resize((self.left.end + READ).max(self.buffer.len()), 0);
        let free = self.buffer.get_mut(self.left.end..).unwrap_or_default();
        let read = self.reader.read(free)?;
        self.ended = read == 0;
        self.left.end += read;
        Ok(())
    }
}

/// The first cell of a row with its quotes, and what follows it.
fn cut(row: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    let mut from = 0;
    if row.first() == Some(&b'"') {
        // Past the quote that no other one follows.
        from = 1;
        loop {
            from += match memchr::memchr(b'"', row.get(from..).unwrap_or(&[])) {
                Some(at) => at + 1,
                None => return (row, None),
            };
            match row.get(from) {
                Some(b'"') => from += 1,
                _ => break,
            }
        }
    }
    match memchr::memchr(separator, row.get(from..).unwrap_or(&[])) {
        Some(at) => (row.get(..from + at).unwrap_or(row), row.get(from + at + 1..)),
        None => (row, None),
    }
}

fn unquoted(cell: &[u8]) -> Vec<u8> {
    match cell.strip_prefix(b"\"").map(|cell| cell.strip_suffix(b"\"").unwrap_or(cell)) {
        None => cell.to_vec(),
        Some(inner) => {
            let mut quotes = 0;
            let mut keep = |byte: &u8| {
                quotes += usize::from(*byte == b'"');
                *byte != b'"' || quotes % 2 == 1
            };
            inner.iter().copied().filter(|byte| keep(byte)).collect()
        }
    }
}

#[inline]
fn read(row: &[u8], separator: u8, mut take: impl FnMut(Value)) {
    let mut rest = row;
    loop {
        // Most cells are short numbers without an exponent, or words: both are read on the way to the separator.
        let quick = match (number(rest), rest.first()) {
            (Some((value, after)), _) => match after.first() {
                // A date begins like a number; what may go on as one is left to the slower reader.
                Some(next) if *next != separator => (*next == b'-').then(|| simple(rest, separator)).flatten(),
                _ => Some((value, after)),
            },
            (None, Some(first)) if first.is_ascii_alphabetic() => simple(rest, separator),
            _ => None,
        };
        let (value, after) = quick.unwrap_or_else(|| {
            let (cell, after) = cut(rest, separator);
            let value = if cell.first() == Some(&b'"') { Value::read(&unquoted(cell)) } else { Value::read(cell) };
            (value, rest.get(rest.len() - after.map_or(0, |after| after.len() + 1)..).unwrap_or(&[]))
        });
        take(value);
        match after.split_first() {
            Some((_, after)) => rest = after,
            None => return,
        }
    }
}

/// One word that isn't one of those for a missing value, and what follows it.
#[inline]
fn simple(text: &[u8], separator: u8) -> Option<(Value, &[u8])> {
    let (key, len) = match text.first_chunk().map(|chunk| (u64::from_le_bytes(*chunk), letters(*chunk, separator))) {
        // A short word, which is one number already.
        Some((chunk, len @ 1..8)) => (short_word(chunk & ((1 << (8 * len)) - 1), len), len),
        _ => {
            let mut len = 0;
            for chunk in text.as_chunks().0 {
                let more = letters(*chunk, separator);
                len += more;
                if more < 8 {
                    break;
                }
            }
            let rest = text.get(len..)?;
            len +=
                rest.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != separator && **byte != b'"').count();
            (word(text.get(..len)?), len)
        }
    };
    let after = text.get(len..)?;
    let ends = after.first().is_none_or(|next| *next == separator);
    let is_there = len > LONGEST || !matches!(text.first(), None | Some(b'n' | b'N'));
    (ends && len > 0 && is_there).then_some((Value::Word { key, longest: None }, after))
}

/// How many bytes there are before one that isn't a letter, a digit or a mark, is a quote, or is the separator.
#[inline]
fn letters(chunk: [u8; 8], separator: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let bytes = u64::from_le_bytes(chunk);
    // The lowest bit that is set is right; those above it may be set by what was borrowed or carried.
    let is = |byte: u8| {
        let differs = bytes ^ (u64::from(byte) * ONES);
        differs.wrapping_sub(ONES) & !differs
    };
    let low = bytes.wrapping_sub(0x21 * ONES) & !bytes;
    let high = bytes | bytes.wrapping_add(ONES);
    ((is(separator) | is(b'"') | low | high) & HIGH).trailing_zeros() as usize / 8
}

/// A number of few digits at the beginning of a text, and what follows it.
#[inline]
fn number(text: &[u8]) -> Option<(Value, &[u8])> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (mut mantissa, mut count, mut fraction) = (0u64, 0, 0);
    let mut rest = digits;
    while let [byte @ b'0'..=b'9', after @ ..] = rest {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        count += 1;
        rest = after;
    }
    if let [b'.', after @ ..] = rest {
        rest = after;
        while let [byte @ b'0'..=b'9', after @ ..] = rest {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            fraction += 1;
            rest = after;
        }
    }
    if count + fraction == 0 || count + fraction > DIGITS || mantissa >> 53 != 0 {
        return None;
    }
    let value = mantissa as f64 / POWERS.get(fraction)?;
    Some((Value::Number(if negative && mantissa != 0 { -value } else { value }), rest))
}

#[cfg(test)]
mod tests;
