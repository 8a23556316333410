//! What people are told who aren't cleared: each answer's bits are charged to the permit, and when the budget is spent the answers
//! stop (rule 4).

use super::act::Event;
use super::{Site, now, today};
use crate::api::{AllowanceView, BudgetView};
use crate::fault::Fault;
use crate::rules::{self, Rule};
use rusqlite::{OptionalExtension, params};
use semla_policy::{At, Budget, CHECKED, JobPlan, LevelRules, Marking};

const DAY: i64 = 24 * 3600 * 1000;

/// What a permit may still be told, beside one answer.
pub(super) struct Purse {
    /// What the answer cost, if it was given before.
    known: Option<u32>,
    left: u32,
    budget: Budget,
    permit: String,
}

impl Purse {
    /// Whether an answer was given before, or can be paid for.
    pub(super) fn affords(&self, bits: u32) -> bool {
        self.known.is_some() || bits <= self.left
    }

    /// What is left, beside what was spent on one thing.
    pub(super) fn view(&self, cost: u32) -> BudgetView {
        BudgetView { cost, left: self.left, of: self.budget.bits }
    }

    /// Why an answer stays away.
    pub(super) fn short_of(&self, bits: u32) -> String {
        let Self { left, budget, permit, .. } = self;
        format!(
            "it stays away: it would cost {bits} bits, and `{permit}` has {left} of {} left; bits come back {} days after they \
             were spent, and reviewers see everything all the same",
            budget.bits, budget.days
        )
    }
}

impl Site {
    /// Charges an answer once, before it is given. `None`: the budget doesn't allow it.
    pub(super) fn tell(
        &mut self,
        name: &str,
        marking: &Marking,
        about: &str,
        bits: u32,
    ) -> Result<Option<BudgetView>, Fault> {
        let purse = self.purse(marking, about)?;
        let (left, of) = (purse.left, purse.budget.bits);
        if !purse.affords(bits) {
            return Ok(None);
        }
        if let Some(cost) = purse.known {
            return Ok(Some(BudgetView { cost, left, of }));
        }
        let left = left - bits;
        if !rules::hold(Rule::Charging) {
            return Ok(Some(BudgetView { cost: 0, left: of, of }));
        }
        let event = Event::Told { about: about.to_owned(), bits, left };
        self.record(name, &marking.label, Some(&marking.permit), event, |tx| {
            let sql = "INSERT INTO told (permit, about, bits, at) VALUES (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![marking.permit, about, bits, now()]).map(drop)
        })?;
        Ok(Some(BudgetView { cost: bits, left, of }))
    }

    /// What is left of a permit's budget at a label, for those who pay with it.
    pub(super) fn allowance(&self, permit: &str, label: &str) -> Result<AllowanceView, Fault> {
        let (left, Budget { bits, days }) = self.left(permit, label)?;
        Ok(AllowanceView { left, of: bits, days })
    }

    /// What is told of something to whoever isn't cleared for it.
    pub(super) fn told_of(&self, marking: &Marking) -> Result<LevelRules, Fault> {
        let label = self.registry().label(&marking.label)?;
        Ok(self.registry().told_at(At { label: &label, policy: &marking.policy })?)
    }

    fn left(&self, permit: &str, label: &str) -> Result<(u32, Budget), Fault> {
        let label = self.registry().label(label)?;
        let LevelRules { budget, .. } = self.registry().level(&label)?.clone();
        let since = now() - i64::from(budget.days) * DAY;
        let sql = "SELECT coalesce(sum(bits), 0) FROM told WHERE permit = ?1 AND at >= ?2";
        let spent: u32 = self.db.query_row(sql, params![permit, since], |row| row.get(0))?;
        Ok((budget.bits.saturating_sub(spent), budget))
    }

    /// What a job's answers cost whoever isn't cleared for it, and what there is to pay with.
    pub(super) fn costs(&self, plan: &JobPlan) -> Result<Option<String>, Fault> {
        let admitted = self.registry().admit(plan.clone(), today())?;
        let person = self.person(&plan.submitter)?;
        if self.registry().clearance(person).admits(admitted.label()) {
            return Ok(None);
        }
        let rules = self.registry().level(admitted.label())?;
        let end = rules.owner_sees.bits() + rules.ends.bits(plan.needs.seconds);
        let checks = u32::try_from(semla_checks::CHECKS.len()).unwrap_or(u32::MAX);
        let checks = rules.feedback.bits(checks, 1) + rules.ends.bits(CHECKED);
        let (left, budget) = self.left(&plan.permit, &admitted.label_text())?;
        Ok(Some(format!(
            "how it ends costs {end} bits, and what the checks say of a request for one file {checks}; `{}` has {left} of {} left",
            plan.permit, budget.bits
        )))
    }

    /// What all answers about a thing have cost, the moments of its ends included.
    pub(super) fn spent_on(&self, marking: &Marking, id: &str) -> Result<u32, Fault> {
        let sql = "SELECT coalesce(sum(bits), 0) FROM told WHERE permit = ?1 AND (about = ?2 OR about LIKE ?2 || '/%') \
                   AND about NOT LIKE ?2 || '/sha256:%'";
        Ok(self.db.query_row(sql, params![marking.permit, id], |row| row.get(0))?)
    }

    /// What can be paid with for an answer.
    pub(super) fn purse(&self, marking: &Marking, about: &str) -> Result<Purse, Fault> {
        let (left, budget) = self.left(&marking.permit, &marking.label)?;
        let sql = "SELECT bits FROM told WHERE permit = ?1 AND about = ?2";
        let known: Option<u32> = self.db.query_row(sql, params![marking.permit, about], |row| row.get(0)).optional()?;
        Ok(Purse { known, left, budget, permit: marking.permit.clone() })
    }
}
