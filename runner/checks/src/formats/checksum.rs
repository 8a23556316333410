//! The checksum of zip and gzip: CRC-32 of ISO 3309.

use crate::data::Data;
use flate2::Crc;
use std::io::{self, BufRead};

/// The checksum of all bytes.
pub(crate) fn checksum(data: &Data) -> io::Result<u32> {
    let (mut crc, mut reader) = (Crc::new(), data.buffered());
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(crc.sum());
        }
        crc.update(bytes);
        let count = bytes.len();
        reader.consume(count);
    }
}
