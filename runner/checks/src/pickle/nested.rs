//! Pickles inside texts and bytes, plain or packed.

use super::trouble::Trouble;
use super::walk::Walk;
use crate::anatomy::Fault;
use crate::data::Data;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// Shortest text or bytes that may hold one.
const SHORTEST: usize = 12;
/// Longest text of base64 or hexadecimal digits that is looked into.
const LONGEST: usize = 64 << 20;
/// Bytes at the beginning by which one is known.
const HEAD: usize = 4096;

/// Whether a text may hold a pickle: a quick look at its first letters.
pub(super) fn is_suspect(text: &str) -> bool {
    text.len() >= SHORTEST && (is_packed(text) || is_lines(text.as_bytes()))
}

/// Base64 or hexadecimal digits of what begins like a pickle, zlib or gzip.
fn is_packed(text: &str) -> bool {
    let text = text.trim_start();
    [
        "gA", "eJ", "eA", "eF", "eN", "H4sI", "Y", "KG", "KF", "8002", "8003", "8004", "8005", "789c", "789C", "7801",
        "78da", "78DA", "1f8b", "1F8B",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

/// What begins and ends like a pickle of protocol 0: an opcode that a line follows, and a STOP.
fn is_lines(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'(' | b'c' | b'i' | b']' | b'}' | b'I' | b'S' | b'V'))
        && bytes.trim_ascii_end().ends_with(b".")
        && bytes.contains(&b'\n')
}

/// Looks into a text.
pub(super) fn look_at_text(walk: &mut Walk<'_, '_>, text: &str) -> Result<(), Fault> {
    if is_lines(text.as_bytes()) {
        let latin = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>();
        if let Some(bytes) = latin {
            read(walk, &bytes.into())?;
        }
    }
    if text.len() > LONGEST || !is_packed(text) {
        return Ok(());
    }
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    for bytes in [base64(&digits), hexadecimal(&digits)].into_iter().flatten() {
        look_at(walk, &bytes.into())?;
    }
    Ok(())
}

/// Looks into bytes.
pub(super) fn look_at(walk: &mut Walk<'_, '_>, data: &Data) -> Result<(), Fault> {
    let head = data.head(HEAD)?;
    if head.len() < SHORTEST {
        return Ok(());
    }
    match head.as_slice() {
        [0x80, 0..=5, ..] => read(walk, data),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => unpack(walk, data.len(), ZlibDecoder::new(data.buffered())),
        [0x1f, 0x8b, ..] => unpack(walk, data.len(), MultiGzDecoder::new(data.buffered())),
        _ => {
            let whole = data.len() <= LONGEST as u64;
            if whole && is_lines(&tail(&head, data)?) {
                read(walk, data)?;
            }
            match str::from_utf8(&head) {
                Ok(text) if whole && is_packed(text) => {
                    let bytes = data.bytes()?;
                    str::from_utf8(&bytes).map_or(Ok(()), |text| look_at_text(walk, text))
                }
                _ => Ok(()),
            }
        }
    }
}

/// The beginning, and the last bytes.
fn tail(head: &[u8], data: &Data) -> Result<Vec<u8>, Fault> {
    let mut bytes = head.to_vec();
    if data.len() > HEAD as u64
        && let Some(end) = data.after(data.len() - 64)
    {
        bytes.extend(end.bytes()?);
    }
    Ok(bytes)
}

/// What packed bytes hold. What isn't packed after all holds nothing.
fn unpack(walk: &mut Walk<'_, '_>, packed: u64, reader: impl Read) -> Result<(), Fault> {
    use crate::room::RoomError;
    match walk.anatomy.room.unpack(packed, reader) {
        Ok(data) => {
            walk.anatomy.room.inside()?;
            let looked = look_at(walk, &data);
            walk.anatomy.room.outside();
            looked
        }
        Err(RoomError::Broken(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Reads what looks like a pickle. What can't be read as one is none; what names something that isn't on a list is told.
fn read(walk: &mut Walk<'_, '_>, data: &Data) -> Result<(), Fault> {
    walk.anatomy.room.inside()?;
    let found = super::glance(data);
    walk.anatomy.room.outside();
    let Some((at, message)) = found else { return Ok(()) };
    let path = walk.path();
    let mut trouble = Trouble::new(at, format!("a pickle inside the pickle: {message}"));
    trouble.path = Some(path);
    walk.scene.troubles.add(trouble);
    Ok(())
}

fn base64(digits: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    let digits = digits.split(|digit| *digit == b'=').next()?;
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let (pairs, rest) = digits.as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some((value(*high)? << 4 | value(*low)?) as u8);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}
