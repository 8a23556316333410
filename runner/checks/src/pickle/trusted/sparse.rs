//! Sparse matrices: where rows begin and which columns have a number, all of them within the shape.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::{Slot, Value};
use std::collections::HashSet;

/// Farthest diagonal: beyond it sums of offsets and rows would turn over.
const FAR: u64 = 1 << 48;

impl Scene<'_> {
    pub(super) fn sparse(&self, object: &Object, name: &str) -> Option<bool> {
        let shape = match self.held(object, "_shape") {
            Some(shape) => self.shape(shape)?,
            // Matrices of keys and numbers are dicts that are made with their shape.
            None => return Some(name.starts_with("dok")),
        };
        let (rows, columns) = match *shape.as_slice() {
            [columns] => (1, columns),
            [rows, columns] => (rows, columns),
            _ => return Some(false),
        };
        match name.split_at_checked(3)?.0 {
            "csr" => self.compressed(object, rows, columns, 1),
            "csc" => self.compressed(object, columns, rows, 1),
            "bsr" => {
                let data = self.held(object, "data").and_then(|data| self.lengths(data))?;
                let [_, height, width] = *data else { return None };
                let whole = height > 0 && width > 0 && rows % height == 0 && columns % width == 0;
                if whole { self.compressed(object, rows / height, columns / width, 3) } else { Some(false) }
            }
            "coo" => self.listed(object, &shape),
            "lil" => self.lists(object, rows, columns),
            "dia" => self.diagonals(object),
            // Which Python keeps to its shape.
            "dok" => Some(true),
            _ => Some(false),
        }
    }

    /// Where each row begins, and the columns that it has numbers in.
    fn compressed(&self, object: &Object, outer: u64, inner: u64, blocks: usize) -> Option<bool> {
        let (data, count) = (self.along(object, "data", blocks)?, self.along(object, "indices", 1)?);
        let begins = self.along(object, "indptr", 1)?;
        let mut last = 0;
        let rising = self.whole_numbers(self.held(object, "indptr")?)?.all(|place, [at]| {
            let right = at >= last && (place > 0 || at == 0);
            last = at;
            right
        });
        let indices = self.whole_numbers(self.held(object, "indices")?)?;
        let within = indices.all(|_, [at]| u64::try_from(at).is_ok_and(|at| at < inner));
        Some(rising && within && begins == outer.checked_add(1)? && u64::try_from(last).ok()? <= data.min(count))
    }

    /// How long an array is, if it has so many dimensions.
    fn along(&self, object: &Object, name: &str, dimensions: usize) -> Option<u64> {
        let lengths = self.lengths(self.held(object, name)?)?;
        lengths.first().copied().filter(|_| lengths.len() == dimensions)
    }

    /// Each diagonal has an offset of its own; how far it reaches is looked at by who walks along it.
    fn diagonals(&self, object: &Object) -> Option<bool> {
        let (count, mut seen) = (self.along(object, "offsets", 1)?, HashSet::new());
        let offsets = self.whole_numbers(self.held(object, "offsets")?)?;
        let right = offsets.all(|_, [offset]| offset.unsigned_abs() < FAR && seen.insert(offset));
        Some(right && self.along(object, "data", 2)? == count)
    }

    fn listed(&self, object: &Object, shape: &[u64]) -> Option<bool> {
        let data = self.along(object, "data", 1)?;
        let places: Vec<Slot> = match self.held(object, "coords") {
            Some(places) => self.objects(places)?,
            None => vec![self.held(object, "row")?, self.held(object, "col")?],
        };
        let within = |(slot, most): (&Slot, &u64)| {
            let places = self.whole_numbers(*slot);
            self.lengths(*slot) == Some(&[data])
                && places.is_some_and(|places| places.all(|_, [at]| 0 <= at && (at as u64) < *most))
        };
        Some(places.len() == shape.len() && places.iter().zip(shape).all(within))
    }

    fn lists(&self, object: &Object, rows: u64, columns: u64) -> Option<bool> {
        let (places, values) = (self.objects(self.held(object, "rows")?)?, self.objects(self.held(object, "data")?)?);
        let row = |(places, values): (&Slot, &Slot)| {
            let within = |slot: Slot| self.whole(slot).is_some_and(|at| at < columns);
            let list = |slot: &Slot| matches!(slot.value(), Value::List(_));
            list(places)
                && list(values)
                && self.heap.len(*places) == self.heap.len(*values)
                && self.heap.each(*places).all(within)
        };
        let whole = places.len() as u64 == rows && values.len() as u64 == rows;
        Some(whole && places.iter().zip(&values).all(row))
    }
}
