//! SHA-256 in lower-case hexadecimal.

use ring::digest::{Context, SHA256};
use std::io::{self, Read};

/// Bytes are read in pieces of this size.
const PIECE: usize = 128 * 1024;

/// The digest of these bytes, 64 digits.
pub(crate) fn of(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&SHA256, bytes).as_ref())
}

/// The length and the digest of all that can be read.
pub(crate) fn read(reader: &mut dyn Read) -> io::Result<(u64, String)> {
    let mut context = Context::new(&SHA256);
    let mut piece = vec![0; PIECE];
    let mut length = 0_u64;
    loop {
        let count = match reader.read(&mut piece) {
            Ok(0) => return Ok((length, finish(context))),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        context.update(piece.get(..count).unwrap_or_default());
        length = length.saturating_add(count as u64);
    }
}

/// The digits of a finished context.
pub(crate) fn finish(context: Context) -> String {
    hex(context.finish().as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}
