//! The graph of an ONNX model, its nodes, and functions, which are graphs with a name.

use super::Reader;
use super::points::{Flow, SCAN};
use super::schema::{ANNOTATION, ENTRY, OPERATORS, PLACEMENT, VALUE};
use crate::anatomy::Fault;
use crate::data::Data;
use crate::formats::inside;
use crate::formats::wire::{Value, Wire};
use crate::model::Estimator;

/// The domain whose operators are whole models.
const MODELS: &str = "ai.onnx.ml";

impl Reader<'_> {
    /// Reads a GraphProto.
    pub(super) fn graph(&mut self, data: &Data) -> Result<(), Fault> {
        self.inside()?;
        let mut wire = Wire::new(data);
        let mut flow = Flow::default();
        while let Some(field) = wire.next()? {
            match (field.number, &field.value) {
                (1, Value::Bytes(node)) => self.node(node, &mut flow)?,
                (2 | 10, Value::Bytes(_)) => self.text(&field)?,
                (5, Value::Bytes(tensor)) => {
                    let tensor = self.tensor(tensor)?;
                    self.parameters = self.parameters.saturating_add(tensor.numbers);
                    flow.constant(tensor.name);
                }
                (11..=13, Value::Bytes(value)) => self.message(&VALUE, value)?,
                (14, Value::Bytes(annotation)) => self.message(&ANNOTATION, annotation)?,
                (15, Value::Bytes(sparse)) => {
                    let numbers = self.sparse(sparse)?;
                    self.parameters = self.parameters.saturating_add(numbers);
                }
                (16, Value::Bytes(entry)) => self.message(&ENTRY, entry)?,
                _ => self.unknown("GraphProto", field)?,
            }
        }
        self.anatomy.estimators.extend(flow.points());
        self.depth += 1;
        Ok(())
    }

    /// Reads a NodeProto. Its attributes come last, under its operator's name.
    fn node(&mut self, data: &Data, flow: &mut Flow) -> Result<(), Fault> {
        self.count()?;
        let mut wire = Wire::new(data);
        let (mut operator, mut domain) = (String::new(), String::new());
        let (mut attributes, mut takes, mut gives) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(field) = wire.next()? {
            match (field.number, &field.value) {
                (1..=4 | 6 | 7 | 8, Value::Bytes(_)) => {
                    let before = self.texts.len();
                    self.text(&field)?;
                    let text = self.texts.get(before).cloned().unwrap_or_default();
                    match field.number {
                        1 => takes.push(text),
                        2 => gives.push(text),
                        4 => operator = text,
                        7 => domain = text,
                        _ => (),
                    }
                }
                (5, Value::Bytes(attribute)) => {
                    self.count()?;
                    attributes.push(attribute.clone());
                }
                (9, Value::Bytes(entry)) => self.message(&ENTRY, entry)?,
                (10, Value::Bytes(placement)) => self.message(&PLACEMENT, placement)?,
                _ => self.unknown("NodeProto", field)?,
            }
        }
        self.nodes += 1;
        let at = inside(&self.at, &format!("{operator}[{}]", self.nodes));
        let mut model = Estimator { at, ..Estimator::default() };
        for attribute in &attributes {
            self.attribute(attribute, &mut model)?;
        }
        if domain == MODELS {
            model.class = format!("{MODELS}.{operator}");
            self.anatomy.estimators.push(model);
        } else if operator == SCAN {
            model.class = operator;
            flow.scan(model, &takes);
        }
        flow.node(takes, gives);
        self.domains.insert(domain);
        Ok(())
    }

    /// Reads a FunctionProto, whose domain is then known.
    pub(super) fn function(&mut self, data: &Data) -> Result<(), Fault> {
        self.inside()?;
        let mut wire = Wire::new(data);
        let mut flow = Flow::default();
        while let Some(field) = wire.next()? {
            match (field.number, &field.value) {
                (1 | 4 | 5 | 6 | 8 | 10 | 13, Value::Bytes(_)) => {
                    let before = self.texts.len();
                    self.text(&field)?;
                    if let Some(domain) = self.texts.get(before).filter(|_| field.number == 10) {
                        self.defined.insert(domain.clone());
                    }
                }
                (7, Value::Bytes(node)) => self.node(node, &mut flow)?,
                (9, Value::Bytes(operators)) => {
                    let before = self.texts.len();
                    self.message(&OPERATORS, operators)?;
                    let named = self.texts.get(before..).unwrap_or(&[]).to_vec();
                    self.domains.extend(named);
                }
                (11, Value::Bytes(attribute)) => {
                    self.count()?;
                    self.attribute(attribute, &mut Estimator { at: self.at.clone(), ..Estimator::default() })?;
                }
                (12, Value::Bytes(value)) => self.message(&VALUE, value)?,
                (14, Value::Bytes(entry)) => self.message(&ENTRY, entry)?,
                _ => self.unknown("FunctionProto", field)?,
            }
        }
        self.depth += 1;
        Ok(())
    }
}
