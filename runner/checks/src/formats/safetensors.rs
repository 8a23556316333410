//! Safetensors (github.com/huggingface/safetensors, "Format"): a JSON header, then the tensors without gaps.

use super::json;
use super::walk::{Walk, piece};
use super::{inside, quoted};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::array::{Array, Number, Order};
use crate::data::Data;
use crate::finding::Finding;
use crate::model::Estimator;
use crate::tree::Node;

/// Most bytes of a header: about 150,000 tensors.
const HEADER: u64 = 16 << 20;
/// Bytes before the header: its length.
const LENGTH: u64 = 8;
const METADATA: &str = "__metadata__";

/// One tensor, as the header describes it.
struct Tensor {
    name: String,
    /// None for numbers that no array holds.
    number: Option<Number>,
    shape: Vec<u64>,
    start: u64,
    end: u64,
}

/// Reads the tensors, and what the header says beside them.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let start = piece(data, 0, LENGTH)?;
    let len = Walk::new(&start, 0).u64()?;
    if len > HEADER {
        return Err(Fault::at(0, "its header is longer than what can be examined"));
    }
    let bytes = piece(data, LENGTH, len)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Fault::at(LENGTH, "its header isn't UTF-8"))?;
    let Node::Object(members) = json::node(text.trim_end_matches(' '), anatomy)? else {
        return Err(Fault::at(LENGTH, "its header is no object"));
    };
    let body = data.after(LENGTH + len).ok_or_else(|| Fault::at(LENGTH, "it ends too early"))?;
    let mut tensors = Vec::new();
    for (name, node) in &members {
        match name.as_str() {
            METADATA => anatomy.add(inside(at, METADATA), Body::Texts(metadata(node)?.into()))?,
            _ => tensors.push(tensor(name, node)?),
        }
    }
    tensors.sort_by_key(|tensor| (tensor.start, tensor.end));
    let mut next = 0;
    for tensor in &tensors {
        if tensor.start != next {
            return Err(Fault::at(LENGTH + len + next, "its tensors overlap, or something lies between them"));
        }
        next = tensor.end;
    }
    if next != body.len() {
        return Err(Fault::at(LENGTH + len + next, "something follows its last tensor, or that ends too early"));
    }
    anatomy.add(inside(at, "names"), Body::Texts(tensors.iter().map(|tensor| &tensor.name).collect()))?;
    anatomy.estimators.push(Estimator {
        at: at.to_owned(),
        class: "safetensors".to_owned(),
        arrays: tensors.iter().map(|tensor| (tensor.name.clone(), tensor.shape.clone())).collect(),
        parameters: tensors.iter().map(|tensor| tensor.shape.iter().product::<u64>()).fold(0, u64::saturating_add),
        ..Estimator::default()
    });
    tensors.into_iter().try_for_each(|tensor| add(tensor, &body, at, anatomy))
}

fn add(tensor: Tensor, body: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let data = body.part(tensor.start, tensor.end - tensor.start).ok_or_else(|| Fault::new("it ends too early"))?;
    let part = match tensor.number {
        Some(number) => Body::Array(Array::packed(number, tensor.shape, Order::Rows, data)),
        None => {
            let message = format!("{} has numbers that can't be compared with the data", quoted(&tensor.name));
            anatomy.remark("F5", Finding::block(message, "save the tensors as f16, bf16, f32 or f64"));
            Body::Bytes(data)
        }
    };
    anatomy.add(inside(at, &tensor.name), part)
}

/// Names and values, which are texts.
fn metadata(node: &Node) -> Result<Vec<String>, Fault> {
    let Node::Object(pairs) = node else { return Err(Fault::new("its metadata is no object")) };
    let text = |node: &Node| if let Node::Text(text) = node { Some(text.clone()) } else { None };
    let pairs: Option<Vec<_>> = pairs.iter().map(|(name, value)| Some([name.clone(), text(value)?])).collect();
    Ok(pairs.ok_or_else(|| Fault::new("its metadata isn't texts"))?.concat())
}

fn tensor(name: &str, node: &Node) -> Result<Tensor, Fault> {
    let fault = |what: &str| Fault::new(format!("{}: {what}", quoted(name)));
    let Node::Object(members) = node else { return Err(fault("it is no tensor")) };
    let member = |wanted: &str| members.iter().find(|(name, _)| name == wanted).map(|(_, node)| node);
    let (Some(Node::Text(kind)), Some(shape), Some(offsets), 3) =
        (member("dtype"), member("shape"), member("data_offsets"), members.len())
    else {
        return Err(fault("it isn't described as a tensor is"));
    };
    let (number, bits) = number(kind).ok_or_else(|| fault("its numbers are of an unknown kind"))?;
    let shape = numbers(shape).ok_or_else(|| fault("its shape is broken"))?;
    let offsets = numbers(offsets).unwrap_or_default();
    let [start, end] = offsets.as_slice() else { return Err(fault("its place is broken")) };
    let count = shape.iter().try_fold(1u64, |all, more| all.checked_mul(*more));
    // Numbers of less than a byte are packed together.
    let promised = count.and_then(|count| count.checked_mul(bits)).filter(|bits| bits % 8 == 0).map(|bits| bits / 8);
    if promised.is_none() || promised != end.checked_sub(*start) {
        return Err(fault("it has another size than its shape promises"));
    }
    Ok(Tensor { name: name.to_owned(), number, shape, start: *start, end: *end })
}

fn numbers(node: &Node) -> Option<Vec<u64>> {
    let Node::List(items) = node else { return None };
    let number = |node: &Node| if let Node::Number(text) = node { text.parse().ok() } else { None };
    items.iter().map(number).collect()
}

/// A kind of numbers, and the bits of one.
fn number(kind: &str) -> Option<(Option<Number>, u64)> {
    let known = match kind {
        "BOOL" => Number::Bool,
        "U8" => Number::U8,
        "I8" => Number::I8,
        "U16" => Number::U16,
        "I16" => Number::I16,
        "F16" => Number::F16,
        "BF16" => Number::Bf16,
        "U32" => Number::U32,
        "I32" => Number::I32,
        "F32" => Number::F32,
        "U64" => Number::U64,
        "I64" => Number::I64,
        "F64" => Number::F64,
        "F4" => return Some((None, 4)),
        "F6_E2M3" | "F6_E3M2" => return Some((None, 6)),
        "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => return Some((None, 8)),
        "C64" => return Some((None, 64)),
        _ => return None,
    };
    Some((Some(known), 8 * known.size() as u64))
}
