//! The attributes of an ONNX node: numbers, texts, tensors and graphs.

use super::Reader;
use super::schema::TYPE;
use crate::anatomy::{Body, Fault};
use crate::array::{Array, Number, Order};
use crate::data::Data;
use crate::formats::wire::{Value, Wire};
use crate::model::Estimator;

/// Most settings of a model that are kept, and most characters of one.
const SETTINGS: usize = 64;
const LONG: usize = 200;
/// Most bytes of a list; its integers take eight each in memory.
const LIST: u64 = 16 << 20;

/// What an attribute holds; a list is kept as the bytes of its numbers.
#[derive(Default)]
struct Attribute {
    name: String,
    setting: Option<String>,
    floats: Vec<u8>,
    ints: Vec<u8>,
    texts: u64,
    /// The numbers of the fields that had a value.
    fields: Vec<u32>,
    kind: Option<u64>,
}

impl Reader<'_> {
    /// Reads an AttributeProto, of which a model's class keeps its settings and the lengths of its lists.
    pub(super) fn attribute(&mut self, data: &Data, model: &mut Estimator) -> Result<(), Fault> {
        let mut wire = Wire::new(data);
        let mut own = Attribute::default();
        while let Some(field) = wire.next()? {
            let (number, field_at) = (field.number, field.at);
            if matches!(number, 2..=11 | 14 | 15 | 22 | 23) && !own.fields.contains(&number) {
                own.fields.push(number);
            }
            match (number, &field.value) {
                (1, Value::Bytes(_)) => {
                    let before = self.texts.len();
                    self.text(&field)?;
                    own.name = self.texts.get(before).cloned().unwrap_or_default();
                }
                (13 | 21, Value::Bytes(_)) => self.text(&field)?,
                (20, Value::Varint(kind)) if own.kind.is_none() => own.kind = Some(*kind),
                (2, Value::Four(bytes)) => {
                    let value = f32::from_le_bytes(*bytes);
                    self.number(value.into())?;
                    own.setting = Some(format!("{value:?}"));
                }
                (3, Value::Varint(value)) => {
                    self.number(*value as i64 as f64)?;
                    own.setting = Some((*value as i64).to_string());
                }
                (4, Value::Bytes(_)) => {
                    let before = self.texts.len();
                    self.text(&field)?;
                    own.setting = self.texts.get(before).map(|text| text.chars().take(LONG).collect());
                }
                (7, Value::Four(bytes)) => own.floats.extend(bytes),
                (7, Value::Bytes(packed)) if packed.len() <= LIST => own.floats.extend(packed.bytes()?),
                (8, Value::Varint(value)) => own.ints.extend(value.to_le_bytes()),
                (8, Value::Bytes(packed)) if packed.len() <= LIST => {
                    let mut wire = Wire::new(packed);
                    while !wire.is_empty() {
                        own.ints.extend(wire.varint()?.to_le_bytes());
                    }
                }
                (9, Value::Bytes(_)) => {
                    self.text(&field)?;
                    own.texts += 1;
                }
                (5 | 10, Value::Bytes(tensor)) => {
                    let tensor = self.tensor(tensor)?;
                    model.arrays.push((own.name.clone(), tensor.shape));
                    model.parameters = model.parameters.saturating_add(tensor.numbers);
                }
                (6 | 11, Value::Bytes(graph)) => self.graph(graph)?,
                (14 | 15, Value::Bytes(kind)) => self.message(&TYPE, kind)?,
                (22 | 23, Value::Bytes(sparse)) => {
                    let numbers = self.sparse(sparse)?;
                    model.parameters = model.parameters.saturating_add(numbers);
                }
                _ => self.unknown("AttributeProto", field)?,
            }
            if own.floats.len().max(own.ints.len()) as u64 > 8 * LIST {
                return Err(Fault::at(field_at, "a list is longer than what can be examined"));
            }
        }
        self.keep(own, model, data)
    }

    fn keep(&mut self, own: Attribute, model: &mut Estimator, data: &Data) -> Result<(), Fault> {
        // Which field holds the value, by AttributeType; an attribute may have no other.
        let told = match own.kind.unwrap_or(0) {
            0 => own.fields.first().copied(),
            kind @ 1..=3 => Some(kind as u32 + 1),
            kind @ 4..=10 => Some(kind as u32 + 1),
            11 => Some(22),
            12 => Some(23),
            13 => Some(14),
            14 => Some(15),
            _ => None,
        };
        if own.fields.iter().any(|field| Some(*field) != told) {
            self.refuse("an attribute with a value that isn't of its type", data)?;
        }
        if let Some(setting) = own.setting
            && model.settings.len() < SETTINGS
        {
            model.settings.push((own.name.clone(), setting));
        }
        if own.texts > 0 {
            model.arrays.push((own.name.clone(), vec![own.texts]));
        }
        for (number, bytes) in [(Number::F32, own.floats), (Number::I64, own.ints)] {
            let (count, rest) = (bytes.len() / number.size(), bytes.len() % number.size());
            if rest > 0 {
                return Err(Fault::new("a list of numbers is broken"));
            }
            if count > 0 {
                self.anatomy.room.keep(bytes.len())?;
                let shape = vec![count as u64];
                model.arrays.push((own.name.clone(), shape.clone()));
                model.parameters = model.parameters.saturating_add(count as u64);
                let array = Array::packed(number, shape, Order::Rows, bytes.into());
                let at = if model.at.is_empty() { own.name.clone() } else { format!("{}.{}", model.at, own.name) };
                self.anatomy.add(at, Body::Array(array))?;
            }
        }
        Ok(())
    }
}
