//! Decisions: how long two labels, and a whole job, take; beside Cedar, and at a site with many records.

mod cedar;
mod large;
mod rules;
mod site;

use semla_policy::Registry;
use semla_sandbox::facts::Facts;
use serde_json::{Map, Value};
use site::Site;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 2001;
/// Calls of a round: enough that the clock's own time doesn't count, ...
const PAIRS: usize = 1000;
/// ... and few enough that a round's plans stay in the cache, where parsing has just put them.
const PLANS: usize = 16;
/// A large site is loaded so often.
const LOADS: usize = 5;

/// `policy.dominates_ns` on 16 levels and 64 categories; `policy.decide_ns` for the admission of a job with 8 inputs;
/// `policy.vs_cedar`; `policy.load_s` for 210,000 records, and `policy.decide_large` for what a decision then takes, in
/// parts of what it takes at a small site.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let mut put = |name: &str, value: f64| figures.insert(format!("policy.{name}"), Value::from(value));
    put("dominates_ns", dominates());
    let small = Site::new();
    let label = small.registry.admit(site::plan(), site::today()).expect("a job").label_text();
    let cedar = cedar::Cedar::new(&label);
    let root = std::env::current_dir().expect("a folder").join("target/bench-site");
    let house = large::build(&root, &small);
    let mut loads = Vec::new();
    let large = (0..LOADS).map(|_| {
        let start = Instant::now();
        let facts = Facts::read(&house).expect("the records");
        loads.push(start.elapsed());
        facts
    });
    let large = large.last().expect("a site");
    std::fs::remove_dir_all(root).expect("the folder");
    let (mut here, mut there, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        here.push(decide(&small.registry));
        there.push(decide(large.registry()));
        theirs.push(ask(&cedar));
    }
    let (here, there, theirs) = (each(here, PLANS), each(there, PLANS), each(theirs, PLANS));
    put("decide_ns", here);
    put("vs_cedar", here / theirs);
    put("decide_large", there / here);
    put("load_s", each(loads, 1) / 1e9);
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

fn decide(registry: &Registry) -> Duration {
    let plans = vec![site::plan(); PLANS];
    let mut admitted = Vec::with_capacity(PLANS);
    let today = site::today();
    let start = Instant::now();
    admitted.extend(plans.into_iter().map(|plan| registry.admit(plan, today)));
    let taken = start.elapsed();
    assert!(admitted.iter().all(Result::is_ok));
    taken
}

fn ask(cedar: &cedar::Cedar) -> Duration {
    let start = Instant::now();
    let allowed = (0..PLANS).filter(|_| cedar.allows()).count();
    let taken = start.elapsed();
    assert_eq!(allowed, PLANS);
    taken
}

/// The median round's nanoseconds a call.
fn each(mut rounds: Vec<Duration>, calls: usize) -> f64 {
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).map_or(0.0, |round| round.as_secs_f64() * 1e9 / calls as f64)
}
