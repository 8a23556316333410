//! Tables of pandas: blocks say which columns are theirs, all of them among those that the table has.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::{Slot, Value};

/// Deepest nesting of an index.
const DEPTH: u32 = 6;

impl Scene<'_> {
    /// `BlockManager(blocks, axes)`, each block made of values and of the places of its columns.
    pub(super) fn manager(&self, object: &Object) -> Option<bool> {
        let [blocks, axes] = self.heap.exactly(object.args)?;
        let columns = *self.objects(axes)?.first()?;
        let width = self.length_of_index(columns)?;
        let placed = |block: Slot| {
            let [_, places] = self.heap.first(self.heap.get(block)?.args)?;
            Some(self.within(places, width))
        };
        Some(self.objects(blocks)?.into_iter().all(|block| placed(block) == Some(true)))
    }

    /// The newest form of a column's state, `{"axes": [index], "blocks": [{"values": ...}]}`: no index is longer than what it stands for.
    pub(super) fn single(&self, object: &Object) -> Option<bool> {
        let Some(state) = object.state else { return Some(true) };
        let [_, _, _, forms] = self.heap.first(state)?;
        let form = self.value(forms, "0.14.1")?;
        let rows = self.length_of_index(*self.objects(self.value(form, "axes")?)?.first()?)?;
        let long = |block: Slot| {
            let values = self.value(block, "values")?;
            Some(self.length_of_values(values).is_none_or(|len| rows <= len))
        };
        Some(self.objects(self.value(form, "blocks")?)?.into_iter().all(|block| long(block) == Some(true)))
    }

    /// How many values an array has: one of numpy's, or one of pandas' that keeps one of those.
    fn length_of_values(&self, values: Slot) -> Option<u64> {
        if let Some(lengths) = self.lengths(values) {
            return lengths.last().copied();
        }
        let object = self.heap.get(values)?;
        if let Some(data) = self.held(object, "_data") {
            return self.lengths(data)?.last().copied();
        }
        let parts = object.state.filter(|state| state.as_tuple().is_some())?;
        self.heap.each(parts).find_map(|part| self.lengths(part)?.last().copied())
    }

    /// Whether a slice, or an array, gives places below this.
    fn within(&self, places: Slot, width: u64) -> bool {
        if let Some(places) = self.whole_numbers(places) {
            return places.all(|_, [place]| u64::try_from(place).is_ok_and(|place| place < width));
        }
        let slice = self
            .heap
            .get(places)
            .filter(|slice| self.maker(slice).is_some_and(|class| class.full() == "builtins.slice"));
        let last = slice.and_then(|slice| self.last(slice.args));
        last.is_some_and(|last| last < width)
    }

    /// The last place of a slice that has one, and rises.
    fn last(&self, slice: Slot) -> Option<u64> {
        let [from, to, step] = self.heap.exactly(slice)?;
        let (from, to, step) = (self.whole(from)?, self.whole(to)?, self.whole(step)?);
        let more = to.checked_sub(from)?.checked_sub(1)?;
        Some(from + more.checked_div(step)? * step)
    }

    /// How many items an index has: the fewest that any of its arrays has.
    pub(super) fn length_of_index(&self, index: Slot) -> Option<u64> {
        let [_, parts] = self.heap.first(self.heap.get(index)?.args)?;
        let part = |name: &str| self.value(parts, name);
        if let (Some(start), Some(stop), Some(step)) = (part("start"), part("stop"), part("step")) {
            let (start, stop, step) = (start.as_int()?, stop.as_int()?, step.as_int()?);
            return u64::try_from(
                stop.checked_sub(start)?.checked_add(step - step.signum())?.checked_div(step)?.max(0),
            )
            .ok();
        }
        let arrays = part("codes").or_else(|| part("data")).or_else(|| part("left"))?;
        self.fewest(arrays, DEPTH)
    }

    fn fewest(&self, slot: Slot, depth: u32) -> Option<u64> {
        if let Some(lengths) = self.lengths(slot) {
            return lengths.iter().copied().max();
        }
        let depth = depth.checked_sub(1)?;
        let parts: Vec<Slot> = match slot.value() {
            Value::Object(at) => {
                let object = self.heap.object(at)?;
                [Some(object.args), object.state].into_iter().flatten().collect()
            }
            _ if self.spend(self.heap.len(slot)) => self.heap.each(slot).take(64).collect(),
            _ => return None,
        };
        parts.into_iter().filter_map(|part| self.fewest(part, depth)).min()
    }
}
