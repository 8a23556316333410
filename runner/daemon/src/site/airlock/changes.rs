//! What a requester answers to reviewers who want files changed: the same outputs of a later job, or that the files are left out.
//!
//! Whoever isn't cleared answers what they were told, and learns nothing by it of what became of the request since: one that is over
//! is asked as if it went on, and that it is over is told where answers are told, for their price.

use super::super::act::Event;
use super::super::job::Job;
use super::super::release::{Behind, Earlier, ReleaseRow, Told, word};
use super::super::{Site, now};
use super::ask::declared;
use crate::api::{LeaveOut, ReleaseView, Replace};
use crate::fault::Fault;
use semla_policy::release::{Effect, Event as Step, FileState, State};
use semla_policy::{Feedback, Refusal};
use semla_sandbox::protocol::Id;
use std::collections::{BTreeMap, BTreeSet};

impl Site {
    /// Puts outputs of a later job in the place of files that reviewers want changed. These are checked and voted on afresh; the others
    /// keep their votes.
    pub(crate) fn replace(&mut self, name: &str, id: &str, ask: &Replace) -> Result<ReleaseView, Fault> {
        let mut row = self.asked_to_change(name, id, &ask.paths)?;
        let (job, state) = self.ended(name, &ask.job)?;
        self.alike(&row, &job)?;
        let cleared = self.cleared(name, &row.marking);
        let mut digests = BTreeMap::new();
        for path in &ask.paths {
            let file = row.files.get(path).ok_or_else(|| Refusal::not_found("such file in the request"))?.clone();
            let asked = if file.traceback { self.traceback(&job, state.as_deref())? } else { declared(&job, path)? };
            let (path, digest, behind) = self.behind(asked)?;
            let from = row.job_of(&file).clone();
            if from == job.id {
                let what = format!("`{path}` is of this job already");
                return Err(Refusal::new(6, what, "change your code, run it again, and name the new job").into());
            }
            let said =
                |behind: &Behind, job: &Id| (behind.about.clone(), behind.controls.clone(), self.counts(job, &path));
            let as_it_was = row.protocol.files.get(&path).is_some_and(|file| file.digest == digest)
                && said(&file, &from) == said(&behind, &job.id);
            // Whoever may read both is told what they can see.
            if cleared && as_it_was {
                let what = format!("`{path}` is what it was, and you say the same of it");
                return Err(Refusal::new(6, what, "change it, as the reviewers asked").into());
            }
            let mut earlier = file.earlier;
            // What nobody has looked at is no version for anybody to look back at.
            if !file.votes.is_empty() {
                earlier.push(Earlier { object: file.object, job: from, votes: file.votes });
            }
            let (job, traceback) = (Some(job.id.clone()), file.traceback);
            row.files.insert(path.clone(), Behind { job, earlier, traceback, ..behind });
            digests.insert(path, digest);
        }
        let files = digests.keys().cloned().collect();
        let event = Event::Replaced { release: id.to_owned(), job: job.id.to_string(), files };
        let effects = self.answer_with(&mut row, Step::Replace(digests), cleared)?;
        row.begin_round(now());
        if let Some(told) = &mut row.told {
            told.files.retain(|path, _| !ask.paths.contains(path));
            told.files.values_mut().for_each(|file| file.kept = file.state == FileState::Approved);
            told.state = word(State::Checking);
        }
        self.pay_round(&mut row)?;
        self.keep_answer(name, row, event, effects)
    }

    /// Leaves files out that reviewers want changed: what was approved beside them can go.
    pub(crate) fn leave_out(&mut self, name: &str, id: &str, ask: &LeaveOut) -> Result<ReleaseView, Fault> {
        let mut row = self.asked_to_change(name, id, &ask.paths)?;
        let cleared = self.cleared(name, &row.marking);
        let effects = self.answer_with(&mut row, Step::LeaveOut(ask.paths.clone()), cleared)?;
        row.begin_round(now());
        if let Some(told) = &mut row.told {
            let left = told.files.iter_mut().filter(|(path, _)| ask.paths.contains(*path));
            left.for_each(|(_, file)| file.state = FileState::LeftOut);
            told.begin_round(row.protocol.round);
            told.state = word(told.stands());
        }
        let event = Event::LeftOut { release: id.to_owned(), files: ask.paths.iter().cloned().collect() };
        self.keep_answer(name, row, event, effects)
    }

