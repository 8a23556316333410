//! The checks of a request: scheduled, and answered.

use super::super::Site;
use super::super::act::Event;
use super::super::release::{Checking, ReleaseRow};
use crate::fault::Fault;
use semla_policy::Digest;
use semla_policy::release::{Event as Step, Verdict};
use semla_sandbox::protocol::Checked;
use std::collections::BTreeSet;

impl Site {
    /// One run of the checks for each policy that counts: the one pinned at submission, and the one in force.
    pub(super) fn schedule_checks(&mut self, row: &ReleaseRow, file: &str, digest: &Digest) -> Result<(), Fault> {
        let policies = BTreeSet::from([row.marking.policy, *self.registry().policy_digest()]);
        let Some(behind) = row.files.get(file) else { return Ok(()) };
        for policy in policies {
            let checking = Checking {
                fence: self.name("k")?,
                release: row.protocol.id.clone(),
                file: file.to_owned(),
                object: behind.object.clone(),
                digest: *digest,
                policy,
                to: row.protocol.to.clone(),
                started: false,
            };
            let tx = self.db.transaction()?;
            checking.save(&tx)?;
            tx.commit()?;
        }
        Ok(())
    }

    /// The checks of a file answered under one policy; once they have under all, the protocol goes on.
    pub(in crate::site) fn checked(&mut self, checking: &Checking, checked: Checked) -> Result<(), Fault> {
        let mut row = self.release(&checking.release)?;
        let verdict = checked.verdict;
        let step = {
            let Some(behind) = row.files.get_mut(&checking.file) else { return Ok(()) };
            let mended = checked.mended.clone().filter(|_| !behind.mended);
            if behind.object != checking.object {
                None
            } else if let Some(copy) = mended {
                // The copy is what may leave: it is checked afresh, and what was said of the original is over.
                behind.object = copy.object;
                behind.mended = true;
                behind.checked.clear();
                Some(Step::Mended { file: checking.file.clone(), digest: checking.digest, copy: copy.content.digest })
            } else {
                behind.checked.push((checking.fence.clone(), checked));
                let policies: BTreeSet<_> = behind.checked.iter().map(|(_, checked)| checked.policy).collect();
                let all = [&row.marking.policy, self.facts.registry().policy_digest()]
                    .iter()
                    .all(|policy| policies.contains(*policy));
                let worst = behind.checked.iter().map(|(_, checked)| checked.verdict).max().unwrap_or(Verdict::Block);
                all.then(|| Step::Checked { file: checking.file.clone(), digest: checking.digest, verdict: worst })
            }
        };
        let effects = match step {
            Some(step) => {
                let (next, effects) = row.protocol.step(step)?;
                row.protocol = next;
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
}
