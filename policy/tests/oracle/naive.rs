//! The rules once more, as plainly as they can be said: with names, sets and nothing that is fast.

use crate::draw::LEVELS;
use crate::marks::{Mark, Names, admits, dominates, join, lowest, mark, within};
use crate::world::World;
use semla_policy::*;
use std::collections::BTreeSet;

/// The clearance or ceiling that a person has under a policy.
fn bounded(policy: &Policy, person: &Person, granted: &str, bound: impl Fn(&Bounds) -> &String) -> Mark {
    let granted = mark(granted);
    let mut roles = person.roles.iter().filter_map(|role| policy.roles.get(role));
    if roles.any(|bounds| within(&granted, &mark(bound(bounds)))) { granted } else { lowest() }
}

pub fn clearance(policy: &Policy, person: &Person) -> Mark {
    bounded(policy, person, &person.clearance, |bounds| &bounds.clearance)
}

pub fn ceiling(policy: &Policy, person: &Person) -> Mark {
    bounded(policy, person, &person.ceiling, |bounds| &bounds.ceiling)
}

/// What somebody's clearance was within the bounds of a policy that was in force once.
pub fn clearance_then(world: &World, person: &Person, pinned: &Digest) -> Option<Mark> {
    let (_, policy) = world.policies.iter().find(|(digest, _)| digest == pinned)?;
    Some(clearance(policy, person))
}

/// Somebody as they are on record, whether or not the account is open.
pub fn on_record<'a>(world: &'a World, name: &str) -> Option<&'a Person> {
    world.people.get(name)?.last()
}

fn person<'a>(world: &'a World, name: &str) -> Option<&'a Person> {
    on_record(world, name).filter(|person| !person.disabled)
}

/// A permit as it is now, whether or not it was taken back.
pub fn permit<'a>(world: &'a World, name: &str) -> Option<&'a Permit> {
    Some(&world.permits.get(name)?.last()?.permit)
}

fn holds(world: &World, permit: &Permit, today: Date) -> bool {
    !world.withdrawn.contains(&permit.name) && today <= permit.until
}

/// Everybody who ever was a member.
pub fn members_ever(world: &World, permit: &str) -> BTreeSet<String> {
    world.permits.get(permit).into_iter().flatten().flat_map(|granted| granted.permit.people.clone()).collect()
}

/// Everybody who ever signed it.
pub fn signers_ever(world: &World, permit: &str) -> BTreeSet<String> {
    let signed = world.permits.get(permit).into_iter().flatten().flat_map(|granted| granted.signers.clone());
    let stopped = world.stopped.iter().filter(|(about, _)| about == permit).map(|(_, by)| by.clone());
    signed.chain(stopped).collect()
}

/// What the author may have read, ever, of all that the permit ever covered.
pub fn author(world: &World, plan: &JobPlan) -> Option<Mark> {
    let granted = world.people.get(&plan.submitter)?.iter().map(|person| mark(&person.clearance));
    let tops = world.permits.get(&plan.permit)?.iter().map(|granted| Some(mark(&granted.permit.up_to)));
    let top = tops.reduce(|a, b| join(&a?, &b?))??;
    let (mut level, mut categories) = (0, Names::new());
    granted.for_each(|once| (level, categories) = (level.max(once.level), &categories | &once.categories));
    let (level, categories) = (level.min(top.level), &categories & &top.categories);
    Some(Mark { level, categories, audiences: top.audiences })
}

/// The label that a plan is for, were it admitted; none where its parts may not be combined. What doesn't exist has no label.
pub fn aims_at(world: &World, plan: &JobPlan) -> Option<Mark> {
    if let Some(asked) = &plan.label {
        return Some(mark(asked));
    }
    let image = world.images.iter().find(|image| image.digest == plan.image).map(|image| mark(&image.label));
    let data = plan.data.values().filter_map(|name| world.datasets.iter().find(|data| data.name == *name));
    let data = data.map(|data| mark(if plan.dummy { &data.card_label } else { &data.label }));
    let mut parts = author(world, plan).into_iter().chain(image).chain(data);
    parts.try_fold(lowest(), |label, part| join(&label, &part))
}

/// Whether something of a permit, at this label, is halted.
pub fn halted(world: &World, permit: &str, label: &Mark) -> bool {
    world.halts.iter().any(|scope| match scope.split_once(' ') {
        Some(("permit", name)) => name == permit,
        Some((_, from)) => dominates(label, &mark(from)),
        None => true,
    })
}

/// The label of a job, or the rule that it breaks.
pub fn admit(world: &World, plan: &JobPlan, today: Date) -> Result<Mark, u8> {
    let person = person(world, &plan.submitter).filter(|person| person.roles.contains(&Role::Scientist)).ok_or(4)?;
    let permit = permit(world, &plan.permit).filter(|permit| permit.people.contains(&person.name)).ok_or(1)?;
    if !holds(world, permit, today) {
        return Err(1);
    }
    let code = author(world, plan).ok_or(1)?;
    let sees = |image: &&Image| admits(&clearance(world.policy(), person), &mark(&image.label));
    let image = world.images.iter().find(|image| image.digest == plan.image).filter(sees).ok_or(1)?;
    let mut label = join(&code, &mark(&image.label)).ok_or(3)?;
    for name in plan.data.values() {
        let data = world.datasets.iter().find(|data| data.name == *name && permit.datasets.contains(name)).ok_or(1)?;
        let card = mark(&data.card_label);
        if !admits(&clearance(world.policy(), person), &card) {
            return Err(1);
        }
        label = join(&label, &if plan.dummy { card } else { mark(&data.label) }).ok_or(3)?;
    }
    if let Some(asked) = &plan.label {
        let asked = mark(asked);
        if !dominates(&asked, &label) {
            return Err(3);
        }
        label = asked;
    }
    if halted(world, &permit.name, &label) {
        return Err(10);
    }
    if !dominates(&mark(&permit.up_to), &label) {
        return Err(3);
    }
    match admits(&ceiling(world.policy(), person), &label) {
        true => Ok(label),
        false => Err(4),
    }
}

