//! An output as a heap of records, each a set of values: what a row could be hidden in.

use super::grain::Grain;
use crate::inputs::{Value, mix};
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

/// Two keys in one.
pub(crate) fn join(a: u64, b: u64) -> u64 {
    mix(a ^ b.rotate_left(32))
}

/// Where a record stands: in which part of the file, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) part: u32,
    pub(crate) place: Place,
}

/// A place in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A line, or several from this one on; of JSON an object or list, in the order in which they begin.
    Line(u64),
    /// A column, from 1.
    Column(u64),
    /// Numbers of an array, from this one on, counted from 0.
    Number(u64),
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

/// Numbers under one name and of one grain, in order; they are values from a first one on.
pub(super) struct Numbers {
    pub(super) name: u64,
    pub(super) grain: Grain,
    pub(super) sorted: Vec<f64>,
    pub(super) first: u32,
}

/// All records of an output, and where each value occurs.
#[derive(Default)]
pub(crate) struct View {
    pub(super) words: KeyMap<u32>,
    /// By name, then by grain.
    pub(super) numbers: Vec<Numbers>,
    pub(crate) records: Vec<Record>,
    /// The records of each value.
    pub(crate) places: Vec<Vec<u32>>,
}

impl View {
    /// The numbers under a name, or none.
    fn under(&self, name: u64) -> impl Iterator<Item = &Numbers> {
        let from = self.numbers.partition_point(|numbers| numbers.name < name);
        self.numbers.iter().skip(from).take_while(move |numbers| numbers.name == name)
    }

    /// How far two numbers near a value lie apart at least if each shows as another one.
    pub(crate) fn unit(&self, name: u64, value: f64) -> f64 {
        self.under(name).map(|numbers| numbers.grain.unit(value)).fold(0.0, f64::max)
    }

    /// Adds the values that an input's value may have become, under a name or none.
    pub(crate) fn find(&self, name: u64, value: Value, found: &mut Vec<u32>) {
        match value {
            Value::Missing => {}
            Value::Word { key, longest } => {
                let keys = [Some(key), longest];
                found.extend(keys.into_iter().flatten().filter_map(|key| self.words.get(&join(name, key))));
            }
            Value::Number(value) => {
                for numbers in self.under(name) {
                    let (least, most) = numbers.grain.becomes(value);
                    let from = numbers.sorted.partition_point(|number| *number < least);
                    let is_in = |(_, number): &(u32, &f64)| **number <= most;
                    let rest = numbers.sorted.get(from..).unwrap_or(&[]);
                    found.extend((numbers.first + from as u32..).zip(rest).take_while(is_in).map(|(value, _)| value));
                }
            }
        }
    }
}
