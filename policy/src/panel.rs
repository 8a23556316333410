//! Who has to approve: each rule that speaks for a way wants so many people of its own roles, and every rule gets what it wants.

use crate::policy::{ReleaseRule, Role};
use crate::terms::reviewers;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What one rule wants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Panel {
    /// Each of these roles is among those who approve; who has none of them doesn't count.
    pub who: BTreeSet<Role>,
    /// Distinct approvals.
    pub reviewers: u8,
    /// Distinct approvals where a block is excused, which are never fewer.
    pub excusing: u8,
}

/// What all of them want. Somebody may count for several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Panels(BTreeSet<Panel>);

impl Panels {
    pub(crate) fn of(rule: &ReleaseRule) -> Self {
        let reviewers = rule.reviewers.max(1);
        let excusing = rule.excuse.as_ref().map_or(reviewers, |excuse| excuse.reviewers.max(reviewers));
        Self([Panel { who: rule.who.clone(), reviewers, excusing }].into())
    }

    /// Both.
    pub(crate) fn and(self, other: Self) -> Self {
        let mut panels: BTreeMap<BTreeSet<Role>, (u8, u8)> = BTreeMap::new();
        for Panel { who, reviewers, excusing } in self.0.into_iter().chain(other.0) {
            let most = panels.entry(who).or_default();
            *most = (reviewers.max(most.0), excusing.max(most.1));
        }
        let panel = |(who, (reviewers, excusing))| Panel { who, reviewers, excusing };
        Self(panels.into_iter().map(panel).collect())
    }

    /// What they want of a file where these checks are excused.
    pub fn excusing(&self, excused: &BTreeSet<String>) -> Self {
        match excused.is_empty() {
            true => self.clone(),
            false => Self(self.0.iter().map(|panel| Panel { reviewers: panel.excusing, ..panel.clone() }).collect()),
        }
    }

    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = &Panel> {
        self.0.iter()
    }

    /// Whether there is none: nothing is known of who has to approve.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All roles that count for one of them.
    pub fn roles(&self) -> BTreeSet<Role> {
        self.0.iter().flat_map(|panel| panel.who.iter().copied()).collect()
    }

    /// The most that one of them wants: no fewer people will do.
    pub fn reviewers(&self) -> u8 {
        self.0.iter().map(|panel| panel.reviewers).max().unwrap_or_default()
    }

    /// What these people, with the roles that they stand for, leave wanting; where nothing is known of who has to approve, all of it
    /// (rule 8).
    pub fn missing<'a>(&self, approve: impl Iterator<Item = &'a BTreeSet<Role>> + Clone) -> Option<String> {
        if self.0.is_empty() {
            return Some("it isn't known who has to approve the file".to_owned());
        }
        self.0.iter().find_map(|panel| {
            let count = approve.clone().filter(|roles| !roles.is_disjoint(&panel.who)).count();
            let of = if self.0.len() == 1 { String::new() } else { format!(" by {}", names(&panel.who, " or ")) };
            if count < usize::from(panel.reviewers) {
                return Some(format!("the file has {count} distinct approvals of {}{of}", panel.reviewers));
            }
            let absent = panel.who.iter().find(|role| !approve.clone().any(|roles| roles.contains(role)))?;
            Some(format!("no {} is among those who approved the file", absent.name()))
        })
    }

    /// In words: `2 reviewers (checker among them)`.
    pub(crate) fn told(&self) -> String {
        let one = |panel: &Panel| format!("{} ({} among them)", reviewers(panel.reviewers), names(&panel.who, " and "));
        self.0.iter().map(one).collect::<Vec<_>>().join(" and ")
    }
}

fn names(who: &BTreeSet<Role>, between: &str) -> String {
    who.iter().map(|role| role.name()).collect::<Vec<_>>().join(between)
}
