//! M6: the numbers of a model are no more precise than the profile says, and lie as their format has them lie.
//!
//! A number of a model needs few digits to predict as well; the others can carry what somebody wrote into them, and the order of names
//! and gaps between them can carry more. So a copy is made in which nothing of this is left to choose, and a file leaves if it is that copy.

mod archive;
mod npy;
mod onnx;
mod precision;
mod safetensors;

use crate::anatomy::Body;
use crate::array::Array;
use crate::data::Data;
use crate::finding::Finding;
use crate::subject::Subject;
use precision::Precision;
use std::io;

const REMEDY: &str = "release the copy whose numbers are rounded: `semla check --fix` writes it, and of a release it takes the file's place";
/// Kinds of files whose numbers are weights.
const KINDS: [&str; 8] = ["pickle", "pickle without a sign", "joblib", "torch", "safetensors", "onnx", "npy", "npz"];

/// Holds a model to the profile's `weight_bits`.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(precision) = precision(subject) else { return Vec::new() };
    let arrays = arrays(subject);
    let coarse = format!("numbers of {} significant bits at most", precision.bits());
    let finding = match copy(subject, precision) {
        _ if arrays.is_empty() => return Vec::new(),
        Ok(Some(copy)) if is(&copy, subject) => Finding::pass(format!("{coarse}, as their format has them lie")),
        Ok(Some(_)) => Finding::block(format!("it isn't the copy that may leave, with {coarse}"), REMEDY),
        Ok(None) => {
            let remedy = "write the model without compression, and with protocol 4 or later of pickle";
            Finding::block(format!("it can't be rewritten with {coarse}: some lie where they can't be rounded"), remedy)
        }
        Err(error) => Finding::block(format!("it can't be rewritten ({error})"), "write the file again"),
    };
    vec![finding.with("arrays", arrays.len()).with("significant_bits", precision.bits())]
}

/// The copy that may leave in the file's place, unless the file is that already.
pub(crate) fn mended(subject: &Subject<'_>) -> Option<Vec<u8>> {
    copy(subject, precision(subject)?).ok().flatten().filter(|copy| !is(copy, subject))
}

fn is(copy: &[u8], subject: &Subject<'_>) -> bool {
    copy.len() as u64 == subject.size
        && subject.data.as_ref().is_some_and(|data| data.bytes().is_ok_and(|bytes| bytes == copy))
}

/// What the profile asks of this file; nothing of one that is too large to leave anyway.
fn precision(subject: &Subject<'_>) -> Option<Precision> {
    let kind = subject.kind.as_ref().ok()?;
    let asked = KINDS.contains(&kind.name) && subject.size <= subject.evidence.profile.max_bytes;
    subject.evidence.profile.weight_bits.filter(|_| asked).map(Precision::new)
}

/// The arrays whose numbers are weights.
fn arrays<'a>(subject: &'a Subject<'_>) -> Vec<&'a Array> {
    subject.plain().iter().filter_map(|part| weights(&part.body)).collect()
}

/// An array whose numbers can have a fraction; what no array holds in the file is a setting.
fn weights(body: &Body) -> Option<&Array> {
    let Body::Array(array) = body else { return None };
    (array.number.is_float() && !array.gathered).then_some(array)
}

/// The file with rounded numbers, in the layout of its format; none if some of them can't be reached.
fn copy(subject: &Subject<'_>, precision: Precision) -> io::Result<Option<Vec<u8>>> {
    let Some(whole) = &subject.data else { return Ok(None) };
    let arrays = arrays(subject);
    match subject.kind.as_ref().map_or("", |kind| kind.name) {
        "npy" => npy::copy(whole, &arrays, precision),
        "npz" => archive::unpacked(whole, precision),
        "torch" => archive::members(whole).map_or(Ok(None), |members| archive::copy(&members, &arrays, precision)),
        "onnx" => {
            let mut bytes = whole.bytes()?;
            Ok(onnx::round(&mut bytes, precision).map(|()| bytes))
        }
        "safetensors" => safetensors::copy(subject, precision),
        _ => rounded(whole, &arrays, precision),
    }
}

/// The bytes of a stretch with the numbers of arrays rounded where they lie; none unless all of them lie in it.
fn rounded(data: &Data, arrays: &[&Array], precision: Precision) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = data.bytes()?;
    for array in arrays {
        let start = array.data.place_in(data).and_then(|at| usize::try_from(at).ok());
        let Some(body) = start.and_then(|start| bytes.get_mut(start..)) else { return Ok(None) };
        precision.round(array, body);
    }
    Ok(Some(bytes))
}
