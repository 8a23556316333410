//! Private keys in text form.

use super::Hit;
use super::kind::Kind;
use super::page::{Page, is_base64};

/// What a block begins with, and what stands before the private part of a PuTTY key.
pub(super) const BEGIN: &str = "-----BEGIN ";
pub(super) const PUTTY: &str = "Private-Lines: ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// Longest label between the dashes.
const LABEL: usize = 40;
/// How far behind its beginning a block may have headers, and how far it reaches.
const HEADERS: usize = 512;
const BLOCK: usize = 1 << 16;
/// Fewest characters of base64 in a row that are a key: a line is longer, and the smallest keys of curves have one line.
const LINE: usize = 40;

/// Reads the block that begins at a place (RFC 7468, section 2; RFC 9580, section 6.2): a label with `PRIVATE KEY`, and base64
/// behind it. Words about keys, and programs that look for them, have the label alone.
pub(super) fn read(page: &Page<'_>, start: usize) -> Option<Hit> {
    let label = start + BEGIN.len();
    let dashes = page.run(label, LABEL, is_label);
    let private = page.part(label, dashes).contains("PRIVATE KEY");
    if !private || !page.starts(dashes, DASHES) || !page.starts(start, BEGIN) {
        return None;
    }
    let end = body(page, dashes + DASHES.len())?;
    Some(Hit { kind: Kind::PrivateKey, start, end })
}

/// Reads the private part of a PuTTY key (PuTTY user manual, appendix C.3).
pub(super) fn putty(page: &Page<'_>, start: usize) -> Option<Hit> {
    let lines = start + PUTTY.len();
    let key = page.run(lines, 4, |byte| byte.is_ascii_digit() || matches!(byte, b'\r' | b'\n'));
    let end = page.run(key, BLOCK, is_key);
    let is_long = page.run(key, LINE, is_base64) == key + LINE;
    (page.starts(start, PUTTY) && is_long).then_some(Hit { kind: Kind::PrivateKey, start, end })
}

/// Where a block ends whose label ends at a place, if there is a key in it.
fn body(page: &Page<'_>, start: usize) -> Option<usize> {
    let inside = page.after(start, BLOCK);
    let last = inside.find(DASHES).map(|last| start + last);
    let mut at = start;
    let limit = (start + HEADERS).min(last.unwrap_or(usize::MAX));
    loop {
        let from = page.run(at, HEADERS, |byte| !is_base64(byte));
        let to = page.run(from, LINE, is_base64);
        if from >= limit || from == to {
            return None;
        }
        if to - from == LINE {
            break at = to;
        }
        at = to;
    }
    match last.filter(|last| page.starts(*last, END)) {
        Some(last) => {
            let label = page.run(last + END.len(), LABEL, is_label);
            Some(label + if page.starts(label, DASHES) { DASHES.len() } else { 0 })
        }
        None => Some(page.run(at, BLOCK, is_key)),
    }
}

fn is_label(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte == b' '
}

/// Base64 over several lines, which may stand as escapes.
fn is_key(byte: u8) -> bool {
    is_base64(byte) || matches!(byte, b'=' | b'\n' | b'\r' | b'\\')
}

#[cfg(test)]
mod tests;
