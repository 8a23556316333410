//! What statistics say of a column's values: each claim must be a value that some row has.

use super::schema::{Leaf, Physical};
use super::value::Value;
use crate::anatomy::Fault;
use std::collections::HashMap;

/// Most claims about one column chunk: two for each page.
const CLAIMS: usize = 1 << 16;
/// A claim as long as this may be the beginning of a value only; and how many such are compared.
const SHORTENED: usize = 16;
const LONG: usize = 64;

/// Claims, and whether some row has each.
#[derive(Debug, Default)]
pub(super) struct Claims {
    claims: HashMap<Vec<u8>, bool>,
    /// How many haven't been found yet.
    open: usize,
}

impl Claims {
    pub(super) fn new(claims: Vec<Vec<u8>>) -> Result<Self, Fault> {
        let mut all = Self::default();
        all.add(claims)?;
        Ok(all)
    }

    pub(super) fn add(&mut self, claims: Vec<Vec<u8>>) -> Result<(), Fault> {
        for claim in claims.into_iter().filter(|claim| !claim.is_empty()) {
            if let std::collections::hash_map::Entry::Vacant(place) = self.claims.entry(claim) {
                place.insert(false);
                self.open += 1;
            }
        }
        if self.claims.len() > CLAIMS {
            return Err(Fault::new("its statistics say more than can be examined"));
        }
        Ok(())
    }

    /// Looks for claims among values.
    pub(super) fn compare<'a>(&mut self, values: impl Iterator<Item = &'a Value> + Clone, leaf: &Leaf) {
        for value in values.clone() {
            if self.open == 0 {
                return;
            }
            for bytes in written(value, leaf) {
                if let Some(held @ false) = self.claims.get_mut(&bytes) {
                    *held = true;
                    self.open -= 1;
                }
            }
        }
        let long = self.claims.iter_mut().filter(|(claim, held)| claim.len() >= SHORTENED && !**held).take(LONG);
        for (claim, held) in long {
            // Of a greatest value that is shortened, the last byte is one more.
            let start = claim.split_last().map_or(claim.as_slice(), |(_, start)| start);
            let begins =
                |value: &Value| matches!(value, Value::Bytes(own) if own.len() > claim.len() && own.starts_with(start));
            if values.clone().any(begins) {
                *held = true;
                self.open -= 1;
            }
        }
    }

    /// The claims that no row has.
    pub(super) fn unheld(&self) -> impl Iterator<Item = &[u8]> {
        self.claims.iter().filter(|(_, held)| !**held).map(|(claim, _)| claim.as_slice())
    }
}

/// A value as statistics write it. Zeros have two signs, and either may stand for the other (parquet.thrift, ColumnOrder).
fn written(value: &Value, leaf: &Leaf) -> Vec<Vec<u8>> {
    match value {
        Value::Bytes(own) => vec![own.clone()],
        Value::Bool(own) => vec![vec![u8::from(*own)]],
        Value::Int(own) if leaf.physical == Physical::Int32 => vec![(*own as i32).to_le_bytes().to_vec()],
        Value::Int(own) => vec![own.to_le_bytes().to_vec()],
        Value::Float(0.0) => vec![0f32.to_le_bytes().to_vec(), (-0f32).to_le_bytes().to_vec()],
        Value::Float(own) => vec![own.to_le_bytes().to_vec()],
        Value::Double(0.0) => vec![0f64.to_le_bytes().to_vec(), (-0f64).to_le_bytes().to_vec()],
        Value::Double(own) => vec![own.to_le_bytes().to_vec()],
    }
}
