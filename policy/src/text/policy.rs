//! `policy.toml`: what an officer writes, over the preset that answers where the file is silent.

use super::reader::{Problems, Table, Value, document};
use super::units;
use crate::faults::{Fault, Place};
use crate::policy::{
    Bounds, Budget, Ends, Excuse, Feedback, Isolation, LevelRules, OwnerSees, Permits, Policy, Proof, ReleaseRule,
    Role, Share,
};
use crate::profile::Profile;
use crate::scheme::Scheme;
use std::collections::{BTreeMap, BTreeSet};

/// The presets: name and text.
pub(super) const PRESETS: [(&str, &str); 4] = [
    ("ehds", include_str!("../../presets/ehds.toml")),
    ("opensafely", include_str!("../../presets/opensafely.toml")),
    ("turing", include_str!("../../presets/turing.toml")),
    ("vs", include_str!("../../presets/vs.toml")),
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
const ISOLATIONS: [(&str, Isolation); 3] =
    [("local", Isolation::Local), ("docker", Isolation::Docker), ("gvisor", Isolation::Gvisor)];
const OWNER_SEES: [(&str, OwnerSees); 4] = [
    ("nothing", OwnerSees::Nothing),
    ("state", OwnerSees::State),
    ("outcome", OwnerSees::Outcome),
    ("reason", OwnerSees::Reason),
];
const FEEDBACK: [(&str, Feedback); 3] =
    [("nothing", Feedback::Nothing), ("verdict", Feedback::Verdict), ("notices", Feedback::Notices)];
const ENDS: [(&str, Ends); 3] = [("fixed", Ends::Fixed), ("doubling", Ends::Doubling), ("at-once", Ends::AtOnce)];
const PERMITS: [(&str, Permits); 2] = [("same", Permits::Same), ("any", Permits::Any)];
const PROOFS: [(&str, Proof); 2] = [("session", Proof::Session), ("key", Proof::Key)];

/// What holds where neither the file nor the preset says anything: the strictest.
const STRICTEST: LevelRules = LevelRules {
    isolation: Isolation::Gvisor,
    owner_sees: OwnerSees::Nothing,
    feedback: Feedback::Nothing,
    budget: Budget { bits: 0, days: 30 },
    ends: Ends::Fixed,
    proof: Proof::Key,
    keep_logs: 400,
};

/// Reads a file, and says where in it what `judge` finds stands.
pub(super) fn read(source: &str, judge: impl FnOnce(&Policy) -> Vec<Fault>) -> Result<Policy, Problems> {
    document(source, |top| {
        let value = top.need("preset")?;
        let preset = value.word(&PRESETS)?;
        let nothing = Policy {
            preset: value.text()?,
            scheme: Scheme { levels: vec![], categories: vec![], audiences: vec![] },
            levels: vec![],
            roles: BTreeMap::new(),
            releases: vec![],
            profiles: vec![],
            shares: vec![],
            replies: vec![],
            tracebacks: vec![],
        };
        // The preset is a policy file like any other; it stands on nothing.
        let base =
            document(preset, |top| overlay(top, nothing)).map_err(|problems| top.fault(problems.to_string())).ok()?;
        let policy = overlay(top, base)?;
        // What is wrong by itself is said already; nobody else has to judge that.
        if policy.faults().is_empty() {
            judge(&policy).iter().for_each(|fault| report(top, fault));
        }
        Some(policy)
    })
}

fn overlay(top: &Table<'_, '_>, mut policy: Policy) -> Option<Policy> {
    top.only(&KEYS);
    if let Some(names) = top.get("categories") {
        policy.scheme.categories = names.texts()?;
    }
    if let Some(names) = top.get("audiences") {
        policy.scheme.audiences = names.texts()?;
    }
    if let Some(levels) = top.get("level") {
        levels_of(&levels, &mut policy)?;
    }
    for (name, value) in sections(top, "profile")? {
        profile(&name, &value.table()?, &mut policy)?;
    }
    if let Some(people) = top.get("min_people") {
        let people = people.number().and_then(|people| u32::try_from(people).ok())?;
        policy.profiles.iter_mut().for_each(|profile| profile.min_people = people);
    }
    for (name, value) in sections(top, "role")? {
        role(&name, &value, &mut policy)?;
    }
    if let Some(rules) = top.get("release") {
        let rules: Vec<_> = rules.list()?.iter().map(|item| release(&item.table()?)).collect();
        policy.releases = rules.into_iter().collect::<Option<_>>()?;
    }
    if let Some(shares) = top.get("share") {
        let shares: Vec<_> = shares.list()?.iter().map(|item| share(&item.table()?)).collect();
        policy.shares = shares.into_iter().collect::<Option<_>>()?;
    }
    if let Some(replies) = top.get("replies") {
        policy.replies = replies.texts()?;
    }
    if let Some(classes) = top.get("tracebacks") {
        policy.tracebacks = classes.texts()?;
    }
    for fault in policy.faults() {
        report(top, &fault);
    }
    Some(policy)
}

fn sections<'t, 's>(top: &Table<'t, 's>, key: &str) -> Option<Vec<(String, Value<'t, 's>)>> {
    top.get(key).map_or(Some(Vec::new()), |value| Some(value.table()?.entries()))
}

/// Puts a contradiction where the file says it; what the preset says is reported at the top.
fn report(top: &Table<'_, '_>, fault: &Fault) {
    let place = match fault.at {
        Place::Whole => top.get(&fault.key),
        Place::Level(number) => (|| top.get("level")?.list()?.get(number)?.table()?.get(&fault.key))(),
        Place::Share(number) => (|| top.get("share")?.list()?.get(number)?.table()?.get(&fault.key))(),
        Place::Role(role) => (|| top.get("role")?.table()?.get(role.name())?.table()?.get(&fault.key))(),
        Place::Release(number) => (|| top.get("release")?.list()?.get(number)?.table()?.get(&fault.key))(),
    };
    match place {
        Some(value) => value.fault(fault.to_string()),
        None => top.fault(fault.to_string()),
    }
}

fn levels_of(value: &Value<'_, '_>, policy: &mut Policy) -> Option<()> {
    let known: BTreeMap<_, _> = policy.scheme.levels.iter().cloned().zip(policy.levels.iter().cloned()).collect();
    let mut names = Vec::new();
    let mut rules = Vec::new();
    for item in value.list()? {
        let table = item.table()?;
        table.only(&["name", "isolation", "owner_sees", "feedback", "budget", "ends", "proof", "keep_logs"]);
        let name = table.need("name")?.text()?;
        let base = known.get(&name).cloned().unwrap_or(STRICTEST);
        rules.push(level(&table, base)?);
        names.push(name);
    }
    policy.scheme.levels = names;
    policy.levels = rules;
    Some(())
}

fn level(table: &Table<'_, '_>, mut rules: LevelRules) -> Option<LevelRules> {
    if let Some(value) = table.get("isolation") {
        rules.isolation = value.word(&ISOLATIONS)?;
    }
    if let Some(value) = table.get("owner_sees") {
        rules.owner_sees = value.word(&OWNER_SEES)?;
    }
    if let Some(value) = table.get("feedback") {
        rules.feedback = value.word(&FEEDBACK)?;
    }
    if let Some(value) = table.get("budget") {
        let budget = value.table()?;
        budget.only(&["bits", "per", "every"]);
        rules.budget.bits = small(&budget.need("bits")?)?;
        if let Some(every) = budget.get("every") {
            rules.budget.days = days(&every)?;
        }
        if let Some(per) = budget.get("per") {
            per.word(&[("permit", ())])?;
        }
    }
    if let Some(value) = table.get("ends") {
        rules.ends = value.word(&ENDS)?;
    }
    if let Some(value) = table.get("proof") {
        rules.proof = value.word(&PROOFS)?;
    }
    if let Some(value) = table.get("keep_logs") {
        rules.keep_logs = days(&value)?;
    }
    Some(rules)
}

fn role(name: &str, value: &Value<'_, '_>, policy: &mut Policy) -> Option<()> {
    let Some(role) = Role::ALL.into_iter().find(|role| role.name() == name) else {
        let known = crate::suggest::among(name, Role::ALL.into_iter().map(Role::name));
        value.fault(format!("no role is called `{name}`; {known}"));
        return None;
    };
    let table = value.table()?;
    table.only(&["group", "clearance", "ceiling"]);
    let base = policy.roles.get(&role);
    let lowest = policy.scheme.levels.first().cloned().unwrap_or_default();
    let read = |key: &str, base: Option<&String>| match table.get(key) {
        Some(value) => value.text(),
        None => Some(base.cloned().unwrap_or(lowest.clone())),
    };
    let bounds = Bounds {
        group: match table.get("group") {
            Some(value) => Some(value.text()?),
            None => base.and_then(|bounds| bounds.group.clone()),
        },
        clearance: read("clearance", base.map(|bounds| &bounds.clearance))?,
        ceiling: read("ceiling", base.map(|bounds| &bounds.ceiling))?,
    };
    policy.roles.insert(role, bounds);
    Some(())
}

fn release(table: &Table<'_, '_>) -> Option<ReleaseRule> {
    table.only(&["from", "to", "profile", "reviewers", "who", "max_bytes", "max_rows", "answer_in", "excuse", "never"]);
    let (from, to) = (table.need("from")?.text(), table.need("to")?.text());
    let reviewers = table.get("reviewers").map_or(Some(2), |value| small(&value));
    let who = table.get("who").map_or(Some(BTreeSet::from([Role::Checker])), |value| {
        let words = Role::ALL.map(|role| (role.name(), role));
        value.list()?.iter().map(|item| item.word(&words)).collect()
    });
    Some(ReleaseRule {
        who: who?,
        max_bytes: table.get("max_bytes").map_or(Some(None), |value| value.parsed(units::bytes).map(Some))?,
        max_rows: table.get("max_rows").map_or(Some(None), |value| value.number().map(Some))?,
        from: from?,
        to: to?,
        profile: table.get("profile").map_or(Some("standard".to_owned()), |value| value.text())?,
        reviewers: u8::try_from(reviewers?).unwrap_or(u8::MAX),
        answer_in: table.get("answer_in").map_or(Some(5), |value| days(&value))?,
        excuse: match table.get("excuse") {
            Some(value) => Some(excuse(&value.table()?)?),
            None => None,
        },
        never: table.get("never").map_or(Some(false), |value| value.flag())?,
    })
}

fn share(table: &Table<'_, '_>) -> Option<Share> {
    table.only(&["labels", "permits"]);
    let (labels, permits) = (table.need("labels"), table.get("permits"));
    let permits = permits.map_or(Some(Permits::Same), |value| value.word(&PERMITS));
    Some(Share { labels: labels?.texts()?, permits: permits? })
}

fn excuse(table: &Table<'_, '_>) -> Option<Excuse> {
    table.only(&["checks", "reviewers"]);
    let (checks, reviewers) = (table.need("checks")?.texts(), table.need("reviewers").and_then(|value| small(&value)));
    Some(Excuse { checks: checks?, reviewers: u8::try_from(reviewers?).unwrap_or(u8::MAX) })
}

fn profile(name: &str, table: &Table<'_, '_>, policy: &mut Policy) -> Option<()> {
    table.only(&["min_people", "max_bytes", "max_rows", "types"]);
    let base = policy.profile(name).or(policy.profiles.first()).cloned();
    let missing = |key| base.is_none().then(|| table.need(key)).flatten();
    let base = base.clone().unwrap_or_else(|| {
        ["min_people", "max_bytes", "max_rows", "types"].into_iter().for_each(|key| drop(missing(key)));
        Profile { name: String::new(), min_people: u32::MAX, max_bytes: 0, max_rows: 0, types: vec![] }
    });
    let profile = Profile {
        name: name.to_owned(),
        min_people: table.get("min_people").map_or(Some(base.min_people), |value| small(&value))?,
        max_bytes: table.get("max_bytes").map_or(Some(base.max_bytes), |value| value.parsed(units::bytes))?,
        max_rows: table.get("max_rows").map_or(Some(base.max_rows), |value| value.number())?,
        types: table.get("types").map_or(Some(base.types), |value| value.texts())?,
    };
    policy.profiles.retain(|other| other.name != name);
    policy.profiles.push(profile);
    Some(())
}

fn small(value: &Value<'_, '_>) -> Option<u32> {
    let number = value.number()?;
    u32::try_from(number).map_err(|_| value.fault(format!("`{number}` is too large"))).ok()
}

fn days(value: &Value<'_, '_>) -> Option<u32> {
    value.parsed(units::days).and_then(|days| u32::try_from(days).ok())
}
