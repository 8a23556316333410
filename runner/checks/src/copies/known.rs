//! Weights that were reckoned before, so that what comes often is looked up once.

use super::weight::Weight;
use std::collections::HashMap;

/// Numbers of more than two bytes that are remembered.
const MOST: usize = 1 << 17;

/// Weights by number: by its place among all of its type, if it has two bytes at most, and by its bits otherwise.
#[derive(Default)]
pub(super) struct Known {
    short: Vec<Option<Weight>>,
    long: HashMap<u64, Weight>,
}

impl Known {
    pub(super) fn get(&self, short: Option<usize>, value: f64) -> Option<Weight> {
        match short {
            Some(at) => self.short.get(at).copied().flatten(),
            None => self.long.get(&value.to_bits()).copied(),
        }
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
