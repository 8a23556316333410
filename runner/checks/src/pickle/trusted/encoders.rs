//! Places of columns that words, categories and labels become: scipy writes each number to the place that it is told.

use super::super::heap::Object;
use super::super::kind::What;
use super::super::literal;
use super::super::scene::Scene;
use super::super::slot::{Slot, Value};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Most bytes of labels.
const MOST: u64 = 64 << 20;

/// What makes two keys of a dict one.
#[derive(Hash)]
enum Key {
    Text(String),
    Number(u64),
    Bytes(Vec<u8>),
}

/// Keys that were seen, as their hashes.
#[derive(Default)]
struct Seen {
    hashes: HashSet<u64>,
    state: RandomState,
}

impl Seen {
    /// Whether it is new.
    fn add(&mut self, key: &Key) -> bool {
        self.hashes.insert(self.state.hash_one(key))
    }
}

impl Scene<'_> {
    /// A dict that gives each of its keys a place of its own, from the first to the last.
    pub(super) fn places(&self, dict: Slot) -> Option<bool> {
        dict.as_dict()?;
        let len = self.heap.len(dict) / 2;
        let (mut seen, mut taken) = (Seen::default(), vec![false; usize::try_from(len).ok()?]);
        let mut place = |(key, place): (Slot, Slot)| {
            let taken = taken.get_mut(usize::try_from(self.whole(place)?).ok()?)?;
            Some(seen.add(&self.key_of(key)?) && !std::mem::replace(taken, true))
        };
        Some(self.spend(len) && self.heap.pairs(dict).all(|pair| place(pair) == Some(true)))
    }

    /// Whether no two labels are the same.
    pub(super) fn labels_differ(&self, labels: Slot) -> Option<bool> {
        let mut seen = Seen::default();
        if let Some(labels) = self.objects(labels) {
            return Some(labels.into_iter().all(|label| self.key_of(label).is_some_and(|key| seen.add(&key))));
        }
        let held = self.array(labels)?;
        let kind = held.kind(self)?;
        let size = usize::try_from(kind.size).ok().filter(|size| *size > 0)?;
        let data = held.data(self).ok()??;
        let bytes = Some(data).filter(|data| data.len() <= MOST && self.spend(data.len()))?.bytes().ok()?;
        let key = |bytes: &[u8]| match kind.what {
            What::Number(number) if number.is_float() => number_key(number.decode(bytes, kind.big_endian)),
            _ => Key::Bytes(bytes.to_vec()),
        };
        Some(held.shape.len() == 1 && bytes.chunks_exact(size).all(|label| seen.add(&key(label))))
    }

    fn key_of(&self, slot: Slot) -> Option<Key> {
        match slot.value() {
            Value::Text(at) => literal::text(self.data, at, usize::MAX).ok().map(Key::Text),
            Value::Bool(value) => Some(number_key(f64::from(u8::from(value)))),
            _ => slot.number().or_else(|| self.integer(slot).map(|value| value as f64)).map(number_key),
        }
    }

    /// Categories become so many columns: all of them, less one that is dropped, and those that are rare as one.
    pub(super) fn one_hot(&self, object: &Object, categories: Slot) -> Option<bool> {
        let categories = self.objects(categories)?;
        let set = |name: &str| self.held(object, name).filter(|slot| *slot != Slot::NONE);
        let each = |name: &str| set(name).map_or(Some(vec![Slot::NONE; categories.len()]), |slot| self.objects(slot));
        let grouped = set("_infrequent_enabled") == Some(Slot::TRUE);
        let (rare, mappings) = (each("_infrequent_indices")?, each("_default_to_infrequent_mappings")?);
        let dropped = match self.held(object, "_drop_idx_after_grouping") {
            Some(_) => each("_drop_idx_after_grouping")?,
            None => each("drop_idx_")?,
        };
        let widths = set("_n_features_outs").map(|widths| self.objects(widths));
        let widths = match widths {
            Some(widths) => widths?.into_iter().map(|width| self.whole(width)).collect::<Option<Vec<_>>>()?,
            None => Vec::new(),
        };
        let even = [rare.len(), mappings.len(), dropped.len()] == [categories.len(); 3]
            && (widths.is_empty() || widths.len() == categories.len());
        for (at, values) in categories.iter().enumerate() {
            let [rare, mapping, dropped] = [*rare.get(at)?, *mappings.get(at)?, *dropped.get(at)?];
            let [known] = *self.lengths(*values)? else { return None };
            let width = if grouped && rare != Slot::NONE { self.grouped(known, rare, mapping)? } else { known };
            let left = match dropped {
                Slot::NONE => width,
                _ => width.checked_sub(self.whole(dropped).filter(|dropped| *dropped < width).map(|_| 1)?)?,
            };
            if !self.is_searchable(*values)? || widths.get(at).is_some_and(|told| *told != left) {
                return Some(false);
            }
        }
        Some(even)
    }

    /// Numbers are looked for by halves, and lie behind the last one if they aren't sorted; texts and objects are looked for in a dict.
    fn is_searchable(&self, values: Slot) -> Option<bool> {
        let Some(held) = self.array(values) else { return Some(true) };
        match held.kind(self)?.what {
            What::Text | What::Ascii | What::Object => Some(true),
            _ => Some(self.numbers(values)?.is_sorted()),
        }
    }

    /// How many columns there are where rare categories become one, the last.
    fn grouped(&self, known: u64, rare: Slot, mapping: Slot) -> Option<u64> {
        let (rare, mapping) = (self.whole_numbers(rare)?, self.whole_numbers(mapping)?);
        let width = known.checked_sub(rare.len)?.checked_add(1)?;
        let within = |most: u64| move |_, [at]: [i64; 1]| u64::try_from(at).is_ok_and(|at| at < most);
        let right = rare.len > 0 && mapping.len == known && rare.all(within(known)) && mapping.all(within(width));
        right.then_some(width)
    }
}

fn number_key(value: f64) -> Key {
    // Minus zero is zero.
    Key::Number((value + 0.0).to_bits())
}
