//! Weights that were reckoned before, so that what comes often is looked up once.

use super::view::KeyMap;
use super::weight::Weight;
use crate::inputs::mix;
use std::collections::HashMap;

/// Numbers of more than two bytes that are remembered.
const MOST: usize = 1 << 17;

/// Numbers of which it is remembered which rows have them.
const LISTED: usize = 1 << 15;

/// Weights by number: by its place among all of its type, if it has two bytes at most, and by its bits otherwise.
#[derive(Default)]
pub(super) struct Known {
    short: Vec<Option<Weight>>,
    long: HashMap<u64, Weight>,
    /// Of numbers by their bits, each column and how many of its rows have it.
    rows: KeyMap<Box<[(u16, u64)]>>,
}

impl Known {
    pub(super) fn get(&self, short: Option<usize>, value: f64) -> Option<Weight> {
        match short {
            Some(at) => self.short.get(at).copied().flatten(),
            None => self.long.get(&value.to_bits()).copied(),
        }
    }

    /// The columns that have a number, and how many rows each, looked up once.
    pub(super) fn rows(&mut self, value: f64, look_up: impl FnOnce() -> Box<[(u16, u64)]>) -> &[(u16, u64)] {
        if self.rows.len() >= LISTED {
            self.rows.clear();
        }
        self.rows.entry(mix(value.to_bits())).or_insert_with(look_up)
    }

    pub(super) fn add(&mut self, short: Option<usize>, value: f64, weight: Weight) {
        match short {
            Some(at) => {
                if self.short.len() <= at {
                    self.short.resize(at + 1, None);
                }
                if let Some(place) = self.short.get_mut(at) {
                    *place = Some(weight);
                }
            }
            None if self.long.len() < MOST => {
                self.long.insert(value.to_bits(), weight);
            }
            None => {}
        }
    }
}
