//! Recent releases, judged again under a policy that an officer has proposed: what would be blocked now, or need more. It changes
//! nothing of what has left.

use super::act::Event;
use super::job::text;
use super::release::{Checking, ReleaseRow};
use super::{Site, now, today};
use crate::api::{Rejudged, Replayed};
use crate::fault::Fault;
use rusqlite::{OptionalExtension, params};
use semla_policy::release::{Blocks, State};
use semla_policy::{Digest, Feedback, Policy, Record, Refusal, Role, Signed, Terms};
use semla_sandbox::protocol::Checked;
use std::collections::BTreeMap;

const DAY: i64 = 24 * 3600 * 1000;

/// Nothing of an ended permit is looked at any more.
pub(super) fn not_judged(refusal: &Refusal) -> String {
    format!("not judged: {}", refusal.what)
}

/// Somebody stopped the checks, or the machine did: that says nothing of the file, and a worker can't bring it about.
pub(super) const INTERRUPTED: &str = "not judged: its checks were stopped before they answered; replay it again";

/// What the checks of a file come to under a proposal: one of these, and nothing else.
const ALL_THE_SAME: &str = "it could leave all the same";
const EXCUSED: &str = "it could leave only where what blocks it is excused";
const BLOCKED: &str = "it would be blocked";

/// What the way that a request went takes under a policy.
fn terms(row: &ReleaseRow, policy: &Policy) -> Result<Terms, Refusal> {
    let label = |text: &str| policy.scheme.label(text).map_err(|_| Refusal::new(3, "its label would be none", ""));
    policy.terms(&label(&row.protocol.from)?, &label(&row.protocol.to)?)
}

impl Site {
    /// Begins to judge what left within so many days, under a proposal that waits for a signature.
    pub(crate) fn replay(&mut self, by: &str, proposal: &str, days: u32) -> Result<Replayed, Fault> {
        if !self.person(by)?.roles.contains(&Role::Officer) {
            return Err(Refusal::new(10, "only officers replay releases", "ask an officer").into());
        }
        let sql = "SELECT signed FROM pending WHERE id LIKE 'sha256:' || ?1 || '%'";
        let digits = proposal.trim_start_matches("sha256:");
        let plain = digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let known: Option<String> = match plain {
            true => self.db.query_row(sql, [digits], |row| row.get(0)).optional()?,
            false => None,
        };
        let missing = || Refusal::new(10, format!("no proposal is called `{proposal}`"), "propose the policy first");
        let signed: Signed = serde_json::from_str(&known.ok_or_else(missing)?)?;
        let (Record::Policy(policy), _) = self.registry().judge(&signed)? else { return Err(missing().into()) };
        let since = now() - i64::from(days) * DAY;
        let left = |row: &ReleaseRow| {
            matches!(row.protocol.state, State::Released | State::Revoked) && row.released.is_some_and(|at| at >= since)
        };
        // A name is content: it is shown to those who are cleared for where it has gone.
        let clearance = self.registry().clearance(self.person(by)?);
        let admits = |text: &str| self.registry().label(text).is_ok_and(|label| clearance.admits(&label));
        let shown = |row: ReleaseRow| admits(&row.protocol.to).then(|| (admits(&row.protocol.from), row));
        let rows: Vec<_> = self.all_releases()?.into_iter().filter(left).filter_map(shown).collect();
        let (id, policy_text) = (self.name("p")?.to_string(), policy.digest().to_string());
        let mut replayed = Replayed { id, policy: policy_text, files: Vec::new() };
        let (mut checks, said) = (Vec::new(), self.said_before(&replayed.policy)?);
        for (cleared, row) in &rows {
            for (file, behind) in row.files.iter().filter(|(_, behind)| behind.copy.is_some()) {
                let over = self.registry().holds_permit(&row.marking.permit, today()).err();
                let mut verdict = over.map(|refusal| not_judged(&refusal));
                verdict = verdict.or_else(|| self.terms_allow(row, &policy, file));
                // The checks look at the inputs: under thresholds of one's own choice they answer questions about people.
                if verdict.is_none() && !cleared && !self.pays_for(by, row, &policy.digest(), file)? {
                    verdict = Some(
                        "not told: the permit has no bits left for what its data says to those who aren't cleared"
                            .into(),
                    );
                }
                // What was answered once under this proposal is answered so again: a worker that is asked twice may say another thing.
                verdict = verdict.or_else(|| said.get(&(row.protocol.id.clone(), file.clone())).cloned());
                if verdict.is_none() {
                    checks.push(Checking {
                        fence: self.name("k")?,
                        release: row.protocol.id.clone(),
                        file: file.clone(),
                        object: behind.object.clone(),
                        digest: row.protocol.files.get(file).map_or_else(|| Digest::of(b""), |file| file.digest),
                        policy: policy.digest(),
                        to: row.protocol.to.clone(),
                        started: false,
                        replay: Some((replayed.id.clone(), Box::new(signed.clone()))),
                    });
                }
                replayed.files.push(Rejudged { release: row.protocol.id.clone(), file: file.clone(), verdict });
            }
        }
        let event = Event::Replayed { policy: policy.digest().to_string(), days };
        let lowest = self.lowest();
        self.record(by, &lowest, None, event, |tx| {
            let sql = "INSERT INTO replay (id, by, body) VALUES (?1, ?2, ?3)";
            tx.execute(sql, params![replayed.id, by, text(&replayed)?])?;
            checks.iter().try_for_each(|checking| checking.save(tx))
        })?;
        Ok(replayed)
    }

