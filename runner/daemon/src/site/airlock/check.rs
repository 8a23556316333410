//! The checks of a request: scheduled, and answered.

use super::super::act::Event;
use super::super::release::{Checking, ReleaseRow};
use super::super::{Site, now};
use crate::fault::Fault;
use semla_policy::Digest;
use semla_policy::release::{Blocks, Event as Step, FileState, State};
use semla_sandbox::protocol::Checked;
use std::collections::BTreeSet;

impl Site {
    /// One run of the checks for each policy that counts: the one pinned at submission, and the one in force. What has been answered,
    /// or will be, isn't asked again.
    pub(super) fn schedule_checks(&mut self, row: &ReleaseRow, name: &str) -> Result<(), Fault> {
        let (Some(behind), Some(file)) = (row.files.get(name), row.protocol.files.get(name)) else { return Ok(()) };
        let pending = self.checkings()?;
        let pending = pending.iter().filter(|checking| {
            checking.replay.is_none()
                && checking.release == row.protocol.id
                && checking.file == *name
                && checking.object == behind.object
        });
        let answered = behind.checked.iter().map(|(_, checked)| checked.policy);
        let known: BTreeSet<_> = pending.map(|checking| checking.policy).chain(answered).collect();
        for policy in self.counting(row).into_iter().filter(|policy| !known.contains(policy)) {
            let checking = Checking {
                fence: self.name("k")?,
                release: row.protocol.id.clone(),
                file: name.to_owned(),
                object: behind.object.clone(),
                digest: file.digest,
                policy,
                to: row.protocol.to.clone(),
                started: false,
                replay: None,
            };
            let tx = self.db.transaction()?;
            checking.save(&tx)?;
            tx.commit()?;
        }
        Ok(())
    }

    /// The policies under which a request's files are checked.
    fn counting(&self, row: &ReleaseRow) -> BTreeSet<Digest> {
        BTreeSet::from([row.marking.policy, *self.registry().policy_digest()])
    }

    /// The checks of a file answered under one policy; once they have under all, the protocol goes on. An answer that nobody waits for
    /// any more, because the file, the policy or the request went on without it, changes nothing.
    pub(in crate::site) fn checked(&mut self, checking: &Checking, checked: Checked) -> Result<(), Fault> {
        if let Some((replay, proposal)) = &checking.replay {
            // The proposal may have come to nothing meanwhile.
            let words =
                self.judged_anew(checking, proposal, &checked).unwrap_or_else(|fault| format!("not judged: {fault}"));
            return self.rejudged(checking, replay, &words);
        }
        let mut row = self.release(&checking.release)?;
        let verdict = checked.verdict;
        let effects = match self.answered(&mut row, checking, checked) {
            Some(step) => {
                let (next, effects) = row.protocol.step(step)?;
                row.protocol = next;
                let (file, behind) = (row.protocol.files.get(&checking.file), row.files.get_mut(&checking.file));
                if let (Some(file), Some(behind)) = (file, behind) {
                    behind.recall(&file.digest, |by| file.votes.contains_key(by));
                    // Some of those who gave them may have left meanwhile.
                    self.looked = self.looked.filter(|_| file.votes.is_empty());
                }
                row.note(now());
                effects
            }
            None => Vec::new(),
        };
        let event = Event::Checked {
            release: checking.release.clone(),
            file: checking.file.clone(),
            digest: checking.digest.to_string(),
            verdict: verdict.word().to_owned(),
        };
        let marking = row.marking.clone();
        self.record("semla", &marking.label, Some(&marking.permit), event, |tx| {
            checking.remove(tx)?;
            row.save(tx)
        })?;
        self.carry_out(row, effects)
    }

    /// Keeps an answer, and says what it comes to.
    fn answered(&self, row: &mut ReleaseRow, checking: &Checking, checked: Checked) -> Option<Step> {
        let counting = self.counting(row);
        let awaited = row.protocol.state == State::Checking
            && row.protocol.files.get(&checking.file).is_some_and(|file| file.state == FileState::Unchecked);
        let behind = row.files.get_mut(&checking.file)?;
        if !awaited || behind.object != checking.object || !counting.contains(&checking.policy) {
            return None;
        }
        let (file, digest) = (checking.file.clone(), checking.digest);
        if let Some(copy) = checked.mended.clone().filter(|_| !behind.mended) {
            // The copy is what may leave: it is checked afresh, and what was said of the original is over.
            behind.object = copy.object;
            behind.mended = true;
            behind.checked.clear();
            return Some(Step::Mended { file, digest, copy: copy.content.digest });
        }
        behind.checked.push((checking.fence.clone(), checked));
        let judged: Vec<_> = behind.checked.iter().map(|(_, checked)| checked.judged()).collect();
        let blocks = Blocks::under(&counting, &judged)?;
        Some(Step::Checked { file, digest, blocks })
    }
}
