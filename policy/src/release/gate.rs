//! The last question before a label is lowered, asked anew from what was signed.

use super::{Blocks, Decision, Judged, Vote};
use crate::digest::Digest;
use crate::label::Label;
use crate::made::Marking;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::Signed;
use crate::terms::Terms;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Rule 6: no block under the policy pinned at submission nor under the one in force, but those that both let people excuse; and
    /// enough distinct approvals for each rule that speaks for the way, by people of its roles who are cleared and independent, of exactly
    /// this name and content for exactly this target, each of which excuses exactly what blocks; nobody of another role is among them. A vote that says
    /// anything else spoils all: those who voted have to agree.
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
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy));
        let Some(blocks) = Blocks::under([pinned, self.policy_digest()], judged) else {
            // Rule 8: a policy under which nothing was checked counts as a block.
            return refuse("the file wasn't checked under every policy that counts".into(), "have it checked again");
        };
        let Some(excused) = blocks.excusable(terms.excuse.as_ref()) else {
            return refuse("the checks block the file".into(), "mend it, and ask again");
        };
        let (mut approvals, mut roles) = (BTreeSet::new(), BTreeMap::new());
        for signed in votes {
            let cast = self.vote(signed, file.marking)?;
            let (by, vote) = (cast.reviewer(), cast.vote());
            self.counts(by, vote, file, &terms, today)?;
            if vote.excuses != *excused {
                return refuse(
                    format!("the vote of `{by}` excuses other checks than those that block the file"),
                    "vote on the file as the checks see it now",
                );
            }
            approvals.insert(by.to_owned());
            roles.insert(by.to_owned(), cast.roles().clone());
        }
        if let Some(missing) = terms.panels.excusing(excused).missing(roles.values()) {
            return refuse(missing, "wait for the other reviewers");
        }
        Ok(Lowering { to: file.to.to_owned(), approvals })
    }

    /// Whether a vote approves exactly this, and still counts.
    fn counts(&self, by: &str, vote: &Vote, file: &Candidate<'_>, terms: &Terms, today: Date) -> Result<(), Refusal> {
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy));
        let same = vote.release == file.release
            && vote.file == file.file
            && vote.digest == *file.digest
            && vote.from == file.marking.label
            && vote.to == file.to;
        if !same {
            return refuse(
                format!("the vote of `{by}` is about another file, content, target or policy"),
                "vote on the file as it is now",
            );
        }
        if vote.decision != Decision::Approve {
            return refuse(format!("`{by}` doesn't approve the file"), "have those who voted agree");
        }
        if today > vote.until {
            return refuse(format!("the vote of `{by}` counted until {}", vote.until), "ask for the release again");
        }
        if (vote.until - today).get_days() > i32::try_from(terms.open_for()).unwrap_or(i32::MAX) {
            return refuse(
                format!("the vote of `{by}` counts for longer than a request stays open"),
                "vote with the day that the request names",
            );
        }
        Ok(())
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
