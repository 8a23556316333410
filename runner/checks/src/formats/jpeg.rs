//! JPEG pictures (ITU-T T.81), and a copy that is nothing but their pixels.
//!
//! Decoding to pixels and encoding those would change them each time, so that no copy would ever be its own copy. Here only the
//! packing is made anew: the quantised coefficients are unpacked and packed again, one after the other with the standard's tables
//! and without restarts. The same coefficients always give the same bytes, and no pixel changes. What the copy loses is all else:
//! comments, metadata, thumbnails, spare codes, filling, unused tables, and blocks beyond the edge.

mod anew;
mod bits;
mod block;
mod picture;
mod scan;
mod segments;

use super::pixels;
use super::walk::piece;
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::figure::Figure;

/// Reads a picture, and puts aside what isn't pixels.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let bytes = piece(data, 0, data.len())?;
    let found = segments::read(&bytes, &mut anatomy.room)?;
    let trailing = bytes.get(found.end..).unwrap_or(&[]).to_vec();
    let copy = anew::encode(&found.picture)?;
    let figure = Figure { trailing: trailing.len(), canonical: copy == bytes, copy };
    pixels::add(figure, found.foreign, trailing, at, anatomy)
}
