//! joblib's files: a pickle with arrays in it, plain or compressed as a whole (joblib `compressor.py`).

use crate::anatomy::{Anatomy, Fault};
use crate::data::{Data, Reader};
use crate::pickle;
use bzip2::bufread::BzDecoder;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use std::io::{BufRead, BufReader, Read};

/// Bytes by which the ways of compressing are known.
const HEAD: usize = 10;

/// Reads a file as joblib writes it.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let head = data.head(HEAD)?;
    let packed = data.buffered();
    let unpacked = match head.as_slice() {
        [0x78, ..] => unpack(data, anatomy, ZlibDecoder::new(packed), ZlibDecoder::into_inner)?,
        // Without flags there is no name, comment or other field in the header that could hold anything.
        [0x1f, 0x8b, 8, 0, ..] => unpack(data, anatomy, GzDecoder::new(packed), GzDecoder::into_inner)?,
        [0x1f, 0x8b, ..] => return Err(Fault::at(3, "its gzip header holds more than joblib writes")),
        [b'B', b'Z', ..] => unpack(data, anatomy, BzDecoder::new(packed), BzDecoder::into_inner)?,
        [0xfd, b'7', b'z', b'X', b'Z', ..] | [0x5d, 0, ..] => return Err(unread("xz or lzma")),
        [4, 0x22, 0x4d, 0x18, ..] => return Err(unread("lz4")),
        [b'Z', b'F', ..] => return Err(unread("a form of joblib before 0.10")),
        _ => return pickle::read(data, at, anatomy),
    };
    pickle::read(&unpacked, at, anatomy)
}

fn unread(what: &str) -> Fault {
    Fault::new(format!("it is compressed as {what}, which isn't read here: write it with compress=(\"zlib\", 3)"))
}

/// Unpacks all of a file, behind whose end nothing may stand.
fn unpack<'a, D: Read>(
    data: &Data,
    anatomy: &mut Anatomy,
    mut decoder: D,
    rest: impl FnOnce(D) -> BufReader<Reader<'a>>,
) -> Result<Data, Fault> {
    let unpacked = anatomy.room.unpack(data.len(), &mut decoder)?;
    if rest(decoder).fill_buf()?.is_empty() {
        Ok(unpacked)
    } else {
        Err(Fault::new("something stands behind its compressed content"))
    }
}
