//! Safetensors with the tensors by the size of their numbers and by name, as its library orders them, and nothing said beside them but for
//! which library they are.

use super::{Precision, rounded};
use crate::anatomy::{Body, Strings};
use crate::array::{Array, Number};
use crate::subject::Subject;
use serde_json::{Map, Value, json};
use std::io;

/// The header's length is a multiple of this.
const ALIGNED: usize = 8;
/// What loaders ask for before they take a file.
const FORMATS: [&str; 5] = ["pt", "tf", "flax", "np", "mlx"];

pub(super) fn copy(subject: &Subject<'_>, precision: Precision) -> io::Result<Option<Vec<u8>>> {
    let (mut tensors, mut format): (Vec<(&str, &Array)>, Option<&str>) = (Vec::new(), None);
    for part in subject.plain() {
        match &part.body {
            Body::Array(array) => tensors.push((&part.at, array)),
            Body::Texts(pairs) if part.at == "__metadata__" => format = library(pairs),
            Body::Bytes(_) => return Ok(None),
            _ => {}
        }
    }
    tensors.sort_by_key(|(name, array)| (std::cmp::Reverse(array.number.size()), *name));
    let (mut header, mut body) = (Map::new(), Vec::new());
    if let Some(format) = format {
        header.insert("__metadata__".to_owned(), json!({ "format": format }));
    }
    for (name, array) in tensors {
        let start = body.len();
        let Some(bytes) = rounded(&array.data, &[array], precision)? else { return Ok(None) };
        body.extend(bytes);
        let about = json!({ "dtype": kind(array.number), "shape": array.shape, "data_offsets": [start, body.len()] });
        header.insert(name.to_owned(), about);
    }
    let mut text = Value::Object(header).to_string().into_bytes();
    text.resize(text.len().next_multiple_of(ALIGNED), b' ');
    Ok(Some([&(text.len() as u64).to_le_bytes(), text.as_slice(), &body].concat()))
}

fn library(pairs: &Strings) -> Option<&str> {
    let format = pairs.iter().step_by(2).position(|name| name == "format")?;
    let format = pairs.get(2 * format + 1)?;
    FORMATS.into_iter().find(|known| *known == format)
}

fn kind(number: Number) -> &'static str {
    match number {
        Number::Bool => "BOOL",
        Number::U8 => "U8",
        Number::I8 => "I8",
        Number::U16 => "U16",
        Number::I16 => "I16",
        Number::F16 => "F16",
        Number::Bf16 => "BF16",
        Number::U32 => "U32",
        Number::I32 => "I32",
        Number::F32 => "F32",
        Number::U64 => "U64",
        Number::I64 => "I64",
        Number::F64 => "F64",
    }
}
