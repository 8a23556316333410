//! What a change of policy comes to, in consequences and not in lines.

mod ways;

use crate::known::{Account, InForce};
use crate::label::Clearance;
use crate::policy::{Bounds, LevelRules, Policy, Role};
use crate::registry::Registry;
use std::collections::BTreeSet;

/// Most names that are written out.
const NAMED: usize = 5;

impl Policy {
    /// What is no longer so, or is so now.
    pub fn consequences(&self, new: &Self) -> Vec<String> {
        let mut told = Vec::new();
        for (kind, before, after) in [
            ("level", &self.scheme.levels, &new.scheme.levels),
            ("category", &self.scheme.categories, &new.scheme.categories),
            ("audience", &self.scheme.audiences, &new.scheme.audiences),
        ] {
            told.extend(gone(before, after).map(|name| format!("there is no {kind} `{name}` any more")));
            told.extend(gone(after, before).map(|name| format!("there is a new {kind} `{name}`")));
        }
        Role::ALL.into_iter().for_each(|role| told.extend(self.bounds_changed(new, role)));
        for (name, rules) in new.scheme.levels.iter().zip(&new.levels) {
            let before = self.scheme.levels.iter().zip(&self.levels).find(|(known, _)| *known == name);
            told.extend(level_changed(name, before.map(|(_, before)| before), rules));
        }
        told.extend(self.ways_changed(new));
        told.extend(self.shares_changed(new));
        told.extend(gone(&self.replies, &new.replies).map(|reply| format!("reviewers can no longer reply `{reply}`")));
        told.extend(gone(&new.replies, &self.replies).map(|reply| format!("reviewers can now reply `{reply}`")));
        told.extend(
            gone(&self.tracebacks, &new.tracebacks).map(|class| format!("tracebacks no longer name `{class}`")),
        );
        told.extend(gone(&new.tracebacks, &self.tracebacks).map(|class| format!("tracebacks may now name `{class}`")));
        told
    }

    fn bounds_changed(&self, new: &Self, role: Role) -> Vec<String> {
        let name = format!("{}s", role.name());
        let (before, after) = (self.roles.get(&role), new.roles.get(&role));
        let (Some(before), Some(after)) = (before, after) else {
            return match (before, after) {
                (None, Some(new)) => vec![format!(
                    "there are {name} now: they can see up to `{}` and submit up to `{}`",
                    new.clearance, new.ceiling
                )],
                (Some(_), None) => vec![format!("{name} may see and do nothing any more")],
                _ => Vec::new(),
            };
        };
        type Of = fn(&Bounds) -> &String;
        let parts: [(&str, Of); 2] = [("see", |bounds| &bounds.clearance), ("submit", |bounds| &bounds.ceiling)];
        let mut told = Vec::new();
        for (verb, of) in parts {
            let (old, now) = (of(before), of(after));
            let (Ok(a), Ok(b)) = (new.scheme.clearance(old), new.scheme.clearance(now)) else { continue };
            match (b.within(&a), a.within(&b)) {
                (true, true) => {}
                (true, false) => told.push(format!("{name} can no longer {verb} above `{now}` (was `{old}`)")),
                (false, true) => told.push(format!("{name} can now {verb} up to `{now}` (was `{old}`)")),
                (false, false) => told.push(format!("{name} can {verb} up to `{now}`, and no longer up to `{old}`")),
            }
        }
        if before.group != after.group {
            let group = after.group.as_deref().unwrap_or("none");
            told.push(format!("the identity provider's group of {name} is now `{group}`"));
        }
        told
    }
}

impl Registry {
    /// Who would see or submit less under another policy, and what it contradicts.
    pub fn affected(&self, new: &Policy) -> Vec<String> {
        let Ok(judged) = InForce::new(new.clone()) else { return Vec::new() };
        let mut told = Vec::new();
        for (what, ceiling) in [("see", false), ("submit", true)] {
            let less = |account: &&Account| {
                let granted = if ceiling { &account.granted.1 } else { &account.granted.0 };
                let now = if ceiling { &account.ceiling } else { &account.clearance };
                let then = judged.bounded(&account.person.roles, granted, ceiling);
                !account.person.disabled && *now != Clearance::LOWEST && then == Clearance::LOWEST
            };
            let people = self.people.values().map(Box::as_ref);
            let mut names: Vec<&String> = people.filter(less).map(|account| &account.person.name).collect();
            names.sort_unstable();
            if !names.is_empty() {
                told.push(format!(
                    "{} people {what} nothing above the lowest label any more: {}",
                    names.len(),
                    list(&names)
                ));
            }
        }
        told.extend(self.contradictions(new).iter().map(ToString::to_string));
        told
    }
}

fn gone<'a>(before: &'a [String], after: &'a [String]) -> impl Iterator<Item = &'a String> {
    let after: BTreeSet<&String> = after.iter().collect();
    before.iter().filter(move |name| !after.contains(name))
}

fn list(names: &[&String]) -> String {
    let mut text = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        text.push_str(", …");
    }
    text
}

/// What is so at a level now, and wasn't; all of it, where the level is new.
fn level_changed(name: &str, old: Option<&LevelRules>, new: &LevelRules) -> Vec<String> {
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let words = |rules: &LevelRules| {
        [
            rules.isolation.name().to_owned(),
            if rules.limits { "always limited" } else { "limited where a host can" }.to_owned(),
            word(serde_json::to_value(rules.owner_sees)),
            word(serde_json::to_value(rules.feedback)),
            word(serde_json::to_value(rules.ends)),
            word(serde_json::to_value(rules.proof)),
            format!("{} bits every {} days", rules.budget.bits, rules.budget.days),
            format!("{} days", rules.keep_logs),
        ]
    };
    let about = [
        "jobs need the isolation",
        "what jobs use is",
        "a submitter who isn't cleared is told of a job",
        "a submitter who isn't cleared is told of the checks",
        "an end is seen",
        "people prove that it is they with",
        "people who aren't cleared may be told",
        "logs are kept for",
    ];
    let before = old.map(words).map_or([const { None }; 8], |words| words.map(Some));
    let changed = |((what, before), after): ((&str, Option<String>), String)| match before {
        None => Some(format!("at `{name}`, {what} `{after}`")),
        Some(before) => (before != after).then(|| format!("at `{name}`, {what} `{after}` (was `{before}`)")),
    };
    about.into_iter().zip(before).zip(words(new)).filter_map(changed).collect()
}
