//! How values are packed in a page of a Parquet file (apache/parquet-format, Encodings.md).

use super::schema::Physical;
use super::thrift::{varint, zigzag};
use super::value::Value;
use crate::anatomy::Fault;
use crate::formats::walk::Walk;

/// Groups of eight to which DuckDB fills up the last packed run of a page, with what its buffer happens to hold.
const FILLED: usize = 32;

fn broken(walk: &Walk<'_>) -> Fault {
    Fault::at(walk.at(), "its values are packed in a broken way")
}

/// Bits in which numbers up to this one fit.
pub(super) fn width(most: u32) -> u32 {
    32 - most.leading_zeros()
}

/// So many values, one after the other (PLAIN).
pub(super) fn plain(walk: &mut Walk<'_>, physical: Physical, count: usize) -> Result<Vec<Value>, Fault> {
    if physical == Physical::Bool {
        let bytes = walk.take(count.div_ceil(8))?;
        return Ok(bits(bytes, 1).take(count).map(|bit| Value::Bool(bit == 1)).collect());
    }
    // A value has a byte at least, or its length in four.
    let mut values = Vec::with_capacity(count.min(walk.rest().len()));
    for _ in 0..count {
        values.push(match physical {
            Physical::Bool => Value::Bool(false),
            Physical::Int32 => Value::Int((walk.u32()? as i32).into()),
            Physical::Int64 => Value::Int(walk.u64()? as i64),
            Physical::Float => Value::Float(f32::from_bits(walk.u32()?)),
            Physical::Double => Value::Double(f64::from_bits(walk.u64()?)),
            Physical::Fixed(len) => Value::Bytes(walk.take(len)?.to_vec()),
            Physical::Bytes => {
                let len = walk.u32()?;
                Value::Bytes(walk.take(len as usize)?.to_vec())
            }
        });
    }
    Ok(values)
}

/// Numbers of a few bits, the lowest bit first.
fn bits(bytes: &[u8], width: u32) -> impl Iterator<Item = u64> {
    let mut bytes = bytes.iter();
    let (mut held, mut count) = (0u128, 0);
    std::iter::from_fn(move || {
        while count < width {
            held |= u128::from(*bytes.next()?) << count;
            count += 8;
        }
        let value = (held & ((1u128 << width) - 1)) as u64;
        held >>= width;
        count -= width;
        Some(value)
    })
}

/// So many numbers, in runs of equal ones and of packed ones (RLE).
pub(super) fn runs(walk: &mut Walk<'_>, width: u32, count: usize) -> Result<Vec<u32>, Fault> {
    let mut values = Vec::new();
    if width == 0 && walk.is_empty() {
        values.resize(count, 0);
    }
    while values.len() < count {
        let head = varint(walk)?;
        let left = count - values.len();
        if head & 1 == 0 {
            let bytes = walk.take(width.div_ceil(8) as usize)?;
            let value = bytes.iter().rev().fold(0u32, |all, byte| all << 8 | u32::from(*byte));
            let run = usize::try_from(head >> 1).ok().filter(|run| (1..=left).contains(run) && fits(value, width));
            values.resize(values.len() + run.ok_or_else(|| broken(walk))?, value);
        } else {
            let groups =
                usize::try_from(head >> 1).ok().filter(|groups| (1..=left.div_ceil(8).max(FILLED)).contains(groups));
            let groups = groups.ok_or_else(|| broken(walk))?;
            // The last writers leave out bytes that only fill up the last group.
            let bytes = walk.take((groups * width as usize).min(walk.rest().len()))?;
            let before = values.len();
            let numbers = bits(bytes, width).map(|value| value as u32);
            match width {
                0 => values.resize(before + left.min(groups * 8), 0),
                _ => values.extend(numbers.take(left.min(groups * 8))),
            }
            if values.len() < before + left.min(groups * 8) {
                return Err(broken(walk));
            }
        }
    }
    Ok(values)
}

