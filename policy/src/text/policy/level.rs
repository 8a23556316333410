//! `[[level]]`.

use super::words::{ENDS, FEEDBACK, ISOLATIONS, OWNER_SEES, PROOFS};
use crate::policy::{Budget, Ends, Feedback, Isolation, LevelRules, OwnerSees, Policy, Proof};
use crate::text::reader::Table;
use crate::text::units;
use crate::text::value::Value;
use std::collections::BTreeMap;

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

/// Puts the file's levels in the place of the preset's; where the preset has one of that name, it answers for what is left out.
/// `None`: not every name can be read.
pub(super) fn all(value: &Value<'_, '_>, policy: &mut Policy) -> Option<()> {
    let known: BTreeMap<_, _> = policy.scheme.levels.drain(..).zip(policy.levels.drain(..)).collect();
    let levels: Vec<_> = value.each(|item| one(&item.table()?, &known))?;
    (policy.scheme.levels, policy.levels) = levels.into_iter().unzip();
    Some(())
}

fn one(table: &Table<'_, '_>, known: &BTreeMap<String, LevelRules>) -> Option<(String, LevelRules)> {
    table.only(&["name", "isolation", "limits", "owner_sees", "feedback", "budget", "ends", "proof", "keep_logs"]);
    let name = table.need("name").and_then(|value| value.text());
    let mut rules = name.as_ref().and_then(|name| known.get(name)).cloned().unwrap_or(STRICTEST);
    table.set("isolation", &mut rules.isolation, |value| value.word(&ISOLATIONS));
    table.set("limits", &mut rules.limits, |value| value.flag());
    table.set("owner_sees", &mut rules.owner_sees, |value| value.word(&OWNER_SEES));
    table.set("feedback", &mut rules.feedback, |value| value.word(&FEEDBACK));
    table.set("ends", &mut rules.ends, |value| value.word(&ENDS));
    table.set("proof", &mut rules.proof, |value| value.word(&PROOFS));
    table.set("keep_logs", &mut rules.keep_logs, |value| value.parsed(units::days));
    let days = rules.budget.days;
    table.set("budget", &mut rules.budget, |value| budget(&value.table()?, days));
    Some((name?, rules))
}

fn budget(table: &Table<'_, '_>, mut days: u32) -> Option<Budget> {
    table.only(&["bits", "per", "every"]);
    table.set("every", &mut days, |value| value.parsed(units::days));
    table.set("per", &mut (), |value| value.word(&[("permit", ())]));
    Some(Budget { bits: table.need("bits")?.number(0..=u32::MAX)?, days })
}
