//! The airlock: drives the release protocol.

mod ask;
mod blind;
mod changes;
mod check;
mod close;
mod follow;
mod lower;
mod note;
mod review;
mod view;

#[cfg(test)]
pub(crate) use note::NOTES;
pub(super) use view::worst_notice;

use self::ask::Asked;
use super::act::Event;
use super::job::Job;
use super::release::{Behind, ReleaseRow};
use super::{Site, now, today};
use crate::api::{AskRelease, ReleaseView};
use crate::fault::Fault;
use crate::rules::{self, Rule};
use semla_policy::release::{Effect, Event as Step, Release};
use semla_policy::{Digest, Marking, Refusal};
use semla_sandbox::protocol::Id;
use std::collections::BTreeMap;

const DAY: i64 = 24 * 3600 * 1000;

/// A request that is about to begin.
pub(super) struct Begin {
    job: Id,
    marking: Marking,
    to: String,
    files: BTreeMap<String, (Digest, Behind)>,
    /// The request that it is about, where it is a reviewer's note.
    about: Option<String>,
}

impl Site {
    /// Asks for a release of declared outputs, or of a traceback. Whether one exists isn't told apart from a block (rule 4).
    pub(crate) fn request(&mut self, name: &str, ask: &AskRelease) -> Result<ReleaseView, Fault> {
        let (job, state) = self.ended(name, &ask.job)?;
        let mut files = BTreeMap::new();
        for asked in self.asked((&job, state.as_deref()), ask)? {
            let (path, digest, behind) = self.behind(asked)?;
            files.insert(path, (digest, Behind { traceback: ask.traceback, ..behind }));
        }
        self.begin(name, Begin { job: job.id.clone(), marking: job.marking, to: ask.to.clone(), files, about: None })
    }

    /// A job that somebody asks for what it left, and how it ended, as far as they may know: of one that goes on nothing can be had.
    fn ended(&mut self, name: &str, id: &str) -> Result<(Job, Option<String>), Fault> {
        let job = self.job(id)?;
        let person = self.person(name)?;
        if let Err(refusal) = self.registry().membership(person, &job.marking.permit, today()) {
            // Who submitted it is told why not. For anybody else there is no such job, under whichever permit it was made.
            let own = job.marking.submitter == name;
            return Err(if own { refusal } else { Refusal::not_found("such job") }.into());
        }
        // What they know of it anyway costs nothing more.
        let state = self.job_view(name, &job)?.state;
        if let Some("queued" | "running") = state.as_deref() {
            return Err(Refusal::new(6, "the job hasn't ended", "wait for it: `semla job show` says when").into());
        }
        Ok((job, state))
    }

    /// What stands behind a file that somebody asks for: its name, its content, and where that is.
    fn behind(&self, asked: Asked<'_>) -> Result<(String, Digest, Behind), Fault> {
        let Asked { path, taken, about, controls } = asked;
        Ok(match taken {
            Some(taken) => (path, taken.content.digest, Behind::new(taken.object.clone(), about, controls)),
            None if !rules::hold(Rule::Absence) => return Err(Refusal::not_found("such output").into()),
            // No such object: its checks can't run, and no answer is a block.
            None => {
                let object = self.name("o")?;
                (path, Digest::of(object.as_str().as_bytes()), Behind::absent(object, about, controls))
            }
        })
    }

    /// Begins a request: it is recorded, and its checks are due.
    pub(super) fn begin(&mut self, name: &str, begin: Begin) -> Result<ReleaseView, Fault> {
        let Begin { job, marking, to, files, about } = begin;
        let (from, target) = (self.registry().label(&marking.label)?, self.registry().label(&to)?);
        let terms = self.registry().both(&marking.policy, &from, &target)?;
        let id = self.name("r")?;
        let digests = files.iter().map(|(path, (digest, _))| (path.clone(), *digest)).collect();
        let files: BTreeMap<_, _> = files.into_iter().map(|(path, (_, behind))| (path, behind)).collect();
        let draft =
            Release::draft(id.to_string(), name.to_owned(), (marking.label.clone(), to.clone()), &terms, digests);
        let (protocol, effects) = draft.step(Step::Submit)?;
        let closes = now() + i64::from(terms.open_for()) * DAY;
        let names = files.keys().cloned().collect();
        let event = Event::Requested { release: id.to_string(), job: job.to_string(), to, files: names };
        let mut row = ReleaseRow {
            protocol,
            job,
            marking,
            policy: *self.registry().policy_digest(),
            created: now(),
            closes,
            expires: closes,
            files,
            about,
            began: now(),
            checked: None,
            decided: None,
            ends: None,
            checks: None,
            reviews: None,
            told: None,
            asked_back: false,
            bundle: None,
            entry: None,
            released: None,
        };
        self.record(name, &row.marking.label, Some(&row.marking.permit), event, |tx| row.save(tx))?;
        self.pay_round(&mut row)?;
        self.keep(&row)?;
        self.carry_out(row, effects)?;
        self.show_release(name, id.as_str())
    }

    /// What the protocol asks for. Each effect is recorded before it happens.
    pub(super) fn carry_out(&mut self, row: ReleaseRow, effects: Vec<Effect>) -> Result<(), Fault> {
        for effect in effects {
            match effect {
                Effect::Check { file, .. } => self.schedule_checks(&row, &file)?,
                // Lowering is what the reconciler does with an approved request, so that a crash can't keep it from happening.
                Effect::Lower(_) => {}
                Effect::Withhold => self.withhold(&row)?,
            }
        }
        Ok(())
    }
}
