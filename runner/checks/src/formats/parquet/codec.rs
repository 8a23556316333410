//! How the pages of a Parquet file are compressed (apache/parquet-format, Compression.md).

use crate::anatomy::Fault;
use flate2::bufread::GzDecoder;
use std::io::Read;

/// Unpacks a page to exactly its size, which the caller has held to what there is room for.
pub(super) fn unpack(codec: i64, packed: &[u8], size: usize) -> Result<Vec<u8>, Fault> {
    let broken = || Fault::new("one of its pages can't be unpacked");
    let bytes = match codec {
        0 => packed.to_vec(),
        1 => {
            if snap::raw::decompress_len(packed).map_err(|_| broken())? != size {
                return Err(broken());
            }
            snap::raw::Decoder::new().decompress_vec(packed).map_err(|_| broken())?
        }
        2 => whole(GzDecoder::new(packed), size)?,
        6 => whole(ruzstd::decoding::StreamingDecoder::new(packed).map_err(|_| broken())?, size)?,
        7 => lz4_flex::block::decompress(packed, size).map_err(|_| broken())?,
        _ => return Err(Fault::new("it is compressed in a way that no check reads")),
    };
    if bytes.len() == size { Ok(bytes) } else { Err(broken()) }
}

fn whole(reader: impl Read, size: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    reader.take(size as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
