//! Runs of checks: seen to, started, and answered by a block where there is no answer.

use super::{LATER, chain, ended};
use crate::fault::Fault;
use crate::site::Site;
use crate::site::act::Event;
use crate::site::release::Checking;
use semla_policy::Ending;
use semla_policy::release::Verdict;
use semla_sandbox::protocol::{Checked, Standing, Work};
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
            Standing::Unknown if self.later.get(checking.fence.as_str()).is_some_and(|at| Instant::now() < *at) => {
                Ok(())
            }
            Standing::Unknown => self.launch_check(checking),
            Standing::Running => Ok(()),
            Standing::Ended(end) => {
                self.hold_check(checking, &end)?;
                let checked = end.checked.unwrap_or_else(|| no_answer(checking));
                self.checked(checking, checked)
            }
            Standing::Lost => self.unanswered(checking),
        }
    }

    /// Nothing was checked, and that took its time as everything does: what isn't there isn't told from what is.
    fn unanswered(&mut self, checking: &Checking) -> Result<(), Fault> {
        self.hold_check(checking, &ended(Ending::Lost))?;
        self.checked(checking, no_answer(checking))
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
            // What couldn't be written down is no answer of the checks.
            Err(refusal) if refusal.rule == 9 => {
                self.later.insert(checking.fence.to_string(), Instant::now() + LATER);
                Err(refusal.into())
            }
            Err(refusal) => {
                tracing::info!(%refusal, "a check couldn't be started: that is a block");
                self.unanswered(checking)
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
        detail: None,
        mended: None,
    }
}
