//! Has the launcher lower what was approved.

use super::super::act::Event;
use super::super::release::{ReleaseRow, word};
use super::super::{Site, now};
use crate::fault::Fault;
use semla_policy::Refusal;
use semla_policy::release::{Decision, Event as Step, FileState, State};
use semla_sandbox::protocol::{Lower, Request};

impl Site {
    /// Has the launcher lower every approved file that has no copy yet; then makes the bundle.
    pub(in crate::site) fn lower(&mut self, row: ReleaseRow) -> Result<(), Fault> {
        // Under another policy everything begins anew, which the reconciler's next round sees to.
        if row.policy != *self.registry().policy_digest() {
            return Ok(());
        }
        let mut row = self.recount(row)?;
        if row.protocol.state != State::Approved {
            return Ok(());
        }
        let approved: Vec<String> = approved(&row).cloned().collect();
        for name in approved {
            let Some(behind) = row.files.get(&name).filter(|behind| behind.copy.is_none()).cloned() else { continue };
            let Some(file) = row.protocol.files.get(&name).cloned() else { continue };
            let approvals: Vec<String> =
                file.votes.iter().filter(|(_, vote)| **vote == Decision::Approve).map(|(by, _)| by.clone()).collect();
            let event = Event::Lowering {
                release: row.protocol.id.clone(),
                file: name.clone(),
                digest: file.digest.to_string(),
                to: row.protocol.to.clone(),
                approvals,
            };
            let recorded = self.record("semla", &row.marking.label, Some(&row.marking.permit), event, |_| Ok(()))?;
            let request = Request::Lower(Box::new(Lower {
                object: behind.object.clone(),
                release: row.protocol.id.clone(),
                file: name.clone(),
                to: row.protocol.to.clone(),
                checks: behind.checked.iter().map(|(fence, _)| fence.clone()).collect(),
                votes: behind.votes.clone(),
                receipt: recorded.receipt().clone(),
            }));
            let copy = match self.launcher.lower(request) {
                // Rules 8 and 9 are what may pass: a full disk, for the copy or for the journal. Any other no is the end of this request.
                Err(refusal) if !matches!(refusal.rule, 8 | 9) => return self.refused(row, &refusal),
                answer => answer?,
            };
            if let Some(behind) = row.files.get_mut(&name) {
                behind.copy = Some(copy);
            }
            self.keep(&row)?;
        }
        self.bundle(row)
    }

    /// The launcher counts the votes of those alone who may vote now. What lost one of them too many goes on waiting for others: the
    /// launcher's no would end the request, and its author would pay for all of it again.
    fn recount(&mut self, mut row: ReleaseRow) -> Result<ReleaseRow, Fault> {
        for name in approved(&row).cloned().collect::<Vec<_>>() {
            if row.files.get(&name).is_none_or(|behind| behind.copy.is_some()) {
                continue;
            }
            let Some(event) = self.drop_votes(&mut row, &name)? else { continue };
            // People aren't through with it any more.
            row.decided = row.decided.filter(|_| row.protocol.state == State::Approved);
            let marking = row.marking.clone();
            self.record("semla", &marking.label, Some(&marking.permit), event, |tx| row.save(tx))?;
            if row.protocol.state != State::Approved {
                break;
            }
        }
        Ok(row)
    }

    /// Drops votes in open requests that don't count any more: they would keep others from agreeing.
    pub(in crate::site) fn drop_stale(&mut self) -> Result<(), Fault> {
        // Under another policy all votes are cast anew, which is no loss of any.
        let current = *self.registry().policy_digest();
        let voted = |row: &ReleaseRow| row.protocol.state == State::InReview && row.policy == current;
        let mut failed = None;
        for row in self.open_releases()?.into_iter().filter(voted) {
            failed = self.drop_stale_of(row).err().or(failed);
        }
        failed.map_or(Ok(()), Err)
    }

    fn drop_stale_of(&mut self, mut row: ReleaseRow) -> Result<(), Fault> {
        let open = row.protocol.files.iter().filter(|(_, file)| file.state.is_open());
        for name in open.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            if row.protocol.state != State::InReview {
                break;
            }
            let Some(event) = self.drop_votes(&mut row, &name)? else { continue };
            row.note(now());
            let marking = row.marking.clone();
            self.record("semla", &marking.label, Some(&marking.permit), event, |tx| row.save(tx))?;
        }
        Ok(())
    }

    /// Drops the votes on a file of those who may not vote any more; what is to be recorded of it, where there are any.
    fn drop_votes(&self, row: &mut ReleaseRow, name: &str) -> Result<Option<Event>, Fault> {
        let Some(behind) = row.files.get_mut(name) else { return Ok(None) };
        let casts = behind.votes.iter().filter_map(|vote| self.registry().vote(vote, &row.marking).ok());
        let recounted = Step::Recounted { file: name.to_owned(), votes: casts.collect() };
        let (next, _) = row.protocol.step(recounted)?;
        if next == row.protocol {
            return Ok(None);
        }
        let kept = next.files.get(name).map(|file| file.votes.clone()).unwrap_or_default();
        let votes = behind.standing().map(|(by, _)| by).filter(|by| !kept.contains_key(by)).collect();
        behind.keep_votes(|by| kept.contains_key(by));
        row.protocol = next;
        Ok(Some(Event::Dropped { release: row.protocol.id.clone(), file: name.to_owned(), votes }))
    }

    /// The launcher said no to what was approved.
    pub(super) fn refused(&mut self, mut row: ReleaseRow, refusal: &Refusal) -> Result<(), Fault> {
        tracing::warn!(%refusal, release = %row.protocol.id, "the launcher refused to lower a file");
        row.protocol = row.protocol.step(Step::Refused)?.0;
        row.note(now());
        let event = Event::Closed { release: row.protocol.id.clone(), state: word(row.protocol.state) };
        let marking = row.marking.clone();
        self.record("semla", &marking.label, Some(&marking.permit), event, |tx| row.save(tx)).map(drop)
    }
}

/// The files that everybody needed has approved.
fn approved(row: &ReleaseRow) -> impl Iterator<Item = &String> {
    row.protocol.files.iter().filter(|(_, file)| file.state == FileState::Approved).map(|(name, _)| name)
}
