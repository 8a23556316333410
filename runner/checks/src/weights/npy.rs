//! A NumPy array with the header that NumPy itself would write (numpy.lib.format, version 1).

use super::{Precision, rounded};
use crate::array::{Array, Number, Order};
use crate::data::Data;
use std::io;

/// The header and what follows it begin at multiples of this.
const ALIGNED: usize = 64;

/// The copy; of arrays whose elements aren't single numbers the header stays as it is.
pub(super) fn copy(whole: &Data, arrays: &[&Array], precision: Precision) -> io::Result<Option<Vec<u8>>> {
    let Some(bytes) = rounded(whole, arrays, precision)? else { return Ok(None) };
    let [array] = arrays else { return Ok(Some(bytes)) };
    let start = array.data.place_in(whole).and_then(|start| usize::try_from(start).ok());
    match (start.and_then(|start| bytes.get(start..)), header(array)) {
        (Some(body), Some(header)) if array.promised().is_some_and(|count| count * array.step == body.len() as u64) => {
            Ok(Some([&header, body].concat()))
        }
        _ => Ok(Some(bytes)),
    }
}

/// The header of an array of single numbers.
fn header(array: &Array) -> Option<Vec<u8>> {
    let kind = match array.number {
        Number::F64 => "f8",
        Number::F32 => "f4",
        Number::F16 => "f2",
        _ => return None,
    };
    let order = if array.big_endian { '>' } else { '<' };
    let columns = if array.order == Order::Columns { "True" } else { "False" };
    let shape: Vec<String> = array.shape.iter().map(u64::to_string).collect();
    let shape = if let [one] = shape.as_slice() { format!("{one},") } else { shape.join(", ") };
    let text = format!("{{'descr': '{order}{kind}', 'fortran_order': {columns}, 'shape': ({shape}), }}");
    let before = 10;
    let filling = ALIGNED - (before + text.len() + 1) % ALIGNED;
    let text = format!("{text}{}\n", " ".repeat(filling % ALIGNED));
    let len = u16::try_from(text.len()).ok()?;
    Some([b"\x93NUMPY\x01\x00".as_slice(), &len.to_le_bytes(), text.as_bytes()].concat())
}
