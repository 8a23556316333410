//! Labels and clearances once more, as plainly as they can be said: with names, sets and nothing that is fast.

use crate::draw::{AUDIENCES, CATEGORIES, LEVELS};
use std::collections::BTreeSet;

pub type Names = BTreeSet<&'static str>;

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

/// Whether a clearance admits nothing that a bound doesn't.
pub fn within(granted: &Mark, bound: &Mark) -> bool {
    let set = |mark: &Mark| mark.audiences.clone().unwrap_or_default();
    granted.level <= bound.level
        && granted.categories.is_subset(&bound.categories)
        && set(granted).is_subset(&set(bound))
}

/// What everybody may see.
pub fn lowest() -> Mark {
    Mark { level: 0, categories: Names::new(), audiences: None }
}
