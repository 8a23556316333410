//! Random ways down, and what a release takes, naively.

use crate::common::policy as preset;
use crate::draw::{AUDIENCES, CATEGORIES, Draw, LEVELS};
use crate::marks::{Mark, Names, dominates, mark};
use semla_policy::*;
use std::collections::{BTreeMap, BTreeSet};

pub const CHECKS: [&str; 4] = ["C2", "T1", "T2", "T4"];
pub const TYPES: [&str; 3] = ["csv", "png", "txt"];

/// A policy under which everything may be granted.
pub fn open() -> Policy {
    let mut policy = preset();
    let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    policy.scheme = Scheme { levels: names(LEVELS), categories: names(CATEGORIES), audiences: names(AUDIENCES) };
    policy.shares.clear();
    let kinds = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
    let standard = Profile { max_bytes: 40, max_rows: 8, types: kinds(&TYPES[..2]), ..policy.profiles[0].clone() };
    let other = Profile {
        name: "other".into(),
        max_bytes: 30,
        max_rows: 9,
        types: kinds(&TYPES[1..]),
        min_people: 5,
        information: 20,
        weight_bits: Some(24),
    };
    policy.profiles = vec![standard, other];
    policy.releases.truncate(1);
    for rule in &mut policy.releases {
        (rule.from, rule.to) = ("*".into(), LEVELS[0].into());
    }
    for bounds in policy.roles.values_mut() {
        (bounds.clearance, bounds.ceiling) = ("l2/a,b,c rel:x,y,z".into(), "l2/a,b,c rel:x,y,z".into());
    }
    policy
}

/// One with other bounds and ways.
pub fn policy(draw: &mut Draw) -> Policy {
    let mut policy = open();
    for bounds in policy.roles.values_mut() {
        if draw.once_in(6) {
            (bounds.clearance, bounds.ceiling) = (draw.clearance(), draw.clearance());
        }
    }
    policy.releases = (0..1 + draw.below(6)).map(|_| rule(draw)).collect();
    // Rules that can't be are left out, until all can be: what is barred is no fault any more once the bar is gone.
    loop {
        let faults = policy.faults();
        let Some(Fault { at: Place::Release(number), .. }) = faults.first() else {
            assert!(faults.is_empty(), "{faults:?}");
            return policy;
        };
        policy.releases.remove(*number);
    }
}

fn rule(draw: &mut Draw) -> ReleaseRule {
    let mut from = draw.label();
    if draw.once_in(2) {
        from.replace_range(..LEVELS[0].len(), "*");
    }
    let reviewers = 1 + draw.below(3) as u8;
    let often = [Role::Checker, Role::Checker, Role::Checker, Role::Steward, Role::Auditor, Role::Scientist];
    let excuse = draw.once_in(2).then(|| Excuse {
        checks: draw.some(&CHECKS, 2).into_iter().map(str::to_owned).collect(),
        reviewers: reviewers + 1 + draw.below(2) as u8,
    });
    ReleaseRule {
        from,
        to: if draw.once_in(4) { draw.label() } else { LEVELS[0].to_owned() },
        profile: (*draw.one(&["standard", "other"])).to_owned(),
        reviewers,
        who: (0..1 + draw.below(reviewers.into())).map(|_| *draw.one(&often)).collect(),
        max_bytes: draw.once_in(2).then(|| 20 + draw.below(30) as u64),
        max_rows: draw.once_in(2).then(|| 5 + draw.below(6) as u64),
        answer_in: 1 + draw.below(9) as u32,
        excuse,
        never: draw.once_in(6),
    }
}

/// What a pattern says: its level, none where it is every one, and the rest.
pub fn pattern(from: &str) -> (Option<usize>, Mark) {
    match from.strip_prefix('*') {
        Some(rest) => (None, mark(&format!("{}{rest}", LEVELS[0]))),
        None => (Some(mark(from).level), mark(from)),
    }
}

fn speaks(rule: &ReleaseRule, from: &Mark, to: &Mark) -> bool {
    let (level, pattern) = pattern(&rule.from);
    let named = level.is_none_or(|level| level == from.level) && pattern.categories.is_subset(&from.categories);
    let aim = mark(&rule.to);
    named && if rule.never { dominates(&aim, to) } else { aim == *to && pattern.audiences == from.audiences }
}

/// The conditions of a release.
#[derive(Debug, PartialEq, Eq)]
pub struct Takes {
    pub people: u32,
    pub bytes: u64,
    pub rows: u64,
    pub information: u64,
    pub weight_bits: Option<u32>,
    pub types: Names,
    /// The most reviewers that a rule wants for each set of roles, and the most that one wants for an excuse.
    pub panels: BTreeMap<BTreeSet<Role>, (u8, u8)>,
    pub answer_in: u32,
    pub excuse: Option<(BTreeSet<String>, u8)>,
}

/// What a release takes under all of these policies at once; none where one of them has no such way.
pub fn takes(policies: &[&Policy], from: &Mark, to: &Mark) -> Option<Takes> {
    let mut speaking: Vec<(&Policy, &ReleaseRule)> = Vec::new();
    for policy in policies {
        let rules: Vec<_> = policy.releases.iter().filter(|rule| speaks(rule, from, to)).collect();
        let mut named = Names::new();
        rules.iter().for_each(|rule| named.extend(pattern(&rule.from).1.categories));
        if rules.is_empty() || rules.iter().any(|rule| rule.never) || named != from.categories {
            return None;
        }
        speaking.extend(rules.into_iter().map(|rule| (*policy, rule)));
    }
    let profile = |(policy, rule): &(&Policy, &ReleaseRule)| {
        policy.profiles.iter().find(|profile| profile.name == rule.profile).unwrap().clone()
    };
    let rules = || speaking.iter().map(|(_, rule)| *rule);
    let profiles: Vec<Profile> = speaking.iter().map(profile).collect();
    let all = |check: &&str| {
        let lets =
            |rule: &ReleaseRule| rule.excuse.as_ref().is_some_and(|excuse| excuse.checks.iter().any(|c| c == check));
        rules().all(lets)
    };
    let excuses: Option<Vec<u8>> = rules().map(|rule| Some(rule.excuse.as_ref()?.reviewers)).collect();
    let excusable = CHECKS.into_iter().filter(all).map(str::to_owned).collect();
    let everywhere = |kind: &&str| profiles.iter().all(|profile| profile.types.iter().any(|other| other == kind));
    Some(Takes {
        people: profiles.iter().map(|profile| profile.min_people).max()?,
        bytes: rules().filter_map(|rule| rule.max_bytes).chain(profiles.iter().map(|p| p.max_bytes)).min()?,
        rows: rules().filter_map(|rule| rule.max_rows).chain(profiles.iter().map(|p| p.max_rows)).min()?,
        information: profiles.iter().map(|profile| profile.information).min()?,
        weight_bits: profiles.iter().filter_map(|profile| profile.weight_bits).min(),
        types: TYPES.into_iter().filter(everywhere).collect(),
        panels: rules().fold(BTreeMap::new(), |mut panels, rule| {
            let most = panels.entry(rule.who.clone()).or_insert((0, 0));
            let excusing = rule.excuse.as_ref().map_or(0, |excuse| excuse.reviewers).max(rule.reviewers);
            *most = (rule.reviewers.max(most.0), excusing.max(most.1));
            panels
        }),
        answer_in: rules().map(|rule| rule.answer_in).min()?,
        excuse: excuses.and_then(|all| Some((excusable, *all.iter().max()?))),
    })
}
