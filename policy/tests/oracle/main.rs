//! A million random decisions, on which a second and naive implementation agrees, and Cedar, too.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod asked;
mod case;
mod cedar;
#[path = "../common/mod.rs"]
mod common;
mod draw;
mod marks;
mod naive;
mod rules;
mod ways;
mod world;

use asked::DAYS;
use case::Case;
use cedar::Cedar;
use draw::Draw;
use semla_policy::Date;
use std::collections::{BTreeMap, BTreeSet};
use world::World;

const WORLDS: u64 = 400;
const DECISIONS: usize = 2_600;
/// Worlds are decided on side by side.
const THREADS: u64 = 4;

/// How often was what answered.
type Told = BTreeMap<String, usize>;

#[test]
fn a_million_decisions_are_those_of_the_naive_rules_and_of_cedar() {
    let mut all = Told::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|first| {
                scope.spawn(move || {
                    let mut told = Told::new();
                    (first..WORLDS).step_by(THREADS as usize).for_each(|world| decide(world, &mut told));
                    told
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap().into_iter().for_each(|(answer, times)| *all.entry(answer).or_default() += times);
        }
    });
    println!("{all:#?}");
    // Each answer is given often enough to mean something.
    let times = |answer: &str| all.get(answer).copied().unwrap_or_default();
    assert!(times("decisions") >= 1_000_000 && times("beyond Cedar") * 50 < times("decisions"));
    let rules = ["submit: rule 1", "submit: rule 3", "submit: rule 4", "submit: rule 10", "release: not enough"];
    let kinds = Case::KINDS.iter().flat_map(|kind| ["yes", "no"].map(|answer| format!("{kind}: {answer}")));
    for answer in kinds.chain(rules.map(str::to_owned)) {
        assert!(times(&answer) > 8_000, "{answer}: {}", times(&answer));
    }
}

fn decide(number: u64, told: &mut Told) {
    let mut draw = Draw(20_261_123 + number);
    let days = DAYS.map(|day| day.parse::<Date>().unwrap());
    let world = World::new(&mut draw);
    let cedar = Cedar::new(&world);
    let mut tell = |answer: String| *told.entry(answer).or_default() += 1;
    for _ in 0..DECISIONS {
        let (today, case) = (*draw.one(&days), Case::draw(&world, &mut draw));
        let (ours, theirs) = (case.ours(&world, today), case.naive(&world, today));
        assert_eq!(ours, theirs, "world {number}, {today}: {case:?}");
        match cedar.decides(&case, today) {
            Some(answer) => assert_eq!(answer, ours.allowed(), "world {number}, {today}: {case:?}\n{ours:?}"),
            None => tell("beyond Cedar".to_owned()),
        }
        tell("decisions".to_owned());
        tell(format!("{}: {}", case.kind(), if ours.allowed() { "yes" } else { "no" }));
        ours.rule().into_iter().for_each(|rule| tell(format!("{}: rule {rule}", case.kind())));
        if let case::Answer::Leaves(Some(_), false) = ours {
            tell("release: not enough".to_owned());
        }
    }
}

/// The control: each condition that is left out of what Cedar is told is missed.
#[test]
fn no_condition_can_be_left_out() {
    let mut open: BTreeSet<(&str, &str)> = BTreeSet::new();
    // Some are seldom the only one that fails.
    for number in 0..4 * WORLDS {
        let mut draw = Draw(number);
        let world = World::new(&mut draw);
        if number == 0 {
            let of = |kind: &'static str| Cedar::names(&world, kind).into_iter().map(move |name| (kind, name));
            open = Case::KINDS.into_iter().flat_map(of).collect();
            println!("{} conditions", open.len());
        }
        let cedar = Cedar::new(&world);
        let without: Vec<_> = open.iter().map(|(kind, name)| ((*kind, *name), cedar.without(kind, name))).collect();
        for _ in 0..400 {
            let today = *draw.one(&DAYS.map(|day| day.parse::<Date>().unwrap()));
            let case = Case::draw(&world, &mut draw);
            let ours = case.ours(&world, today).allowed();
            for (condition, policies) in without.iter().filter(|((kind, _), _)| *kind == case.kind()) {
                if cedar.by(policies, &case, today).is_some_and(|answer| answer != ours) {
                    open.remove(condition);
                }
            }
        }
        if open.is_empty() {
            println!("missed within {number} worlds");
            return;
        }
    }
    panic!("nobody missed conditions: {open:?}");
}
