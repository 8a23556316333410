//! Runs of checks: seen to, started, and answered by a block where there is no answer.

use super::{LATER, chain, ended};
use crate::fault::Fault;
use crate::site::Site;
use crate::site::act::Event;
use crate::site::release::Checking;
use crate::site::replay::INTERRUPTED;
use semla_policy::Ending;
use semla_policy::release::Verdict;
use semla_sandbox::protocol::{Checked, End, Standing, Work};
use std::time::Instant;

impl Site {
    pub(super) fn running_checks(&mut self) -> Result<(), Fault> {
        for checking in self.checkings()?.into_iter().filter(|checking| checking.started) {
            if let Err(error) = self.running_check(&checking) {
                tracing::warn!(error = %chain(&error), release = checking.release, "failed to see to a check");
            }
        }
        Ok(())
    }

    fn running_check(&mut self, checking: &Checking) -> Result<(), Fault> {
        match self.launcher.observe(&checking.fence)? {
            Standing::Unknown => self.launch_check(checking),
            Standing::Running => Ok(()),
            Standing::Ended(end) => self.check_ended(checking, *end),
            Standing::Lost => self.check_ended(checking, ended(Ending::Lost)),
        }
    }

    /// Where nothing was checked, that took its time as everything does: what isn't there isn't told from what is.
    fn check_ended(&mut self, checking: &Checking, end: End) -> Result<(), Fault> {
        self.hold_check(checking, &end)?;
        match (&checking.replay, end.checked) {
            (Some((replay, _)), _) if matches!(end.ending, Ending::Stopped | Ending::Lost) => {
                self.rejudged(checking, replay, INTERRUPTED)
            }
            (_, checked) => self.checked(checking, checked.unwrap_or_else(|| no_answer(checking))),
        }
    }

    pub(super) fn launch_check(&mut self, checking: &Checking) -> Result<(), Fault> {
        let event = Event::Checking {
            release: checking.release.clone(),
            file: checking.file.clone(),
            digest: checking.digest.to_string(),
            policy: checking.policy.to_string(),
            fence: checking.fence.to_string(),
        };
        let mut row = self.release(&checking.release)?;
        if checking.replay.is_none() {
            self.round(&mut row)?;
        }
        let marking = row.marking;
        let recorded = self.record("semla", &marking.label, Some(&marking.permit), event, |_| Ok(()))?;
        let work = Work::Check {
            object: checking.object.clone(),
            policy: checking.policy,
            to: checking.to.clone(),
            proposal: checking.replay.as_ref().map(|(_, signed)| signed.as_ref().clone()),
        };
        match self.launcher.start(&checking.fence, work, recorded.receipt()) {
            Ok(()) => Ok(()),
            // The launcher sees something else on the host still: the checks wait for the next round.
            Err(refusal) if refusal.rule == 5 => Ok(()),
            // What couldn't be started is no answer of the checks. Meanwhile the host is for others.
            Err(refusal) if refusal.rule == 9 => {
                self.later.insert(checking.fence.to_string(), Instant::now() + LATER);
                let waits = Checking { started: false, ..checking.clone() };
                let tx = self.db.transaction()?;
                waits.save(&tx)?;
                tx.commit()?;
                Err(refusal.into())
            }
            Err(refusal) => {
                tracing::info!(%refusal, "a check couldn't be started: that is a block");
                self.hold_check(checking, &ended(Ending::Lost))?;
                self.checked(checking, no_answer(checking))
            }
        }
    }
}

/// Rule 8: no answer is a block.
fn no_answer(checking: &Checking) -> Checked {
    Checked {
        object: checking.object.clone(),
        policy: checking.policy,
        to: checking.to.clone(),
        verdict: Verdict::Block,
        notices: Vec::new(),
        information: 0,
        detail: None,
        mended: None,
    }
}
