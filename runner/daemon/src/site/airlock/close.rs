//! Taking back: a request by its requester, a release by an officer. Neither is told by it where the request stood.

use super::super::act::Event;
use super::super::release::{ReleaseRow, word};
use super::super::{Site, now, today};
use crate::api::ReleaseView;
use crate::fault::Fault;
use semla_policy::release::{Effect, Event as Step, State};
use semla_policy::{Refusal, Role};

impl Site {
    /// The requester takes a request back. Whoever isn't cleared for it gets one answer, whether it was still there to be taken back or
    /// not: where it stood is for their budget to tell.
    pub(crate) fn withdraw(&mut self, name: &str, id: &str) -> Result<ReleaseView, Fault> {
        let row = self.release(id)?;
        let member = self.registry().membership(self.person(name)?, &row.marking.permit, today()).is_ok();
        if row.protocol.requester != name || !(member || row.about.is_some()) {
            return Err(Refusal::not_found("such request").into());
        }
        if self.cleared(name, &row.marking) {
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
        let mut view = self.release_view(name, &row, false);
        view.state = word(State::Revoked);
        view.files.clear();
        self.take_back(name, row, Step::Revoke)?;
        Ok(view)
    }

    /// Each try is one entry, whatever comes of it.
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
        self.record(name, &marking.label, Some(&marking.permit), event, |tx| row.save(tx))?;
        self.carry_out(row, effects)
    }
}
