//! Compressed streams in bytes, wherever they begin: gzip, zlib, bzip2, deflate without a header, and members of zip archives.

use super::letters::{self, STREAM};
use crate::anatomy::Fault;
use crate::data::Data;
use crate::room::{Room, RoomError};
use bzip2::bufread::BzDecoder;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::io::{self, Read};

/// Most places of one file at which a stream is tried.
pub(super) const TRIES: u32 = 100_000;
/// Fewest bytes that come out of a stream which doesn't end as it should, or has no header: fewer come out of anything.
const FEWEST: usize = 64;

/// What comes out of all streams in some bytes. What follows the end of one is looked at like what follows anything else.
pub(super) fn unpacked(bytes: &[u8], room: &mut Room, tries: &mut u32) -> Result<Vec<Data>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    if let Some((data, _)) = of(bytes, DeflateDecoder::new, DeflateDecoder::into_inner, room, true)? {
        found.push(data);
    }
    while let Some(next) =
        bytes.get(at..).and_then(|rest| rest.iter().position(|byte| letters::sets(*byte) & STREAM != 0))
    {
        at += next;
        let rest = bytes.get(at..).unwrap_or_default();
        let stream = match rest {
            [0x1f, 0x8b, 8, ..] => of(rest, GzDecoder::new, GzDecoder::into_inner, room, false),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => {
                of(rest, BzDecoder::new, BzDecoder::into_inner, room, false)
            }
            // RFC 1950: the first two bytes are a multiple of 31, and say deflate with a window of at most 32 KiB.
            [a @ (0x58 | 0x68 | 0x78), b, ..] if (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0 && b & 0x20 == 0 => {
                of(rest, ZlibDecoder::new, ZlibDecoder::into_inner, room, false)
            }
            [b'P', b'K', 3, 4, ..] => member(rest, room),
            _ => {
                at += 1;
                continue;
            }
        };
        *tries =
            tries.checked_sub(1).ok_or_else(|| Fault::large("it holds more that may be packed than can be opened"))?;
        match stream? {
            Some((data, taken)) => {
                found.push(data);
                at += taken.max(1);
            }
            None => at += 1,
        }
    }
    Ok(found)
}

/// What is deflated in a member of a zip archive, as its header says (APPNOTE 4.3.7).
fn member(bytes: &[u8], room: &mut Room) -> Result<Option<(Data, usize)>, Fault> {
    let half =
        |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_le_bytes(*two).into());
    let start: usize = 30 + half(26) + half(28);
    let rest = bytes.get(start..).unwrap_or(&[]);
    let inner = of(rest, DeflateDecoder::new, DeflateDecoder::into_inner, room, true)?;
    Ok(inner.map(|(data, taken)| (data, start + taken)))
}

/// What comes out of a stream at the beginning of some bytes, and how many of them it takes; none if it is no such stream after all.
fn of<'a, D: Read>(
    bytes: &'a [u8],
    decoder: impl FnOnce(&'a [u8]) -> D,
    rest: impl FnOnce(D) -> &'a [u8],
    room: &mut Room,
    is_bare: bool,
) -> Result<Option<(Data, usize)>, Fault> {
    let mut lenient = Lenient { reader: decoder(bytes), broke: false };
    let unpacked = match room.unpack(bytes.len() as u64, &mut lenient) {
        Err(RoomError::Broken(_)) => return Ok(None),
        unpacked => unpacked?,
    };
    let enough = if lenient.broke || is_bare { FEWEST as u64 } else { 1 };
    let is_bad = lenient.broke && is_bare;
    let taken = bytes.len() - rest(lenient.reader).len();
    Ok((unpacked.len() >= enough && !is_bad).then_some((unpacked, taken)))
}

/// Takes a fault for the end: a stream that was cut off was readable until there.
struct Lenient<R> {
    reader: R,
    broke: bool,
}

impl<R: Read> Read for Lenient<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer);
        self.broke |= read.is_err();
        Ok(read.unwrap_or(0))
    }
}
