//! The checks: how fast what an output shares with the inputs is found, what that takes, and how often they warn for nothing.

mod rows;
mod safe;

use serde_json::{Map, Value};

/// `checks.copyout_gb_s` and `checks.index_bytes_per_row`: see [`rows`]; `checks.false_block_rate` and `checks.false_review_rate`: see
/// [`safe`].
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let mut put = |name: &str, value: f64| figures.insert(format!("checks.{name}"), Value::from(value));
    rows::run(&mut put);
    safe::run(&mut put);
}

/// The median of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
