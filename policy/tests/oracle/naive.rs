//! The rules once more, as plainly as they can be said: with names, sets and nothing that is fast.

use crate::world::{AUDIENCES, CATEGORIES, LEVELS, World};
use semla_policy::*;
use std::collections::BTreeSet;

type Names = BTreeSet<&'static str>;

/// A label, or a clearance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub level: usize,
    pub categories: Names,
    /// None is `any`.
    pub audiences: Option<Names>,
}

fn names(text: &str, of: [&'static str; 3]) -> Names {
    of.into_iter().filter(|name| text.split(',').any(|part| part == *name)).collect()
}

pub fn mark(text: &str) -> Mark {
    let (front, audiences) = match text.split_once(" rel:") {
        Some((front, audiences)) => (front, Some(names(audiences, AUDIENCES))),
        None => (text, None),
    };
    let (level, categories) = front.split_once('/').unwrap_or((front, ""));
    let level = LEVELS.iter().position(|known| *known == level).unwrap();
    Mark { level, categories: names(categories, CATEGORIES), audiences }
}

pub fn text(mark: &Mark) -> String {
    let list = |before: &str, names: &Names| match names.is_empty() {
        true => String::new(),
        false => format!("{before}{}", names.iter().copied().collect::<Vec<_>>().join(",")),
    };
    let audiences = mark.audiences.as_ref().map_or(String::new(), |to| list(" rel:", to));
    format!("{}{}{audiences}", LEVELS[mark.level], list("/", &mark.categories))
}

pub fn dominates(a: &Mark, b: &Mark) -> bool {
    let receivers = match (&a.audiences, &b.audiences) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a.is_subset(b),
    };
    a.level >= b.level && a.categories.is_superset(&b.categories) && receivers
}

pub fn join(a: &Mark, b: &Mark) -> Option<Mark> {
    let audiences = match (&a.audiences, &b.audiences) {
        (None, only) | (only, None) => only.clone(),
        (Some(a), Some(b)) => Some(a & b),
    };
    let none = audiences.as_ref().is_some_and(BTreeSet::is_empty);
    (!none).then(|| Mark { level: a.level.max(b.level), categories: &a.categories | &b.categories, audiences })
}

/// Whether a clearance admits a label.
pub fn admits(clearance: &Mark, label: &Mark) -> bool {
    let own = clearance.audiences.clone().unwrap_or_default();
    clearance.level >= label.level
        && clearance.categories.is_superset(&label.categories)
        && label.audiences.as_ref().is_none_or(|to| to.iter().any(|one| own.contains(one)))
}

fn within(granted: &Mark, bound: &Mark) -> bool {
    let set = |mark: &Mark| mark.audiences.clone().unwrap_or_default();
    granted.level <= bound.level
        && granted.categories.is_subset(&bound.categories)
        && set(granted).is_subset(&set(bound))
}

/// The clearance or ceiling that a person has under the policy in force.
fn bounded(world: &World, person: &Person, granted: &str, bound: impl Fn(&Bounds) -> &String) -> Mark {
    let granted = mark(granted);
    let roles = person.roles.iter().filter_map(|role| world.policy.roles.get(role));
    match roles.into_iter().any(|bounds| within(&granted, &mark(bound(bounds)))) {
        true => granted,
        false => Mark { level: 0, categories: Names::new(), audiences: None },
    }
}

pub fn clearance(world: &World, person: &Person) -> Mark {
    bounded(world, person, &person.clearance, |bounds| &bounds.clearance)
}

pub fn ceiling(world: &World, person: &Person) -> Mark {
    bounded(world, person, &person.ceiling, |bounds| &bounds.ceiling)
}

fn person<'a>(world: &'a World, name: &str) -> Option<&'a Person> {
    world.people.iter().find(|person| person.name == name && !person.disabled)
}

fn permit<'a>(world: &'a World, name: &str) -> Option<&'a Permit> {
    world.permits.iter().find(|permit| permit.name == name)
}

/// What the author may have read of all that the permit covers.
pub fn author(world: &World, plan: &JobPlan) -> Option<Mark> {
    let person = world.people.iter().find(|person| person.name == plan.submitter)?;
    let (granted, top) = (mark(&person.clearance), mark(&permit(world, &plan.permit)?.up_to));
    Some(Mark {
        level: granted.level.min(top.level),
        categories: &granted.categories & &top.categories,
        audiences: top.audiences,
    })
}

/// The label that a plan is for, were it admitted; none where its parts may not be combined. What doesn't exist has no label.
pub fn aims_at(world: &World, plan: &JobPlan) -> Option<Mark> {
    if let Some(asked) = &plan.label {
        return Some(mark(asked));
    }
    let image = world.images.iter().find(|image| image.digest == plan.image).map(|image| mark(&image.label));
    let data = plan.data.values().filter_map(|name| world.datasets.iter().find(|data| data.name == *name));
    let data = data.map(|data| mark(if plan.dummy { &data.card_label } else { &data.label }));
    let lowest = Mark { level: 0, categories: Names::new(), audiences: None };
    author(world, plan).into_iter().chain(image).chain(data).try_fold(lowest, |label, part| join(&label, &part))
}

/// The label of a job, or the rule that it breaks.
pub fn admit(world: &World, plan: &JobPlan, today: Date) -> Result<Mark, u8> {
    let person = person(world, &plan.submitter).filter(|person| person.roles.contains(&Role::Scientist)).ok_or(4)?;
    let permit = permit(world, &plan.permit).filter(|permit| permit.people.contains(&person.name)).ok_or(1)?;
    if today > permit.until {
        return Err(1);
    }
    let top = mark(&permit.up_to);
    let code = author(world, plan).ok_or(1)?;
    let image = world.images.iter().find(|image| image.digest == plan.image).ok_or(1)?;
    let mut label = join(&code, &mark(&image.label)).ok_or(3)?;
    for name in plan.data.values() {
        let data = world.datasets.iter().find(|data| data.name == *name && permit.datasets.contains(name)).ok_or(1)?;
        let card = mark(&data.card_label);
        if !admits(&clearance(world, person), &card) {
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
    if !dominates(&top, &label) {
        return Err(3);
    }
    match admits(&ceiling(world, person), &label) {
        true => Ok(label),
        false => Err(4),
    }
}

/// Whether somebody may read something that belongs to a permit.
pub fn may_read(world: &World, name: &str, label: Option<&Mark>, under: &str, reviewer: bool, today: Date) -> bool {
    let (Some(person), Some(label)) = (person(world, name), label) else { return false };
    let member = permit(world, under).is_some_and(|permit| permit.people.contains(name));
    let covered = match reviewer {
        true => permit(world, under).is_some() && !member && person.roles.contains(&Role::Checker),
        false => member && permit(world, under).is_some_and(|permit| today <= permit.until),
    };
    covered && admits(&clearance(world, person), label)
}
