//! Sparse matrices: where rows begin and which columns have a number, all of them within the shape.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::Slot;

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
            "csr" => self.compressed(object, rows, columns),
            "csc" => self.compressed(object, columns, rows),
            "bsr" => {
                let data = self.held(object, "data").and_then(|data| self.lengths(data))?;
                let [_, height, width] = *data else { return None };
                let whole = height > 0 && width > 0 && rows % height == 0 && columns % width == 0;
                if whole { self.compressed(object, rows / height, columns / width) } else { Some(false) }
            }
            "coo" => self.listed(object, &shape),
            "lil" => self.lists(object, rows, columns),
            // Whose functions keep to the shape themselves.
            "dia" | "dok" => Some(true),
            _ => Some(false),
        }
    }

    fn compressed(&self, object: &Object, outer: u64, inner: u64) -> Option<bool> {
        let data = *self.lengths(self.held(object, "data")?)?.first()?;
        let indices = self.whole_numbers(self.held(object, "indices")?)?;
        let begins = self.whole_numbers(self.held(object, "indptr")?)?;
        let mut last = 0;
        let rising = begins.all(|place, [at]| {
            let right = at >= last && (place > 0 || at == 0);
            last = at;
            right
        });
        let within = indices.all(|_, [at]| 0 <= at && (at as u64) < inner);
        Some(
            rising
                && within
                && begins.len == outer.checked_add(1)?
                && u64::try_from(last).ok()? <= indices.len.min(data),
        )
    }

    fn listed(&self, object: &Object, shape: &[u64]) -> Option<bool> {
        let data = *self.lengths(self.held(object, "data")?)?.first()?;
        let places: Vec<Slot> = match self.held(object, "coords") {
            Some(places) => self.heap.each(places).take(3).collect(),
            None => vec![self.held(object, "row")?, self.held(object, "col")?],
        };
        let within = |(slot, most): (&Slot, &u64)| {
            let places = self.whole_numbers(*slot);
            places.is_some_and(|places| places.len == data && places.all(|_, [at]| 0 <= at && (at as u64) < *most))
        };
        Some(places.len() == shape.len() && places.iter().zip(shape).all(within))
    }

    fn lists(&self, object: &Object, rows: u64, columns: u64) -> Option<bool> {
        let (places, values) = (self.objects(self.held(object, "rows")?)?, self.objects(self.held(object, "data")?)?);
        let row = |(places, values): (&Slot, &Slot)| {
            let within = |slot: Slot| self.whole(slot).is_some_and(|at| at < columns);
            self.heap.len(*places) == self.heap.len(*values) && self.heap.each(*places).all(within)
        };
        let whole = places.len() as u64 == rows && values.len() as u64 == rows;
        Some(whole && places.iter().zip(&values).all(row))
    }
}
