//! Scalers that a model holds: what they did to its numbers can be undone.

use crate::anatomy::{Body, Part};
use crate::array::Array;
use std::collections::BTreeMap;

/// Most columns of a scaler that are looked at.
const COLUMNS: u64 = 4096;

/// For each column, what a scaled number is multiplied with, and what is added then.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Undo {
    pub(crate) by: Vec<f64>,
    pub(crate) plus: Vec<f64>,
}

impl Undo {
    /// The number that a scaled one was, in a column.
    pub(crate) fn undone(&self, column: usize, value: f64) -> Option<f64> {
        Some(value * self.by.get(column)? + self.plus.get(column)?)
    }
}

/// All scalers among the parts, by the names that scikit-learn gives their arrays (StandardScaler, RobustScaler, MaxAbsScaler,
/// MinMaxScaler) and ONNX theirs (ai.onnx.ml.Scaler).
pub(crate) fn scalers(parts: &[Part]) -> Vec<Undo> {
    let mut owners: BTreeMap<&str, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for part in parts {
        let (Body::Array(array), Some((owner, name))) = (&part.body, part.at.rsplit_once('.')) else { continue };
        if let Some(values) = values(array) {
            owners.entry(owner).or_default().insert(name, values);
        }
    }
    let mut all: Vec<Undo> = Vec::new();
    for undo in owners.values().filter_map(undo).filter(|undo| undo.by.len() == undo.plus.len()) {
        if !all.contains(&undo) {
            all.push(undo);
        }
    }
    all
}

fn values(array: &Array) -> Option<Vec<f64>> {
    let mut values = Vec::new();
    let len = array.shape.iter().copied().max().filter(|side| *side == array.len() && *side <= COLUMNS)?;
    array.read(0, len as usize, &mut values).ok()?;
    Some(values)
}

fn undo(arrays: &BTreeMap<&str, Vec<f64>>) -> Option<Undo> {
    let zeros = |like: &Vec<f64>| vec![0.0; like.len()];
    // ONNX: (x - offset) * scale.
    if let (Some(offset), Some(scale)) = (arrays.get("offset"), arrays.get("scale")) {
        return Some(Undo { by: scale.iter().map(|scale| 1.0 / scale).collect(), plus: offset.clone() });
    }
    // MinMaxScaler: x * scale_ + min_.
    if let (Some(least), Some(scale)) = (arrays.get("min_"), arrays.get("scale_")) {
        let plus = least.iter().zip(scale).map(|(least, scale)| -least / scale).collect();
        return Some(Undo { by: scale.iter().map(|scale| 1.0 / scale).collect(), plus });
    }
    // The others: (x - centre) / scale_, with either left out.
    let centre = ["mean_", "center_"].iter().find_map(|name| arrays.get(name));
    match (centre, arrays.get("scale_")) {
        (Some(centre), Some(scale)) => Some(Undo { by: scale.clone(), plus: centre.clone() }),
        (None, Some(scale)) => Some(Undo { by: scale.clone(), plus: zeros(scale) }),
        (Some(centre), None) => Some(Undo { by: centre.iter().map(|_| 1.0).collect(), plus: centre.clone() }),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Undo, scalers};
    use crate::anatomy::{Body, Part};
    use crate::array::Array;

    fn parts(arrays: &[(&str, &[f64])]) -> Vec<Part> {
        let part = |(at, values): &(&str, &[f64])| Part { at: (*at).to_owned(), body: Body::Array(Array::of(values)) };
        arrays.iter().map(part).collect()
    }

    #[test]
    fn each_scaler_is_undone_by_its_own_arrays() {
        for (arrays, scaled, expected) in [
            (vec![(".s.mean_", &[10.0, 5.0][..]), (".s.scale_", &[2.0, 4.0]), (".s.var_", &[4.0, 16.0])], 1.5, 11.0),
            (vec![(".m.min_", &[-1.0, -0.5]), (".m.scale_", &[0.5, 0.25])], 1.5, 8.0),
            (vec![(".r.center_", &[3.0, 3.0]), (".r.scale_", &[2.0, 2.0])], 1.5, 6.0),
            (vec![(".a.scale_", &[8.0, 8.0])], 1.5, 12.0),
            (vec![("Scaler.offset", &[10.0, 5.0]), ("Scaler.scale", &[0.5, 0.25])], 1.5, 11.0),
        ] {
            let found = scalers(&parts(&arrays));
            assert!(found.iter().any(|undo| undo.undone(1, scaled) == Some(expected)), "{arrays:?}: {found:?}");
        }
    }

    #[test]
    fn what_does_not_fit_together_is_no_scaler() {
        assert_eq!(scalers(&parts(&[(".s.mean_", &[1.0]), (".s.scale_", &[1.0, 2.0])])), Vec::<Undo>::new());
        assert_eq!(scalers(&parts(&[(".tree_.value", &[1.0])])), Vec::<Undo>::new());
    }
}
