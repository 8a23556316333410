//! Indexes and columns of pandas whose codes are places among what they stand for.

use super::super::heap::Object;
use super::super::role::Role;
use super::super::scene::Scene;
use super::super::slot::Slot;

impl Scene<'_> {
    pub(super) fn pandas_numbers(&self, object: &Object, name: &str) -> Option<bool> {
        if self.role(object.callee) == Role::NewIndex {
            let [_, parts] = self.heap.exactly(object.args)?;
            let codes = self.value(parts, "codes").or_else(|| self.value(parts, "labels"));
            return codes.map_or(Some(true), |codes| self.levelled(codes, self.value(parts, "levels")?));
        }
        match name {
            "__pyx_unpickle_NDArrayBacked" => {
                let [class, _, state] = self.heap.exactly(object.args)?;
                let class = self.global(class)?.name.as_str();
                let states = [Some(state), object.state];
                let mut states = states.into_iter().flatten().filter(|state| *state != Slot::NONE);
                Some(class != "Categorical" || states.all(|state| self.categorical(state) == Some(true)))
            }
            "Categorical" => object.state.map_or(Some(true), |state| self.categorical(state)),
            "IntIndex" => self.sparse_places(object),
            "SparseArray" => {
                let places = self.heap.get(self.held(object, "_sparse_index")?)?;
                let [_, places] = self.heap.first(places.args)?;
                Some(self.lengths(self.held(object, "_sparse_values")?)? == self.lengths(places)?)
            }
            _ => match (self.held(object, "_data"), self.held(object, "_mask")) {
                (Some(data), Some(mask)) => Some(self.lengths(data)? == self.lengths(mask)?),
                _ => Some(true),
            },
        }
    }

    /// Codes of an index of several levels, as many of each, all of them places of their level or -1.
    fn levelled(&self, codes: Slot, levels: Slot) -> Option<bool> {
        let (codes, levels) = (self.objects(codes)?, self.objects(levels)?);
        let rows = self.lengths(*codes.first()?)?;
        let each = codes.iter().zip(&levels).all(|(codes, level)| {
            self.lengths(*codes) == Some(rows)
                && self.length_of_index(*level).is_some_and(|most| self.codes(*codes, most))
        });
        Some(each && rows.len() == 1 && codes.len() == levels.len())
    }

    /// A kind of categories and the codes of values, in either order.
    fn categorical(&self, state: Slot) -> Option<bool> {
        if state.as_dict().is_some() {
            let codes = self.value(state, "_codes").or_else(|| self.value(state, "_ndarray"))?;
            return self.coded(self.value(state, "_dtype")?, codes);
        }
        let [first, second] = self.heap.first(state).filter(|_| state.as_tuple().is_some())?;
        let cached = |(key, _): (Slot, Slot)| matches!(self.text(key).as_deref(), Some("_cache" | "_readonly"));
        let attributes = self.heap.each(state).skip(2).all(|more| self.heap.pairs(more).all(cached));
        let (kind, codes) = if self.array(first).is_some() { (second, first) } else { (first, second) };
        Some(attributes && self.coded(kind, codes)?)
    }

    fn coded(&self, kind: Slot, codes: Slot) -> Option<bool> {
        let categories = self.length_of_index(self.held_by(kind, "categories")?)?;
        Some(self.codes(codes, categories))
    }

    /// Whether all are places among so many, or -1 for none.
    fn codes(&self, codes: Slot, most: u64) -> bool {
        let placed = |code: i64| code == -1 || u64::try_from(code).is_ok_and(|code| code < most);
        self.whole_numbers(codes).is_some_and(|codes| codes.all(|_, [code]| placed(code)))
    }

    /// `IntIndex(length, places)`: places rise, and are below the length.
    fn sparse_places(&self, object: &Object) -> Option<bool> {
        let [len, places] = self.heap.first(object.args)?;
        let (len, mut last) = (self.whole(len)?, -1);
        let checked = self.heap.each(object.args).skip(2).all(|check| check == Slot::TRUE);
        let right = self.whole_numbers(places)?.all(|_, [place]| {
            let right = place > last && u64::try_from(place).is_ok_and(|place| place < len);
            last = place;
            right
        });
        Some(checked && right && self.lengths(places)?.len() == 1)
    }
}
