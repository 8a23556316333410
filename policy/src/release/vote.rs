//! What reviewers sign.

use crate::digest::Digest;
use crate::made::Marking;
use crate::policy::Role;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::{Signed, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most replies to an author on one file: in a vote, and in all that the author is told.
pub const REPLIES: usize = 3;

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
    /// The blocks that an approval excuses.
    pub excuses: BTreeSet<String>,
    /// The digest of the [`Reason`](super::Reason) for that; its text stays at the file's label.
    pub reason: Option<Digest>,
    /// What the author shall be told: numbers in the policy's list of replies, from 1 on. There is no other text for authors: what a
    /// reviewer writes is at the file's label, and releasing that takes more than one person.
    pub replies: BTreeSet<u8>,
}

impl Vote {
    /// Whether its parts fit each other.
    fn sound(&self, replies: usize) -> Result<(), Refusal> {
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy));
        if !self.excuses.is_empty() && self.decision != Decision::Approve {
            return refuse("only an approval excuses a block".into(), "approve, or excuse nothing");
        }
        if self.reason.is_some() == self.excuses.is_empty() {
            return refuse(
                "an excuse comes with a reason, and a reason with an excuse".into(),
                "give both, or neither",
            );
        }
        let known = |number: &u8| (1..=replies).contains(&usize::from(*number));
        match self.replies.len() <= REPLIES && self.replies.iter().all(known) {
            true => Ok(()),
            false => refuse(
                format!("a vote replies with at most {REPLIES} of the policy's {replies} replies"),
                "choose from those that `semla release show` lists",
            ),
        }
    }
}

impl Statement for Vote {
    const TYPE: &'static str = "application/vnd.semla.vote+json";
}

/// What a reviewer says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may leave.
    Approve,
    /// It may leave once it is mended.
    RequestChanges,
    /// It may not leave.
    Reject,
}

/// What an author is told of the replies in these votes: those that most reviewers chose, the first in the policy's list before others.
pub fn replies<'a>(votes: impl IntoIterator<Item = &'a Vote>) -> BTreeSet<u8> {
    let mut chosen: BTreeMap<u8, usize> = BTreeMap::new();
    votes.into_iter().flat_map(|vote| &vote.replies).for_each(|number| *chosen.entry(*number).or_default() += 1);
    let mut chosen: Vec<_> = chosen.into_iter().map(|(number, times)| (Reverse(times), number)).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|(_, number)| number).take(REPLIES).collect()
}

impl Decision {
    /// The word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::RequestChanges => "request-changes",
            Self::Reject => "reject",
        }
    }
}

/// A vote of somebody who may vote. There is no other way to make one than [`Registry::vote`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVote {
    pub(super) reviewer: String,
    pub(super) roles: BTreeSet<Role>,
    pub(super) vote: Vote,
}

impl CastVote {
    /// Who voted.
    pub fn reviewer(&self) -> &str {
        &self.reviewer
    }

    /// For which of the roles that the way wants they stand.
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
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
        if vote.policy != *self.policy_digest() {
            let what = format!("the vote of `{reviewer}` is about another file, content, target or policy");
            return Err(Refusal::new(6, what, "look at the file under the policy in force, and vote again"));
        }
        vote.sound(self.policy().replies.len())?;
        let roles = self.independent(&reviewer, file, &vote.to, &vote.requester)?;
        Ok(CastVote { reviewer, roles, vote })
    }
}
