//! What has to hold of each kind of request, in Cedar's words. Each condition has a name, so that it can be left out, to see that it
//! is missed.

use crate::draw::CATEGORIES;
use crate::marks::{Mark, mark};
use crate::ways::pattern;
use crate::world::World;
use semla_policy::{Policy, ReleaseRule};

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

fn deciding(world: &World) -> (&'static str, String) {
    let ways = world.policy().releases.iter().filter(|rule| !rule.never);
    let decides = |rule: &ReleaseRule| {
        let who = set(rule.who.iter().map(|role| role.name()));
        format!("({} && principal.roles.containsAny({who}))", concerns(rule, "context.label"))
    };
    ("one whose role decides", format!("({})", any(ways.map(decides))))
}

fn apart(world: &World) -> Clauses {
    let mut clauses = looking();
    clauses.extend([
        deciding(world),
        ("never a member", "!(principal in resource.members)".into()),
        ("never a signer", "!(principal in resource.signers)".into()),
    ]);
    clauses
}

pub fn reviewing(world: &World) -> Clauses {
    let mut clauses = apart(world);
    clauses.extend([
        ("before its end", "context.today <= resource.until".into()),
        ("not withdrawn", "!resource.withdrawn".into()),
    ]);
    clauses
}

pub fn voting(world: &World) -> Clauses {
    let mut clauses = apart(world);
    clauses.extend([
        ("not the submitter", "principal != context.submitter".into()),
        ("not the requester", "principal != context.requester".into()),
    ]);
    clauses
}

/// What a release takes under one policy.
pub fn release(policy: &Policy) -> Clauses {
    let speaks = |rule: &ReleaseRule| {
        let (_, from) = pattern(&rule.from);
        let to = literal(&mark(&rule.to));
        let receivers = from.audiences.map_or("!(context.from has audiences)".to_owned(), |to| {
            format!("context.from has audiences && context.from.audiences == {}", set(to))
        });
        let rest = match rule.never {
            true => dominates(&to, "context.to"),
            false => format!("context.to == {to} && {receivers}"),
        };
        format!("({} && {rest})", concerns(rule, "context.from"))
    };
    let ways = || policy.releases.iter().filter(|rule| !rule.never);
    let each = |clause: &dyn Fn(&ReleaseRule) -> String| {
        all(ways().map(|rule| format!("(!{} || {})", speaks(rule), clause(rule))))
    };
    let profile = |rule: &ReleaseRule| policy.profiles.iter().find(|profile| profile.name == rule.profile).unwrap();
    let named = CATEGORIES.map(|name| {
        let by = ways().filter(|rule| pattern(&rule.from).1.categories.contains(name));
        format!("(!context.from.categories.contains(\"{name}\") || ({}))", any(by.map(speaks)))
    });
    let most = |field: &str, rule: Option<u64>, profile: u64| {
        format!("context.{field} <= {}", profile.min(rule.unwrap_or(profile)))
    };
    let excused = |rule: &ReleaseRule| {
        let checks = rule.excuse.as_ref().map(|excuse| set(excuse.checks.iter().map(String::as_str)));
        checks.map_or("false".to_owned(), |checks| format!("{checks}.containsAll(context.blocks)"))
    };
    let more = |rule: &ReleaseRule| {
        let more = rule.excuse.as_ref().map(|excuse| format!("context.approvals >= {}", excuse.reviewers));
        more.unwrap_or("true".to_owned())
    };
    let clean = "[].containsAll(context.blocks)";
    vec![
        ("no bar", all(policy.releases.iter().filter(|rule| rule.never).map(|bar| format!("!{}", speaks(bar))))),
        ("a way", format!("({})", any(ways().map(speaks)))),
        ("every category is named", all(named.into_iter())),
        ("reviewers", each(&|rule| format!("context.approvals >= {}", rule.reviewers))),
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
    ]
}

/// One policy that allows an action where all conditions hold, but for the one left out.
pub fn permit(action: &str, clauses: Clauses, left_out: Option<&str>) -> String {
    let kept = clauses.into_iter().filter(|(name, _)| Some(*name) != left_out);
    format!(
        "permit (principal, action == Action::\"{action}\", resource) when {{ {} }};",
        kept.map(|(_, clause)| format!("({clause})")).collect::<Vec<_>>().join("\n && ")
    )
}
