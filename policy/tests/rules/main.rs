//! Each rule of the design that is decided here, with what shows that it decides.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod gate;
mod labels;
mod reading;
mod records;
mod telling;
mod ways;

use common::Site;
use semla_policy::{At, Label, Person, Record};

fn at<'a>(label: &'a Label, site: &'a Site) -> At<'a> {
    At { label, policy: site.registry.policy_digest() }
}

/// Somebody as they are on record, changed.
fn changed(site: &mut Site, name: &str, change: impl FnOnce(&mut Person)) {
    let mut person = site.registry.person(name).unwrap().clone();
    change(&mut person);
    site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
}
