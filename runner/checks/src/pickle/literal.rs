//! Texts, bytes and large integers, read where they lie when they are wanted.

use super::lines;
use super::opcode::*;
use super::window::LINE;
use crate::data::Data;
use std::io;

/// Where the content of the opcode at a place lies: its place and its length.
pub(super) fn stretch(data: &Data, at: u64) -> io::Result<Option<(u64, u64)>> {
    let mut head = [0; 9];
    data.read_at(at, &mut head)?;
    let [opcode, a, b, c, d, e, f, g, h] = head;
    let long = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    Ok(match opcode {
        SHORT_BINUNICODE | SHORT_BINSTRING | SHORT_BINBYTES | LONG1 => Some((at + 2, a.into())),
        BINUNICODE | BINSTRING | BINBYTES | LONG4 => Some((at + 5, u32::from_le_bytes([a, b, c, d]).into())),
        BINUNICODE8 | BINBYTES8 | BYTEARRAY8 => Some((at + 9, long)),
        _ => None,
    })
}

/// The bytes of the opcode at a place.
pub(super) fn bytes(data: &Data, at: u64) -> io::Result<Option<Data>> {
    Ok(stretch(data, at)?.and_then(|(start, len)| data.part(start, len)))
}

/// The text of the opcode at a place; of a long one the first `most` bytes.
pub(super) fn text(data: &Data, at: u64, most: usize) -> io::Result<String> {
    if let Some((start, len)) = stretch(data, at)? {
        let part = data.part(start, len.min(most as u64)).ok_or(io::ErrorKind::UnexpectedEof)?;
        return Ok(match String::from_utf8(part.bytes()?) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        });
    }
    let line = line(data, at)?;
    let text = match line.split_first() {
        Some((&UNICODE, line)) => lines::unicode(line),
        Some((_, line)) => lines::string(line),
        None => None,
    };
    text.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The opcode at a place and its line, without the line's end.
fn line(data: &Data, at: u64) -> io::Result<Vec<u8>> {
    let rest = data.after(at).ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut most = 256;
    loop {
        let mut bytes = rest.head(most)?;
        if let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            bytes.truncate(end);
            return Ok(bytes);
        }
        if most > LINE {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        most *= 16;
    }
}

/// The large integer of the opcode at a place, as near as a float comes.
pub(super) fn big(data: &Data, at: u64) -> io::Result<f64> {
    let Some((start, len)) = stretch(data, at)? else {
        let line = line(data, at)?;
        let digits = line.get(1..).unwrap_or_default().split(|byte| *byte == b'L').next().unwrap_or_default();
        return Ok(str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(f64::NAN));
    };
    let bytes = data.part(start, len).ok_or(io::ErrorKind::UnexpectedEof)?.bytes()?;
    // Two's complement, the least significant byte first.
    let minus = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let magnitude = bytes.iter().rev().fold(0.0, |all, byte| all * 256.0 + f64::from(*byte));
    Ok(if minus { magnitude - 256f64.powi(bytes.len() as i32) } else { magnitude })
}

/// Whether bytes are UTF-8 as Python writes it: half a pair of surrogates is a character too (`surrogatepass`).
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        let Err(error) = str::from_utf8(rest) else { return true };
        match rest.get(error.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, 0x80..=0xbf, more @ ..]) => rest = more,
            _ => return false,
        }
    }
}
