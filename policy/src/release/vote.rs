//! What reviewers sign.

use crate::digest::Digest;
use crate::label::Label;
use crate::policy::Role;
use crate::record::Permit;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::{Signed, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One reviewer's decision on exactly one file: its name, its content, and the label it would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// The request.
    pub release: String,
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
    pub fn vote(&self, signed: &Signed, from: &Label, permit: &Permit, requester: &str) -> Result<CastVote, Refusal> {
        let signers = self.signers::<Vote>(signed)?;
        let [reviewer] = Vec::from_iter(signers).try_into().map_err(|names: Vec<String>| {
            Refusal::new(6, format!("a vote has one signature, and this one has {}", names.len()), "sign it once")
        })?;
        self.independent(&reviewer, from, permit, requester)?;
        let vote = signed.read::<Vote>().map_err(|error| {
            Refusal::new(8, format!("the vote can't be read: {error}"), "vote with the `semla` of this version")
        })?;
        Ok(CastVote { reviewer, vote })
    }

    /// Whether this person may review: a checker who is cleared for the source, and no party to it.
    pub fn independent(&self, name: &str, from: &Label, permit: &Permit, requester: &str) -> Result<(), Refusal> {
        let refuse = |what: &str| Err(Refusal::new(6, what, "leave the vote to another checker"));
        let Some(account) = self.account(name).filter(|account| account.person.roles.contains(&Role::Checker)) else {
            return refuse("only output checkers vote on releases");
        };
        if !account.clearance.admits(from) {
            return refuse("a reviewer's clearance must admit the file's label");
        }
        // Submitters and authors are members of the permit: nobody else can submit under it.
        if name == requester || permit.people.contains(name) {
            return refuse("nobody reviews what they asked for, or what was made under a permit of their own");
        }
        // Who has let people at the data doesn't also let results out (separation of duty).
        if self.grant(&permit.name).is_some_and(|grant| grant.signers.contains(name)) {
            return refuse("nobody reviews what was made under a permit that they signed");
        }
        Ok(())
    }
}
