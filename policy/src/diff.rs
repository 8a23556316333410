//! What a change of policy comes to, in consequences and not in lines.

use crate::explain;
use crate::known::InForce;
use crate::label::{Clearance, Label};
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
            told.extend(before.into_iter().flat_map(|(_, before)| level_changed(name, before, rules)));
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
                (None, Some(_)) => vec![format!("there are {name} now")],
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

    /// For each way between two labels that a rule names, what it takes, before and after.
    fn ways_changed(&self, new: &Self) -> Vec<String> {
        let targets: BTreeSet<&String> = self.releases.iter().chain(&new.releases).map(|rule| &rule.to).collect();
        let mut told = Vec::new();
        for from in new.sources_named(self) {
            for to in &targets {
                let Ok(target) = new.scheme.label(to) else { continue };
                if target.dominates(&from) {
                    continue;
                }
                let way = format!("release from `{}` to `{to}`", new.scheme.show(&from));
                match (self.terms(&from, &target), new.terms(&from, &target)) {
                    (Err(_), Ok(terms)) => told.push(format!("{way} is now possible, with {}", explain::told(&terms))),
                    (Ok(_), Err(refusal)) => told.push(format!("{way} is no longer possible: {}", refusal.what)),
                    (Ok(a), Ok(b)) => told.extend(terms_changed(&way, &a, &b)),
                    (Err(_), Err(_)) => {}
                }
            }
        }
        told
    }

    /// The labels that rules of either policy name, each level where they name all, and every two together.
    fn sources_named(&self, other: &Self) -> Vec<Label> {
        let mut named: Vec<Label> = Vec::new();
        for rule in self.releases.iter().chain(&other.releases) {
            let texts: Vec<String> = match rule.from.strip_prefix('*') {
                Some(rest) => self.scheme.levels.iter().map(|level| format!("{level}{rest}")).collect(),
                None => vec![rule.from.clone()],
            };
            named.extend(texts.iter().filter_map(|text| self.scheme.label(text).ok()));
        }
        let joins: Vec<Label> = named.iter().flat_map(|a| named.iter().filter_map(|b| a.join(b))).collect();
        let mut all: Vec<Label> = Vec::new();
        for label in named.into_iter().chain(joins) {
            if !all.contains(&label) {
                all.push(label);
            }
        }
        all
    }

    fn shares_changed(&self, new: &Self) -> Vec<String> {
        let texts: BTreeSet<&String> = self.shares.iter().chain(&new.shares).flat_map(|share| &share.labels).collect();
        let labels: Vec<_> = texts.into_iter().filter_map(|text| Some((text, new.scheme.label(text).ok()?))).collect();
        let mut told = Vec::new();
        for (at, (a, first)) in labels.iter().enumerate() {
            for (b, second) in labels.iter().skip(at) {
                for (whose, permits) in [("of one permit", ("P", "P")), ("of several permits", ("P", "Q"))] {
                    let beside = |policy: &Self| policy.beside((first, permits.0), (second, permits.1));
                    match (beside(self), beside(new)) {
                        (true, false) => told.push(format!("jobs {whose} at `{a}` and `{b}` no longer share a host")),
                        (false, true) => told.push(format!("jobs {whose} at `{a}` and `{b}` may now share a host")),
                        _ => {}
                    }
                }
            }
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
            let less = |(_, account): &(&String, &crate::known::Account)| {
                let granted = if ceiling { &account.granted.1 } else { &account.granted.0 };
                let now = if ceiling { &account.ceiling } else { &account.clearance };
                let then = judged.bounded(&account.person.roles, granted, ceiling);
                !account.person.disabled && *now != Clearance::LOWEST && then == Clearance::LOWEST
            };
            let mut names: Vec<&String> = self.people.iter().filter(less).map(|(name, _)| name).collect();
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
    before.iter().filter(|name| !after.contains(name))
}

fn list(names: &[&String]) -> String {
    let mut text = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        text.push_str(", …");
    }
    text
}

fn level_changed(name: &str, old: &LevelRules, new: &LevelRules) -> Vec<String> {
    let mut told = Vec::new();
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let mut changed = |what: &str, before: String, after: String| {
        if before != after {
            told.push(format!("at `{name}`, {what} `{after}` (was `{before}`)"));
        }
    };
    changed("jobs need the isolation", old.isolation.name().into(), new.isolation.name().into());
    let words = |rules: &LevelRules| {
        [
            word(serde_json::to_value(rules.owner_sees)),
            word(serde_json::to_value(rules.feedback)),
            word(serde_json::to_value(rules.ends)),
            word(serde_json::to_value(rules.proof)),
            format!("{} bits every {} days", rules.budget.bits, rules.budget.days),
            format!("{} days", rules.keep_logs),
        ]
    };
    let about = [
        "a submitter who isn't cleared is told of a job",
        "a submitter who isn't cleared is told of the checks",
        "an end is seen",
        "people prove that it is they with",
        "people who aren't cleared may be told",
        "logs are kept for",
    ];
    for (what, (before, after)) in about.into_iter().zip(words(old).into_iter().zip(words(new))) {
        changed(what, before, after);
    }
    told
}

fn terms_changed(way: &str, old: &crate::Terms, new: &crate::Terms) -> Vec<String> {
    let mut told = Vec::new();
    let (a, b) = (&old.profile, &new.profile);
    let numbers = [
        ("needs", "reviewers", u64::from(old.reviewers), u64::from(new.reviewers)),
        ("wants counts of at least", "people", a.min_people.into(), b.min_people.into()),
        ("takes files of at most", "bytes", a.max_bytes, b.max_bytes),
        ("takes tables of at most", "rows", a.max_rows, b.max_rows),
        ("is answered within", "days", old.answer_in.into(), new.answer_in.into()),
    ];
    for (verb, unit, before, after) in numbers.into_iter().filter(|(_, _, before, after)| before != after) {
        told.push(format!("{way} now {verb} {after} {unit} (was {before})"));
    }
    if old.who != new.who {
        let names: Vec<_> = new.who.iter().map(|role| role.name()).collect();
        told.push(format!("{way} is now approved by {}", names.join(" and ")));
    }
    told.extend(gone(&a.types, &b.types).map(|kind| format!("{way} takes no `{kind}` any more")));
    told.extend(gone(&b.types, &a.types).map(|kind| format!("{way} now takes `{kind}`")));
    let excused = |terms: &crate::Terms| terms.excuse.clone().map_or((Vec::new(), 0), |e| (e.checks, e.reviewers));
    let ((before, were), (after, by)) = (excused(old), excused(new));
    if were != by && before.iter().any(|check| after.contains(check)) {
        told.push(format!("{way}: an excuse now takes {by} reviewers (was {were})"));
    }
    told.extend(gone(&before, &after).map(|check| format!("{way}: `{check}` can't be excused any more")));
    told.extend(gone(&after, &before).map(|check| format!("{way}: {by} reviewers can now excuse `{check}`")));
    told
}
