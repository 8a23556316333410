//! Sparse tensors of torch: places of numbers, all of them within the shape. Newer versions don't ask when they load one.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::Slot;
use crate::array::Order;

impl Scene<'_> {
    /// `_rebuild_sparse_tensor(layout, (places, numbers, shape, ...))`, of a layout by coordinates.
    pub(super) fn sparse_tensor(&self, object: &Object) -> Option<bool> {
        let [_, parts] = self.heap.exactly(object.args)?;
        let [places, _, shape] = self.heap.first(parts)?;
        self.coordinates(places, &self.tensor_shape(shape)?)
    }

    fn tensor_shape(&self, shape: Slot) -> Option<Vec<u64>> {
        let inner = || self.heap.first::<1>(self.heap.get(shape)?.args);
        self.shape(inner().map_or(shape, |[shape]| shape))
    }

    /// A line of places for each dimension.
    fn coordinates(&self, places: Slot, shape: &[u64]) -> Option<bool> {
        let held = self.array(places)?;
        let [dimensions, count] = *held.shape.as_slice() else { return None };
        let line = |place: u64| match held.order {
            Order::Rows => place.checked_div(count),
            Order::Columns => place.checked_rem(dimensions),
        };
        let within = |place: u64, at: i64| {
            let most = line(place).and_then(|line| shape.get(usize::try_from(line).ok()?));
            most.is_some_and(|most| u64::try_from(at).is_ok_and(|at| at < *most))
        };
        Some(dimensions <= shape.len() as u64 && self.whole_numbers(places)?.all(|place, [at]| within(place, at)))
    }
}
