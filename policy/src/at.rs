//! Where an object stands, and what both of its policies say of it: the one that its job was submitted under, and the one in force.

use crate::digest::Digest;
use crate::known::{Account, InForce};
use crate::label::Label;
use crate::policy::{LevelRules, Proof};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Where an object stands: its label, and the policy in force when it was made.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// Its label.
    pub label: &'a Label,
    /// The policy that its job was submitted under.
    pub policy: &'a Digest,
}

impl Registry {
    /// The rules of the label's level.
    pub fn level(&self, label: &Label) -> Result<&LevelRules, Refusal> {
        self.policy()
            .level(label)
            .ok_or_else(|| Refusal::new(8, "the policy has no rules for that level", "mend the policy"))
    }

    /// What is told of something, and on what proof, by the rules of its level: those of the policy that it was submitted under and those of
    /// the one in force, on each point the stricter. Budgets are those in force.
    pub fn told_at(&self, at: At<'_>) -> Result<LevelRules, Refusal> {
        let (now, then) = (self.level(at.label)?, self.policy_at(at.policy).and_then(|policy| policy.level(at.label)));
        let then = then.ok_or_else(|| Refusal::new(8, "its policy has no rules for its level", "submit it again"))?;
        Ok(LevelRules {
            owner_sees: now.owner_sees.min(then.owner_sees),
            feedback: now.feedback.min(then.feedback),
            ends: now.ends.min(then.ends),
            proof: now.proof.max(then.proof),
            ..now.clone()
        })
    }

    /// Whether readers sign for what lies there.
    pub fn signed_for(&self, at: At<'_>) -> Result<bool, Refusal> {
        Ok(self.told_at(at)?.proof == Proof::Key)
    }

    /// Whether somebody's clearance, within the bounds of an earlier policy, admitted a label.
    pub(crate) fn admitted_then(&self, account: &Account, policy: &Digest, label: &Label) -> bool {
        let then = |policy: &InForce| policy.bounded(&account.person.roles, &account.granted.0, false).admits(label);
        *policy == self.current.digest || self.policies.get(policy).is_some_and(then)
    }
}
