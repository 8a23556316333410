//! Taking back: a request by its requester, a release by an officer. Neither is told by it where the request stood.

use super::super::act::Event;
use super::super::release::{ReleaseRow, word};
use super::super::seen::Sight;
use super::super::{Site, now, today};
use super::view::day;
use crate::api::ReleaseView;
use crate::fault::Fault;
use semla_policy::release::{Effect, Event as Step, State};
use semla_policy::{Refusal, Role};
use std::collections::BTreeMap;

impl Site {
    /// The requester takes a request back. Whoever isn't cleared for it gets one answer, whether it was still there to be taken back or
    /// not: where it stood is for their budget to tell.
    pub(crate) fn withdraw(&mut self, name: &str, id: &str) -> Result<ReleaseView, Fault> {
        let row = self.release(id)?;
        let member = self.registry().membership(self.person(name)?, &row.marking.permit, today()).is_ok();
        if row.protocol.requester != name || !(member || row.about.is_some()) {
            return Err(Refusal::not_found("such request").into());
        }
        // That a bundle left is no secret at its label: a requester who is cleared for that is shown it, whatever they are told otherwise.
        if self.saw_it_leave(name, &row) {
            let what = format!("the request is {} already", row.protocol.state.word());
            let remedy = match row.protocol.state {
                State::Released => format!("to take it back, ask an officer: `semla release revoke {id}`"),
                _ => "nothing is left to take back".to_owned(),
            };
            return Err(Refusal::new(6, what, remedy).into());
        }
        // What is over can be taken back once, by whoever sees that it is: it costs their permit nothing from then on.
        if self.cleared(name, &row.marking) && row.asked_back {
            row.protocol.step(Step::Withdraw)?;
        }
        self.take_back(name, ReleaseRow { asked_back: true, ..row }, Step::Withdraw)?;
        self.show_release(name, id)
    }

    /// An officer sees to it that nothing of a request leaves, or is handed out any more. They do so without seeing what or where it
    /// stood: only that it is done.
    pub(crate) fn revoke(&mut self, name: &str, id: &str) -> Result<ReleaseView, Fault> {
        let officer = self.person(name)?.roles.contains(&Role::Officer);
        let row = self.release(id).and_then(|row| match officer {
            true => Ok(row),
            false => Err(Refusal::not_found("such request").into()),
        })?;
        let view = self.outside(name, &row, State::Revoked);
        self.take_back(name, row, Step::Revoke)?;
        Ok(view)
    }

    /// Whether there is a bundle that an officer could take back, at a label that they are cleared for.
    pub(super) fn takes_back(&self, name: &str, row: &ReleaseRow) -> Result<bool, Fault> {
        let officer = self.person(name)?.roles.contains(&Role::Officer);
        Ok(row.protocol.state == State::Released && officer && self.sees_target(name, row))
    }

    /// What an officer sees of a bundle: what everybody may know at its label, and nothing of how it came about.
    pub(super) fn bundle_view(&mut self, name: &str, row: &ReleaseRow) -> Result<ReleaseView, Fault> {
        let view = ReleaseView { released: row.released.map(day), ..self.outside(name, row, row.protocol.state) };
        let (id, version) = (&row.protocol.id, row.bundle.map(|bundle| bundle.hex()).unwrap_or_default());
        let sight = Sight { permit: Some(view.permit.clone()), ..Sight::free(&view.to, id, "bundle", &version) };
        self.saw(name, &[sight])?;
        Ok(view)
    }

    /// A request from outside: in which state an officer left it, and nothing of what is in it.
    fn outside(&self, name: &str, row: &ReleaseRow, state: State) -> ReleaseView {
        ReleaseView {
            state: word(state),
            // When its last round began is its requester's to know.
            due: day(row.closes),
            released: None,
            job: String::new(),
            files: BTreeMap::new(),
            about: None,
            notes: Vec::new(),
            ..self.release_view(name, row, false)
        }
    }

    /// Each try is one entry, whatever comes of it. Like all stopping it has its effect first, and is recorded even on a full disk.
    fn take_back(&mut self, name: &str, mut row: ReleaseRow, step: Step) -> Result<(), Fault> {
        let release = row.protocol.id.clone();
        let (event, effects): (_, Vec<Effect>) = match row.protocol.step(step) {
            Ok((next, effects)) => {
                row.protocol = next;
                row.note(now());
                (Event::Closed { release, state: word(row.protocol.state) }, effects)
            }
            Err(_) => (Event::AskedBack { release }, Vec::new()),
        };
        let marking = row.marking.clone();
        self.carry_out(row.clone(), effects)?;
        self.record_stop(name, &marking.label, Some(&marking.permit), &event, |tx| row.save(tx)).map(drop)
    }
}
