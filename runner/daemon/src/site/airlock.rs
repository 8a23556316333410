//! The airlock: drives the release protocol.

mod ask;
mod blind;
mod check;
mod close;
mod follow;
mod lower;
mod review;
mod view;

pub(super) use view::worst_notice;

use super::act::Event;
use super::release::{Behind, ReleaseRow};
use super::{Site, now, today};
use crate::api::{AskRelease, ReleaseView};
use crate::fault::Fault;
use semla_policy::release::{Effect, Event as Step, Release};
use semla_policy::{Digest, Refusal};
use std::collections::BTreeMap;

const DAY: i64 = 24 * 3600 * 1000;

impl Site {
    /// Asks for a release of declared outputs, or of a traceback. Whether one exists isn't told apart from a block (rule 4).
    pub(crate) fn request(&mut self, name: &str, ask: &AskRelease) -> Result<ReleaseView, Fault> {
        let job = self.job(&ask.job)?;
        let person = self.person(name)?;
        self.registry().membership(person, &job.marking.permit, today())?;
        if matches!(self.job_view(name, &job)?.state.as_deref(), Some("queued" | "running")) {
            return Err(Refusal::new(6, "the job hasn't ended", "wait for it: `semla job show` says when").into());
        }
        let (from, to) = (self.registry().label(&job.marking.label)?, self.registry().label(&ask.to)?);
        let terms = self.registry().both(&job.marking.policy, &from, &to)?;
        let id = self.name("r")?;
        let (mut digests, mut files) = (BTreeMap::new(), BTreeMap::new());
        for asked in self.asked(&job, ask)? {
            let (object, digest) = match asked.taken {
                Some(taken) => (taken.object.clone(), taken.content.digest),
                // No such object: its checks can't run, and no answer is a block.
                None => (self.name("o")?, Digest::of(id.as_str().as_bytes())),
            };
            digests.insert(asked.path.clone(), digest);
            files.insert(asked.path, Behind::new(object, asked.about, asked.controls));
        }
        let labels = (job.marking.label.clone(), ask.to.clone());
        let draft = Release::draft(id.to_string(), name.to_owned(), labels, &terms, digests);
        let (protocol, effects) = draft.step(Step::Submit)?;
        let closes = now() + i64::from(terms.open_for()) * DAY;
        let row = ReleaseRow {
            protocol,
            job: job.id.clone(),
            marking: job.marking.clone(),
            policy: *self.registry().policy_digest(),
            created: now(),
            closes,
            expires: closes,
            files,
            began: now(),
            checked: None,
            decided: None,
            told: None,
            asked_back: false,
            bundle: None,
        };
        let event = Event::Requested {
            release: id.to_string(),
            job: job.id.to_string(),
            to: ask.to.clone(),
            files: row.files.keys().cloned().collect(),
        };
        self.record(name, &row.marking.label, Some(&row.marking.permit), event, |tx| row.save(tx))?;
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
