//! An output as a heap of records, each a set of values: what a row could be hidden in.

use super::value::{join, shown, word};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map from keys that are hashes already.
pub(crate) type KeyMap<V> = HashMap<u64, V, BuildHasherDefault<Same>>;

/// Takes a key for its own hash.
#[derive(Default)]
pub(crate) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.0 = join(self.0, u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    /// A line, or several from this one on; of JSON an object or list, in the order in which they begin.
    Line(u64),
    /// A column, from 1.
    Column(u64),
}

/// One record: its values, by number, in order and each once.
pub(crate) struct Record {
    pub(crate) spot: Spot,
    pub(crate) values: Vec<u32>,
}

impl Record {
    pub(crate) fn has(&self, values: &[u32]) -> bool {
        values.iter().any(|value| self.values.binary_search(value).is_ok())
    }
}

/// All records of an output, and where each value occurs.
#[derive(Default)]
pub(crate) struct View {
    numbers: KeyMap<u32>,
    pub(crate) records: Vec<Record>,
    /// The records of each value.
    pub(crate) places: Vec<Vec<u32>>,
}

impl View {
    /// The number of a key, if it occurs.
    pub(crate) fn number(&self, key: u64) -> Option<u32> {
        self.numbers.get(&key).copied()
    }

    fn add(&mut self, spot: Spot, keys: &[u64]) {
        let Ok(record) = u32::try_from(self.records.len()) else { return };
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
            let value = *self.numbers.entry(*key).or_insert(next);
            if value == next {
                self.places.push(Vec::new());
            }
            values.push(value);
        }
        values.sort_unstable();
        values.dedup();
        for value in &values {
            if let Some(places) = self.places.get_mut(*value as usize) {
                places.push(record);
            }
        }
        self.records.push(Record { spot, values });
    }
}

/// The two ways to look at an output: by values alone, and by values together with the names of their columns. The first
/// finds rows whose columns were renamed; the second finds rows of a few codes, which say little alone.
#[derive(Default)]
pub(crate) struct Views {
    pub(crate) bare: View,
    pub(crate) named: View,
}

impl Views {
    /// Adds a record of values, each with the name of its column or an empty one.
    pub(crate) fn add<'a>(&mut self, spot: Spot, cells: impl Iterator<Item = (&'a str, &'a str)>) {
        let (mut bare, mut named) = (Vec::new(), Vec::new());
        for (name, text) in cells {
            let from = bare.len();
            shown(text, &mut bare);
            if !name.trim().is_empty() {
                let name = name_key(name);
                named.extend(bare.iter().skip(from).map(|key| join(name, *key)));
            }
            if text.trim().contains(char::is_whitespace) {
                text.split_whitespace().for_each(|word| shown(word, &mut bare));
            }
        }
        if !bare.is_empty() {
            self.bare.add(spot, &bare);
        }
        if !named.is_empty() {
            self.named.add(spot, &named);
        }
    }
}

/// The key of a column's name.
pub(crate) fn name_key(name: &str) -> u64 {
    word(name.trim().as_bytes())
}
