//! A million random decisions, on which a second and naive implementation agrees, and Cedar, too.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod cedar;
#[path = "../common/mod.rs"]
mod common;
mod naive;
mod rules;
mod world;

use cedar::Cedar;
use semla_policy::{At, Date, Need};
use std::ops::AddAssign;
use world::{Draw, World};

const WORLDS: u64 = 256;
const DECISIONS: usize = 4_000;
/// Worlds are decided on side by side.
const THREADS: u64 = 4;

/// The permits end on 30 June 2027.
const DAYS: [&str; 4] = ["2026-11-23", "2026-11-23", "2027-06-30", "2027-07-01"];

/// What was decided.
#[derive(Debug, Default)]
struct Told {
    decisions: usize,
    admitted: usize,
    read: usize,
    refused: [usize; 11],
    /// What Cedar can't say: that labels have no join.
    beyond: usize,
}

impl AddAssign for Told {
    fn add_assign(&mut self, other: Self) {
        self.decisions += other.decisions;
        self.admitted += other.admitted;
        self.read += other.read;
        self.beyond += other.beyond;
        self.refused.iter_mut().zip(other.refused).for_each(|(own, other)| *own += other);
    }
}

#[test]
fn a_million_decisions_are_those_of_the_naive_rules_and_of_cedar() {
    let mut all = Told::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|first| {
                scope.spawn(move || {
                    let mut told = Told::default();
                    (first..WORLDS).step_by(THREADS as usize).for_each(|world| told += decide(world));
                    told
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| all += thread.join().unwrap());
    });
    println!("{all:?}");
    // Each answer is given often enough to mean something.
    assert!(all.decisions >= 1_000_000 && all.beyond * 50 < all.decisions);
    assert!(
        all.admitted > 10_000 && all.read > 10_000 && [1, 3, 4].iter().all(|rule: &usize| all.refused[*rule] > 10_000)
    );
}

fn decide(number: u64) -> Told {
    let mut draw = Draw(20_261_123 + number);
    let days = DAYS.map(|day| day.parse::<Date>().unwrap());
    let world = World::new(&mut draw);
    let cedar = Cedar::new(&world, None);
    let registry = &world.site.registry;
    let mut told = Told { decisions: DECISIONS, ..Told::default() };
    for _ in 0..DECISIONS {
        let today = *draw.one(&days);
        if draw.once_in(2) {
            let plan = world.plan(&mut draw);
            let ours = registry.admit(plan.clone(), today);
            let theirs = naive::admit(&world, &plan, today);
            match naive::aims_at(&world, &plan) {
                Some(at) => assert_eq!(cedar.admits(&world, &plan, &at, today), ours.is_ok(), "{plan:?}"),
                None => told.beyond += 1,
            }
            match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => {
                    assert_eq!(&naive::mark(&ours.label_text()), theirs, "{plan:?}");
                    told.admitted += 1;
                }
                (Err(ours), Err(theirs)) => {
                    assert_eq!(ours.rule, *theirs, "{plan:?}");
                    told.refused[usize::from(*theirs)] += 1;
                }
                _ => panic!("{plan:?}\nours {ours:?}\ntheirs {theirs:?}"),
            }
        } else {
            let name = *draw.one(&["anna", "ben", "carl", "dora", "nobody"]);
            let (under, reviewer) = (*draw.one(&["P0", "P1", "P2"]), draw.once_in(2));
            let text = (!draw.once_in(9)).then(|| draw.label());
            let label = text.as_ref().map(|text| registry.label(text).unwrap());
            let at = label.as_ref().map(|label| At { label, policy: registry.policy_digest() });
            let need = if reviewer { Need::Reviewer(under) } else { Need::Member(under) };
            let ours = registry.may_read(name, at, need, today).is_ok();
            let mark = text.as_ref().map(|text| naive::mark(text));
            let theirs = naive::may_read(&world, name, mark.as_ref(), under, reviewer, today);
            assert_eq!(ours, theirs, "{name} reads {text:?} of {under}, {need:?}, on {today}");
            assert_eq!(ours, cedar.may_read(name, mark.as_ref(), under, reviewer, today), "{name} {text:?} {under}");
            told.read += usize::from(ours);
        }
    }
    told
}

/// The control: each condition that is left out of what Cedar is told is missed.
#[test]
fn no_condition_can_be_left_out() {
    let mut missed = [false; rules::CONDITIONS];
    for number in 0..WORLDS {
        let mut draw = Draw(number);
        let world = World::new(&mut draw);
        let open: Vec<usize> = (0..rules::CONDITIONS).filter(|condition| !missed[*condition]).collect();
        let without: Vec<_> = open.iter().map(|condition| Cedar::new(&world, Some(*condition))).collect();
        for _ in 0..200 {
            let today = *draw.one(&DAYS.map(|day| day.parse::<Date>().unwrap()));
            let plan = world.plan(&mut draw);
            let Some(at) = naive::aims_at(&world, &plan) else { continue };
            let ours = world.site.registry.admit(plan.clone(), today).is_ok();
            for (condition, cedar) in open.iter().zip(&without) {
                missed[*condition] |= cedar.admits(&world, &plan, &at, today) != ours;
            }
        }
        if missed.iter().all(|missed| *missed) {
            return;
        }
    }
    panic!("nobody missed conditions: {missed:?}");
}
