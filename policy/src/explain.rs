//! Why something may or may not be, and the smallest change that would make it so. Each change was tried before it is named.

use crate::admission::shape;
use crate::at::At;
use crate::known::Account;
use crate::label::Label;
use crate::plan::JobPlan;
use crate::policy::{Policy, ReleaseRule, Role};
use crate::reading::Need;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::terms::{Pattern, Terms, reviewers};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most changes that are tried together.
const TOGETHER: usize = 3;
/// Most changes that are tried at all: each set of them is a try.
const TRIED: usize = 16;

/// The label of a rule that was taken out, which is no label.
const TAKEN_OUT: &str = "";

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Whether it may be.
    pub allowed: bool,
    /// The rule of the design that decides it.
    pub rule: u8,
    /// What is so.
    pub why: String,
    /// The two labels that the rule compares, where it does: the one that should dominate comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<(String, String)>,
    /// What the answers to it cost, for somebody who isn't cleared for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costs: Option<String>,
    /// The smallest changes that would allow it: any one of them is enough.
    pub changes: Vec<String>,
}

/// Something that could be otherwise: in words, and what it makes of a case.
struct Change<C> {
    words: String,
    make: Box<dyn Fn(&mut C)>,
}

impl<C> Change<C> {
    fn new(words: impl Into<String>, make: impl Fn(&mut C) + 'static) -> Self {
        Self { words: words.into(), make: Box::new(make) }
    }
}

