//! What one person may know of a job: everything if they are cleared, else what the level tells its submitter (rules 1 and 4).

use super::job::Job;
use super::{Site, today};
use crate::api::{ArtifactView, BudgetView, JobView};
use crate::fault::Fault;
use crate::rules::{self, Rule};
use semla_policy::{At, Marking, Need, OwnerSees, Progress, Refusal};

impl Site {
    /// Rule 1 for something that carries a marking, as a member of its permit.
    pub(super) fn cleared(&self, name: &str, marking: &Marking) -> bool {
        let label = self.registry().label(&marking.label).ok();
        let at = label.as_ref().map(|label| At { label, policy: &marking.policy });
        self.registry().may_read(name, at, Need::Member(&marking.permit), today()).is_ok()
    }

    /// Whether a job is somebody's own, whatever they may see of it.
    pub(super) fn owns(&self, name: &str, marking: &Marking) -> bool {
        let member = |person| self.registry().membership(person, &marking.permit, today()).is_ok();
        marking.submitter == name && self.person(name).is_ok_and(member)
    }

    /// Rule 1 for what a job left. Whoever submitted it knows that it is there, and is told why not.
    pub(super) fn may_open(&self, name: &str, marking: &Marking) -> Result<(), Fault> {
        let cleared = self.cleared(name, marking) || !rules::hold(Rule::Listing);
        match (cleared, self.owns(name, marking)) {
            (true, _) => Ok(()),
            (false, false) => Err(Refusal::not_found("such job").into()),
            (false, true) => Err(Refusal::new(
                1,
                format!("what the job leaves is at `{}`, above your clearance", marking.label),
                "rehearse with `--dummy`: what a rehearsal leaves you may read",
            )
            .into()),
        }
    }

    pub(super) fn job_view(&mut self, name: &str, job: &Job) -> Result<JobView, Fault> {
        let cleared = self.cleared(name, &job.marking) || !rules::hold(Rule::Blindness);
        if !cleared && !self.owns(name, &job.marking) {
            return Err(Refusal::not_found("such job").into());
        }
        let mut view = JobView {
            id: job.id.to_string(),
            permit: job.marking.permit.clone(),
            label: job.marking.label.clone(),
            submitter: job.marking.submitter.clone(),
            state: None,
            meaning: None,
            settled: false,
            cleared,
            dummy: job.plan.dummy,
            outputs: job.plan.outputs.iter().map(|output| output.path.clone()).collect(),
            code: job.plan.code.to_string(),
            commit: job.commit.clone(),
            budget: None,
        };
        let rules = self.told_of(&job.marking)?;
        let sees = if cleared { OwnerSees::Reason } else { rules.owner_sees };
        if sees == OwnerSees::Nothing {
            // Whether it ended is told by nothing, not even by this.
            view.settled = true;
            view.meaning = Some("at this level submitters are told nothing; reviewers see all of it".into());
            return Ok(view);
        }
        // Whoever isn't cleared sees an end at a moment that tells nothing, or is charged.
        let progress = if cleared { job.progress() } else { self.progress_seen(job)? };
        view.settled = matches!(progress, Progress::Ended(_));
        let purse = self.purse(&job.marking, job.id.as_str())?;
        if cleared {
            self.saw(name, &[job.sight()])?;
        } else if !purse.affords(sees.bits()) {
            // The budget is spent: not even that it ended is told.
            view.settled = true;
            view.meaning = Some(purse.short_of(sees.bits()));
            return Ok(view);
        } else if let Progress::Ended(_) = progress {
            let told = self.tell(name, &job.marking, job.id.as_str(), sees.bits())?;
            let cost = self.spent_on(&job.marking, job.id.as_str())?;
            view.budget = told.map(|budget| BudgetView { cost, ..budget });
        }
        view.state = sees.view(progress).map(str::to_owned);
        if let (Progress::Ended(ending), OwnerSees::Reason) = (progress, sees) {
            view.meaning = Some(ending.meaning(cleared).to_owned());
        }
        Ok(view)
    }

    /// What a job left, for those who may read it.
    pub(crate) fn artifacts(&mut self, name: &str, id: &str) -> Result<Vec<ArtifactView>, Fault> {
        let job = self.job(id)?;
        self.may_open(name, &job.marking)?;
        let outputs = job.end.iter().flat_map(|end| &end.outputs);
        let view = |taken: &semla_sandbox::protocol::Taken| ArtifactView {
            path: taken.path.clone(),
            digest: taken.content.digest.to_string(),
            size: taken.content.size,
            label: job.marking.label.clone(),
        };
        let views = outputs.map(view).collect();
        let event = super::Event::Read { object: job.id.to_string(), what: "outputs".to_owned() };
        self.record(name, &job.marking.label, Some(&job.marking.permit), event, |_| Ok(()))?;
        Ok(views)
    }
}
