//! What the checks hold against a file, and which of it people may excuse.

use super::Verdict;
use crate::digest::Digest;
use crate::policy::Excuse;
use std::collections::BTreeSet;

/// Copied rows, and code in models that nobody knows: whatever a policy says, no reviewer excuses these.
pub(crate) const NEVER_EXCUSED: [&str; 3] = ["C1", "C5", "F4"];

/// What the checks said of a file under one policy.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The policy whose thresholds were used.
    pub policy: Digest,
    /// The worst finding.
    pub verdict: Verdict,
    /// The checks that say `block`.
    pub blocks: BTreeSet<String>,
}

impl Judged {
    fn blocks(&self) -> Blocks {
        match (self.verdict, self.blocks.is_empty()) {
            (Verdict::Block, true) => Blocks::Unnamed,
            _ => Blocks::Named(self.blocks.clone()),
        }
    }
}

/// What stands against a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// Exactly these checks block it; where there is none, nothing does.
    Named(BTreeSet<String>),
    /// It is blocked, and no check says so: there was no answer, or none that can be read.
    Unnamed,
}

impl Blocks {
    /// What was found under all of these policies together. `None`: under one of them nothing was checked (rule 8).
    pub fn under<'a>(policies: impl IntoIterator<Item = &'a Digest>, judged: &[Judged]) -> Option<Self> {
        policies.into_iter().try_fold(Self::Named(BTreeSet::new()), |all, policy| {
            let mut said = judged.iter().filter(|judged| judged.policy == *policy).map(Judged::blocks);
            let first = said.next()?;
            Some(said.fold(all.and(first), Self::and))
        })
    }

    /// The checks that an approval has to excuse; `None` where not even that lets the file pass.
    pub fn excusable(&self, excuse: Option<&Excuse>) -> Option<&BTreeSet<String>> {
        let Self::Named(checks) = self else { return None };
        let may = |check: &String| {
            !NEVER_EXCUSED.contains(&check.as_str()) && excuse.is_some_and(|excuse| excuse.checks.contains(check))
        };
        checks.iter().all(may).then_some(checks)
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Named(a), Self::Named(b)) => Self::Named(&a | &b),
            _ => Self::Unnamed,
        }
    }
}
