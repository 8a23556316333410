//! A whole policy, as people read it.

use crate::output::{plain, rows};
use semla_policy::{LevelRules, Permits, Policy, ReleaseRule};
use serde::Serialize;
use serde_json::Value;

/// Every rule of a policy, in the order in which it decides: what there is, who may see it, how it leaves, what stands beside what.
pub(crate) fn policy(policy: &Policy) -> String {
    let scheme = &policy.scheme;
    let names = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let levels = scheme.levels.iter().zip(&policy.levels).map(|(name, rules)| level(name, rules)).collect::<Vec<_>>();
    let role = |(role, bounds): (&semla_policy::Role, &semla_policy::Bounds)| {
        let group = bounds.group.clone().unwrap_or_default();
        [role.name().to_owned(), bounds.clearance.clone(), bounds.ceiling.clone(), group]
    };
    let roles: Vec<_> = policy.roles.iter().map(role).collect();
    let ways: Vec<_> = policy.releases.iter().map(way).collect();
    let profile = |of: &semla_policy::Profile| {
        [
            of.name.clone(),
            of.min_people.to_string(),
            size(of.max_bytes),
            of.max_rows.to_string(),
            size(of.information),
            digits(of),
            names(&of.types),
        ]
    };
    let profiles: Vec<_> = policy.profiles.iter().map(profile).collect();
    let share = |share: &semla_policy::Share| {
        let permits = match share.permits {
            Permits::Same => "of one permit",
            Permits::Any => "of any permits",
        };
        format!("  {}: {permits}", share.labels.join(" beside "))
    };
    let shares: Vec<_> = policy.shares.iter().map(share).collect();
    let numbered = |(number, reply): (usize, &String)| format!("  {:>2} {reply}", number + 1);
    let replies: Vec<_> = policy.replies.iter().enumerate().map(numbered).collect();
    let parts = [
        format!("{}, of preset `{}`", policy.digest(), policy.preset),
        format!("categories: {}\naudiences:  {}", names(&scheme.categories), names(&scheme.audiences)),
        table("levels, lowest first", LEVEL, &levels),
        table("roles", ["ROLE", "SEES UP TO", "SUBMITS UP TO", "GROUP"], &roles),
        table("ways out", ["FROM", "TO", "REVIEWERS", "PROFILE", "ANSWER IN", "BESIDES"], &ways),
        table("profiles", ["PROFILE", "PEOPLE", "SIZE", "ROWS", "INFORMATION", "WEIGHTS", "TYPES"], &profiles),
        section("share a host", &shares),
        section("replies to authors", &replies),
        format!("tracebacks name: {}", names(&policy.tracebacks)),
    ];
    plain(&parts.join("\n\n"))
}

const LEVEL: [&str; 8] = ["LEVEL", "ISOLATION", "OWNER SEES", "FEEDBACK", "BUDGET", "ENDS", "PROOF", "KEEP LOGS"];

fn level(name: &str, rules: &LevelRules) -> [String; 8] {
    [
        name.to_owned(),
        format!("{}{}", rules.isolation.name(), if rules.limits { "" } else { ", limits where a host can" }),
        word(&rules.owner_sees),
        word(&rules.feedback),
        format!("{} bits in {}d", rules.budget.bits, rules.budget.days),
        word(&rules.ends),
        word(&rules.proof),
        format!("{}d", rules.keep_logs),
    ]
}

/// Significant bits of numbers in models.
fn digits(of: &semla_policy::Profile) -> String {
    of.weight_bits.map_or_else(|| "as they are".to_owned(), |bits| format!("{bits} bits"))
}

fn way(rule: &ReleaseRule) -> [String; 6] {
    if rule.never {
        return [rule.from.clone(), rule.to.clone(), "never".into(), String::new(), String::new(), String::new()];
    }
    let who: Vec<_> = rule.who.iter().map(|role| role.name()).collect();
    let bytes = rule.max_bytes.map(|most| format!("at most {}", size(most)));
    let table = rule.max_rows.map(|most| format!("at most {most} rows"));
    let excuse = rule.excuse.as_ref().map(|excuse| format!("{} excuse {}", excuse.reviewers, excuse.checks.join(", ")));
    [
        rule.from.clone(),
        rule.to.clone(),
        format!("{} ({})", rule.reviewers, who.join(" and ")),
        rule.profile.clone(),
        format!("{}d", rule.answer_in),
        [bytes, table, excuse].into_iter().flatten().collect::<Vec<_>>().join("; "),
    ]
}

fn table<const N: usize>(title: &str, head: [&str; N], cells: &[[String; N]]) -> String {
    section(title, &rows(head, cells).into_iter().map(|row| format!("  {row}")).collect::<Vec<_>>())
}

fn section(title: &str, lines: &[String]) -> String {
    match lines.is_empty() {
        true => format!("{title}: none"),
        false => format!("{title}\n{}", lines.join("\n")),
    }
}

/// A value's name in files.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// So many bytes, in the largest unit that needs no fraction.
fn size(bytes: u64) -> String {
    const UNITS: [(u32, &str); 3] = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = |(shift, _): &&(u32, &str)| bytes > 0 && bytes.trailing_zeros() >= *shift;
    match UNITS.iter().find(whole) {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_shown_in_the_unit_that_people_wrote() {
        let shown = [16 << 20, 1536, (1 << 30) + 1, 3 << 30, 0].map(super::size);
        assert_eq!(shown, ["16 MiB", "1536 bytes", "1073741825 bytes", "3 GiB", "0 bytes"]);
    }
}
