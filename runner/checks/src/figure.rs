//! Figures, each with a copy that is nothing but its pixels; and which parts a PNG has.

use png::{BitDepth, Compression, Decoder, Encoder, Filter, Limits, Transformations};
use std::io::Cursor;

/// Most pixels of a figure; four bytes each are decoded.
pub(crate) const PIXELS: u64 = 25_000_000;
/// Most bytes that decoding may take beside the pixels.
const DECODING: usize = 64 << 20;
/// The parts that make pixels (PNG specification, third edition, section 5.6).
pub(crate) const PIXEL_PARTS: [&[u8]; 5] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"];

/// A figure that could be decoded.
#[derive(Debug)]
pub(crate) struct Figure {
    /// How many bytes follow the end.
    pub(crate) trailing: usize,
    /// The pixels, encoded anew; the same pixels always give the same bytes.
    pub(crate) copy: Vec<u8>,
    /// Whether the file is that copy already.
    pub(crate) canonical: bool,
}

/// Why a PNG can't be examined.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FigureError {
    #[error("its parts don't fit together")]
    Parts,
    #[error("it has {0} pixels, and at most {PIXELS} can be examined")]
    Pixels(u64),
    #[error("it can't be decoded")]
    Decode(#[from] png::DecodingError),
    #[error("it can't be encoded anew")]
    Encode(#[from] png::EncodingError),
}

/// Reads and re-encodes a PNG.
pub(crate) fn read(bytes: &[u8]) -> Result<Figure, FigureError> {
    let end = end(bytes)?;
    let whole = bytes.get(..end).ok_or(FigureError::Parts)?;
    let copy = encode_anew(whole)?;
    let canonical = copy == bytes;
    Ok(Figure { trailing: bytes.len() - end, copy, canonical })
}

/// Where the figure ends: behind the part that says so.
fn end(bytes: &[u8]) -> Result<usize, FigureError> {
    const SIGNATURE: usize = 8;
    const FRAME: usize = 12;
    let mut at = SIGNATURE;
    loop {
        let part = bytes.get(at..).ok_or(FigureError::Parts)?;
        let (length, rest) = part.split_first_chunk::<4>().ok_or(FigureError::Parts)?;
        let name = rest.first_chunk::<4>().ok_or(FigureError::Parts)?;
        at = at.saturating_add(u32::from_be_bytes(*length) as usize).saturating_add(FRAME);
        if at > bytes.len() {
            return Err(FigureError::Parts);
        }
        if name == b"IEND" {
            return Ok(at);
        }
    }
}

/// Decodes to 8 bits a channel without a palette, and encodes that with fixed settings.
fn encode_anew(bytes: &[u8]) -> Result<Vec<u8>, FigureError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: DECODING });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info()?;
    let pixels = u64::from(reader.info().width) * u64::from(reader.info().height);
    if pixels > PIXELS {
        return Err(FigureError::Pixels(pixels));
    }
    let mut buffer = vec![0; reader.output_buffer_size().ok_or(FigureError::Pixels(pixels))?];
    let frame = reader.next_frame(&mut buffer)?;
    let mut copy = Vec::new();
    let mut encoder = Encoder::new(&mut copy, frame.width, frame.height);
    encoder.set_color(frame.color_type);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::Paeth);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(buffer.get(..frame.buffer_size()).ok_or(FigureError::Parts)?)?;
    writer.finish()?;
    Ok(copy)
}
