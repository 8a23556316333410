//! What reviewers sign.

use crate::apart::{Hat, clash};
use crate::digest::Digest;
use crate::known::Account;
use crate::made::Marking;
use crate::policy::Role;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::{Signed, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One reviewer's decision on exactly one file: its name, its content, and the label it would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// The request.
    pub release: String,
    /// Who asked for it.
    pub requester: String,
    /// The file's name, which is content too.
    pub file: String,
    /// Its content.
    pub digest: Digest,
    /// Its label.
    pub from: String,
    /// The label that it would get.
    pub to: String,
    /// The policy that the reviewer saw in force.
    pub policy: Digest,
    /// The last day on which the vote counts.
    pub until: Date,
    /// Yes or no.
    pub decision: Decision,
}

impl Statement for Vote {
    const TYPE: &'static str = "application/vnd.semla.vote+json";
}

/// What a reviewer says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may leave.
    Approve,
    /// It may leave once it is mended.
    RequestChanges,
    /// It may not leave.
    Reject,
}

/// A vote of somebody who may vote. There is no other way to make one than [`Registry::vote`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVote {
    pub(super) reviewer: String,
    pub(super) vote: Vote,
}

impl CastVote {
    /// Who voted.
    pub fn reviewer(&self) -> &str {
        &self.reviewer
    }

    /// What they said.
    pub fn vote(&self) -> &Vote {
        &self.vote
    }
}

impl Registry {
    /// Accepts a vote: signed by exactly one person, with their own key, who may see the file and is nobody's party to it.
    pub fn vote(&self, signed: &Signed, file: &Marking) -> Result<CastVote, Refusal> {
        let signers = self.signers::<Vote>(signed)?;
        let [reviewer] = Vec::from_iter(signers).try_into().map_err(|names: Vec<String>| {
            Refusal::new(6, format!("a vote has one signature, and this one has {}", names.len()), "sign it once")
        })?;
        let vote = signed.read::<Vote>().map_err(|error| {
            Refusal::new(8, format!("the vote can't be read: {error}"), "vote with the `semla` of this version")
        })?;
        self.independent(&reviewer, file, &vote.requester)?;
        Ok(CastVote { reviewer, vote })
    }

    /// Whether this person may review: somebody whose role decides on such files, who is cleared for the source under the policy in
    /// force and under the pinned one, and no party to it.
    pub fn independent(&self, name: &str, file: &Marking, requester: &str) -> Result<(), Refusal> {
        let refuse = |what: &str| Err(Refusal::new(6, what, "leave the vote to another checker"));
        let from = self.label(&file.label)?;
        let roles = |account: &&Account| self.current.reviews(&account.person.roles, &from);
        let Some(account) = self.account(name).filter(roles) else {
            return refuse("only those vote on releases whose role the policy names for them");
        };
        if !account.clearance.admits(&from) || !self.admitted_then(account, &file.policy, &from) {
            return refuse("a reviewer's clearance must admit the file's label");
        }
        let grant = self.grant(&file.permit).ok_or_else(|| Refusal::not_found("permit of that name"))?;
        let worn = [
            (name == file.submitter, Hat::Author),
            (name == requester, Hat::Requester),
            (grant.members.contains(name), Hat::Member),
            (grant.signers.contains(name), Hat::Voucher),
        ];
        match clash(Hat::Reviewer, worn.into_iter().filter(|(worn, _)| *worn).map(|(_, hat)| hat)) {
            Some(why) => refuse(why),
            None => Ok(()),
        }
    }

    /// Whether each of these roles is among the people of these names.
    pub(super) fn represented<'a>(
        &self,
        who: &BTreeSet<Role>,
        names: impl IntoIterator<Item = &'a String>,
    ) -> Option<Role> {
        let people = names.into_iter().filter_map(|name| self.person(name));
        let there: BTreeSet<Role> = people.flat_map(|person| person.roles.iter().copied()).collect();
        who.iter().copied().find(|role| !there.contains(role))
    }
}