fn fits(value: u32, width: u32) -> bool {
    width >= 32 || value >> width == 0
}

/// At most so many whole numbers by their differences (DELTA_BINARY_PACKED).
pub(super) fn deltas(walk: &mut Walk<'_>, most: usize) -> Result<Vec<i64>, Fault> {
    let (block, parts, count) = (varint(walk)?, varint(walk)?, varint(walk)?);
    let mut value = zigzag(varint(walk)?);
    let count = usize::try_from(count).ok().filter(|count| *count <= most).ok_or_else(|| broken(walk))?;
    let each = usize::try_from(block.checked_div(parts).unwrap_or(0)).unwrap_or(0);
    if !(8..=1 << 16).contains(&each) || each % 8 != 0 || parts > 512 {
        return Err(broken(walk));
    }
    let mut values = Vec::new();
    if count > 0 {
        values.push(value);
    }
    while values.len() < count {
        let least = zigzag(varint(walk)?);
        let widths = walk.take(parts as usize)?;
        for width in widths {
            if values.len() >= count {
                break;
            }
            if *width > 64 {
                return Err(broken(walk));
            }
            let bytes = walk.take(each * usize::from(*width) / 8)?;
            let left = (count - values.len()).min(each);
            let zeros = std::iter::repeat_n(0, if *width == 0 { left } else { 0 });
            for delta in zeros.chain(bits(bytes, (*width).into()).take(if *width == 0 { 0 } else { left })) {
                value = value.wrapping_add(least).wrapping_add(delta as i64);
                values.push(value);
            }
        }
    }
    Ok(values)
}

/// So many byte strings, all lengths first (DELTA_LENGTH_BYTE_ARRAY).
pub(super) fn lengths(walk: &mut Walk<'_>, most: usize) -> Result<Vec<Vec<u8>>, Fault> {
    let lengths = deltas(walk, most)?;
    let one = |len: i64| {
        let len = usize::try_from(len).map_err(|_| broken(walk))?;
        walk.take(len).map(<[u8]>::to_vec)
    };
    lengths.into_iter().map(one).collect()
}

/// So many byte strings, each with what it shares with the one before it (DELTA_BYTE_ARRAY); `room` is how long they may be
/// together.
pub(super) fn prefixes(walk: &mut Walk<'_>, most: usize, mut room: usize) -> Result<Vec<Vec<u8>>, Fault> {
    let shared = deltas(walk, most)?;
    let rest = lengths(walk, most)?;
    if shared.len() != rest.len() {
        return Err(broken(walk));
    }
    let mut values: Vec<Vec<u8>> = Vec::new();
    for (shared, rest) in shared.into_iter().zip(rest) {
        let before = values.last().map_or(&[][..], Vec::as_slice);
        let prefix =
            usize::try_from(shared).ok().and_then(|shared| before.get(..shared)).ok_or_else(|| broken(walk))?;
        let value = [prefix, &rest].concat();
        room = room
            .checked_sub(value.len())
            .ok_or_else(|| Fault::new("its texts are longer than what can be examined"))?;
        values.push(value);
    }
    Ok(values)
}

/// So many values of a fixed size, first all their first bytes, then all their second ones (BYTE_STREAM_SPLIT).
pub(super) fn split(walk: &mut Walk<'_>, physical: Physical, count: usize) -> Result<Vec<Value>, Fault> {
    let size = match physical {
        Physical::Int32 | Physical::Float => 4,
        Physical::Int64 | Physical::Double => 8,
        Physical::Fixed(len) => len,
        Physical::Bool | Physical::Bytes => return Err(broken(walk)),
    };
    let all = count.checked_mul(size).ok_or_else(|| broken(walk))?;
    let bytes = walk.take(all)?;
    let joined: Vec<u8> = (0..count).flat_map(|at| bytes.iter().skip(at).step_by(count.max(1)).copied()).collect();
    plain(&mut Walk::new(&joined, walk.at()), physical, count)
}
