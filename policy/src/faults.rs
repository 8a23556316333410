//! What is wrong with a policy as a whole.

use crate::policy::{Policy, ReleaseRule, Role};
use crate::suggest;
use crate::terms::Pattern;

/// Checks that no reviewer may excuse: copied rows, and code in models that nobody knows.
const NEVER_EXCUSED: [&str; 3] = ["C1", "C5", "F4"];

/// One contradiction, and the part of the policy that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The part.
    pub at: Place,
    /// The key in that part.
    pub key: &'static str,
    /// What is wrong.
    pub what: String,
}

/// A part of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The policy as a whole.
    Whole,
    /// The bounds of a role.
    Role(Role),
    /// A release rule, counted from 0.
    Release(usize),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl Policy {
    /// Everything that is wrong with the policy.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |at, key, what| faults.push(Fault { at, key, what });
        for fault in self.scheme.faults() {
            add(Place::Whole, "level", fault.to_string());
        }
        if self.levels.len() != self.scheme.levels.len() {
            add(Place::Whole, "level", "a level without rules".to_owned());
        }
        for (role, bounds) in &self.roles {
            let read = |text: &str| self.scheme.clearance(text);
            for (key, text) in [("clearance", &bounds.clearance), ("ceiling", &bounds.ceiling)] {
                if let Err(error) = read(text) {
                    add(Place::Role(*role), key, error.to_string());
                }
            }
        }
        for (number, rule) in self.releases.iter().enumerate() {
            for (key, what) in self.release_faults(rule) {
                add(Place::Release(number), key, what);
            }
        }
        faults
    }

    fn release_faults(&self, rule: &ReleaseRule) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if let Err(error) = Pattern::of(self, rule) {
            let key = if self.scheme.label(&rule.to).is_err() { "to" } else { "from" };
            faults.push((key, error.to_string()));
        }
        if self.profile(&rule.profile).is_none() {
            let known = self.profiles.iter().map(|profile| profile.name.as_str());
            let what = format!("no profile is called `{}`; {}", rule.profile, suggest::among(&rule.profile, known));
            faults.push(("profile", what));
        }
        if rule.reviewers == 0 {
            faults.push(("reviewers", "a release without a reviewer can't be; ask for at least 1".to_owned()));
        }
        if let (Ok(from), Ok(to)) = (self.scheme.label(&rule.from), self.scheme.label(&rule.to))
            && to.dominates(&from)
        {
            let what = format!("`{}` isn't above `{}`: nothing is lowered", rule.from, rule.to);
            faults.push(("from", what));
        }
        if let Some(excuse) = &rule.excuse {
            if excuse.reviewers <= rule.reviewers {
                let what = "an excused file needs more reviewers than another; raise `reviewers` in `excuse`";
                faults.push(("excuse", what.to_owned()));
            }
            for check in excuse.checks.iter().filter(|check| NEVER_EXCUSED.contains(&check.as_str())) {
                faults.push(("excuse", format!("`{check}` can never be excused; leave it out")));
            }
        }
        faults
    }
}
