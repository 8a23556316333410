//! What is wrong with a policy as a whole.

pub(crate) mod excuse;

use crate::label::{Clearance, Label};
use crate::misnamed::Misnamed;
use crate::plan::Needs;
use crate::policy::{Feedback, LevelRules, OwnerSees, Permits, Policy, ReleaseRule, Role};
use crate::profile::FEWEST;
use crate::suggest;
use crate::terms::{Pattern, reviewers};
use crate::told::CHECKED;
use serde::{Deserialize, Serialize};

/// Most characters of a reply, and most replies: they are told by number, and each number costs bits.
const REPLY: usize = 120;
const REPLIES: usize = 64;

/// One contradiction, and the part of the policy that it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The part.
    pub at: Place,
    /// The key in that part; of a table within it, both keys with a dot between them.
    pub key: String,
    /// What is wrong.
    pub what: String,
}

/// A part of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The policy as a whole.
    Whole,
    /// A level, counted from 0.
    Level(usize),
    /// The bounds of a role.
    Role(Role),
    /// A release rule, counted from 0.
    Release(usize),
    /// What may share a host, counted from 0.
    Share(usize),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

/// So many of something, in words.
fn count(of: usize, what: &str) -> String {
    format!("{of} {what}{}", if of == 1 { "" } else { "s" })
}