    /// A request of somebody's own in which reviewers want these files changed, as far as its requester was told.
    fn asked_to_change(&self, name: &str, id: &str, paths: &BTreeSet<String>) -> Result<ReleaseRow, Fault> {
        let row = self.release(id)?;
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy).into());
        if row.about.is_some() && row.protocol.requester == name {
            return refuse("a note isn't changed".into(), "write another one: `semla release note`");
        }
        if !self.asked_for(name, &row) {
            return Err(Refusal::not_found("such request").into());
        }
        if paths.is_empty() {
            return refuse("no file is named".into(), "name those that reviewers want changed");
        }
        if self.cleared(name, &row.marking) {
            return Ok(row);
        }
        if row.asked_back || self.saw_it_leave(name, &row) {
            return refuse("the request is over".into(), "ask for the files in a request of their own");
        }
        let wants = word(State::ChangesRequested);
        if self.told_of(&row.marking)?.feedback == Feedback::Nothing {
            let what = "at this level you aren't told what reviewers want changed";
            return refuse(what.into(), "ask for the files of a later job in a request of their own");
        }
        let told = row.told.as_ref().filter(|told| told.round == row.protocol.round && told.is_settled());
        // Under another policy all that could leave is checked anew, or would be if the request were still there.
        let anew = |told: &Told| row.policy != *self.registry().policy_digest() && told.under_way() > 0;
        let Some(told) = told.filter(|told| told.state == wants && !anew(told)) else {
            return refuse(
                "you haven't been told that reviewers want anything changed".into(),
                "wait for it: `semla release show` says where it stands, as far as you may know",
            );
        };
        let awaits = |state| matches!(state, FileState::ChangesRequested | FileState::Returned);
        let wanted = |path: &&String| told.files.get(*path).is_some_and(|file| awaits(file.state));
        match paths.iter().find(|path| !wanted(path)) {
            Some(other) => {
                refuse(format!("nobody asked for changes of `{other}`"), "name those that reviewers want changed")
            }
            None => Ok(row),
        }
    }

    /// Reviewers judged whether they are independent of who submitted: what somebody else's job left, or one at another label, is another
    /// request's, and so is one that is pinned to another policy: the launcher would judge it by that.
    fn alike(&self, row: &ReleaseRow, job: &Job) -> Result<(), Fault> {
        let first = self.job(row.job.as_str())?;
        let (was, is) = (&row.marking, &job.marking);
        let differs = [
            ("permit", was.permit == is.permit),
            ("label", was.label == is.label),
            ("submitter", was.submitter == is.submitter),
            ("policy", was.policy == is.policy),
            ("data, made up or not,", first.plan.dummy == job.plan.dummy),
        ];
        match differs.into_iter().find(|(_, same)| !same) {
            Some((what, _)) => {
                let what = format!("the job's {what} isn't that of the request's first job");
                Err(Refusal::new(6, what, "ask for its outputs in a request of their own").into())
            }
            None => Ok(()),
        }
    }

    /// Has the protocol go on. Where it doesn't, and the requester may not know that, there is another answer to be told all the same.
    fn answer_with(&self, row: &mut ReleaseRow, step: Step, cleared: bool) -> Result<Vec<Effect>, Fault> {
        match row.protocol.step(step) {
            Ok((next, effects)) => {
                row.protocol = next;
                Ok(effects)
            }
            Err(refusal) if cleared => Err(refusal.into()),
            Err(_) => {
                row.protocol.round += 1;
                Ok(Vec::new())
            }
        }
    }

    /// Records an answer, has done what it asks for, and shows what the requester may see of it.
    fn keep_answer(
        &mut self,
        name: &str,
        mut row: ReleaseRow,
        event: Event,
        effects: Vec<Effect>,
    ) -> Result<ReleaseView, Fault> {
        row.note(now());
        let (id, marking) = (row.protocol.id.clone(), row.marking.clone());
        self.record(name, &marking.label, Some(&marking.permit), event, |tx| row.save(tx))?;
        self.carry_out(row, effects)?;
        self.show_release(name, &id)
    }
}
