//! Bytes that may be numbers of any type, beginning anywhere.

use crate::array::{Array, Number, Order};
use crate::data::Data;

/// Of more bytes in all of a file, numbers of one or two bytes aren't read, nor tables that are written column by column: too much resembles them.
pub(super) const LARGE: u64 = 1 << 20;
/// Types that rows may be held in; those without a sign tell nothing more than those with one.
const NUMBERS: [Number; 8] =
    [Number::F64, Number::F32, Number::F16, Number::Bf16, Number::I64, Number::I32, Number::I16, Number::I8];

/// The bytes as lists of numbers, in every type, both orders of bytes, and from every first byte that makes a difference.
pub(super) fn arrays(data: &Data, all_bytes: u64) -> Vec<Array> {
    let mut all = Vec::new();
    for number in NUMBERS.into_iter().filter(|number| all_bytes <= LARGE || number.size() > 2) {
        let size = number.size() as u64;
        for first in 0..size.min(data.len()) {
            let Some(rest) = data.after(first) else { continue };
            let count = rest.len() / size;
            let little = Array::packed(number, vec![count], Order::Rows, rest);
            if size > 1 {
                all.push(Array { big_endian: true, ..little.clone() });
            }
            all.push(little);
        }
    }
    all.retain(|array| array.len() > 1);
    all
}