/// The smallest sets of changes under which a case is allowed, all of the same size.
fn smallest<C: Clone>(case: &C, changes: &[Change<C>], allowed: impl Fn(&C) -> bool) -> Vec<String> {
    let (changes, _) = changes.split_at(changes.len().min(TRIED));
    let sets = (0..1u32 << changes.len()).map(|set| (set.count_ones() as usize, set));
    for size in 1..=TOGETHER {
        let mut found = Vec::new();
        for (_, set) in sets.clone().filter(|(count, _)| *count == size) {
            let chosen = || changes.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, change)| change);
            let mut changed = case.clone();
            chosen().for_each(|change| (change.make)(&mut changed));
            if allowed(&changed) {
                found.push(chosen().map(|change| change.words.as_str()).collect::<Vec<_>>().join(", and "));
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

impl Explanation {
    fn allowed(rule: u8, why: impl Into<String>) -> Self {
        Self { allowed: true, rule, why: why.into(), labels: None, costs: None, changes: Vec::new() }
    }

    fn refused(refusal: Refusal, changes: Vec<String>) -> Self {
        let changes = if changes.is_empty() { vec![refusal.remedy] } else { changes };
        Self { allowed: false, rule: refusal.rule, why: refusal.what, labels: refusal.labels, costs: None, changes }
    }
}

impl Registry {
    /// Whether a job could be submitted. The answer names what the plan names and what its submitter may see of themselves.
    pub fn explain_job(&self, plan: &JobPlan, today: Date) -> Explanation {
        let refusal = match self.admit(plan.clone(), today) {
            Ok(admitted) => {
                let at = admitted.label_text();
                let parts = "its image, its code, which is as high as what its author may have read, and its data";
                return Explanation::allowed(3, format!("it runs at `{at}`: the join of {parts}"));
            }
            Err(refusal) => refusal,
        };
        // Each try takes a copy of the plan; one of no sound shape is mended by none of them.
        if shape(plan).is_err() {
            return Explanation::refused(refusal, Vec::new());
        }
        let mut changes: Vec<Change<(Self, JobPlan)>> = Vec::new();
        if !plan.dummy {
            changes.push(Change::new("rehearse with `--dummy`", |(_, plan): &mut (Self, JobPlan)| plan.dummy = true));
        }
        if plan.label.is_some() {
            changes.push(Change::new("leave `label` out", |(_, plan): &mut (Self, JobPlan)| plan.label = None));
        }
        changes.extend(self.of_records(plan, &refusal));
        // Last: a job may have more of them than are tried.
        for (mount, dataset) in plan.data.clone() {
            let words = format!("leave `{dataset}` out");
            changes.push(Change::new(words, move |(_, plan): &mut (Self, JobPlan)| {
                plan.data.remove(&mount);
            }));
        }
        let case = (self.about(&plan.submitter, &plan.permit), plan.clone());
        let found = smallest(&case, &changes, |(registry, plan)| registry.admit(plan.clone(), today).is_ok());
        Explanation::refused(refusal, found)
    }

    /// Only what has to do with one person and one permit: a site may be large, and each try takes a copy.
    fn about(&self, name: &str, permit: &str) -> Self {
        let account = self.people.get_key_value(name).map(|(name, account)| (name.clone(), account.clone()));
        let grant = self.permits.get_key_value(permit).map(|(name, grant)| (name.clone(), grant.clone()));
        let data = grant.iter().flat_map(|(_, grant)| &grant.permit.datasets);
        let data = data.filter_map(|name| Some((name.clone(), self.datasets.get(name)?.clone())));
        Self {
            datasets: data.collect(),
            people: account.into_iter().collect(),
            permits: grant.into_iter().collect(),
            keys: Default::default(),
            heads: Default::default(),
            policies: self.policies.clone(),
            current: self.current.clone(),
            images: self.images.clone(),
            trees: self.trees.clone(),
            contents: Default::default(),
            halts: self.halts.clone(),
            founding: self.founding,
        }
    }

    /// Changes of records that the submitter may see: their own account, and a permit of theirs.
    fn of_records(&self, plan: &JobPlan, refusal: &Refusal) -> Vec<Change<(Self, JobPlan)>> {
        let mut changes = Vec::new();
        let Some((_, low)) = &refusal.labels else { return changes };
        let Ok(label) = self.label(low) else { return changes };
        let (name, permit) = (plan.submitter.clone(), plan.permit.clone());
        let words = format!("have two officers raise your ceiling to `{low}`");
        let most = label.clone();
        changes.push(Change::new(words, move |(registry, _): &mut (Self, JobPlan)| {
            registry.regrant(&name, |account| account.granted.1 = account.granted.1.reaching(&most));
        }));
        if self.may_go_up_to(&permit, &label) {
            let words = format!("have the permit go up to `{low}`");
            changes.push(Change::new(words, move |(registry, _): &mut (Self, JobPlan)| {
                if let Some(grant) = registry.permits.get_mut(&permit) {
                    grant.up_to = label.clone();
                }
            }));
        }
        changes
    }

    /// Changes an account as officers could: within the bounds of the policy in force, beyond which nothing is granted.
    fn regrant(&mut self, name: &str, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.people.get_mut(name) {
            change(account);
            account.bind(&self.current);
        }
    }

    /// Whether a permit could be signed that goes up to this: it is where all its data is together, whatever it ever named.
    fn may_go_up_to(&self, permit: &str, label: &Label) -> bool {
        self.grant(permit).is_some_and(|grant| {
            let mut data = grant.ever.iter().filter_map(|name| self.dataset(name));
            let most = data.try_fold(Label::LOWEST, |most, data| most.join(&data.label));
            grant.ever.is_empty() || most.as_ref() == Some(label)
        })
    }

    /// Whether somebody may read something of a permit. Only for an asker who may know of it.
    pub fn explain_read(&self, name: &str, at: At<'_>, permit: &str, today: Date) -> Explanation {
        let shown = self.policy().scheme.show(at.label);
        let reads = |registry: &Self| {
            let may = |need| registry.may_read(name, Some(at), need, today).is_ok();
            match (may(Need::Member(permit)), may(Need::Reviewer(permit))) {
                (true, _) => Some("as a member of the permit"),
                (_, true) => Some("as a reviewer"),
                _ => None,
            }
        };
        if let Some(how) = reads(self) {
            return Explanation::allowed(1, format!("`{name}` reads it {how}: their clearance admits `{shown}`"));
        }
        let (who, label) = (name.to_owned(), at.label.clone());
        let mut changes = vec![Change::new(
            format!("have two officers raise the clearance of `{name}` to `{shown}`"),
            move |registry: &mut Self| {
                registry.regrant(&who, |account| account.granted.0 = account.granted.0.reaching(&label));
            },
        )];
        // Whoever ever signed for a permit can't be a member of it.
        if self.grant(permit).is_some_and(|grant| !grant.signers.contains(name)) {
            let (who, under) = (name.to_owned(), permit.to_owned());
            changes.push(Change::new(format!("make `{name}` a member of `{permit}`"), move |registry: &mut Self| {
                if let Some(grant) = registry.permits.get_mut(&under) {
                    grant.permit.people.insert(who.clone());
                }
            }));
        }
        // Whoever was a member once reviews nothing of it.
        if self.grant(permit).is_none_or(|grant| !grant.members.contains(name)) {
            let who = name.to_owned();
            changes.push(Change::new(format!("make `{name}` a checker"), move |registry: &mut Self| {
                registry.regrant(&who, |account| account.person.roles.extend([Role::Checker]));
            }));
        }
        let found = smallest(&self.about(name, permit), &changes, |registry| reads(registry).is_some());
        let what = format!("`{name}` may not read it: it is at `{shown}` under `{permit}`");
        Explanation::refused(
            Refusal::new(1, what, "another policy: under this one no change of the account or the permit is enough"),
            found,
        )
    }
}

impl Policy {
    /// Whether something may get from one label to another, and how.
    pub fn explain_flow(&self, from: &Label, to: &Label) -> Explanation {
        let (high, low) = (self.scheme.show(from), self.scheme.show(to));
        if to.dominates(from) {
            return Explanation::allowed(3, format!("data flows up: `{low}` dominates `{high}`"));
        }
        let refusal = match self.terms(from, to) {
            Ok(terms) => {
                return Explanation::allowed(6, format!("by a release, and in no other way: {}", told(&terms)));
            }
            Err(refusal) => refusal,
        };
        let mut changes = Vec::new();
        let bars = |rule: &ReleaseRule| rule.never && Pattern::of(self, rule).is_ok_and(|bar| bar.speaks_for(from, to));
        for (at, bar) in self.releases.iter().enumerate().filter(|(_, rule)| bars(rule)) {
            let words = format!("take out the rule `never` from `{}` to `{}`", bar.from, bar.to);
            changes.push(Change::new(words, move |policy: &mut Self| {
                // The others keep their places.
                policy.releases.get_mut(at).into_iter().for_each(|rule| rule.from = TAKEN_OUT.into());
            }));
        }
        if let Some(profile) = self.profiles.first() {
            let rule = ReleaseRule {
                from: high.clone(),
                to: low.clone(),
                profile: profile.name.clone(),
                reviewers: 2,
                who: BTreeSet::from([Role::Checker]),
                max_bytes: None,
                max_rows: None,
                answer_in: 5,
                excuse: None,
                never: false,
            };
            let words = format!("add a release rule from `{high}` to `{low}`");
            changes.push(Change::new(words, move |policy: &mut Self| policy.releases.push(rule.clone())));
        }
        // A policy that contradicts itself is none.
        let allowed = |policy: &Self| {
            let mut policy = policy.clone();
            policy.releases.retain(|rule| rule.from != TAKEN_OUT);
            policy.terms(from, to).is_ok() && policy.faults().is_empty()
        };
        let mut found = smallest(self, &changes, allowed);
        let targets: BTreeSet<&String> = self.releases.iter().filter(|rule| !rule.never).map(|rule| &rule.to).collect();
        let other = |text: &&&String| {
            self.scheme.label(text).is_ok_and(|label| label != *to && self.terms(from, &label).is_ok())
        };
        found.extend(targets.iter().filter(other).map(|text| format!("release it to `{text}` instead")));
        Explanation::refused(refusal, found)
    }
}

/// What a release takes, in words.
pub(crate) fn told(terms: &Terms) -> String {
    let mut text = format!(
        "{}, no block of the profile `{}`, counts of at least {} people",
        terms.panels.told(),
        terms.profile.name,
        terms.profile.min_people
    );
    if let Some(excuse) = terms.excuse.as_ref().filter(|excuse| !excuse.checks.is_empty()) {
        text.push_str(&format!("; {} can excuse {}", reviewers(excuse.reviewers), excuse.checks.join(", ")));
    }
    text
}
