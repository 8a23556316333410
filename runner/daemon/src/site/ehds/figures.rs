//! What is measured: settings of the policy in force, and counts from the records and from the entries that the asker may open.

use crate::site::entries::Opened;
use semla_policy::{Date, LevelRules, Permit, Policy, Proof, Registry, Role};
use std::collections::{BTreeMap, BTreeSet};

/// How far back entries are counted, in milliseconds.
pub(super) const MONTH: i64 = 30 * 24 * 3600 * 1000;
/// For how many days logs are kept at least: Art. 73(1)(e).
const YEAR: u32 = 365;

/// Today's figures.
pub(super) struct Figures {
    day: Date,
    permits: usize,
    over: usize,
    members: usize,
    people: usize,
    keys: usize,
    /// Of each role, those with a key.
    able: BTreeMap<Role, usize>,
    datasets: usize,
    halts: usize,
    /// Entries by what happened.
    events: BTreeMap<String, usize>,
    readers: BTreeSet<String>,
}

impl Figures {
    /// From the records.
    pub(super) fn of(registry: &Registry, asker: &str, day: Date) -> Self {
        let holds = |permit: &&Permit| registry.holds_permit(&permit.name, day).is_ok();
        let (now, all) = (registry.permits().filter(holds), registry.permits().count());
        let now: Vec<&Permit> = now.collect();
        let open: Vec<_> = registry.people().filter(|person| !person.disabled).collect();
        let able = |role: Role| open.iter().filter(|one| one.key.is_some() && one.roles.contains(&role)).count();
        let clearance = registry.person(asker).map(|person| registry.clearance(person));
        let known = |card: &str| {
            let label = registry.label(card);
            label.is_ok_and(|label| clearance.as_ref().is_some_and(|clearance| clearance.admits(&label)))
        };
        Self {
            day,
            permits: now.len(),
            over: all - now.len(),
            members: now.iter().flat_map(|permit| &permit.people).collect::<BTreeSet<_>>().len(),
            people: open.len(),
            keys: open.iter().filter(|person| person.key.is_some()).count(),
            able: Role::ALL.into_iter().map(|role| (role, able(role))).collect(),
            datasets: registry.datasets().filter(|data| known(&data.dataset.card_label)).count(),
            halts: registry.halts().count(),
            events: BTreeMap::new(),
            readers: BTreeSet::new(),
        }
    }

    /// One entry of the last month.
    pub(super) fn count(&mut self, entry: &Opened) {
        let (event, by) = (entry.text("event"), entry.text("by"));
        // Reads by semla itself carry a file from one of its parts to another.
        if event == "read" && by == "semla" {
            return;
        }
        if event == "read" {
            self.readers.insert(by.to_owned());
        }
        *self.events.entry(event.to_owned()).or_default() += 1;
    }

    /// Today's figures for a letter.
    pub(super) fn today(&self, letter: &str) -> Vec<String> {
        let month = |event: &str| self.events.get(event).copied().unwrap_or_default();
        let able = |role: Role| self.able.get(&role).copied().unwrap_or_default();
        let mut lines = vec![format!("this is what the records and the ledger say on {} (UTC)", self.day)];
        lines.extend(match letter {
            "a" => vec![
                format!("permits in force: {}; over or withdrawn: {}", self.permits, self.over),
                format!("members of permits in force: {}; open accounts: {}", self.members, self.people),
            ],
            "b" => vec![
                format!("output checkers with a key: {}", able(Role::Checker)),
                format!(
                    "releases asked for: {}; votes: {}; bundles: {}",
                    month("requested"),
                    month("voted"),
                    month("released")
                ),
            ],
            "c" => vec![
                format!(
                    "stewards with a key: {}; officers: {}; operators: {}",
                    able(Role::Steward),
                    able(Role::Officer),
                    able(Role::Operator)
                ),
                format!("datasets whose card you are cleared for: {}", self.datasets),
            ],
            "d" => vec![
                format!("people with a signing key: {} of {}", self.keys, self.people),
                format!("jobs submitted: {}; sign-ins: {}", month("submitted"), month("signed-in")),
            ],
            "e" => vec![
                format!("reads: {}, by {} people", month("read"), self.readers.len()),
                format!("answers to people who aren't cleared: {}; downloads: {}", month("told"), month("downloaded")),
            ],
            _ => vec![format!("halts in force: {}", self.halts), format!("records put in force: {}", month("enacted"))],
        });
        if !["a", "c"].contains(&letter) {
            lines
                .push("what happened is counted over the last 30 days, among the entries that you may open".to_owned());
        }
        lines
    }
}

/// What the policy says that matters for a letter.
pub(super) fn settings(letter: &str, policy: &Policy) -> Vec<String> {
    let mut lines = match letter {
        "a" => bounds(policy),
        "b" => {
            [levels(policy, |rules| format!("isolation at least `{}`", rules.isolation.name())), ways(policy)].concat()
        }
        "d" => levels(policy, |rules| {
            let how = match rules.proof {
                Proof::Key => "who reads or submits signs with a key of their own",
                Proof::Session => "who reads or submits is believed on their session",
            };
            format!("{how}; {} bits in {} days for those who aren't cleared", rules.budget.bits, rules.budget.days)
        }),
        "e" => levels(policy, kept),
        _ => Vec::new(),
    };
    lines.push(format!("the policy is `{}`, of preset `{}`", policy.digest(), policy.preset));
    lines
}

pub(super) fn levels(policy: &Policy, said: impl Fn(&LevelRules) -> String) -> Vec<String> {
    policy.scheme.levels.iter().zip(&policy.levels).map(|(name, rules)| format!("`{name}`: {}", said(rules))).collect()
}

/// Where logs are kept for less than a year, the letter isn't met.
pub(super) fn kept(rules: &LevelRules) -> String {
    let days = rules.keep_logs;
    match days >= YEAR {
        true => format!("`keep_logs` is {days} days, a year or more"),
        false => format!("**not met**: `keep_logs` is {days} days, and {YEAR} are asked for"),
    }
}

fn bounds(policy: &Policy) -> Vec<String> {
    let bound = |(role, bounds): (&Role, &semla_policy::Bounds)| {
        format!("{}: sees at most `{}`, submits at most at `{}`", role.name(), bounds.clearance, bounds.ceiling)
    };
    policy.roles.iter().map(bound).collect()
}

fn ways(policy: &Policy) -> Vec<String> {
    let ways = policy.releases.iter().map(|rule| match rule.never {
        true => format!("from `{}` to `{}`: never", rule.from, rule.to),
        false => {
            format!("from `{}` to `{}`: {} reviewers, profile `{}`", rule.from, rule.to, rule.reviewers, rule.profile)
        }
    });
    ways.collect()
}