/// The roles that decide on what goes from one label to another: those that the rules which speak for exactly that way name, under the
/// policy in force and under the one that it was made under. Where one of them has no such way, there is nothing to decide on.
fn deciders(world: &World, thing: &Thing<'_>, to: &Mark) -> BTreeSet<Role> {
    let pinned = world.policies.iter().find(|(digest, _)| digest == thing.pinned);
    let takes = pinned.and_then(|(_, pinned)| crate::ways::takes(&[pinned, world.policy()], thing.label, to));
    takes.map(|takes| takes.panels.into_keys().flatten().collect()).unwrap_or_default()
}

/// Whether a person's role is one of them.
fn decides(world: &World, person: &Person, thing: &Thing<'_>, to: &Mark) -> bool {
    deciders(world, thing, to).intersection(&person.roles).next().is_some()
}

/// Whether nobody could say of somebody that they take part in what is done under a permit: not now, and not once.
fn apart(world: &World, name: &str, permit: &str) -> bool {
    !members_ever(world, permit).contains(name) && !signers_ever(world, permit).contains(name)
}

/// Something of a permit, at a label, made under a policy.
pub struct Thing<'a> {
    pub label: &'a Mark,
    pub permit: &'a str,
    pub pinned: &'a Digest,
}

/// Whether somebody is cleared for it now, and under the policy that it was made under.
fn cleared(world: &World, person: &Person, thing: &Thing<'_>) -> bool {
    let then = clearance_then(world, person, thing.pinned);
    admits(&clearance(world.policy(), person), thing.label) && then.is_some_and(|then| admits(&then, thing.label))
}

/// Whether a member may read it.
pub fn may_read(world: &World, name: &str, thing: &Thing<'_>, today: Date) -> bool {
    let Some(person) = person(world, name).filter(|person| cleared(world, person, thing)) else { return false };
    let member = |permit: &&Permit| permit.people.contains(&person.name);
    permit(world, thing.permit).filter(member).is_some_and(|permit| holds(world, permit, today))
}

/// Whether a reviewer may read it: somebody who decides on it wherever it may go.
pub fn may_review(world: &World, name: &str, thing: &Thing<'_>, today: Date) -> bool {
    let Some(person) = person(world, name).filter(|person| cleared(world, person, thing)) else { return false };
    let open = permit(world, thing.permit).is_some_and(|permit| holds(world, permit, today));
    let mut targets = world.policy().releases.iter().map(|rule| mark(&rule.to));
    open && apart(world, name, thing.permit) && targets.any(|to| decides(world, person, thing, &to))
}

/// Whether a reviewer may see where a request to this label stands, the permit being over or not.
pub fn may_follow(world: &World, name: &str, thing: &Thing<'_>, to: &Mark) -> bool {
    let Some(person) = person(world, name).filter(|person| cleared(world, person, thing)) else { return false };
    permit(world, thing.permit).is_some() && apart(world, name, thing.permit) && decides(world, person, thing, to)
}

/// Whether somebody may vote on its release to this label, or the rule against it.
pub fn may_vote(world: &World, name: &str, thing: &Thing<'_>, to: &Mark, parties: [&str; 2]) -> Result<(), u8> {
    let person = person(world, name).ok_or(6)?;
    if !decides(world, person, thing, to) || !cleared(world, person, thing) {
        return Err(6);
    }
    permit(world, thing.permit).ok_or(1)?;
    if apart(world, name, thing.permit) && !parties.contains(&name) { Ok(()) } else { Err(6) }
}

/// Whether somebody may take a permit back: an officer, or a steward of data that it ever named.
pub fn may_withdraw(world: &World, name: &str, by: &str) -> bool {
    let Some(person) = person(world, by) else { return false };
    // Both stewards vouched for all data.
    let all = world.permits.get(name).into_iter().flatten();
    let vouched = by.starts_with("steward") && all.into_iter().any(|granted| !granted.permit.datasets.is_empty());
    let open = permit(world, name).is_some() && !world.withdrawn.contains(name);
    open && (person.roles.contains(&Role::Officer) || vouched)
}

/// Whether these may halt something, or lift a halt: one officer, or two.
pub fn may_halt(world: &World, scope: &str, lifted: bool, by: &[&str]) -> bool {
    let officer = |name: &&&str| person(world, name).is_some_and(|person| person.roles.contains(&Role::Officer));
    let officers = by.iter().filter(officer).count();
    let known = match scope.split_once(' ') {
        Some(("permit", name)) => permit(world, name).is_some(),
        Some((_, label)) => LEVELS.iter().any(|level| label.starts_with(level)),
        None => true,
    };
    known && if lifted { officers >= 2 && world.halts.contains(scope) } else { officers >= 1 }
}
