//! What a requester answers to reviewers who want files changed: the same outputs of a later job, or that the files are left out.
//!
//! Whoever isn't cleared answers what they were told, and learns nothing by it of what became of the request since: one that is over
//! is asked as if it went on, and that it is over is told where answers are told, for their price.

use super::super::act::Event;
use super::super::job::Job;
use super::super::release::{Behind, Earlier, ReleaseRow, word};
use super::super::{Site, now};
use super::ask::declared;
use crate::api::{LeaveOut, ReleaseView, Replace};
use crate::fault::Fault;
use semla_policy::Refusal;
use semla_policy::release::{Effect, Event as Step, FileState, State};
use std::collections::{BTreeMap, BTreeSet};

impl Site {
    /// Puts outputs of a later job in the place of files that reviewers want changed. These are checked and voted on afresh; the others
    /// keep their votes.
    pub(crate) fn replace(&mut self, name: &str, id: &str, ask: &Replace) -> Result<ReleaseView, Fault> {
        let mut row = self.asked_to_change(name, id, &ask.paths)?;
        let (job, _) = self.ended(name, &ask.job)?;
        self.alike(&row, &job)?;
        let cleared = self.cleared(name, &row.marking);
        let mut digests = BTreeMap::new();
        for path in &ask.paths {
            let (path, digest, behind) = self.behind(declared(&job, path)?)?;
            let file = row.files.get(&path).ok_or_else(|| Refusal::not_found("such file in the request"))?;
            let from = row.job_of(file).clone();
            if from == job.id {
                let what = format!("`{path}` is of this job already");
                return Err(Refusal::new(6, what, "change your code, run it again, and name the new job").into());
            }
            // Whoever may read both is told what they can see.
            if cleared && row.protocol.files.get(&path).is_some_and(|file| file.digest == digest) {
                return Err(
                    Refusal::new(6, format!("`{path}` is what it was"), "change it, as the reviewers asked").into()
                );
            }
            let mut earlier = file.earlier.clone();
            earlier.push(Earlier { object: file.object.clone(), job: from, votes: file.votes.clone() });
            row.files.insert(path.clone(), Behind { job: Some(job.id.clone()), earlier, ..behind });
            digests.insert(path, digest);
        }
        let files = digests.keys().cloned().collect();
        let event = Event::Replaced { release: id.to_owned(), job: job.id.to_string(), files };
        let effects = self.answer_with(&mut row, Step::Replace(digests), cleared)?;
        if effects.is_none() {
            // There is another answer to be told, which is what it comes to.
            row.protocol.round += 1;
        }
        row.begin_round(now());
        if let Some(told) = &mut row.told {
            told.files.retain(|path, _| !ask.paths.contains(path));
            told.files.values_mut().for_each(|file| file.kept = file.state == FileState::Approved);
            told.state = word(State::Checking);
        }
        self.keep_answer(name, row, event, effects.unwrap_or_default())
    }

    /// Leaves files out that reviewers want changed: what was approved beside them can go.
    pub(crate) fn leave_out(&mut self, name: &str, id: &str, ask: &LeaveOut) -> Result<ReleaseView, Fault> {
        let mut row = self.asked_to_change(name, id, &ask.paths)?;
        let cleared = self.cleared(name, &row.marking);
        let effects = self.answer_with(&mut row, Step::LeaveOut(ask.paths.clone()), cleared)?;
        if let Some(told) = &mut row.told {
            let left = told.files.iter_mut().filter(|(path, _)| ask.paths.contains(*path));
            left.for_each(|(_, file)| file.state = FileState::LeftOut);
            told.state = word(State::of(told.files.values().map(|file| file.state)));
        }
        let event = Event::LeftOut { release: id.to_owned(), files: ask.paths.iter().cloned().collect() };
        self.keep_answer(name, row, event, effects.unwrap_or_default())
    }

    /// A request of somebody's own in which reviewers want these files changed, as far as its requester was told.
    fn asked_to_change(&self, name: &str, id: &str, paths: &BTreeSet<String>) -> Result<ReleaseRow, Fault> {
        let row = self.release(id)?;
        if !self.asked_for(name, &row) {
            return Err(Refusal::not_found("such request").into());
        }
        let refuse = |what: String, remedy: &str| Err(Refusal::new(6, what, remedy).into());
        if paths.is_empty() {
            return refuse("no file is named".into(), "name those that reviewers want changed");
        }
        if self.cleared(name, &row.marking) {
            return Ok(row);
        }
        if row.asked_back || row.left() {
            return refuse("the request is over".into(), "ask for the files in a request of their own");
        }
        let wants = word(State::ChangesRequested);
        let told = row.told.as_ref().filter(|told| told.round == row.protocol.round && told.is_settled());
        let Some(told) = told.filter(|told| told.state == wants) else {
            return refuse(
                "you haven't been told that reviewers want anything changed".into(),
                "wait for it: `semla release show` says where it stands, as far as you may know",
            );
        };
        let wanted =
            |path: &&String| told.files.get(*path).is_some_and(|file| file.state == FileState::ChangesRequested);
        match paths.iter().find(|path| !wanted(path)) {
            Some(other) => {
                refuse(format!("nobody asked for changes of `{other}`"), "name those that reviewers want changed")
            }
            None => Ok(row),
        }
    }

    /// Reviewers judged whether they are independent of who submitted, and the files by the policy of that day: what another job left in
    /// another name, or under other rules, is another request's.
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

    /// Has the protocol go on. Nothing, where it doesn't, and the requester may not know that.
    fn answer_with(&self, row: &mut ReleaseRow, step: Step, cleared: bool) -> Result<Option<Vec<Effect>>, Fault> {
        match row.protocol.step(step) {
            Ok((next, effects)) => {
                row.protocol = next;
                Ok(Some(effects))
            }
            Err(refusal) if cleared => Err(refusal.into()),
            Err(_) => Ok(None),
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
