//! Texts of fixed width in a NumPy array, filled up with zeros.

use super::descr::{Field, Letters};
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use std::io::Read;

/// Reads all texts of a field.
pub(super) fn read(
    field: &Field,
    letters: Letters,
    step: u64,
    shape: &[u64],
    from: &Data,
    anatomy: &mut Anatomy,
) -> Result<Vec<String>, Fault> {
    let (Letters::Bytes(size) | Letters::Wide(size)) = letters;
    let count: u64 = if size == 0 { 0 } else { shape.iter().product() };
    let many = || Fault::new("its texts are longer than what can be examined");
    let (len, gap) = (usize::try_from(size).map_err(|_| many())?, step - size);
    anatomy.room.keep(len)?;
    let (mut reader, mut bytes) = (from.buffered(), vec![0; len]);
    let mut texts = Vec::new();
    for at in 0..count {
        reader.read_exact(&mut bytes)?;
        if gap > 0 && at + 1 < count {
            std::io::copy(&mut reader.by_ref().take(gap), &mut std::io::sink())?;
        }
        let text = match letters {
            Letters::Bytes(_) => plain(&bytes),
            Letters::Wide(_) => wide(&bytes, field.big_endian),
        };
        let text = text.ok_or_else(|| Fault::new("one of its texts is broken, or has something behind its end"))?;
        anatomy.room.keep(text.len())?;
        texts.push(text);
    }
    Ok(texts)
}

fn plain(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = std::str::from_utf8(bytes.get(..end)?).ok()?;
    (!text.contains('\0')).then(|| text.to_owned())
}

fn wide(bytes: &[u8], big_endian: bool) -> Option<String> {
    let number = |four: &[u8; 4]| if big_endian { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) };
    let text: String = bytes.as_chunks::<4>().0.iter().map(number).map(char::from_u32).collect::<Option<_>>()?;
    let text = text.trim_end_matches('\0');
    (!text.contains('\0')).then(|| text.to_owned())
}
