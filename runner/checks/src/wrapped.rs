//! What is wrapped up in texts and bytes: base64, hexadecimal digits, compressed streams, and these in each other.
//!
//! Nobody needs such wrappings in a result. They are opened not because they are forbidden but because a row can be in them.

mod runs;

use crate::anatomy::{Anatomy, Body, Fault, Part};
use crate::data::Data;
use crate::room::RoomError;
use crate::tree::Node;
use flate2::read::{GzDecoder, ZlibDecoder};
use std::io::Read;

/// Deepest wrapping that is opened: base64 of a compressed stream of base64 is at 3.
const DEEP: u32 = 4;
/// Fewest bytes that are looked at: two numbers of 64 bits.
const FEWEST: usize = 16;
/// Stretches begin at multiples of so many bytes, so that numbers of every size are aligned in each.
const ALIGNED: usize = 8;
/// First bytes of streams that can't be opened here.
const CLOSED: [(&[u8], &str); 5] = [
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x5d\0\0", "lzma"),
    (b"(\xb5/\xfd", "zstandard"),
    (b"\x04\x22\x4d\x18", "lz4"),
];

/// Adds everything that is wrapped up in the parts of a file as parts of their own.
pub(crate) fn open(anatomy: &mut Anatomy) -> Result<(), Fault> {
    let parts = std::mem::take(&mut anatomy.parts);
    let opened = parts.iter().try_for_each(|part| of_part(part, anatomy));
    anatomy.parts.splice(0..0, parts);
    opened
}

fn of_part(part: &Part, anatomy: &mut Anatomy) -> Result<(), Fault> {
    match &part.body {
        Body::Words(text) => of_texts(&[text.as_str()], &part.at, 0, anatomy),
        Body::Texts(texts) => of_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>(), &part.at, 0, anatomy),
        Body::Tables(tables) => {
            let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells).map(String::as_str);
            of_texts(&cells.collect::<Vec<_>>(), &part.at, 0, anatomy)
        }
        Body::Tree(tree) => {
            let mut texts = Vec::new();
            scalars(tree, &mut texts);
            of_texts(&texts, &part.at, 0, anatomy)
        }
        Body::Bytes(data) => of_bytes(data, &part.at, 0, anatomy),
        Body::Array(_) | Body::Figure(_) => Ok(()),
    }
}

fn scalars<'a>(node: &'a Node, texts: &mut Vec<&'a str>) {
    texts.extend(node.scalar());
    for (name, child) in node.children() {
        texts.push(name);
        scalars(child, texts);
    }
}

/// Opens what stands in texts. All of their bytes are one part.
fn of_texts(texts: &[&str], at: &str, depth: u32, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let mut all: Vec<u8> = Vec::new();
    for text in texts.iter().filter(|text| text.len() >= runs::SHORTEST) {
        for bytes in runs::decoded(text).into_iter().filter(|bytes| bytes.len() >= FEWEST) {
            all.extend_from_slice(&bytes);
            all.resize(all.len().next_multiple_of(ALIGNED), 0);
            of_bytes(&bytes.into(), at, depth + 1, anatomy)?;
        }
    }
    if all.is_empty() { Ok(()) } else { anatomy.add(format!("{at} (decoded)"), Body::Bytes(all.into())) }
}

/// Opens bytes that are a compressed stream or a text.
fn of_bytes(data: &Data, at: &str, depth: u32, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let head = data.head(8)?;
    if depth >= DEEP {
        return Ok(());
    }
    if let Some((_, name)) = CLOSED.iter().find(|(first, _)| head.starts_with(first)) {
        return Err(Fault::new(format!("something in it is packed with {name}, which no check opens")));
    }
    let unpacked = match head.as_slice() {
        [0x1f, 0x8b, ..] => unpack(data, GzDecoder::new(data.buffered()), anatomy)?,
        // RFC 1950: the first two bytes are a multiple of 31, and say deflate with a window of at most 32 KiB.
        [a, b, ..] if a & 0x0f == 8 && a >> 4 <= 7 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0 => {
            unpack(data, ZlibDecoder::new(data.buffered()), anatomy)?
        }
        _ => None,
    };
    match unpacked {
        Some(inner) => {
            let at = format!("{at} (unpacked)");
            of_bytes(&inner, &at, depth + 1, anatomy)?;
            anatomy.add(at, Body::Bytes(inner))
        }
        None => match text(data)? {
            Some(text) => {
                let at = format!("{at} (text)");
                of_texts(&[&text], &at, depth + 1, anatomy)?;
                anatomy.add(at, Body::Words(text))
            }
            None => Ok(()),
        },
    }
}

/// What a stream unpacks to; none if it is no such stream after all.
fn unpack(data: &Data, stream: impl Read, anatomy: &mut Anatomy) -> Result<Option<Data>, Fault> {
    match anatomy.room.unpack(data.len(), stream) {
        Ok(unpacked) => Ok(Some(unpacked)),
        Err(RoomError::Broken(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The bytes as a text, if that is what they are.
fn text(data: &Data) -> Result<Option<String>, Fault> {
    /// Longest text that is looked at as one.
    const LONGEST: u64 = 16 << 20;
    if data.len() > LONGEST {
        return Ok(None);
    }
    let is_plain = |c: char| !c.is_control() || c.is_whitespace();
    Ok(String::from_utf8(data.bytes()?).ok().filter(|text| text.chars().all(is_plain)))
}

#[cfg(test)]
mod tests;