type Found = Vec<(&'static str, String)>;

impl Policy {
    /// Everything that is wrong with the policy, whatever the people and the hosts are.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = self.oversized();
        if faults.is_empty() {
            let at = Place::Whole;
            let scheme = self.scheme.judged().into_iter();
            faults.extend(scheme.map(|(key, fault)| Fault { at, key: key.into(), what: fault.to_string() }));
            faults.extend(self.misnamed().iter().map(Misnamed::fault));
            faults.extend(self.unfit());
        }
        faults
    }

    /// Everything that is wrong with it but for its length and its names.
    pub(crate) fn unfit(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add =
            |at, found: Found| faults.extend(found.into_iter().map(|(key, what)| Fault { at, key: key.into(), what }));
        add(Place::Whole, self.whole_faults());
        for (number, rules) in self.levels.iter().enumerate() {
            add(Place::Level(number), level_faults(rules));
        }
        for (number, rule) in self.releases.iter().enumerate() {
            add(Place::Release(number), self.release_faults(rule));
        }
        for (number, share) in self.shares.iter().enumerate() {
            if share.labels.len() < 2 && share.permits == Permits::Same {
                let what =
                    "jobs of one permit and label share a host anyway; name more `labels`, or say `permits = \"any\"`";
                add(Place::Share(number), vec![("labels", what.to_owned())]);
            }
        }
        faults
    }

    fn whole_faults(&self) -> Found {
        let mut found = Found::new();
        if self.levels.len() != self.scheme.levels.len() {
            found.push(("level", "a level without rules".to_owned()));
        }
        for profile in self.profiles.iter().filter(|profile| profile.min_people < FEWEST) {
            let what = format!(
                "with `min_people` under {FEWEST}, every cell of one person could leave under the profile `{}`; write {FEWEST} or more",
                profile.name
            );
            found.push(("profile", what));
        }
        if self.replies.len() > REPLIES {
            let what = format!("{} replies are more than the {REPLIES} that there may be", self.replies.len());
            found.push(("replies", what));
        }
        for reply in self.replies.iter().filter(|reply| reply.is_empty() || reply.chars().count() > REPLY) {
            found.push(("replies", format!("`{reply}` isn't one line of at most {REPLY} characters")));
        }
        let plain = |class: &&String| !class.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        for class in self.tracebacks.iter().filter(plain) {
            found.push(("tracebacks", format!("`{class}` isn't the name of a class; write one such as `ValueError`")));
        }
        found
    }

    fn release_faults(&self, rule: &ReleaseRule) -> Found {
        let mut found = Found::new();
        if let Ok(way) = Pattern::of(self, rule)
            && !rule.never
        {
            found.extend(self.dead_end(rule, &way));
        }
        if self.profile(&rule.profile).is_none() {
            let known = self.profiles.iter().map(|profile| profile.name.as_str());
            let what = format!("no profile is called `{}`; {}", rule.profile, suggest::among(&rule.profile, known));
            found.push(("profile", what));
        }
        if rule.reviewers == 0 {
            found.push(("reviewers", "a release without a reviewer can't be; ask for at least 1".to_owned()));
        }
        if rule.answer_in == 0 {
            found.push(("answer_in", "nobody answers in 0 days; give reviewers 1 or more".to_owned()));
        }
        if rule.who.is_empty() || rule.who.len() > usize::from(rule.reviewers.max(1)) {
            let what = format!(
                "each role in `who` approves, and there is one: {} can't be among {}; raise `reviewers`, or change `who`",
                count(rule.who.len(), "role"),
                reviewers(rule.reviewers)
            );
            found.push(("who", what));
        }
        if let (Ok(from), Ok(to)) = (self.scheme.label(&rule.from), self.scheme.label(&rule.to))
            && to.dominates(&from)
        {
            found.push(("from", format!("`{}` isn't above `{}`: nothing is lowered", rule.from, rule.to)));
        }
        if let Some(excuse) = &rule.excuse {
            found.extend(excuse::faults(excuse, rule.reviewers));
        }
        found
    }

    /// A way that nothing can ever go.
    fn dead_end(&self, rule: &ReleaseRule, way: &Pattern) -> Found {
        let mut found = Found::new();
        let bars = |bar: &&ReleaseRule| bar.never && Pattern::of(self, bar).is_ok_and(|bar| bar.bars(way));
        if let Some(bar) = self.releases.iter().find(bars) {
            let what = format!("nothing can go this way: the rule `never` from `{}` to `{}` bars it", bar.from, bar.to);
            found.push(("from", what));
        }
        let reaches = |role: Role, of: fn(&(Clearance, Clearance)) -> &Clearance, label: &Label| {
            self.bounds(role).ok().flatten().is_none_or(|bounds| of(&bounds).reaches(label))
        };
        let Ok(from) = self.scheme.label(&rule.from) else {
            // Where it speaks for every level, one is enough.
            let goes = |from: &Label| {
                let seen = rule.who.iter().all(|role| reaches(*role, |both| &both.0, from));
                let barred = |bar: &ReleaseRule| Pattern::of(self, bar).is_ok_and(|bar| bar.speaks_for(from, way.to()));
                let goes = !self.releases.iter().any(|bar| bar.never && barred(bar));
                seen && goes && reaches(Role::Scientist, |both| &both.1, from) && !way.to().dominates(from)
            };
            if !way.lowest(self.scheme.levels.len()).iter().any(goes) {
                let what = format!(
                    "nothing can go this way: at no level is anything made that is above `{}`, and that all in `who` can be cleared \
                     for; raise `ceiling` of `role.scientist` or their `clearance`, or leave the rule out",
                    rule.to
                );
                found.push(("from", what));
            }
            return found;
        };
        if !reaches(Role::Scientist, |both| &both.1, &from) {
            let what = format!(
                "nothing is ever made at `{}`: raise `ceiling` of `role.scientist`, or leave the rule out",
                rule.from
            );
            found.push(("from", what));
        }
        for role in rule.who.iter().filter(|role| !reaches(**role, |both| &both.0, &from)) {
            let what =
                format!("no {} can be cleared for `{}`: raise `clearance` of `role.{0}`", role.name(), rule.from);
            found.push(("from", what));
        }
        found
    }
}

fn level_faults(rules: &LevelRules) -> Found {
    let mut found = Found::new();
    let cost = rules.owner_sees.bits() + rules.ends.bits(Needs::DEFAULT.seconds);
    // The least that the checks of one file can be told for.
    let checks = rules.feedback.bits(1, 1) + rules.ends.bits(CHECKED);
    if rules.feedback != Feedback::Nothing && checks > rules.budget.bits {
        let what = format!(
            "an answer about one file costs at least {checks} bits, and the budget has {}: nobody is ever told of the checks",
            rules.budget.bits
        );
        found.push(("feedback", what));
    }
    if rules.owner_sees != OwnerSees::Nothing && cost > rules.budget.bits {
        let what =
            format!("one answer costs {cost} bits, and the budget has {}: nobody is ever told", rules.budget.bits);
        found.push(("budget.bits", what));
    }
    // What is spent would be back at once, and nothing were ever short.
    if rules.budget.days == 0 {
        found.push((
            "budget.every",
            "a budget that comes back after 0 days has no end; write `every = \"1d\"` or more".into(),
        ));
    }
    if rules.keep_logs == 0 {
        found.push(("keep_logs", "logs that are kept for 0 days are read by nobody; keep them for 1 or more".into()));
    }
    found
}
