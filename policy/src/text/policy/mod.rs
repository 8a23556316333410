//! `policy.toml`: what an officer writes, over the preset that answers where the file is silent.

mod level;
mod release;
mod report;
mod role;
mod words;

use super::problem::Problems;
use super::reader::{Table, document};
use super::value::Value;
use crate::faults::Fault;
use crate::policy::Policy;
use crate::scheme::Scheme;
use crate::suggest;
use report::Report;
use std::collections::BTreeMap;
pub(super) use words::roles;

/// The presets: name and text.
pub(super) const PRESETS: [(&str, &str); 4] = [
    ("ehds", include_str!("../../../presets/ehds.toml")),
    ("opensafely", include_str!("../../../presets/opensafely.toml")),
    ("turing", include_str!("../../../presets/turing.toml")),
    ("vs", include_str!("../../../presets/vs.toml")),
];

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
pub(super) fn read(source: &str, judge: impl FnOnce(&Policy) -> Vec<Fault>) -> Result<Policy, Problems> {
    document(source, |top| {
        let named = top.get("preset").map(|value| Some((value.text()?, value.word(&PRESETS)?)));
        let named = named.unwrap_or_else(|| {
            top.fault(format!(
                "`preset` is missing; add it: {}",
                suggest::among("", PRESETS.iter().map(|(name, _)| *name))
            ));
            None
        });
        // The preset is a policy file like any other; it stands on nothing.
        let base = named.as_ref().and_then(|(name, text)| {
            let preset = document(text, |top| Some(overlay(top, nothing(name.clone())).0));
            preset.map_err(|problems| top.fault(problems.to_string())).ok()
        });
        let known = base.is_some();
        let base = base.unwrap_or_else(|| nothing(String::new()));
        let left_out = base.scheme.levels.clone();
        let (policy, names_are_read) = overlay(top, base);
        // Where a name of the scheme can't be read, everything that names it would seem wrong.
        if known && names_are_read {
            let left_out = left_out.into_iter().filter(|level| !policy.scheme.levels.contains(level)).collect();
            let report = Report { top, left_out };
            let faults = policy.faults();
            // What is wrong by itself is said already; nobody else has to judge that.
            let more = if faults.is_empty() { judge(&policy) } else { Vec::new() };
            report.all(faults.into_iter().chain(more));
        }
        Some(policy)
    })
}

fn nothing(preset: String) -> Policy {
    Policy {
        preset,
        scheme: Scheme { levels: vec![], categories: vec![], audiences: vec![] },
        levels: vec![],
        roles: BTreeMap::new(),
        releases: vec![],
        profiles: vec![],
        shares: vec![],
        replies: vec![],
        tracebacks: vec![],
    }
}

/// The policy with what the file says in place of what it said, and whether each name of the scheme could be read.
fn overlay(top: &Table<'_, '_>, mut policy: Policy) -> (Policy, bool) {
    top.only(&KEYS);
    let mut names_are_read = true;
    for (key, names) in [("categories", &mut policy.scheme.categories), ("audiences", &mut policy.scheme.audiences)] {
        if let Some(value) = top.get(key) {
            value.texts().map_or_else(|| names_are_read = false, |read| *names = read);
        }
    }
    if let Some(value) = top.get("level") {
        level::all(&value, &mut policy).unwrap_or_else(|| names_are_read = false);
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
    (policy, names_are_read)
}

fn sections<'t, 's>(top: &Table<'t, 's>, key: &str) -> Vec<(String, Value<'t, 's>)> {
    top.get(key).and_then(|value| value.table()).map_or_else(Vec::new, |table| table.entries())
}
