//! `policy.toml`: what an officer writes, over the preset that answers where the file is silent.

mod level;
mod misnamed;
mod names;
mod preset;
mod release;
mod report;
mod role;
mod words;

use super::problem::Problems;
use super::reader::{Table, document};
use super::value::Value;
use crate::faults::Fault;
use crate::policy::Policy;
use preset::Base;
pub(super) use preset::PRESETS;
use report::Report;
pub(super) use words::roles;

const KEYS: [&str; 11] = [
    "preset",
    "min_people",
    "categories",
    "audiences",
    "level",
    "role",
    "release",
    "profile",
    "share",
    "replies",
    "tracebacks",
];

/// Reads a file, and says where in it what `judge` finds stands.
pub(super) fn read<J>(source: &str, judge: Option<J>) -> Result<Policy, Problems>
where
    J: FnOnce(&Policy) -> Vec<Fault>,
{
    document(source, |top| {
        let (base, mut unread) = match preset::base(top) {
            Base::Named(preset) => (preset, vec![]),
            Base::Meant(preset) => (preset, vec!["preset"]),
            Base::Unknown => (preset::nothing(String::new()), left_out(top)),
        };
        let preset = base.scheme.clone();
        let policy = overlay(top, base, &mut unread);
        Report { top, policy: &policy, preset, unread: &unread }.all(judge);
        Some(policy)
    })
}

/// What only a preset would name, and none is known.
fn left_out(top: &Table<'_, '_>) -> Vec<&'static str> {
    let kinds = [("level", "level"), ("categories", "category"), ("audiences", "audience"), ("preset", "profile")];
    let unsaid = |(key, _): &(&str, _)| *key == "preset" || top.get(key).is_none();
    kinds.into_iter().filter(unsaid).map(|(_, kind)| kind).collect()
}

/// The policy with what the file says in place of what it said. The kinds of names that can't be read go to `unread`.
fn overlay(top: &Table<'_, '_>, mut policy: Policy, unread: &mut Vec<&'static str>) -> Policy {
    top.only(&KEYS);
    names::all(top, &mut policy, unread);
    if top.get("level").is_some_and(|value| !level::all(&value, &mut policy)) {
        unread.push("level");
    }
    let people = top.get("min_people").and_then(|value| release::people(&value));
    if let Some(people) = people {
        policy.profiles.iter_mut().for_each(|profile| profile.min_people = people);
    }
    // After what holds for all of them: a profile may ask for more.
    for (name, value) in sections(top, "profile") {
        release::profile(&name, &value, &mut policy);
    }
    for (name, value) in sections(top, "role") {
        role::one(&name, &value, &mut policy);
    }
    let scheme = &policy.scheme;
    top.set("release", &mut policy.releases, |value| value.each(|item| Some(release::rule(item, scheme))));
    top.set("share", &mut policy.shares, |value| value.each(|item| Some(release::share(item))));
    top.set("replies", &mut policy.replies, |value| value.texts());
    top.set("tracebacks", &mut policy.tracebacks, |value| value.texts());
    policy
}

fn sections<'t, 's>(top: &Table<'t, 's>, key: &str) -> Vec<(String, Value<'t, 's>)> {
    top.get(key).and_then(|value| value.table()).map_or_else(Vec::new, |table| table.entries())
}
