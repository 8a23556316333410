//! ONNX models (onnx-ml.proto of the ONNX specification, IR version 14): every field is read, and one that the specification
//! doesn't have blocks.

mod attribute;
mod graph;
mod points;
mod schema;
mod tensor;

use super::inside;
use super::wire::{Field, Value, Wire};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::array::Array;
use crate::data::Data;
use crate::finding::Finding;
use crate::model::Estimator;
use crate::say::quoted;
use schema::{CONFIGURATION, ENTRY, Message, OPERATORS, Shape};
use std::collections::BTreeSet;

/// Deepest nesting of graphs in graphs, and of types in types.
const DEEP: u32 = 16;
/// What a message counts for: a model may have about a million of them.
const MESSAGE: usize = 256;
/// Most bytes of one text.
const TEXT: u64 = 1 << 20;
/// Most foreign domains that a remark names.
const NAMED: usize = 8;
/// The domains whose operators the specification defines.
const STANDARD: [&str; 3] = ["", "ai.onnx", "ai.onnx.ml"];

/// What is gathered on the way through a model.
struct Reader<'a> {
    at: String,
    anatomy: &'a mut Anatomy,
    texts: Vec<String>,
    /// Numbers that stand alone.
    numbers: Vec<f64>,
    /// Domains of operators.
    domains: BTreeSet<String>,
    /// Domains of functions that the model itself defines.
    defined: BTreeSet<String>,
    /// Numbers in initial values.
    parameters: u64,
    /// Nodes so far.
    nodes: u64,
    depth: u32,
}

/// Reads a model.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let place = anatomy.estimators.len();
    let mut reader = Reader {
        at: at.to_owned(),
        anatomy,
        texts: Vec::new(),
        numbers: Vec::new(),
        domains: BTreeSet::new(),
        defined: BTreeSet::new(),
        parameters: 0,
        nodes: 0,
        depth: DEEP,
    };
    let producer = reader.model(data)?;
    let Reader { texts, numbers, domains, defined, parameters, .. } = reader;
    let known = |domain: &&String| STANDARD.contains(&domain.as_str()) || defined.contains(*domain);
    let foreign: Vec<String> = domains.iter().filter(|domain| !known(domain)).map(|name| quoted(name)).collect();
    if !foreign.is_empty() {
        let named = foreign.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let message = format!("it needs operators that the standard doesn't have, of {named}");
        anatomy.remark("F5", Finding::block(message, "export the model with standard operators alone"));
    }
    anatomy.add(inside(at, "texts"), Body::Texts(texts.into()))?;
    anatomy.add(inside(at, "numbers"), Body::Array(Array::of(&numbers)))?;
    let settings = producer.into_iter().map(|producer| ("producer".to_owned(), producer)).collect();
    let class = "onnx".to_owned();
    let whole = Estimator { at: at.to_owned(), class, settings, parameters, ..Estimator::default() };
    anatomy.estimators.insert(place.min(anatomy.estimators.len()), whole);
    Ok(())
}

