//! PNG figures (PNG specification, third edition): the pixels as a figure, and what other chunks hold.

use super::pixels;
use super::walk::{Walk, piece};
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::figure::{self, PIXEL_PARTS};
use crate::room::RoomError;
use flate2::bufread::ZlibDecoder;

/// Bytes before the first chunk.
const SIGNATURE: usize = 8;

/// Reads a figure, and puts aside what isn't pixels.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let bytes = piece(data, 0, data.len())?;
    let mut walk = Walk::new(&bytes, 0);
    walk.take(SIGNATURE)?;
    // The first chunk has to be the one that tells the size (section 11.2.1).
    let mut header = walk.clone();
    header.take(8)?;
    anatomy.room.draw(u64::from(header.u32_big()?) * u64::from(header.u32_big()?))?;
    let figure = figure::read(&bytes).map_err(|error| Fault::new(error.to_string()))?;
    let mut foreign = Vec::new();
    loop {
        let length = walk.u32_big()?;
        let name = walk.take(4)?;
        let chunk = walk.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        let _checksum = walk.u32_big()?;
        if !PIXEL_PARTS.contains(&name) {
            let name_text = String::from_utf8_lossy(name).into_owned();
            if let Some(unpacked) = unpacked(name, chunk, anatomy)? {
                foreign.push((name_text.clone(), unpacked));
            }
            foreign.push((name_text, chunk.to_vec()));
        }
        if name == b"IEND" {
            break;
        }
    }
    pixels::add(figure, foreign, walk.rest().to_vec(), at, anatomy)
}

/// What is packed in a chunk that has packed texts or a profile (sections 11.3.3 and 11.3.2.3).
fn unpacked(name: &[u8], chunk: &[u8], anatomy: &mut Anatomy) -> Result<Option<Vec<u8>>, Fault> {
    // A keyword ends with a zero; behind it stands how the rest is packed.
    let keyword = chunk.iter().position(|byte| *byte == 0).map_or(chunk.len(), |end| end + 1);
    let packed = match (name, chunk.get(keyword..).unwrap_or(&[])) {
        (b"zTXt" | b"iCCP", [0, packed @ ..]) => Some(packed),
        // Two texts that end with zeros come before the packed one: a language, and the keyword in it.
        (b"iTXt", [1, 0, texts @ ..]) => texts.splitn(3, |byte| *byte == 0).nth(2),
        _ => None,
    };
    let Some(packed) = packed else { return Ok(None) };
    let unpacked = match anatomy.room.unpack(packed.len() as u64, ZlibDecoder::new(packed)) {
        Err(RoomError::Broken(_)) => return Ok(None),
        unpacked => unpacked?,
    };
    piece(&unpacked, 0, unpacked.len()).map(Some)
}
