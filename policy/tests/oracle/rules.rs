//! What has to hold of each kind of request, in Cedar's words. Each condition has a name, so that it can be left out, to see that it
//! is missed.

use crate::draw::CATEGORIES;
use crate::marks::{Mark, mark};
use crate::ways::pattern;
use crate::world::World;
use semla_policy::{Policy, ReleaseRule, Role};
use std::collections::BTreeSet;

/// The inputs that a request has room for.
pub const INPUTS: usize = 3;

pub type Clauses = Vec<(&'static str, String)>;

/// `a` dominates `b`, both records with a level, categories and perhaps audiences.
fn dominates(a: &str, b: &str) -> String {
    format!(
        "({a}.level >= {b}.level && {a}.categories.containsAll({b}.categories) && \
         (!({b} has audiences) || ({a} has audiences && {b}.audiences.containsAll({a}.audiences))))"
    )
}

fn admits(clearance: &str, label: &str) -> String {
    format!(
        "({clearance}.level >= {label}.level && {clearance}.categories.containsAll({label}.categories) && \
         (!({label} has audiences) || {clearance}.audiences.containsAny({label}.audiences)))"
    )
}

fn all(clauses: impl Iterator<Item = String>) -> String {
    clauses.fold("true".to_owned(), |all, clause| format!("{all} && {clause}"))
}

fn any(clauses: impl Iterator<Item = String>) -> String {
    clauses.fold("false".to_owned(), |any, clause| format!("{any} || {clause}"))
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", names.into_iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(","))
}

/// A label, written out.
fn literal(label: &Mark) -> String {
    let audiences = label.audiences.iter().map(|to| format!(", audiences: {}", set(to.iter().copied())));
    let audiences: String = audiences.collect();
    format!("{{level: {}, categories: {}{audiences}}}", label.level, set(label.categories.iter().copied()))
}

/// Submitting reads the content of its inputs, rehearsing that of their cards.
pub fn submission(world: &World, reads: &str) -> Clauses {
    let permits = world.halts.iter().filter_map(|scope| scope.strip_prefix("permit "));
    let labels = world.halts.iter().filter_map(|scope| scope.strip_prefix("label "));
    let of_input = |clause: &dyn Fn(&str) -> String| {
        all((0..INPUTS).map(|at| format!("(!(context has in{at}) || {})", clause(&format!("context.in{at}")))))
    };
    vec![
        ("open", "principal.open".into()),
        ("a scientist", "principal.roles.contains(\"scientist\")".into()),
        ("a member", "principal in resource".into()),
        ("before its end", "context.today <= resource.until".into()),
        ("not withdrawn", "!resource.withdrawn".into()),
        ("above the code", dominates("context.label", "context.author")),
        ("an image that may be seen", admits("principal.clearance", "context.image.label")),
        ("above the image", dominates("context.label", "context.image.label")),
        ("below the permit's top", dominates("resource.top", "context.label")),
        ("below the ceiling", admits("principal.ceiling", "context.label")),
        ("inputs of the permit", of_input(&|input| format!("{input} in resource"))),
        ("cards that may be read", of_input(&|input| admits("principal.clearance", &format!("{input}.card")))),
        ("above the inputs", of_input(&|input| dominates("context.label", &format!("{input}.{reads}")))),
        ("not all is halted", (!world.halts.contains("all")).to_string()),
        ("the permit isn't halted", all(permits.map(|name| format!("resource != Permit::\"{name}\"")))),
        (
            "the label isn't halted",
            all(labels.map(|from| format!("!{}", dominates("context.label", &literal(&mark(from)))))),
        ),
    ]
}

/// What every look takes. What doesn't exist has no label, and what can't be told is refused.
fn looking() -> Clauses {
    vec![
        ("open", "principal.open".into()),
        ("cleared now", admits("principal.clearance", "context.label")),
        ("cleared then", format!("context has pinned && {}", admits("context.pinned", "context.label"))),
    ]
}

pub fn reading() -> Clauses {
    let mut clauses = looking();
    clauses.extend([
        ("a member", "principal in resource".into()),
        ("before its end", "context.today <= resource.until".into()),
        ("not withdrawn", "!resource.withdrawn".into()),
    ]);
    clauses
}

/// Whether a rule names a label's level and no category that it lacks.
fn concerns(rule: &ReleaseRule, label: &str) -> String {
    let (level, from) = pattern(&rule.from);
    let level = level.map_or("true".to_owned(), |level| format!("{label}.level == {level}"));
    format!("({level} && {label}.categories.containsAll({}))", set(from.categories.iter().copied()))
}

/// Whether a rule speaks for a way.
fn speaks(rule: &ReleaseRule, from: &str, to: &str) -> String {
    let (_, pattern) = pattern(&rule.from);
    let aim = literal(&mark(&rule.to));
    let receivers = pattern.audiences.map_or(format!("!({from} has audiences)"), |to| {
        format!("{from} has audiences && {from}.audiences == {}", set(to))
    });
    let rest = match rule.never {
        true => dominates(&aim, to),
        false => format!("{to} == {aim} && {receivers}"),
    };
    format!("({} && {rest})", concerns(rule, from))
}

/// Whether a policy has a way.
fn way(policy: &Policy, from: &str, to: &str) -> Clauses {
    let ways = || policy.releases.iter().filter(|rule| !rule.never);
    let named = CATEGORIES.map(|name| {
        let by = ways().filter(|rule| pattern(&rule.from).1.categories.contains(name));
        format!("(!{from}.categories.contains(\"{name}\") || ({}))", any(by.map(|rule| speaks(rule, from, to))))
    });
    let bars = policy.releases.iter().filter(|rule| rule.never);
    vec![
        ("no bar", all(bars.map(|bar| format!("!{}", speaks(bar, from, to))))),
        ("a way", format!("({})", any(ways().map(|rule| speaks(rule, from, to))))),
        ("every category is named", all(named.into_iter())),
    ]
}

/// Whether there is a way to this label under both policies, and whether a rule of one of them names a role of the asker's for it.
fn deciding(both: [&Policy; 2], to: &str) -> Clauses {
    let ways = both.iter().flat_map(|policy| way(policy, "context.label", to)).map(|(_, clause)| format!("({clause})"));
    let rules = both.iter().flat_map(|policy| &policy.releases).filter(|rule| !rule.never);
    let decides = |rule: &ReleaseRule| {
        let who = set(rule.who.iter().map(|role| role.name()));
        format!("({} && principal.roles.containsAny({who}))", speaks(rule, "context.label", to))
    };
    vec![("a way under both", all(ways)), ("one whose role decides", format!("({})", any(rules.map(decides))))]
}

fn apart() -> Clauses {
    let mut clauses = looking();
    clauses.extend([
        ("never a member", "!(principal in resource.members)".into()),
        ("never a signer", "!(principal in resource.signers)".into()),
    ]);
    clauses
}

/// Of what was made under a policy, wherever it goes.
pub fn reviewing(world: &World, pinned: &Policy) -> Clauses {
    let targets = world.policy().releases.iter().filter(|rule| !rule.never).map(|rule| &rule.to);
    let targets: BTreeSet<&String> = targets.collect();
    let decides = |to: &String| {
        let clauses = deciding([pinned, world.policy()], &literal(&mark(to)));
        format!("({})", all(clauses.into_iter().map(|(_, clause)| format!("({clause})"))))
    };
    let mut clauses = apart();
    clauses.extend([
        ("one whose role decides somewhere", format!("({})", any(targets.into_iter().map(decides)))),
        ("before its end", "context.today <= resource.until".into()),
        ("not withdrawn", "!resource.withdrawn".into()),
    ]);
    clauses
}

/// Of a request to `context.to`.
pub fn following(world: &World, pinned: &Policy) -> Clauses {
    let mut clauses = apart();
    clauses.extend(deciding([pinned, world.policy()], "context.to"));
    clauses
}

pub fn voting(world: &World, pinned: &Policy) -> Clauses {
    let mut clauses = following(world, pinned);
    clauses.extend([
        ("not the submitter", "principal != context.submitter".into()),
        ("not the requester", "principal != context.requester".into()),
    ]);
    clauses
}

/// The name of a set of roles.
pub fn by(who: &BTreeSet<Role>) -> String {
    who.iter().map(|role| role.name()).collect::<Vec<_>>().join("_or_")
}

/// What a release takes under one policy.
pub fn release(policy: &Policy) -> Clauses {
    let ways = || policy.releases.iter().filter(|rule| !rule.never);
    let each = |clause: &dyn Fn(&ReleaseRule) -> String| {
        all(ways().map(|rule| format!("(!{} || {})", speaks(rule, "context.from", "context.to"), clause(rule))))
    };
    let profile = |rule: &ReleaseRule| policy.profiles.iter().find(|profile| profile.name == rule.profile).unwrap();
    let most = |field: &str, rule: Option<u64>, profile: u64| {
        format!("context.{field} <= {}", profile.min(rule.unwrap_or(profile)))
    };
    let excused = |rule: &ReleaseRule| {
        let checks = rule.excuse.as_ref().map(|excuse| set(excuse.checks.iter().map(String::as_str)));
        checks.map_or("false".to_owned(), |checks| format!("{checks}.containsAll(context.blocks)"))
    };
    let more = |rule: &ReleaseRule| {
        let excuse = rule.excuse.as_ref();
        let more = excuse.map(|excuse| format!("context.by.{} >= {}", by(&rule.who), excuse.reviewers));
        more.unwrap_or("true".to_owned())
    };
    let clean = "[].containsAll(context.blocks)";
    let mut clauses = way(policy, "context.from", "context.to");
    clauses.extend([
        ("reviewers", each(&|rule| format!("context.by.{} >= {}", by(&rule.who), rule.reviewers))),
        ("who", each(&|rule| format!("context.roles.containsAll({})", set(rule.who.iter().map(|role| role.name()))))),
        ("people", each(&|rule| format!("context.people >= {}", profile(rule).min_people))),
        ("bytes", each(&|rule| most("bytes", rule.max_bytes, profile(rule).max_bytes))),
        ("rows", each(&|rule| most("rows", rule.max_rows, profile(rule).max_rows))),
        (
            "types",
            each(&|rule| format!("{}.contains(context.kind)", set(profile(rule).types.iter().map(String::as_str)))),
        ),
        ("excusable", format!("({clean} || {})", each(&|rule| format!("({})", excused(rule))))),
        ("more for an excuse", format!("({clean} || {})", each(&|rule| format!("({})", more(rule))))),
    ]);
    clauses
}

/// One policy that allows an action where all conditions hold, but for the one left out.
pub fn permit(action: &str, clauses: Clauses, left_out: Option<&str>) -> String {
    let kept = clauses.into_iter().filter(|(name, _)| Some(*name) != left_out);
    format!(
        "permit (principal, action == Action::\"{action}\", resource) when {{ {} }};",
        kept.map(|(_, clause)| format!("({clause})")).collect::<Vec<_>>().join("\n && ")
    )
}