    /// What the checks of each file, by request and name, said under a proposal.
    fn said_before(&self, policy: &str) -> Result<BTreeMap<(String, String), String>, Fault> {
        let sql = "SELECT one.value ->> '$.release', one.value ->> '$.file', one.value ->> '$.verdict' \
                   FROM replay, json_each(replay.body -> '$.files') AS one WHERE replay.body ->> '$.policy' = ?1 \
                   AND one.value ->> '$.verdict' IN (?2, ?3, ?4)";
        let mut rows = self.db.prepare(sql)?;
        let words = params![policy, ALL_THE_SAME, EXCUSED, BLOCKED];
        let rows = rows.query_map(words, |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Charges the permit for what the checks of a file tell an officer who isn't cleared for it: one of three sentences. What the same
    /// proposal says of it once more is known.
    fn pays_for(&mut self, by: &str, row: &ReleaseRow, proposal: &Digest, file: &str) -> Result<bool, Fault> {
        let bits = Feedback::Verdict.bits(0, 1);
        let about = format!("{}/{proposal}/{file}", row.protocol.id);
        Ok(self.tell(by, &row.marking, &about, bits)?.is_some())
    }

    /// Why a release wouldn't have been possible with the approvals that it had; nothing, where only the checks can tell.
    fn terms_allow(&self, row: &ReleaseRow, policy: &Policy, name: &str) -> Option<String> {
        let terms = match terms(row, policy) {
            Ok(terms) => terms,
            Err(refusal) => return Some(refusal.what),
        };
        let file = row.protocol.files.get(name)?;
        // For what they stood then, and for what they could now.
        let roles = |by: &String| {
            let now = self.person(by).map(|person| person.roles.clone()).unwrap_or_default();
            &now | &file.roles.get(by).cloned().unwrap_or_default()
        };
        let roles: Vec<_> = file.votes.keys().map(roles).collect();
        terms.panels.excusing(&file.excused).missing(roles.iter())
    }

    /// What the checks under a proposal say of a file that has left, and was excused or wasn't.
    pub(super) fn judged_anew(
        &self,
        checking: &Checking,
        proposal: &Signed,
        checked: &Checked,
    ) -> Result<String, Fault> {
        let (Record::Policy(policy), _) = self.registry().judge(proposal)? else { return Ok(BLOCKED.to_owned()) };
        let row = self.release(&checking.release)?;
        let blocks = Blocks::under([&checked.policy], &[checked.judged()]);
        let terms = terms(&row, &policy)?;
        let excusable = blocks.as_ref().and_then(|blocks| blocks.excusable(terms.excuse.as_ref()));
        let excused = row.protocol.files.get(&checking.file).map(|file| &file.excused);
        Ok(match (excusable, excused) {
            (Some(checks), Some(excused)) if checks.is_subset(excused) => ALL_THE_SAME.to_owned(),
            // Which blocks these are is the workers' word, and as long as the proposal's list of them: it isn't told.
            (Some(_), _) => EXCUSED.to_owned(),
            _ => BLOCKED.to_owned(),
        })
    }

    /// What the checks of one file come to under the proposal. Of several that were asked at a time the first answer is that of all.
    pub(super) fn rejudged(&mut self, checking: &Checking, id: &str, words: &str) -> Result<(), Fault> {
        let sql = "SELECT body FROM replay WHERE id = ?1";
        let body: Option<String> = self.db.query_row(sql, [id], |row| row.get(0)).optional()?;
        let mut replayed: Option<Replayed> = body.map(|body| serde_json::from_str(&body)).transpose()?;
        let said = match &replayed {
            Some(replayed) if [ALL_THE_SAME, EXCUSED, BLOCKED].contains(&words) => {
                self.said_before(&replayed.policy)?.remove(&(checking.release.clone(), checking.file.clone()))
            }
            _ => None,
        };
        let words = said.unwrap_or_else(|| words.to_owned());
        for file in replayed.iter_mut().flat_map(|replayed| &mut replayed.files) {
            if file.release == checking.release && file.file == checking.file {
                file.verdict = Some(words.clone());
            }
        }
        let tx = self.db.transaction()?;
        if let Some(replayed) = &replayed {
            tx.execute("UPDATE replay SET body = ?2 WHERE id = ?1", params![id, text(replayed)?])?;
        }
        checking.remove(&tx)?;
        Ok(tx.commit()?)
    }

    /// How far a replay has come, for the officer who began it.
    pub(crate) fn replayed(&self, name: &str, id: &str) -> Result<Replayed, Fault> {
        let sql = "SELECT body FROM replay WHERE id = ?1 AND by = ?2";
        let body: Option<String> = self.db.query_row(sql, [id, name], |row| row.get(0)).optional()?;
        Ok(serde_json::from_str(&body.ok_or_else(|| Refusal::not_found("such replay"))?)?)
    }
}
