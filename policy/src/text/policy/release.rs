//! `[[release]]`, `[profile.NAME]` and `[[share]]`.

use super::words::{PERMITS, TYPES, roles};
use crate::faults::excuse;
use crate::policy::{Excuse, Permits, Policy, ReleaseRule, Role, Share};
use crate::profile::{FEWEST, Profile};
use crate::scheme::Scheme;
use crate::suggest;
use crate::text::reader::Table;
use crate::text::units;
use crate::text::value::Value;
use std::collections::BTreeSet;

/// What a way down takes, and what a bar to it has nothing of.
const CONDITIONS: [&str; 7] = ["profile", "reviewers", "who", "max_bytes", "max_rows", "answer_in", "excuse"];

/// One way down. Where its labels can't be read, the farthest way stands in for it, so that the rest can be judged.
pub(super) fn rule(value: &Value<'_, '_>, scheme: &Scheme) -> ReleaseRule {
    let end = |level: Option<&String>| level.cloned().unwrap_or_default();
    let mut rule = ReleaseRule {
        from: end(scheme.levels.last()),
        to: end(scheme.levels.first()),
        profile: "standard".to_owned(),
        reviewers: 2,
        who: BTreeSet::from([Role::Checker]),
        max_bytes: None,
        max_rows: None,
        answer_in: 5,
        excuse: None,
        never: false,
    };
    let Some(table) = value.table() else { return rule };
    table.only(&["from", "to", "profile", "reviewers", "who", "max_bytes", "max_rows", "answer_in", "excuse", "never"]);
    for (key, label) in [("from", &mut rule.from), ("to", &mut rule.to)] {
        *label = table.need(key).and_then(|value| value.text()).unwrap_or_else(|| label.clone());
    }
    table.set("profile", &mut rule.profile, Value::text);
    table.set("reviewers", &mut rule.reviewers, |value| value.number(0..=u8::MAX));
    table.set("who", &mut rule.who, |value| value.each(|item| item.word(&roles())));
    table.set("max_bytes", &mut rule.max_bytes, |value| value.parsed(units::bytes).map(Some));
    table.set("max_rows", &mut rule.max_rows, |value| value.number(0..=u64::MAX).map(Some));
    table.set("answer_in", &mut rule.answer_in, |value| value.parsed(units::days));
    table.set("excuse", &mut rule.excuse, |value| excused(&value.table()?).map(Some));
    table.set("never", &mut rule.never, Value::flag);
    for condition in CONDITIONS.into_iter().filter_map(|key| table.get(key)).filter(|_| rule.never) {
        let key = &condition.key;
        condition
            .fault(format!("`never` bars the way on no condition, and `{key}` is one; leave `{key}` out, or `never`"));
    }
    rule
}

fn excused(table: &Table<'_, '_>) -> Option<Excuse> {
    table.only(&["checks", "reviewers"]);
    let check = |item: &Value<'_, '_>| {
        let check = item.text()?;
        excuse::never(&check).into_iter().for_each(|what| item.fault(what));
        Some(check)
    };
    let checks = table.need("checks").and_then(|value| value.each(check));
    let reviewers = table.need("reviewers").and_then(|value| value.number(0..=u8::MAX));
    Some(Excuse { checks: checks?, reviewers: reviewers? })
}

pub(super) fn share(value: &Value<'_, '_>) -> Share {
    let mut share = Share { labels: Vec::new(), permits: Permits::Same };
    let Some(table) = value.table() else { return share };
    table.only(&["labels", "permits"]);
    share.labels = table.need("labels").and_then(|value| value.texts()).unwrap_or_default();
    table.set("permits", &mut share.permits, |value| value.word(&PERMITS));
    share
}

/// On how many people a count rests at least.
pub(super) fn people(value: &Value<'_, '_>) -> Option<u32> {
    value.number_since(FEWEST..=u32::MAX, "; with fewer, every cell of one person could leave")
}

fn file_type(item: &Value<'_, '_>) -> Option<String> {
    let name = item.text()?;
    if !TYPES.contains(&name.as_str()) {
        let known = suggest::among(&name, TYPES.into_iter());
        item.fault(format!("no check knows files of type `{name}`, so that none could leave; {known}"));
    }
    Some(name)
}

/// Puts a profile in the place of the one of its name. The first one answers for what a new one leaves out.
pub(super) fn profile(name: &str, value: &Value<'_, '_>, policy: &mut Policy) {
    const KEYS: [&str; 5] = ["min_people", "max_bytes", "max_rows", "information", "types"];
    let Some(table) = value.table() else { return };
    table.only(&[&KEYS[..], &["weight_bits"]].concat());
    let base = policy.profile(name).or(policy.profiles.first()).cloned();
    let mut profile = base.unwrap_or_else(|| {
        // Nobody can say what a preset that isn't known answers.
        if !policy.preset.is_empty() {
            KEYS.into_iter().for_each(|key| drop(table.need(key)));
        }
        Profile {
            name: String::new(),
            min_people: u32::MAX,
            max_bytes: 0,
            max_rows: 0,
            information: 0,
            types: Vec::new(),
            weight_bits: None,
        }
    });
    name.clone_into(&mut profile.name);
    table.set("min_people", &mut profile.min_people, people);
    table.set("max_bytes", &mut profile.max_bytes, |value| value.parsed(units::bytes));
    table.set("max_rows", &mut profile.max_rows, |value| value.number(0..=u64::MAX));
    table.set("weight_bits", &mut profile.weight_bits, |value| value.number(1..=Profile::ALL_BITS).map(Some));
    table.set("information", &mut profile.information, |value| value.parsed(units::bytes));
    table.set("types", &mut profile.types, |value| value.each(file_type));
    policy.profiles.retain(|other| other.name != name);
    policy.profiles.push(profile);
}
