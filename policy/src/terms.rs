//! What a release from one label to another takes: the strictest of all rules that speak for it.

use crate::bits::Bits;
use crate::label::Label;
use crate::panel::Panels;
use crate::policy::{Excuse, Policy, ReleaseRule};
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::scheme::LabelError;
use hashbrown::HashSet;

/// The conditions of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The thresholds.
    pub profile: Profile,
    /// Who has to approve each file. Nobody of another role votes.
    pub panels: Panels,
    /// Days in which reviewers should answer.
    pub answer_in: u32,
    /// Which blocks may be excused, and by how many.
    pub excuse: Option<Excuse>,
}

impl Policy {
    /// What a release needs under this policy, or why there is none.
    pub fn terms(&self, from: &Label, to: &Label) -> Result<Terms, Refusal> {
        Ways::of(self).terms(from, to)
    }
}

/// The release rules of a policy, read once for whoever asks after many ways.
pub(crate) struct Ways<'p> {
    policy: &'p Policy,
    rules: Vec<(Pattern, &'p ReleaseRule)>,
}

impl<'p> Ways<'p> {
    pub(crate) fn of(policy: &'p Policy) -> Self {
        let read = |rule: &'p ReleaseRule| Some((Pattern::of(policy, rule).ok()?, rule));
        Self { policy, rules: policy.releases.iter().filter_map(read).collect() }
    }

    /// Where the rules lead, each label once.
    pub(crate) fn targets(&self) -> HashSet<&Label> {
        self.rules.iter().filter(|(way, _)| !way.never).map(|(way, _)| &way.to).collect()
    }

    /// A rule speaks for every label that has its level and at least its categories. A way down exists when together the
    /// rules that speak for a label name each of its categories, and none of them bars it.
    pub(crate) fn terms(&self, from: &Label, to: &Label) -> Result<Terms, Refusal> {
        let refuse = |what: &dyn Fn(&str, &str) -> String, remedy: &str| {
            let (high, low) = (self.policy.scheme.show(from), self.policy.scheme.show(to));
            Err(Refusal::new(6, what(&high, &low), remedy).comparing(low, high))
        };
        let mut named = Bits::EMPTY;
        let mut terms: Option<Terms> = None;
        for (pattern, rule) in self.rules.iter().filter(|(pattern, _)| pattern.speaks_for(from, to)) {
            if rule.never {
                return refuse(
                    &|high, low| format!("the policy never releases `{high}` to `{low}`"),
                    "ask the officers, or release to another label",
                );
            }
            let Some(profile) = self.policy.profile(&rule.profile) else { continue };
            named = named.union(&pattern.categories);
            terms = Some(match terms {
                None => Terms::of(rule, profile),
                Some(terms) => terms.stricter(Terms::of(rule, profile)),
            });
        }
        match terms {
            Some(terms) if from.categories.within(&named) => Ok(terms),
            _ => refuse(
                &|high, low| format!("no rule of the policy releases `{high}` to `{low}`"),
                "see `semla policy show` for the ways that exist",
            ),
        }
    }
}

impl Terms {
    /// Days after which a request closes, and votes count no more: thrice the time in which reviewers should answer.
    pub fn open_for(&self) -> u32 {
        self.answer_in.max(1).saturating_mul(3)
    }

    fn of(rule: &ReleaseRule, profile: &Profile) -> Self {
        let mut profile = profile.clone();
        profile.max_bytes = profile.max_bytes.min(rule.max_bytes.unwrap_or(u64::MAX));
        profile.max_rows = profile.max_rows.min(rule.max_rows.unwrap_or(u64::MAX));
        Self { profile, panels: Panels::of(rule), answer_in: rule.answer_in, excuse: rule.excuse.clone() }
    }

    /// Both: whichever is stricter, point by point; of who approves, what each of them wants.
    pub(crate) fn stricter(self, other: Self) -> Self {
        Self {
            profile: self.profile.and(&other.profile),
            panels: self.panels.and(other.panels),
            answer_in: self.answer_in.min(other.answer_in),
            excuse: self.excuse.zip(other.excuse).map(|(a, b)| Excuse {
                checks: a.checks.into_iter().filter(|check| b.checks.contains(check)).collect(),
                reviewers: a.reviewers.max(b.reviewers),
            }),
        }
    }
}

/// So many reviewers, in words.
pub(crate) fn reviewers(count: impl Into<usize>) -> String {
    match count.into() {
        1 => "1 reviewer".to_owned(),
        count => format!("{count} reviewers"),
    }
}

/// The labels that a release rule speaks for.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    level: Option<u8>,
    categories: Bits,
    audiences: Option<Bits>,
    to: Label,
    never: bool,
}

impl Pattern {
    pub(crate) fn of(policy: &Policy, rule: &ReleaseRule) -> Result<Self, LabelError> {
        let lowest = policy.scheme.levels.first().map_or("", String::as_str);
        let any = rule.from == "*" || rule.from.starts_with("*/") || rule.from.starts_with("* ");
        let text = if any { rule.from.replacen('*', lowest, 1) } else { rule.from.clone() };
        let from = policy.scheme.label(&text)?;
        Ok(Self {
            level: (!any).then_some(from.level),
            categories: from.categories,
            audiences: from.audiences,
            to: policy.scheme.label(&rule.to)?,
            never: rule.never,
        })
    }

    /// Where it leads.
    pub(crate) fn to(&self) -> &Label {
        &self.to
    }

    /// Whether this bar holds for everything that goes another way.
    pub(crate) fn bars(&self, way: &Self) -> bool {
        let level = self.level.is_none() || self.level == way.level;
        level && self.categories.within(&way.categories) && self.to.dominates(&way.to)
    }

    /// Whether it speaks for things at this label, wherever they go.
    pub(crate) fn concerns(&self, from: &Label) -> bool {
        self.level.is_none_or(|level| level == from.level) && self.categories.within(&from.categories)
    }

    /// The lowest label of each level that it speaks for, of so many.
    pub(crate) fn lowest(&self, levels: usize) -> Vec<Label> {
        let all = (0..=u8::MAX).take(levels).filter(|level| self.level.is_none_or(|only| only == *level));
        let lowest = |level| Label { level, categories: self.categories.clone(), audiences: self.audiences.clone() };
        all.map(lowest).collect()
    }

    /// The labels of things of a permit that goes up to this, as it concerns them: the top itself, and the lowest of each level.
    pub(crate) fn within(&self, up_to: &Label) -> Vec<Label> {
        let low = self
            .lowest(usize::from(up_to.level) + 1)
            .into_iter()
            .filter(|label| up_to.dominates(label) && !self.to.dominates(label));
        let top = [up_to.clone()].into_iter().filter(|top| self.speaks_for(top, &self.to) && !self.to.dominates(top));
        low.chain(top).collect()
    }

    /// A bar speaks for everything that goes to its target or further down, and whoever the data is releasable to.
    pub(crate) fn speaks_for(&self, from: &Label, to: &Label) -> bool {
        let rest = match self.never {
            true => self.to.dominates(to),
            false => self.to == *to && self.audiences == from.audiences,
        };
        self.concerns(from) && rest
    }
}
