//! Who decides on what goes which way.

use crate::apart::{Hat, clash};
use crate::digest::Digest;
use crate::label::Label;
use crate::made::Marking;
use crate::policy::Role;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::terms::Ways;
use std::collections::BTreeSet;

impl Registry {
    /// Whether this person may review a release of the file to this label: somebody whose role decides on exactly that way, who is cleared
    /// for the source, both under the policy in force and under the pinned one, and no party to it. The answer is for which of the roles
    /// that the way wants they stand.
    pub fn independent(
        &self,
        name: &str,
        file: &Marking,
        to: &str,
        requester: &str,
    ) -> Result<BTreeSet<Role>, Refusal> {
        let (from, to) = (self.label(&file.label)?, self.label(to)?);
        let person = self.person(name);
        let roles = person.map(|person| self.deciding(&person.roles, &file.policy, (&from, &to))).unwrap_or_default();
        if roles.is_empty() {
            return Err(no_reviewer("only those vote on a release whose role the policy names for it"));
        }
        self.no_party(name, file, requester).map(|()| roles)
    }

    /// As [`Self::independent`], wherever the file goes.
    pub(super) fn reviews(&self, name: &str, file: &Marking, requester: &str) -> Result<(), Refusal> {
        let from = self.label(&file.label)?;
        match self.person(name).is_some_and(|person| self.decides_somewhere(&person.roles, &file.policy, &from)) {
            true => self.no_party(name, file, requester),
            false => Err(no_reviewer("only those write notes whose role the policy names for releases of the file")),
        }
    }

    /// Which of these roles decide on what goes this way, under the pinned policy and the one in force: none, where there is no such way.
    pub(crate) fn deciding(
        &self,
        roles: &BTreeSet<Role>,
        pinned: &Digest,
        (from, to): (&Label, &Label),
    ) -> BTreeSet<Role> {
        self.both(pinned, from, to).map(|terms| &terms.panels.roles() & roles).unwrap_or_default()
    }

    /// Whether one of these roles decides on something that things at this label can be released to.
    pub(crate) fn decides_somewhere(&self, roles: &BTreeSet<Role>, pinned: &Digest, from: &Label) -> bool {
        let Some(pinned) = self.policy_at(pinned) else { return false };
        let (then, now) = (Ways::of(pinned), Ways::of(self.policy()));
        let decides = |to: &Label| match (then.terms(from, to), now.terms(from, to)) {
            (Ok(then), Ok(now)) => !then.stricter(now).panels.roles().is_disjoint(roles),
            _ => false,
        };
        now.targets().into_iter().any(decides)
    }

    fn no_party(&self, name: &str, file: &Marking, requester: &str) -> Result<(), Refusal> {
        let from = self.label(&file.label)?;
        let cleared = self
            .account(name)
            .is_some_and(|account| account.clearance.admits(&from) && self.admitted_then(account, &file.policy, &from));
        if !cleared {
            return Err(no_reviewer("a reviewer's clearance must admit the file's label"));
        }
        let grant = self.grant(&file.permit).ok_or_else(|| Refusal::not_found("permit of that name"))?;
        let worn = [
            (name == file.submitter, Hat::Author),
            (name == requester, Hat::Requester),
            (grant.members.contains(name), Hat::Member),
            (grant.signers.contains(name), Hat::Voucher),
        ];
        match clash(Hat::Reviewer, worn.into_iter().filter(|(worn, _)| *worn).map(|(_, hat)| hat)) {
            Some(why) => Err(no_reviewer(why)),
            None => Ok(()),
        }
    }
}

fn no_reviewer(what: &str) -> Refusal {
    Refusal::new(6, what, "leave it to another reviewer")
}
