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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Excuse;

    fn rule(who: &[Role], reviewers: u8, excusing: Option<u8>) -> Panels {
        let excuse = excusing.map(|reviewers| Excuse { checks: vec!["T1".into()], reviewers });
        Panels::of(&ReleaseRule {
            from: "*".into(),
            to: "public".into(),
            profile: "standard".into(),
            reviewers,
            who: who.iter().copied().collect(),
            max_bytes: None,
            max_rows: None,
            answer_in: 5,
            excuse,
            never: false,
        })
    }

    /// What people of these roles leave wanting.
    fn missing(panels: &Panels, approve: &[&[Role]]) -> Option<String> {
        let roles: Vec<BTreeSet<Role>> = approve.iter().map(|roles| roles.iter().copied().collect()).collect();
        panels.missing(roles.iter())
    }

    use Role::{Checker, Steward};

    #[test]
    fn a_rule_wants_somebody_whatever_it_says_and_never_fewer_for_an_excuse() {
        let excused = BTreeSet::from(["T1".to_owned()]);
        for (reviewers, excusing, wants) in [(0, None, [1, 1]), (2, Some(1), [2, 2]), (2, Some(3), [2, 3])] {
            let panels = rule(&[Checker], reviewers, excusing);
            assert_eq!([panels.reviewers(), panels.excusing(&excused).reviewers()], wants);
            assert_eq!(panels.excusing(&BTreeSet::new()), panels);
        }
        assert!(missing(&rule(&[Checker], 0, None), &[]).is_some(), "nobody is not enough");
    }

    #[test]
    fn each_of_two_rules_gets_whom_it_wants() {
        let both = rule(&[Checker], 2, Some(4)).and(rule(&[Steward], 1, None));
        assert_eq!((both.each().count(), both.reviewers()), (2, 2));
        assert_eq!(both.roles(), [Checker, Steward].into());
        assert_eq!(missing(&both, &[&[Checker], &[Checker], &[Steward]]), None);
        assert_eq!(missing(&both, &[&[Checker], &[Checker, Steward]]), None, "somebody counts for both");
        let what = missing(&both, &[&[Checker], &[Steward]]).unwrap_or_default();
        assert_eq!(what, "the file has 1 distinct approvals of 2 by checker");
        assert!(missing(&both, &[&[Checker], &[Checker]]).is_some_and(|what| what.contains("of 1 by steward")));
    }

    #[test]
    fn of_two_rules_for_the_same_people_the_larger_number_counts() {
        for (one, other) in [((2, Some(3)), (3, Some(3))), ((3, Some(3)), (2, Some(5)))] {
            let rules = [one, other].map(|(reviewers, excusing)| rule(&[Checker], reviewers, excusing));
            let [a, b] = rules;
            let (ab, ba) = (a.clone().and(b.clone()), b.and(a));
            assert_eq!(ab, ba);
            let panel = ab.each().next().map(|panel| (panel.reviewers, panel.excusing));
            assert_eq!(panel, Some((one.0.max(other.0), one.1.max(other.1).unwrap_or_default())));
        }
    }

    #[test]
    fn each_role_that_a_rule_names_is_there_and_others_count_for_nothing() {
        let panels = rule(&[Checker, Steward], 2, None);
        assert_eq!(missing(&panels, &[&[Checker], &[Steward]]), None);
        let absent = missing(&panels, &[&[Checker], &[Checker]]);
        assert_eq!(absent.as_deref(), Some("no steward is among those who approved the file"));
        let few = missing(&rule(&[Checker], 2, None), &[&[Checker], &[Steward]]);
        assert_eq!(few.as_deref(), Some("the file has 1 distinct approvals of 2"));
        assert!(
            missing(&Panels::default(), &[&[Checker], &[Steward]]).is_some(),
            "where nothing is known, nothing is met"
        );
    }
}
