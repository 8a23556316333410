//! The numbers of an ONNX model, rounded where they lie in its messages (onnx.proto: ModelProto, GraphProto, NodeProto, AttributeProto,
//! TensorProto). Its reader has seen to it that there are no other messages with numbers.

use super::Precision;
use crate::array::Number;

/// Deepest nesting of graphs in each other that is followed; the reader follows fewer.
const DEPTH: u32 = 64;

/// A message, by what its fields mean.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    Sparse,
    Function,
}

/// What a field holds.
enum Field {
    Within(Message),
    Numbers(Number),
    /// Numbers of the type that the message says.
    Raw,
    Other,
}

impl Message {
    fn field(self, number: u64) -> Field {
        use Field::{Numbers, Other, Raw, Within};
        match (self, number) {
            (Self::Model, 7) => Within(Self::Graph),
            (Self::Model, 25) => Within(Self::Function),
            (Self::Graph, 1) | (Self::Function, 7) => Within(Self::Node),
            (Self::Graph, 5) | (Self::Sparse, 1) | (Self::Attribute, 5 | 10) => Within(Self::Tensor),
            (Self::Graph, 15) | (Self::Attribute, 22 | 23) => Within(Self::Sparse),
            (Self::Node, 5) | (Self::Function, 11) => Within(Self::Attribute),
            (Self::Attribute, 6 | 11) => Within(Self::Graph),
            (Self::Attribute, 2 | 7) | (Self::Tensor, 4) => Numbers(Number::F32),
            (Self::Tensor, 10) => Numbers(Number::F64),
            (Self::Tensor, 9) => Raw,
            _ => Other,
        }
    }
}

/// Rounds a model; none if its messages can't be followed.
pub(super) fn round(model: &mut [u8], precision: Precision) -> Option<()> {
    walk(model, Message::Model, precision, DEPTH)
}

fn walk(bytes: &mut [u8], message: Message, precision: Precision, depth: u32) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let raw = if matches!(message, Message::Tensor) { number(bytes)? } else { None };
    let mut at = 0;
    while at < bytes.len() {
        let (tag, kind, start, end) = next(bytes, at)?;
        let body = bytes.get_mut(start..end)?;
        match (message.field(tag), kind) {
            (Field::Within(inner), 2) => walk(body, inner, precision, depth)?,
            (Field::Numbers(number), 1 | 2 | 5) => precision.round_packed(number, body),
            (Field::Raw, 2) => raw.into_iter().for_each(|number| precision.round_packed(number, body)),
            _ => {}
        }
        at = end;
    }
    Some(())
}

/// A field's number and kind, and where its value begins and ends.
fn next(bytes: &[u8], at: usize) -> Option<(u64, u64, usize, usize)> {
    let (tag, start) = varint(bytes, at)?;
    let (start, end) = match tag & 7 {
        0 => (start, varint(bytes, start)?.1),
        1 => (start, start.checked_add(8)?),
        2 => {
            let (len, start) = varint(bytes, start)?;
            (start, start.checked_add(usize::try_from(len).ok()?)?)
        }
        5 => (start, start.checked_add(4)?),
        _ => return None,
    };
    Some((tag >> 3, tag & 7, start, end))
}

/// A number, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0;
    for (place, byte) in bytes.get(at..)?.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, at + place + 1));
        }
    }
    None
}

/// The type that a tensor says its numbers are of, if they can have a fraction (TensorProto.DataType).
fn number(tensor: &[u8]) -> Option<Option<Number>> {
    let (mut at, mut found) = (0, None);
    while at < tensor.len() {
        let (tag, kind, start, end) = next(tensor, at)?;
        if (tag, kind) == (2, 0) {
            found = match varint(tensor, start)?.0 {
                1 => Some(Number::F32),
                10 => Some(Number::F16),
                11 => Some(Number::F64),
                16 => Some(Number::Bf16),
                _ => None,
            };
        }
        at = end;
    }
    Some(found)
}
