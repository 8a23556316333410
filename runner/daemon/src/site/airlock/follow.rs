//! Records change while requests wait: each is held against those that hold now, again and again. What a crash kept from happening
//! is found in the same way.

use super::super::act::Event;
use super::super::release::{ReleaseRow, Told, word};
use super::super::{Site, now, today};
use super::DAY;
use crate::fault::Fault;
use semla_policy::release::{Event as Step, FileState, State};
use semla_policy::{Refusal, Terms};

impl Site {
    /// Holds requests against the records. Once a day, and after each record, what doesn't change otherwise is looked at as well; what
    /// fails is tried again.
    pub(in crate::site) fn follow(&mut self) -> Result<(), Fault> {
        if self.looked == Some(today()) {
            return self.follow_each(Vec::new());
        }
        let ended = self.ended_early()?;
        self.drop_stale().and(self.follow_each(ended)).and(self.lapses())?;
        self.looked = Some(today());
        Ok(())
    }

    /// One that can't be seen to is no reason to leave the others alone. All are seen to in one order, which no end changes.
    fn follow_each(&mut self, ended: Vec<ReleaseRow>) -> Result<(), Fault> {
        let mut rows = [self.open_releases()?, ended].concat();
        rows.sort_by(|a, b| (a.closes, &a.protocol.id).cmp(&(b.closes, &b.protocol.id)));
        let mut failed = None;
        for row in rows {
            let followed =
                if row.protocol.state.is_pending() { self.follow_one(row) } else { self.seem_to_follow(row) };
            failed = followed.err().or(failed);
        }
        failed.map_or(Ok(()), Err)
    }

    fn follow_one(&mut self, row: ReleaseRow) -> Result<(), Fault> {
        if let Err(refusal) = self.registry().holds_permit(&row.marking.permit, today()) {
            return self.lapsed(row, &refusal);
        }
        // What was kept before requests said whose approvals they take begins anew likewise.
        if row.policy != *self.registry().policy_digest() || row.protocol.panels.is_empty() {
            return match self.terms(&row) {
                Ok(terms) => self.policy_changed(row, terms),
                Err(refusal) => self.lapsed(row, &refusal),
            };
        }
        // Scheduling is recorded after the request is: a crash may have come between.
        let unchecked = row.protocol.files.iter().filter(|(_, file)| file.state == FileState::Unchecked);
        let unchecked: Vec<_> = unchecked.map(|(name, _)| name.clone()).collect();
        unchecked.iter().try_for_each(|file| self.schedule_checks(&row, file))
    }

    /// What a request takes, under the policy pinned at submission and the one in force.
    pub(super) fn terms(&self, row: &ReleaseRow) -> Result<Terms, Refusal> {
        let label = |text: &str| self.registry().label(text);
        self.registry().both(&row.marking.policy, &label(&row.protocol.from)?, &label(&row.protocol.to)?)
    }

    /// Whatever could still leave is checked and voted on anew. That it was is the request's own digest of the policy: the step is
    /// taken once, in one transaction with it.
    fn policy_changed(&mut self, mut row: ReleaseRow, terms: Terms) -> Result<(), Fault> {
        let round = row.protocol.round;
        let open_for = now() + i64::from(terms.open_for()) * DAY;
        let (next, effects) = row.protocol.step(Step::PolicyChanged(Box::new(terms)))?;
        row.protocol = next;
        row.expires = row.expires.min(open_for);
        self.tell_anew(&mut row, round)?;
        for (name, file) in &row.protocol.files {
            if let Some(behind) = row.files.get_mut(name).filter(|_| file.state == FileState::Unchecked) {
                behind.afresh();
            }
        }
        let event = Event::Follows { release: row.protocol.id.clone(), policy: row.policy.to_string() };
        let marking = row.marking.clone();
        self.record("semla", &marking.label, Some(&marking.permit), event, |tx| {
            tx.execute("DELETE FROM checking WHERE release = ?1 AND state = 'queued'", [&row.protocol.id])?;
            row.save(tx)
        })?;
        self.carry_out(row, effects)
    }

    /// Nothing of a request that ended before its time is checked anew, but whoever isn't cleared and wasn't told that it is over sees it
    /// go through the motions. Members of its permit who aren't see what is left of the budget, whoever asked.
    fn seem_to_follow(&mut self, mut row: ReleaseRow) -> Result<(), Fault> {
        // Whoever was told that it left, and not that it was taken back since, expects nothing more, either.
        let over = |state: &str| state == word(row.protocol.state) || row.left() && state == word(State::Released);
        let known = row.told.as_ref().is_some_and(|told| told.decided && over(&told.state));
        let known = known || self.saw_it_leave(&row.protocol.requester, &row);
        let lapses = self.registry().holds_permit(&row.marking.permit, today()).is_err() || self.terms(&row).is_err();
        if known || lapses || row.policy == *self.registry().policy_digest() {
            return Ok(());
        }
        let round = row.protocol.round;
        self.tell_anew(&mut row, round)?;
        self.keep(&row)
    }

    /// Has another round of answers begin under another policy, where one is to be expected by what was told, whatever people decided
    /// meanwhile.
    fn tell_anew(&mut self, row: &mut ReleaseRow, round: u32) -> Result<(), Fault> {
        row.policy = *self.registry().policy_digest();
        let seems = row.protocol.round == round && row.told.as_ref().is_none_or(Told::expects_more);
        if seems {
            row.protocol.round += 1;
        }
        if row.protocol.round == round {
            return Ok(());
        }
        row.begin_round(now());
        row.note(now());
        // All of it is checked again.
        let told = row.told.iter_mut().flat_map(|told| told.files.values_mut());
        told.for_each(|file| file.kept = false);
        self.pay_round(row)?;
        if seems { self.seem_to_check(row) } else { Ok(()) }
    }

    /// What the request rests on is gone.
    fn lapsed(&mut self, mut row: ReleaseRow, refusal: &Refusal) -> Result<(), Fault> {
        tracing::info!(%refusal, release = %row.protocol.id, "a request has lapsed");
        row.protocol = row.protocol.step(Step::Lapsed)?.0;
        row.note(now());
        let event = Event::Closed { release: row.protocol.id.clone(), state: word(row.protocol.state) };
        let marking = row.marking.clone();
        self.record("semla", &marking.label, Some(&marking.permit), event, |tx| {
            // What waited to be checked for it waits for nothing.
            tx.execute("DELETE FROM checking WHERE release = ?1 AND state = 'queued'", [&row.protocol.id])?;
            row.save(tx)
        })?;
        Ok(())
    }
}
