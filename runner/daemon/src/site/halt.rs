//! What may not go on stops: by the kill switch, or because its permit is over. Stopping comes first and is recorded after, if need be
//! with what is kept in reserve (rule 9).

use super::job::Phase;
use super::{Site, today};
use crate::api::Halted;
use crate::fault::Fault;
use semla_policy::{Halt, Marking, Refusal};
use semla_sandbox::protocol::Id;

impl Site {
    /// Whether something of this label and permit may run, or be checked.
    pub(super) fn allowed(&self, marking: &Marking) -> Result<(), Refusal> {
        let registry = self.registry();
        registry.holds_permit(&marking.permit, today())?;
        registry.running(&registry.label(&marking.label)?, &marking.permit)
    }

    /// Stops what runs and may not; what is stopped already ends by itself. Jobs that wait under a permit that is over are over, too.
    pub(super) fn stop_barred(&mut self) -> Result<(), Fault> {
        let mut barred = Vec::new();
        for job in self.jobs_in(Phase::Launching)? {
            barred.extend(self.allowed(&job.marking).is_err().then_some(job.fence));
        }
        for checking in self.checkings()?.into_iter().filter(|checking| checking.started) {
            let marking = self.release(&checking.release)?.marking;
            barred.extend(self.allowed(&marking).is_err().then_some(checking.fence));
        }
        self.stop_all(&barred);
        for job in self.jobs_in(Phase::Queued)? {
            if self.registry().holds_permit(&job.marking.permit, today()).is_err() {
                self.job_ended(job, super::reconcile::ended(semla_policy::Ending::Stopped))?;
            }
        }
        Ok(())
    }

    /// Stops attempts, each whatever becomes of the others. How many couldn't be stopped: those are tried again in each round.
    fn stop_all(&mut self, fences: &[Id]) -> usize {
        let mut left = 0;
        for fence in fences {
            if let Err(refusal) = self.launcher.stop(fence) {
                tracing::error!(%refusal, %fence, "an attempt couldn't be stopped");
                left += 1;
            }
        }
        left
    }

    /// Stops at once all that a halt is about, which isn't in force yet, and says what that is. What couldn't be stopped is told at
    /// whichever label: whoever halts has to know that it isn't done.
    pub(super) fn halt(&mut self, by: &str, halt: &Halt) -> Result<Halted, Fault> {
        let (running, halted) = self.within(by, halt)?;
        Ok(Halted { left: self.stop_all(&running), ..halted })
    }

    /// What a halt is about: the attempts that run, and how much of what there is as far as the asker is cleared. A halt can be asked for
    /// again and again: how much there is above them, and when it ends, is nothing that it tells.
    fn within(&self, by: &str, halt: &Halt) -> Result<(Vec<Id>, Halted), Fault> {
        let clearance = self.registry().clearance(self.person(by)?);
        let above = !self.registry().policy().scheme.everything().within(&clearance);
        let (mut running, mut halted) = (Vec::new(), Halted { above, ..Halted::default() });
        let seen =
            |marking: &Marking| self.registry().label(&marking.label).is_ok_and(|label| clearance.admits(&label));
        let covered = |marking: &Marking| {
            let label = self.registry().label(&marking.label);
            label.is_ok_and(|label| self.registry().covers(halt, &label, &marking.permit))
        };
        for job in self.jobs_in(Phase::Launching)?.into_iter().filter(|job| covered(&job.marking)) {
            halted.jobs += usize::from(seen(&job.marking));
            running.push(job.fence);
        }
        for checking in self.checkings()? {
            let marking = self.release(&checking.release)?.marking;
            if covered(&marking) {
                halted.checks += usize::from(seen(&marking));
                running.extend(checking.started.then_some(checking.fence));
            }
        }
        let counts = |marking: &Marking| covered(marking) && seen(marking);
        halted.waiting = self.jobs_in(Phase::Queued)?.iter().filter(|job| counts(&job.marking)).count();
        halted.requests = self.open_releases()?.iter().filter(|row| counts(&row.marking)).count();
        Ok((running, halted))
    }
}
