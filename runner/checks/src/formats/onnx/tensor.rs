//! The tensors of an ONNX model: numbers in one of several fields, all of them where their type says.

use super::Reader;
use super::schema::ENTRY;
use crate::anatomy::{Body, Fault};
use crate::array::{Array, Number, Order};
use crate::data::Data;
use crate::formats::inside;
use crate::formats::wire::{Value, Wire};

/// Most bytes of numbers that were written one by one.
const LOOSE: usize = 128 << 20;

/// What a tensor is, once its numbers are kept.
#[derive(Default)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) shape: Vec<u64>,
    pub(super) numbers: u64,
}

/// The fields of a tensor as they come.
#[derive(Default)]
struct Fields {
    name: String,
    kind: Option<u64>,
    shape: Vec<u64>,
    texts: u64,
    /// Stretches of numbers: the field that they are in, what one is, and their bytes.
    stretches: Vec<(u32, Number, Data)>,
    /// Numbers that were written one by one, likewise.
    loose: Option<(u32, Number, Vec<u8>)>,
    raw: Option<Data>,
}

impl Reader<'_> {
    /// Reads a TensorProto.
    pub(super) fn tensor(&mut self, data: &Data) -> Result<Tensor, Fault> {
        self.count()?;
        let mut wire = Wire::new(data);
        let mut fields = Fields::default();
        while let Some(field) = wire.next()? {
            match (field.number, &field.value) {
                (1, Value::Varint(length)) => fields.shape.push(*length),
                (1, Value::Bytes(packed)) => {
                    let mut wire = Wire::new(packed);
                    while !wire.is_empty() {
                        fields.shape.push(wire.varint()?);
                    }
                }
                (2, Value::Varint(kind)) if fields.kind.is_none() => fields.kind = Some(*kind),
                (4, Value::Bytes(packed)) => fields.stretches.push((4, Number::F32, packed.clone())),
                (10, Value::Bytes(packed)) => fields.stretches.push((10, Number::F64, packed.clone())),
                (5 | 7 | 11, Value::Bytes(packed)) => {
                    let bytes = self.integers(packed)?;
                    fields.stretches.push((field.number, Number::I64, bytes.into()));
                }
                (4, Value::Four(bytes)) => one(&mut fields, 4, Number::F32, bytes)?,
                (10, Value::Eight(bytes)) => one(&mut fields, 10, Number::F64, bytes)?,
                (5 | 7 | 11, Value::Varint(value)) => {
                    one(&mut fields, field.number, Number::I64, &value.to_le_bytes())?;
                }
                (6, Value::Bytes(_)) => {
                    self.text(&field)?;
                    fields.texts += 1;
                }
                (8, Value::Bytes(_)) => {
                    let before = self.texts.len();
                    self.text(&field)?;
                    fields.name = self.texts.get(before).cloned().unwrap_or_default();
                }
                (9, Value::Bytes(raw)) if fields.raw.is_none() => fields.raw = Some(raw.clone()),
                (12, Value::Bytes(_)) => self.text(&field)?,
                (13, Value::Bytes(outside)) => self.refuse("numbers in another file", outside)?,
                (14, Value::Varint(0)) => (),
                (14, Value::Varint(_)) => self.refuse("numbers in another file", data)?,
                (16, Value::Bytes(entry)) => self.message(&ENTRY, entry)?,
                _ => self.unknown("TensorProto", field)?,
            }
            if fields.shape.len() > 64 || fields.stretches.len() > 64 {
                return Err(Fault::new("a tensor is written in too many pieces"));
            }
        }
        self.numbers_of(fields, data)
    }

    /// Reads a SparseTensorProto; gives how many numbers it has.
    pub(super) fn sparse(&mut self, data: &Data) -> Result<u64, Fault> {
        let mut wire = Wire::new(data);
        let mut numbers = 0u64;
        while let Some(field) = wire.next()? {
            match (field.number, &field.value) {
                (1 | 2, Value::Bytes(tensor)) => numbers = numbers.saturating_add(self.tensor(tensor)?.numbers),
                (3, Value::Varint(length)) => self.number(*length as f64)?,
                (3, Value::Bytes(packed)) => self.packed(packed)?,
                _ => self.unknown("SparseTensorProto", field)?,
            }
        }
        Ok(numbers)
    }

    fn integers(&mut self, packed: &Data) -> Result<Vec<u8>, Fault> {
        let mut wire = Wire::new(packed);
        let mut bytes = Vec::new();
        while !wire.is_empty() {
            if bytes.len() == bytes.capacity() {
                self.anatomy.room.keep(bytes.len().max(8))?;
            }
            bytes.extend(wire.varint()?.to_le_bytes());
        }
        Ok(bytes)
    }

    /// Keeps a tensor's numbers, if they are as many as its shape promises and in the field of its type.
    fn numbers_of(&mut self, mut fields: Fields, data: &Data) -> Result<Tensor, Fault> {
        if let Some((field, number, bytes)) = fields.loose.take() {
            self.anatomy.room.keep(bytes.len())?;
            fields.stretches.push((field, number, bytes.into()));
        }
        let count = fields.shape.iter().try_fold(1u64, |all, more| all.checked_mul(*more));
        let count = count.ok_or_else(|| Fault::new("a tensor's shape is broken"))?;
        let kind = fields.kind.unwrap_or(0);
        let Some((field, number)) = kind_of(kind) else {
            if kind == 8 && fields.texts == count && fields.raw.is_none() && fields.stretches.is_empty() {
                return Ok(Tensor { name: fields.name, shape: fields.shape, numbers: 0 });
            }
            self.refuse("numbers that can't be compared with the data", data)?;
            return Ok(Tensor { name: fields.name, shape: fields.shape, numbers: count });
        };
        let at = inside(&self.at, &fields.name);
        let mut held = 0u64;
        for (own, number, bytes) in &fields.stretches {
            if *own != field || bytes.len() % number.size() as u64 != 0 {
                return Err(Fault::new("a tensor's numbers aren't where its type says"));
            }
            held += bytes.len() / number.size() as u64;
        }
        if let Some(raw) = &fields.raw {
            held += raw.len() / number.size() as u64;
        }
        let whole = fields.raw.as_ref().is_none_or(|raw| raw.len() % number.size() as u64 == 0);
        if held != count || !whole || fields.texts > 0 || fields.raw.is_some() && !fields.stretches.is_empty() {
            return Err(Fault::new("a tensor has another number of values than its shape promises"));
        }
        let whole = fields.stretches.len() == 1;
        for (_, wide, bytes) in fields.stretches {
            // Halves are written as the integers of their bits.
            let halves = matches!(number, Number::F16 | Number::Bf16);
            let (number, bytes) = if halves { (number, halved(&bytes)?) } else { (wide, bytes) };
            let shape = if whole { fields.shape.clone() } else { vec![bytes.len() / number.size() as u64] };
            self.anatomy.add(at.clone(), Body::Array(Array::packed(number, shape, Order::Rows, bytes)))?;
        }
        if let Some(raw) = fields.raw {
            let array = Array::packed(number, fields.shape.clone(), Order::Rows, raw);
            self.anatomy.add(at, Body::Array(array))?;
        }
        Ok(Tensor { name: fields.name, shape: fields.shape, numbers: count })
    }
}

