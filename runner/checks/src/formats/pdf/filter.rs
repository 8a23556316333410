//! How the streams of a PDF are packed (ISO 32000-2, 7.4).

use super::object::{Dictionary, Object};
use super::token::{hex, is_space};
use crate::anatomy::{Anatomy, Fault};
use crate::formats::walk::piece;
use flate2::bufread::ZlibDecoder;

/// Most bytes of a row of a picture or a table.
const ROW: usize = 1 << 20;

/// A stream's bytes, unpacked.
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// The name of the packing of pictures that is left to their own readers.
    pub(super) picture: Option<String>,
}

/// Unpacks a stream.
pub(super) fn unpack(dictionary: &Dictionary, raw: &[u8], anatomy: &mut Anatomy) -> Result<Unpacked, Fault> {
    let list = |name: &str, short: &str| match dictionary.get(name).or_else(|| dictionary.get(short)) {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
    };
    let (filters, parameters) = (list("Filter", "F"), list("DecodeParms", "DP"));
    if dictionary.get("F").is_some() && dictionary.get("Filter").is_some() || filters.len() > 4 {
        return Err(Fault::new("one of its streams is in another file, or packed in an odd way"));
    }
    let mut unpacked = Unpacked { bytes: raw.to_vec(), picture: None };
    for (place, filter) in filters.iter().enumerate() {
        let Object::Name(name) = filter else { return Err(Fault::new("one of its streams is packed in an odd way")) };
        if unpacked.picture.is_some() {
            return Err(Fault::new("one of its pictures is packed in an odd way"));
        }
        unpacked.bytes = match name.as_str() {
            "FlateDecode" | "Fl" => {
                let bytes = inflated(&unpacked.bytes, anatomy)?;
                match parameters.get(place) {
                    Some(Object::Dictionary(own)) => predicted(bytes, own)?,
                    _ => bytes,
                }
            }
            "ASCIIHexDecode" | "AHx" => digits(&unpacked.bytes)?,
            "ASCII85Decode" | "A85" => base_85(&unpacked.bytes)?,
            "DCTDecode" | "DCT" => {
                unpacked.picture = Some(name.clone());
                continue;
            }
            _ => return Err(Fault::new("one of its streams is packed in a way that no check reads")),
        };
    }
    Ok(unpacked)
}

fn inflated(packed: &[u8], anatomy: &mut Anatomy) -> Result<Vec<u8>, Fault> {
    let mut stream = ZlibDecoder::new(packed);
    let data = anatomy.room.unpack(packed.len() as u64, &mut stream)?;
    let rest = usize::try_from(stream.total_in()).ok().and_then(|end| packed.get(end..)).unwrap_or(&[]);
    // Some writers count the line break behind a stream as its last byte.
    if rest.len() > 2 || !rest.iter().all(|byte| is_space(*byte)) {
        return Err(Fault::new("something follows the end of one of its packed streams"));
    }
    piece(&data, 0, data.len())
}

/// Bytes that were written as differences to those on the left or above (the predictors of PNG).
fn predicted(bytes: Vec<u8>, own: &Dictionary) -> Result<Vec<u8>, Fault> {
    let fault = || Fault::new("one of its streams is packed in a way that no check reads");
    let predictor = own.count("Predictor").unwrap_or(1);
    if predictor == 1 {
        return Ok(bytes);
    }
    let part = |name: &str, usual: usize| own.get(name).map_or(Some(usual), Object::count);
    let (colors, bits, columns) = part("Colors", 1)
        .zip(part("BitsPerComponent", 8))
        .zip(part("Columns", 1))
        .map(|((a, b), c)| (a, b, c))
        .ok_or_else(fault)?;
    if !(10..=15).contains(&predictor) || colors > 32 || bits > 16 || columns > 1 << 24 {
        return Err(fault());
    }
    let (pixel, row) = ((colors * bits).div_ceil(8), (colors * bits * columns).div_ceil(8));
    if row > ROW {
        return Err(fault());
    }
    let mut above = vec![0u8; row];
    let mut all = Vec::with_capacity(bytes.len());
    for line in bytes.chunks(row + 1) {
        let (kind, line) = line.split_first().ok_or_else(fault)?;
        let mut own: Vec<u8> = Vec::with_capacity(row);
        for (place, byte) in line.iter().enumerate() {
            let left = place.checked_sub(pixel).and_then(|place| own.get(place)).copied().unwrap_or(0);
            let up = above.get(place).copied().unwrap_or(0);
            let corner = place.checked_sub(pixel).and_then(|place| above.get(place)).copied().unwrap_or(0);
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => u16::midpoint(left.into(), up.into()) as u8,
                4 => nearest(left, up, corner),
                _ => return Err(fault()),
            };
            own.push(byte.wrapping_add(guess));
        }
        all.extend(&own);
        own.resize(row, 0);
        above = own;
    }
    Ok(all)
}

/// Paeth's predictor (PNG specification, section 9.4).
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |byte: u8| (guess - i16::from(byte)).abs();
    let (by_left, by_up, by_corner) = (far(left), far(up), far(corner));
    match () {
        () if by_left <= by_up && by_left <= by_corner => left,
        () if by_up <= by_corner => up,
        () => corner,
    }
}

fn digits(text: &[u8]) -> Result<Vec<u8>, Fault> {
    let end = text.iter().position(|byte| *byte == b'>').unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
    let plain = |byte: &u8| is_space(*byte) || byte.is_ascii_hexdigit();
    match digits.iter().all(plain) && rest.iter().skip(1).all(|byte| is_space(*byte)) {
        true => Ok(hex(digits)),
        false => Err(Fault::new("something is hidden in one of its streams")),
    }
}

/// Five letters for four bytes (7.4.3).
fn base_85(text: &[u8]) -> Result<Vec<u8>, Fault> {
    let fault = || Fault::new("one of its streams is packed in a broken way");
    let end = text.windows(2).position(|pair| pair == b"~>").ok_or_else(fault)?;
    if !text.iter().skip(end + 2).all(|byte| is_space(*byte)) {
        return Err(Fault::new("something follows the end of one of its packed streams"));
    }
    let (mut bytes, mut group) = (Vec::new(), Vec::new());
    for letter in text.iter().take(end).filter(|byte| !is_space(**byte)) {
        match letter {
            b'z' if group.is_empty() => bytes.extend([0; 4]),
            b'!'..=b'u' => group.push(u64::from(letter - b'!')),
            _ => return Err(fault()),
        }
        if group.len() == 5 {
            let value = group.drain(..).fold(0, |all, digit| all * 85 + digit);
            bytes.extend(u32::try_from(value).map_err(|_| fault())?.to_be_bytes());
        }
    }
    if !group.is_empty() {
        let count = group.len() - 1;
        group.resize(5, 84);
        let value = group.iter().fold(0, |all, digit| all * 85 + digit);
        bytes.extend(u32::try_from(value).map_err(|_| fault())?.to_be_bytes().iter().take(count));
    }
    Ok(bytes)
}
