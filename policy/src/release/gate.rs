//! The last question before a label is lowered, asked anew from what was signed.

use super::{Decision, Verdict};
use crate::digest::Digest;
use crate::label::Label;
use crate::made::Marking;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::Signed;
use crate::terms::Terms;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A file that somebody wants lowered, as the launcher knows it from its own records.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The request.
    pub release: &'a str,
    /// The file's name.
    pub file: &'a str,
    /// Its content, read by the launcher itself.
    pub digest: &'a Digest,
    /// Its label, permit and origin.
    pub marking: &'a Marking,
    /// The label that it would get.
    pub to: &'a str,
}

/// What the checks said of a file under one policy.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The policy whose thresholds were used.
    pub policy: Digest,
    /// The worst finding.
    pub verdict: Verdict,
}

/// Leave to lower one file's label. There is no other way to make one than [`Registry::lowering`].
#[derive(Clone, Debug)]
pub struct Lowering {
    to: String,
    approvals: BTreeSet<String>,
}

impl Lowering {
    /// The label that the file gets.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// Who approved.
    pub fn approvals(&self) -> &BTreeSet<String> {
        &self.approvals
    }
}

impl Registry {
    /// Rule 6: no block under the policy pinned at submission nor under the one in force, and enough distinct approvals,
    /// by people who are cleared and independent, of exactly this name and content for exactly this target.
    pub fn lowering(
        &self,
        file: &Candidate<'_>,
        judged: &[Judged],
        votes: &[Signed],
        today: Date,
    ) -> Result<Lowering, Refusal> {
        let (from, to) = (self.label(&file.marking.label)?, self.label(file.to)?);
        self.open(&file.marking.permit, today)?;
        self.running(&from, &file.marking.permit)?;
        let pinned = &file.marking.policy;
        let terms = self.both(pinned, &from, &to)?;
        for policy in [pinned, self.policy_digest()] {
            passed(policy, judged)?;
        }
        let mut approvals = BTreeSet::new();
        for signed in votes {
            let cast = self.vote(signed, file.marking)?;
            let vote = cast.vote();
            let same = vote.release == file.release
                && vote.file == file.file
                && vote.digest == *file.digest
                && vote.from == file.marking.label
                && vote.to == file.to
                && vote.policy == *self.policy_digest();
            if !same {
                return Err(Refusal::new(
                    6,
                    format!("the vote of `{}` is about another file, content, target or policy", cast.reviewer()),
                    "vote on the file as it is now",
                ));
            }
            if today > vote.until {
                return Err(Refusal::new(
                    6,
                    format!("the vote of `{}` counted until {}", cast.reviewer(), vote.until),
                    "ask for the release again",
                ));
            }
            if (vote.until - today).get_days() > i32::try_from(terms.open_for()).unwrap_or(i32::MAX) {
                return Err(Refusal::new(
                    6,
                    format!("the vote of `{}` counts for longer than a request stays open", cast.reviewer()),
                    "vote with the day that the request names",
                ));
            }
            if vote.decision == Decision::Approve {
                approvals.insert(cast.reviewer().to_owned());
            }
        }
        let needed = usize::from(terms.reviewers);
        if approvals.len() < needed {
            return Err(Refusal::new(
                6,
                format!("the file has {} distinct approvals of {needed}", approvals.len()),
                "wait for the other reviewers",
            ));
        }
        if let Some(role) = self.represented(&terms.who, &approvals) {
            return Err(Refusal::new(
                6,
                format!("no {} is among those who approved the file", role.name()),
                "wait for one of them",
            ));
        }
        Ok(Lowering { to: file.to.to_owned(), approvals })
    }

    /// What a release takes under the pinned policy and the one in force: the stricter of the two.
    pub fn both(&self, pinned: &Digest, from: &Label, to: &Label) -> Result<Terms, Refusal> {
        let old = self.policy_at(pinned).ok_or_else(|| {
            Refusal::new(6, "the policy that the job was submitted under isn't on record", "submit the job again")
        })?;
        let (old, new) = (old.terms(from, to)?, self.policy().terms(from, to)?);
        Ok(new.stricter(old))
    }
}

/// Rule 8: a policy under which nothing was checked counts as a block.
fn passed(policy: &Digest, judged: &[Judged]) -> Result<(), Refusal> {
    let verdict = judged.iter().filter(|judged| judged.policy == *policy).map(|judged| judged.verdict).max();
    match verdict {
        Some(Verdict::Pass | Verdict::Review) => Ok(()),
        Some(Verdict::Block) => Err(Refusal::new(6, "the checks block the file", "mend it, and ask again")),
        None => Err(Refusal::new(6, "the file wasn't checked under every policy that counts", "have it checked again")),
    }
}