/// Adds a number that was written alone to those before it.
fn one(fields: &mut Fields, field: u32, number: Number, bytes: &[u8]) -> Result<(), Fault> {
    let (first, _, all) = fields.loose.get_or_insert_with(|| (field, number, Vec::new()));
    if *first != field || all.len() > LOOSE {
        return Err(Fault::new("a tensor's numbers are written in an odd way"));
    }
    all.extend(bytes);
    Ok(())
}

/// The lower two bytes of every eight.
fn halved(wide: &Data) -> Result<Data, Fault> {
    let bytes = wide.bytes()?;
    Ok(bytes.as_chunks::<8>().0.iter().flat_map(|[one, other, ..]| [*one, *other]).collect::<Vec<u8>>().into())
}

/// The field that a type's numbers are in beside `raw_data`, and what they are in that (TensorProto.DataType).
fn kind_of(kind: u64) -> Option<(u32, Number)> {
    Some(match kind {
        1 => (4, Number::F32),
        2 => (5, Number::U8),
        3 => (5, Number::I8),
        4 => (5, Number::U16),
        5 => (5, Number::I16),
        6 => (5, Number::I32),
        7 => (7, Number::I64),
        9 => (5, Number::Bool),
        10 => (5, Number::F16),
        11 => (10, Number::F64),
        12 => (11, Number::U32),
        13 => (11, Number::U64),
        16 => (5, Number::Bf16),
        _ => return None,
    })
}
