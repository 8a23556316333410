//! `[[level]]`.

use super::names;
use super::words::{ENDS, FEEDBACK, ISOLATIONS, OWNER_SEES, PROOFS};
use crate::policy::{Budget, Ends, Feedback, Isolation, LevelRules, OwnerSees, Policy, Proof};
use crate::text::reader::Table;
use crate::text::units;
use crate::text::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What holds where neither the file nor the preset says anything: the strictest.
const STRICTEST: LevelRules = LevelRules {
    isolation: Isolation::Gvisor,
    limits: true,
    owner_sees: OwnerSees::Nothing,
    feedback: Feedback::Nothing,
    budget: Budget { bits: 0, days: 30 },
    ends: Ends::Fixed,
    proof: Proof::Key,
    keep_logs: 400,
};

const UNKNOWN: LevelRules = LevelRules { budget: Budget { bits: u32::MAX, days: 30 }, ..STRICTEST };

/// Stands in for a level whose name can't be read, so that the others stay where they are. No label can name it but by a default.
const NAMELESS: &str = "?";

/// Puts the file's levels in the place of the preset's; where the preset has one of that name, it answers for what is left out. Whether
/// every name can be read.
pub(super) fn all(value: &Value<'_, '_>, policy: &mut Policy) -> bool {
    let Some(items) = value.list() else { return false };
    let known: BTreeMap<_, _> = policy.scheme.levels.drain(..).zip(policy.levels.drain(..)).collect();
    // Nobody can say what a preset that isn't known answers: nothing that would be found to be too little.
    let silent = match policy.preset.is_empty() {
        true => UNKNOWN,
        false => STRICTEST,
    };
    let mut seen = BTreeSet::new();
    let levels = items.iter().map(|item| {
        let table = item.table();
        let name = table.as_ref().and_then(|table| table.need("name")).and_then(|value| names::one(&value, &mut seen));
        let rules = match &name {
            Some(name) => known.get(name).unwrap_or(&silent),
            None => &UNKNOWN,
        };
        let rules = table.map_or_else(|| rules.clone(), |table| one(&table, rules.clone()));
        (name.unwrap_or_else(|| NAMELESS.to_owned()), rules)
    });
    (policy.scheme.levels, policy.levels) = levels.unzip();
    !policy.scheme.levels.iter().any(|name| name == NAMELESS)
}

fn one(table: &Table<'_, '_>, mut rules: LevelRules) -> LevelRules {
    table.only(&["name", "isolation", "limits", "owner_sees", "feedback", "budget", "ends", "proof", "keep_logs"]);
    table.set("isolation", &mut rules.isolation, |value| value.word(&ISOLATIONS));
    table.set("limits", &mut rules.limits, |value| value.flag());
    table.set("owner_sees", &mut rules.owner_sees, |value| value.word(&OWNER_SEES));
    table.set("feedback", &mut rules.feedback, |value| value.word(&FEEDBACK));
    table.set("ends", &mut rules.ends, |value| value.word(&ENDS));
    table.set("proof", &mut rules.proof, |value| value.word(&PROOFS));
    table.set("keep_logs", &mut rules.keep_logs, |value| value.parsed(units::days));
    let days = rules.budget.days;
    table.set("budget", &mut rules.budget, |value| budget(&value.table()?, days));
    rules
}

fn budget(table: &Table<'_, '_>, mut days: u32) -> Option<Budget> {
    table.only(&["bits", "per", "every"]);
    table.set("every", &mut days, |value| value.parsed(units::days));
    table.set("per", &mut (), |value| value.word(&[("permit", ())]));
    Some(Budget { bits: table.need("bits")?.number(0..=u32::MAX)?, days })
}
