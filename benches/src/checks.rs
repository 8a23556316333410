//! The checks: how fast they are beside what else looks at models and texts, what they find there, what that takes, and how often they warn
//! for nothing.

mod examined;
mod forest;
mod memory;
mod peer;
mod personal;
mod pickles;
mod rows;
mod safe;
mod stored;

pub(crate) use examined::examine;

use examined::Peak;
use peer::Peers;
use serde_json::{Map, Value};

/// Every `checks.` figure; `checks.peak_mb` is the most memory that a process held which examined one of these files.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let mut put = |name: &str, value: f64| drop(figures.insert(format!("checks.{name}"), Value::from(value)));
    let (peers, mut peak) = (Peers::install(), Peak::default());
    let mut part = |name: &str, run: &mut dyn FnMut(&mut Peak)| {
        eprintln!("checks: {name} ...");
        run(&mut peak);
    };
    part("pickles", &mut |peak| pickles::run(&peers, peak, &mut put));
    part("forest", &mut |peak| forest::run(&peers, peak, &mut put));
    part("stored", &mut |peak| stored::run(&peers, peak, &mut put));
    part("memory", &mut |peak| memory::run(peak, &mut put));
    part("personal", &mut |peak| personal::run(&peers, peak, &mut put));
    part("rows", &mut |_| rows::run(&mut put));
    part("safe", &mut |_| safe::run(&mut put));
    put("peak_mb", peak.megabytes());
}

/// The median of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
