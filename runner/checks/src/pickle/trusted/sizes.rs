//! Numbers that size memory or divide others, by the names of the attributes that hold them.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::{Slot, Value};
use std::ops::RangeInclusive;

/// Threads that a machine may have, and processes.
const THREADS: i64 = 1024;
/// Most columns of a sparse matrix.
const COLUMNS: i64 = i32::MAX as i64;

/// A number that a library takes without asking.
struct Size {
    library: &'static str,
    names: &'static [&'static str],
    range: RangeInclusive<i64>,
}

const SIZES: &[Size] = &[
    Size { library: "sklearn", names: &["_n_threads", "n_threads"], range: 1..=THREADS },
    Size { library: "sklearn", names: &["n_jobs"], range: -THREADS..=THREADS },
    Size { library: "sklearn", names: &["n_features"], range: 1..=COLUMNS },
    // Each is one more loop over all products of columns.
    Size { library: "sklearn", names: &["degree", "_min_degree", "_max_degree"], range: 0..=1000 },
    Size {
        library: "torch",
        names: &[
            "groups",
            "num_groups",
            "num_heads",
            "nhead",
            "head_dim",
            "upscale_factor",
            "downscale_factor",
            "stride",
            "dilation",
            "kernel_size",
            "num_layers",
        ],
        range: 1..=COLUMNS,
    },
];

impl Scene<'_> {
    /// Whether all numbers of an object that size or divide are within their bounds.
    pub(super) fn sizes_are_right(&self, object: &Object, library: &str) -> Option<bool> {
        let right = |size: &Size| {
            let mut held = size.names.iter().filter_map(|name| self.held(object, name));
            held.all(|value| self.is_within(value, &size.range))
        };
        Some(SIZES.iter().filter(|size| size.library == library).all(right))
    }

    /// Whether a number, or each of a few, is one of these; none stands for what the library takes.
    fn is_within(&self, value: Slot, range: &RangeInclusive<i64>) -> bool {
        match value.value() {
            Value::None => true,
            Value::Tuple(_) | Value::List(_) => {
                self.spend(self.heap.len(value)) && self.heap.each(value).all(|one| self.is_number_within(one, range))
            }
            _ => self.is_number_within(value, range),
        }
    }

    fn is_number_within(&self, value: Slot, range: &RangeInclusive<i64>) -> bool {
        self.integer(value).is_some_and(|value| range.contains(&value))
    }
}
