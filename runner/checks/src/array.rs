//! Arrays of numbers, wherever in a file they lie.

use crate::data::Data;
use std::io::{self, Read};

/// Integers that are read at a time.
const CHUNK: u64 = 1 << 16;

/// What one number is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    F16,
    /// The upper half of an `F32`.
    Bf16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
}

/// How the numbers of an array of more than one dimension follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The last index runs fastest, as in C.
    Rows,
    /// The first index runs fastest, as in Fortran.
    Columns,
}

/// Numbers in a file, or in what was unpacked from it.
#[derive(Clone, Debug)]
pub(crate) struct Array {
    pub(crate) number: Number,
    pub(crate) big_endian: bool,
    /// How many there are along each dimension; none for a single number.
    pub(crate) shape: Vec<u64>,
    pub(crate) order: Order,
    /// The bytes, from the first number on.
    pub(crate) data: Data,
    /// Bytes from the beginning of a number to that of the next: more than its size where numbers are fields of records.
    pub(crate) step: u64,
    /// Whether it was put together of numbers that stand one by one in the file.
    pub(crate) gathered: bool,
}

impl Number {
    /// Bytes of one.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 | Self::Bool => 1,
            Self::F16 | Self::Bf16 | Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// Whether it can have a fraction.
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::Bf16 | Self::F32 | Self::F64)
    }

    /// The value of its bytes.
    pub(crate) fn decode(self, word: &[u8], big_endian: bool) -> f64 {
        let push = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        self.value(if big_endian { word.iter().fold(0, push) } else { word.iter().rev().fold(0, push) })
    }

    /// The value of its bytes as an integer. Integers beyond 2^53 lose their last digits, on both sides of a
    /// comparison alike.
    #[inline]
    fn value(self, bytes: u64) -> f64 {
        match self {
            Self::F16 => half::f16::from_bits(bytes as u16).to_f64(),
            Self::Bf16 => half::bf16::from_bits(bytes as u16).to_f64(),
            Self::F32 => f32::from_bits(bytes as u32).into(),
            Self::F64 => f64::from_bits(bytes),
            Self::I8 => (bytes as i8).into(),
            Self::I16 => (bytes as i16).into(),
            Self::I32 => (bytes as i32).into(),
            Self::I64 => bytes as i64 as f64,
            Self::U8 | Self::U16 | Self::U32 | Self::U64 | Self::Bool => bytes as f64,
        }
    }
}

impl Array {
    /// Numbers that follow each other without gaps.
    pub(crate) fn packed(number: Number, shape: Vec<u64>, order: Order, data: Data) -> Self {
        Self { number, big_endian: false, shape, order, data, step: number.size() as u64, gathered: false }
    }

    /// Numbers in memory.
    pub(crate) fn of(values: &[f64]) -> Self {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self::packed(Number::F64, vec![values.len() as u64], Order::Rows, bytes.into())
    }

    /// How many numbers the shape promises; none if that is more than can be counted.
    pub(crate) fn promised(&self) -> Option<u64> {
        self.shape.iter().try_fold(1u64, |all, more| all.checked_mul(*more))
    }

    /// How many numbers there are: as many as the shape promises, and no more than the bytes hold.
    pub(crate) fn len(&self) -> u64 {
        let size = self.number.size() as u64;
        let held = self.data.len().checked_sub(size).map_or(0, |more| more / self.step.max(1) + 1);
        self.promised().unwrap_or(u64::MAX).min(held)
    }

    /// Reads numbers from a place on, in the order in which they lie, behind what is in `values` already.
    pub(crate) fn read(&self, at: u64, count: usize, values: &mut Vec<f64>) -> io::Result<()> {
        let Some(more) = count.checked_sub(1) else { return Ok(()) };
        let (size, step) = (self.number.size(), usize::try_from(self.step).unwrap_or(usize::MAX).max(1));
        let mut bytes = vec![0; more.saturating_mul(step).saturating_add(size)];
        let whole = at.checked_mul(self.step).and_then(|at| self.data.part(at, bytes.len() as u64));
        whole.ok_or(io::ErrorKind::UnexpectedEof)?.reader().read_exact(&mut bytes)?;
        let (number, big) = (self.number, self.big_endian);
        match size {
            1 if step == 1 => values.extend(bytes.iter().map(|byte| number.value(u64::from(*byte)))),
            2 if step == 2 => values.extend(bytes.as_chunks().0.iter().map(|word: &[u8; 2]| {
                number.value(if big { u16::from_be_bytes(*word) } else { u16::from_le_bytes(*word) }.into())
            })),
            4 if step == 4 => values.extend(bytes.as_chunks().0.iter().map(|word: &[u8; 4]| {
                number.value(if big { u32::from_be_bytes(*word) } else { u32::from_le_bytes(*word) }.into())
            })),
            8 if step == 8 => values.extend(bytes.as_chunks().0.iter().map(|word: &[u8; 8]| {
                number.value(if big { u64::from_be_bytes(*word) } else { u64::from_le_bytes(*word) })
            })),
            _ => values.extend(
                bytes
                    .chunks(step)
                    .filter_map(|item| item.get(..size))
                    .map(|word| self.number.decode(word, self.big_endian)),
            ),
        }
        Ok(())
    }

    /// The bytes of its integers, each with as many as the largest needs: what lies between them, if they are fields of records, isn't theirs. If
    /// that is more than so many bytes, it is all that it has.
    pub(crate) fn packed_bytes(&self, most: u64) -> io::Result<Data> {
        let (size, width) = (self.number.size(), self.width()?);
        if width == size && self.step == size as u64 || self.len().saturating_mul(width as u64) > most {
            return Ok(self.data.clone());
        }
        let mut bytes = Vec::new();
        if width == size {
            let step = usize::try_from(self.step).unwrap_or(usize::MAX);
            self.data.records(step, |record| bytes.extend_from_slice(record.get(..size).unwrap_or(&[])))?;
        } else {
            self.chunks(|values| {
                let words = values.iter().map(|value| (*value as i64).to_le_bytes());
                bytes.extend(words.flat_map(|word| word.into_iter().take(width)));
            })?;
        }
        Ok(bytes.into())
    }

    /// How many bytes the largest of its integers needs: 1, 2, 4 or 8.
    fn width(&self) -> io::Result<usize> {
        let (mut least, mut most) = (0.0f64, 0.0f64);
        self.chunks(|values| values.iter().for_each(|value| (least, most) = (least.min(*value), most.max(*value))))?;
        let holds = |bytes: &usize| {
            let all = 2f64.powi(8 * *bytes as i32);
            -all / 2.0 <= least && most < all
        };
        Ok([1, 2, 4].into_iter().find(holds).unwrap_or(8).min(self.number.size()))
    }

    /// Reads all numbers, some at a time.
    fn chunks(&self, mut take: impl FnMut(&[f64])) -> io::Result<()> {
        let (mut values, mut at) = (Vec::new(), 0);
        while at < self.len() {
            let count = CHUNK.min(self.len() - at);
            values.clear();
            self.read(at, count as usize, &mut values)?;
            at += count;
            take(&values);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
