//! A million random decisions, on which a second and naive implementation agrees.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod naive;
mod world;

use semla_policy::{Date, Need};
use world::{Draw, World};

const WORLDS: usize = 250;
const DECISIONS: usize = 4_000;

/// The permits end on 30 June 2027.
const DAYS: [&str; 4] = ["2026-11-23", "2026-11-23", "2027-06-30", "2027-07-01"];

#[test]
fn a_million_decisions_are_those_of_the_naive_rules() {
    let mut draw = Draw(20_261_123);
    let days = DAYS.map(|day| day.parse::<Date>().unwrap());
    let (mut decisions, mut admitted, mut refused, mut read) = (0, 0, [0; 11], 0);
    for _ in 0..WORLDS {
        let world = World::new(&mut draw);
        let registry = &world.site.registry;
        for _ in 0..DECISIONS {
            let today = *draw.one(&days);
            decisions += 1;
            if draw.once_in(2) {
                let plan = world.plan(&mut draw);
                let ours = registry.admit(plan.clone(), today);
                let theirs = naive::admit(&world, &plan, today);
                match (&ours, &theirs) {
                    (Ok(ours), Ok(theirs)) => {
                        assert_eq!(&naive::mark(&ours.label_text()), theirs, "{plan:?}");
                        admitted += 1;
                    }
                    (Err(ours), Err(theirs)) => {
                        assert_eq!(ours.rule, *theirs, "{plan:?}");
                        refused[usize::from(*theirs)] += 1;
                    }
                    _ => panic!("{plan:?}\nours {ours:?}\ntheirs {theirs:?}"),
                }
            } else {
                let name = *draw.one(&["anna", "ben", "carl", "dora", "nobody"]);
                let (under, reviewer) = (*draw.one(&["P0", "P1", "P2"]), draw.once_in(2));
                let text = (!draw.once_in(9)).then(|| draw.label());
                let label = text.as_ref().map(|text| registry.label(text).unwrap());
                let need = if reviewer { Need::Reviewer(under) } else { Need::Member(under) };
                let ours = registry.may_read(name, label.as_ref(), need, today).is_ok();
                let mark = text.as_ref().map(|text| naive::mark(text));
                let theirs = naive::may_read(&world, name, mark.as_ref(), under, reviewer, today);
                assert_eq!(ours, theirs, "{name} reads {text:?} of {under}, {need:?}, on {today}");
                read += usize::from(ours);
            }
        }
    }
    assert!(decisions >= 1_000_000);
    println!("{decisions} decisions: {admitted} jobs admitted, {read} reads allowed, refused by rule {refused:?}");
    // Each answer is given often enough to mean something.
    assert!(admitted > 10_000 && read > 10_000 && [1, 3, 4].iter().all(|rule: &usize| refused[*rule] > 10_000));
}
