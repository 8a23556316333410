//! The files that people write, in TOML: each is read as a whole, and all that is wrong with it is said at once.

mod card;
mod job;
mod label;
mod permit;
mod person;
mod policy;
mod problem;
mod reader;
mod units;
mod value;

pub use problem::{Problem, Problems};

use crate::card::Card;
use crate::faults::Fault;
use crate::policy::Policy;
use crate::record::{Permit, Person};

/// A job file: what [`crate::JobPlan`] says, with names where the plan has digests.
pub use job::JobFile;

/// Reads a policy file over its preset.
pub fn policy(source: &str) -> Result<Policy, Problems> {
    policy::read(source, None::<fn(&Policy) -> Vec<Fault>>)
}

/// Reads a policy file over its preset, and reports what somebody else finds wrong with it where it stands in the file.
pub fn policy_judged(source: &str, judge: impl FnOnce(&Policy) -> Vec<Fault>) -> Result<Policy, Problems> {
    policy::read(source, Some(judge))
}

/// The names of the presets.
pub fn presets() -> impl Iterator<Item = &'static str> {
    policy::PRESETS.iter().map(|(name, _)| *name)
}

/// Reads a permit file; its name is the file's.
pub fn permit(name: &str, source: &str) -> Result<Permit, Problems> {
    permit::read(name, source)
}

/// Reads a person's file; the name is the file's.
pub fn person(name: &str, source: &str) -> Result<Person, Problems> {
    person::read(name, source)
}

/// Reads a dataset's card.
pub fn card(source: &str) -> Result<Card, Problems> {
    card::read(source)
}

/// Reads a job file.
pub fn job(source: &str) -> Result<JobFile, Problems> {
    job::read(source)
}