impl Reader<'_> {
    /// Reads a ModelProto; gives who wrote it.
    fn model(&mut self, data: &Data) -> Result<Option<String>, Fault> {
        let mut wire = Wire::new(data);
        let (mut graphs, mut version, mut producer) = (0, false, None);
        while let Some(field) = wire.next()? {
            match (field.number, &field.value) {
                (1, Value::Varint(number)) => {
                    version = true;
                    self.number(*number as f64)?;
                }
                (2, Value::Bytes(_)) => {
                    self.text(&field)?;
                    producer = self.texts.last().cloned();
                }
                (3 | 4 | 6, Value::Bytes(_)) => self.text(&field)?,
                (5, Value::Varint(number)) => self.number(*number as f64)?,
                (7, Value::Bytes(graph)) => {
                    graphs += 1;
                    self.graph(graph)?;
                }
                (8, Value::Bytes(operators)) => {
                    let before = self.texts.len();
                    self.message(&OPERATORS, operators)?;
                    let named = self.texts.get(before..).unwrap_or(&[]).to_vec();
                    self.domains.extend(named);
                }
                (14, Value::Bytes(entry)) => self.message(&ENTRY, entry)?,
                (20, Value::Bytes(training)) => self.refuse("instructions for further training", training)?,
                (25, Value::Bytes(function)) => self.function(function)?,
                (26, Value::Bytes(configuration)) => self.message(&CONFIGURATION, configuration)?,
                _ => self.unknown("ModelProto", field)?,
            }
        }
        if graphs != 1 || !version {
            return Err(Fault::new("it is no ONNX model"));
        }
        Ok(producer)
    }

    /// Reads a message by its table.
    fn message(&mut self, message: &Message, data: &Data) -> Result<(), Fault> {
        self.inside()?;
        let mut wire = Wire::new(data);
        while let Some(field) = wire.next()? {
            let shape = message.fields.iter().find(|(number, _)| *number == field.number).map(|(_, shape)| *shape);
            match (shape, &field.value) {
                (Some(Shape::Int), Value::Varint(number)) => self.number(*number as i64 as f64)?,
                (Some(Shape::Int), Value::Bytes(packed)) => self.packed(packed)?,
                (Some(Shape::Text), Value::Bytes(_)) => self.text(&field)?,
                (Some(Shape::Of(inner)), Value::Bytes(data)) => self.message(inner, data)?,
                _ => self.unknown(message.name, field)?,
            }
        }
        self.depth += 1;
        Ok(())
    }

    fn inside(&mut self) -> Result<(), Fault> {
        self.count()?;
        self.depth = self.depth.checked_sub(1).ok_or_else(|| Fault::new("it is nested too deep"))?;
        Ok(())
    }

    /// Counts one message more: an empty one takes two bytes in the file, and much more time.
    fn count(&mut self) -> Result<(), Fault> {
        self.anatomy.room.keep(MESSAGE).map_err(Fault::from)
    }

    fn packed(&mut self, data: &Data) -> Result<(), Fault> {
        let mut wire = Wire::new(data);
        while !wire.is_empty() {
            let number = wire.varint()?;
            self.number(number as i64 as f64)?;
        }
        Ok(())
    }

    fn number(&mut self, number: f64) -> Result<(), Fault> {
        if self.numbers.len() == self.numbers.capacity() {
            self.anatomy.room.keep(size_of_val(self.numbers.as_slice()))?;
        }
        self.numbers.push(number);
        Ok(())
    }

    /// Keeps a text, which is UTF-8 where the specification says `string`; `bytes` that aren't are kept as bytes.
    fn text(&mut self, field: &Field) -> Result<(), Fault> {
        let Value::Bytes(data) = &field.value else { return Err(Fault::at(field.at, "it has no text there")) };
        if data.len() > TEXT {
            return Err(Fault::at(field.at, "a text is longer than what can be examined"));
        }
        match String::from_utf8(data.bytes()?) {
            Ok(text) => {
                self.anatomy.room.keep(text.len())?;
                self.texts.push(text);
                Ok(())
            }
            Err(_) => self.refuse("a text that isn't UTF-8", data),
        }
    }

    /// Tells of something that no check reads, and puts it aside as bytes.
    fn refuse(&mut self, what: &str, data: &Data) -> Result<(), Fault> {
        self.anatomy.block_once("F5", &format!("it holds {what}"), "export the model anew, without it");
        self.anatomy.add(inside(&self.at, what), Body::Bytes(data.clone()))
    }

    fn unknown(&mut self, message: &str, field: Field) -> Result<(), Fault> {
        let what = format!("field {} of {message}, which the specification doesn't have", field.number);
        let data = match field.value {
            Value::Varint(number) => number.to_le_bytes().to_vec().into(),
            Value::Four(bytes) => bytes.to_vec().into(),
            Value::Eight(bytes) => bytes.to_vec().into(),
            Value::Bytes(data) => data,
        };
        self.refuse(&what, &data)
    }
}
