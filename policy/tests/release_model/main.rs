//! The whole release protocol, explored: four reviewers of whom one is the author and one the only steward where each file takes a
//! checker and a steward, three contents, changes of files and of policy, excuses, expiry, and crashes between a record and its effect. It drives [`semla_policy::release::Release::step`] and
//! [`semla_policy::Registry::lowering`] themselves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod model;
mod now;
mod world;

use model::{Airlock, ENDS, Guard, SAFE};
use stateright::{Checker, HasDiscoveries, Model};
use std::collections::BTreeSet;
use std::time::Instant;
use world::World;

fn airlock(files: u8, crashes: u8, without: Option<Guard>, gate: bool) -> Airlock {
    let (changes, wide) = if files == 1 { (2, true) } else { (1, false) };
    Airlock { world: World::new(without != Some(Guard::Independent)), files, crashes, changes, wide, without, gate }
}

/// Everything that can happen; where everything holds, everything that should be possible is.
fn explored(model: Airlock) {
    let begun = Instant::now();
    let what = format!("{} files, {} crashes", model.files, model.crashes);
    let checker = model.checker().threads(2).spawn_bfs().join();
    println!("{what}: {} states, {:.1} s", checker.unique_state_count(), begun.elapsed().as_secs_f64());
    checker.assert_properties();
}

#[test]
fn no_path_lowers_a_file_without_enough_approvals_and_every_state_can_end() {
    explored(airlock(1, 2, None, true));
    explored(airlock(2, 2, None, true));
}

/// The control: with a launcher that does what it is told, the protocol holds alone; without any one of its guards it doesn't.
#[test]
fn without_any_one_guard_something_is_lowered_that_should_not_be() {
    explored(airlock(1, 2, None, false));
    let guards = [
        Guard::Binding,
        Guard::Dropping,
        Guard::Remembering,
        Guard::Following,
        Guard::Distinct,
        Guard::Independent,
        Guard::Larger,
        Guard::Represented,
        Guard::Fresh,
        Guard::Agreeing,
    ];
    for guard in guards {
        // A request of two files has the one whose block is excused.
        let files = if guard == Guard::Larger { 2 } else { 1 };
        let model = airlock(files, 0, Some(guard), false);
        let checker =
            model.checker().threads(2).finish_when(HasDiscoveries::AnyOf(BTreeSet::from([SAFE]))).spawn_bfs().join();
        let path = checker.discovery(SAFE);
        println!("without {guard:?}: {} states", checker.unique_state_count());
        assert!(path.is_some(), "{guard:?} isn't needed");
    }
}

/// The launcher alone: whatever the daemon's protocol forgets, nothing is lowered. What it can't know is whether a person has two
/// accounts, or a vote that the daemon keeps to itself.
#[test]
fn the_launcher_holds_where_the_protocol_forgets_a_guard() {
    for guard in [Guard::Binding, Guard::Dropping, Guard::Following, Guard::Larger, Guard::Represented, Guard::Fresh] {
        let model = Airlock { changes: 1, ..airlock(1, 0, Some(guard), true) };
        let checker = model.checker().threads(2).spawn_bfs().join();
        println!("the launcher alone, without {guard:?}: {} states", checker.unique_state_count());
        assert!(checker.discovery(SAFE).is_none(), "{guard:?}");
        assert!(checker.discovery(ENDS).is_none(), "{guard:?}");
    }
}
