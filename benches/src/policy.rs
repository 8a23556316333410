//! Decisions: how long two labels, and a whole job, take.

mod site;

use serde_json::{Map, Value};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 2001;
/// Calls of a round: enough that the clock's own time doesn't count, ...
const PAIRS: usize = 1000;
/// ... and few enough that a round's plans stay in the cache, where parsing has just put them.
const PLANS: usize = 16;

/// `policy.dominates_ns` on 16 levels and 64 categories, `policy.decide_ns` for the admission of a job with 8 inputs.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let mut put = |name: &str, value: f64| figures.insert(format!("policy.{name}"), Value::from(value));
    put("dominates_ns", dominates());
    put("decide_ns", decide());
}

fn dominates() -> f64 {
    let labels = site::labels();
    let mut pairs = labels.iter().zip(labels.iter().cycle().skip(7)).cycle();
    let rounds = (0..ROUNDS).map(|_| {
        let pairs: Vec<_> = pairs.by_ref().take(PAIRS).collect();
        let start = Instant::now();
        for (a, b) in pairs {
            black_box(black_box(a).dominates(black_box(b)));
        }
        start.elapsed()
    });
    each(rounds.collect(), PAIRS)
}

fn decide() -> f64 {
    let (registry, plan) = site::site();
    let rounds = (0..ROUNDS).map(|_| {
        let plans = vec![plan.clone(); PLANS];
        let mut admitted = Vec::with_capacity(PLANS);
        let start = Instant::now();
        admitted.extend(plans.into_iter().map(|plan| registry.admit(plan, site::today())));
        let taken = start.elapsed();
        assert!(admitted.iter().all(Result::is_ok));
        taken
    });
    each(rounds.collect(), PLANS)
}

/// The median round's nanoseconds a call.
fn each(mut rounds: Vec<Duration>, calls: usize) -> f64 {
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).map_or(0.0, |round| round.as_secs_f64() * 1e9 / calls as f64)
}
