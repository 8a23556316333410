//! The airlock: drives the release protocol, and has the launcher do the lowering.

use super::act::Event;
use super::release::{Behind, Checking, ReleaseRow, word};
use super::{Handed, Site, now, today};
use crate::api::{AskRelease, FileView, NoticeView, ReleaseView, Votes};
use crate::fault::Fault;
use semla_policy::release::{Decision, Effect, Event as Step, FileState, Release, State, Verdict};
use semla_policy::{Digest, Feedback, Refusal};
use semla_sandbox::protocol::{Checked, Lower, Request};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 24 * 3600 * 1000;

impl Site {
    /// Asks for a release of declared outputs. Whether an output exists isn't told apart from a block (rule 4).
    pub(crate) fn request(&mut self, name: &str, ask: &AskRelease) -> Result<ReleaseView, Fault> {
        let job = self.job(&ask.job)?;
        let person = self.person(name)?;
        self.registry().membership(person, &job.marking.permit, today())?;
        let (from, to) = (self.registry().label(&job.marking.label)?, self.registry().label(&ask.to)?);
        let terms = self.registry().both(&job.marking.policy, &from, &to)?;
        let id = self.name("r")?;
        let (mut digests, mut files) = (BTreeMap::new(), BTreeMap::new());
        for path in ask.paths.iter().collect::<BTreeSet<_>>() {
            let Some(output) = job.plan.outputs.iter().find(|output| output.path == *path) else {
                return Err(Refusal::new(
                    4,
                    format!("`{path}` isn't a declared output of the job"),
                    "declare it, and run the job again",
                )
                .into());
            };
            let taken = job.end.iter().flat_map(|end| &end.outputs).find(|taken| taken.path == *path);
            let (object, digest) = match taken {
                Some(taken) => (taken.object.clone(), taken.content.digest.clone()),
                // No such object: its checks can't run, and no answer is a block.
                None => (self.name("o")?, Digest::of(id.as_str().as_bytes())),
            };
            digests.insert(path.clone(), digest);
            let behind = Behind {
                object,
                mended: false,
                checked: vec![],
                votes: vec![],
                copy: None,
                about: output.about.clone(),
                controls: output.controls.clone(),
            };
            files.insert(path.clone(), behind);
        }
        let labels = (job.marking.label.clone(), ask.to.clone());
        let draft = Release::draft(id.to_string(), name.to_owned(), labels, terms.reviewers, digests);
        let (protocol, effects) = draft.step(Step::Submit)?;
        let row = ReleaseRow {
            protocol,
            job: job.id.clone(),
            marking: job.marking.clone(),
            created: now(),
            expires: now() + 3 * i64::from(terms.answer_in.max(1)) * DAY,
            files,
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
                Effect::Check { file, digest } => self.schedule_checks(&row, &file, &digest)?,
                // Lowering is what the reconciler does with an approved request, so that a crash can't keep it from happening.
                Effect::Lower(_) => {}
                Effect::Withhold => self.withhold(&row)?,
            }
        }
        Ok(())
    }

    /// One run of the checks for each policy that counts: the one pinned at submission, and the one in force.
    fn schedule_checks(&mut self, row: &ReleaseRow, file: &str, digest: &Digest) -> Result<(), Fault> {
        let policies = BTreeSet::from([row.marking.policy.clone(), self.registry().policy_digest().clone()]);
        let Some(behind) = row.files.get(file) else { return Ok(()) };
        for policy in policies {
            let checking = Checking {
                fence: self.name("k")?,
                release: row.protocol.id.clone(),
                file: file.to_owned(),
                object: behind.object.clone(),
                digest: digest.clone(),
                policy: policy.clone(),
                to: row.protocol.to.clone(),
                started: false,
            };
            let event = Event::Checking {
                release: row.protocol.id.clone(),
                file: file.to_owned(),
                digest: digest.to_string(),
                policy: policy.to_string(),
                fence: checking.fence.to_string(),
            };
            let marking = row.marking.clone();
            self.record("semla", &marking.label, Some(&marking.permit), event, |tx| checking.save(tx))?;
        }
        Ok(())
    }

    /// The checks of a file answered under one policy; once they have under all, the protocol goes on.
    pub(super) fn checked(&mut self, checking: &Checking, checked: Checked) -> Result<(), Fault> {
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
                Some(Step::Mended {
                    file: checking.file.clone(),
                    digest: checking.digest.clone(),
                    copy: copy.content.digest,
                })
            } else {
                behind.checked.push((checking.fence.clone(), checked));
                let policies: BTreeSet<_> = behind.checked.iter().map(|(_, checked)| checked.policy.clone()).collect();
                let all = [&row.marking.policy, self.facts.registry().policy_digest()]
                    .iter()
                    .all(|policy| policies.contains(*policy));
                let worst = behind.checked.iter().map(|(_, checked)| checked.verdict).max().unwrap_or(Verdict::Block);
                all.then(|| Step::Checked {
                    file: checking.file.clone(),
                    digest: checking.digest.clone(),
                    verdict: worst,
                })
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

    /// Takes votes: each file's is judged by itself, and all of them count or none.
    pub(crate) fn vote(&mut self, name: &str, id: &str, votes: &Votes) -> Result<ReleaseView, Fault> {
        let mut row = self.reviewable(name, id)?;
        let from = self.registry().label(&row.marking.label)?;
        let permit = self.registry().permit(&row.marking.permit).cloned();
        let permit = permit.ok_or_else(|| Refusal::not_found("such request"))?;
        let (mut cast, mut effects) = (Vec::new(), Vec::new());
        for signed in &votes.votes {
            let vote = self.registry().vote(signed, &from, &permit, &row.protocol.requester)?;
            if vote.reviewer() != name {
                return Err(Refusal::new(6, "the vote is signed by somebody else", "sign it with your own key").into());
            }
            cast.push((vote.vote().file.clone(), vote.vote().digest.clone(), vote.vote().decision));
            let (next, more) = row.protocol.step(Step::Vote(vote))?;
            row.protocol = next;
            effects.extend(more);
            if let Some(behind) = cast.last().and_then(|(file, _, _)| row.files.get_mut(file)) {
                behind.votes.push(signed.clone());
            }
        }
        let Some((last, earlier)) = cast.split_last() else {
            return Err(Refusal::new(6, "there is no vote", "vote on at least one file").into());
        };
        let event = |(file, digest, decision): &(String, Digest, Decision)| Event::Voted {
            release: id.to_owned(),
            file: file.clone(),
            digest: digest.to_string(),
            decision: serde_json::to_value(decision)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
        };
        let marking = row.marking.clone();
        for vote in earlier {
            self.record(name, &marking.label, Some(&marking.permit), event(vote), |_| Ok(()))?;
        }
        self.record(name, &marking.label, Some(&marking.permit), event(last), |tx| row.save(tx))?;
        self.carry_out(row, effects)?;
        self.show_release(name, id)
    }

    /// The requester takes a request back; an officer takes back what was released.
    pub(crate) fn close(&mut self, name: &str, id: &str, step: Step) -> Result<ReleaseView, Fault> {
        let mut row = self.release(id)?;
        let officer = self.person(name)?.roles.contains(&semla_policy::Role::Officer);
        let allowed = match step {
            Step::Revoke => officer,
            _ => row.protocol.requester == name,
        };
        if !allowed {
            return Err(Refusal::not_found("such request").into());
        }
        let (next, effects) = row.protocol.step(step)?;
        row.protocol = next;
        let event = Event::Closed { release: id.to_owned(), state: word(&row) };
        let marking = row.marking.clone();
        self.record(name, &marking.label, Some(&marking.permit), event, |tx| row.save(tx))?;
        self.carry_out(row.clone(), effects)?;
        match officer {
            true => Ok(self.release_view(name, &row, true, None)),
            false => self.show_release(name, id),
        }
    }

    /// Has the launcher lower every approved file that has no copy yet; then makes the bundle.
    pub(super) fn lower(&mut self, mut row: ReleaseRow) -> Result<(), Fault> {
        let approved: Vec<String> = {
            let files = row.protocol.files.iter().filter(|(_, file)| file.state == FileState::Approved);
            files.map(|(name, _)| name.clone()).collect()
        };
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
            let copy = self.launcher.lower(request)?;
            if let Some(behind) = row.files.get_mut(&name) {
                behind.copy = Some(copy);
            }
            let tx = self.db.transaction()?;
            row.save(&tx)?;
            tx.commit()?;
        }
        self.bundle(row)
    }

    /// A request that this person may review: others can't tell it from one that doesn't exist.
    fn reviewable(&self, name: &str, id: &str) -> Result<ReleaseRow, Fault> {
        let row = self.release(id)?;
        let from = self.registry().label(&row.marking.label)?;
        let need = semla_policy::Need::Reviewer(&row.marking.permit);
        self.registry().may_read(name, Some(&from), need, today())?;
        Ok(row)
    }

    /// A file of a request, for somebody who reviews it.
    pub(crate) fn read_file(&mut self, name: &str, id: &str, file: &str) -> Result<Handed, Fault> {
        let row = self.reviewable(name, id)?;
        let behind = row.files.get(file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        self.hand(name, &row.marking, &behind.object, file, true)
    }

    /// The details of what the checks found in a file.
    pub(crate) fn read_details(&mut self, name: &str, id: &str, file: &str) -> Result<Vec<Handed>, Fault> {
        let row = self.reviewable(name, id)?;
        let behind = row.files.get(file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        let details = behind.checked.iter().filter_map(|(_, checked)| checked.detail.clone());
        let details: Vec<_> = details.collect();
        details.iter().map(|detail| self.hand(name, &row.marking, &detail.object, "findings", true)).collect()
    }

    /// The code behind a request.
    pub(crate) fn read_code(&mut self, name: &str, id: &str) -> Result<Handed, Fault> {
        let row = self.reviewable(name, id)?;
        let job = self.job(row.job.as_str())?;
        self.hand(name, &row.marking, &job.code, "code", true)
    }

    /// The requests that a person asked for or may review.
    pub(crate) fn list_releases(&mut self, name: &str) -> Result<Vec<ReleaseView>, Fault> {
        let rows = self.all_releases()?;
        let views: Vec<_> = rows.iter().map(|row| self.show_release(name, &row.protocol.id)).collect();
        Ok(views.into_iter().filter_map(Result::ok).collect())
    }

    /// A request, as far as a person may know it.
    pub(crate) fn show_release(&mut self, name: &str, id: &str) -> Result<ReleaseView, Fault> {
        if let Ok(row) = self.reviewable(name, id) {
            return Ok(self.release_view(name, &row, true, None));
        }
        let row = self.release(id)?;
        let person = self.person(name)?;
        let member = self.registry().membership(person, &row.marking.permit, today()).is_ok();
        if !member || row.protocol.requester != name {
            return Err(Refusal::not_found("such request").into());
        }
        if self.cleared(name, &row.marking) {
            return Ok(self.release_view(name, &row, true, None));
        }
        let feedback = self.registry().level(&self.registry().label(&row.marking.label)?)?.feedback;
        let mut view = self.release_view(name, &row, false, Some(feedback));
        let told = row.protocol.files.values().filter(|file| file.state != FileState::Unchecked).count();
        let checks = u32::try_from(semla_checks::CHECKS.len()).unwrap_or(u32::MAX);
        let bits = feedback.bits(checks).saturating_mul(u32::try_from(row.files.len()).unwrap_or(u32::MAX));
        // All answers of a request are charged at once, when the checks are through.
        if feedback != Feedback::Nothing && told == row.files.len() {
            view.budget = self.tell(name, &row.marking, &row.protocol.id, bits)?;
        }
        if view.budget.is_none() {
            for file in view.files.values_mut() {
                (file.state, file.notice) = (None, None);
            }
            if !matches!(row.protocol.state, State::Released | State::Revoked) {
                view.state = if row.protocol.state == State::Checking { "checking".into() } else { "submitted".into() };
            }
        }
        Ok(view)
    }

    fn release_view(&self, name: &str, row: &ReleaseRow, cleared: bool, feedback: Option<Feedback>) -> ReleaseView {
        let files = row.protocol.files.iter().filter_map(|(path, file)| {
            let behind = row.files.get(path)?;
            let state = serde_json::to_value(file.state).ok().and_then(|word| word.as_str().map(str::to_owned));
            let notices = cleared || feedback == Some(Feedback::Notices);
            let view = FileView {
                state,
                digest: cleared.then(|| file.digest.to_string()),
                mended: behind.mended,
                notice: notices.then(|| worst_notice(&behind.checked)).flatten(),
                about: behind.about.clone(),
                controls: behind.controls.clone(),
            };
            Some((path.clone(), view))
        });
        ReleaseView {
            id: row.protocol.id.clone(),
            job: row.job.to_string(),
            permit: row.marking.permit.clone(),
            requester: row.protocol.requester.clone(),
            from: row.protocol.from.clone(),
            to: row.protocol.to.clone(),
            state: word(row),
            reviewers: row.protocol.reviewers,
            until: day(row.expires),
            policy: self.registry().policy_digest().to_string(),
            files: files.collect(),
            reviewable: self.reviewable(name, &row.protocol.id).is_ok(),
            budget: None,
        }
    }
}

/// The day of a moment in milliseconds since 1970.
fn day(at: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    jiff::tz::Offset::UTC.to_datetime(at).date().to_string()
}

/// The worst of what a worker told. It is one of a fixed list of words, or nothing: what isn't in the list is a worker's own text.
pub(super) fn worst_notice(checked: &[(semla_sandbox::protocol::Id, Checked)]) -> Option<NoticeView> {
    let told = checked.iter().flat_map(|(_, checked)| {
        serde_json::from_str::<Vec<semla_checks::Notice>>(&checked.notices).unwrap_or_default()
    });
    let worst = told.max_by_key(|notice| notice.outcome)?;
    let text = semla_checks::texts::notice(&worst.check, worst.outcome)?;
    Some(NoticeView {
        check: worst.check,
        title: text.title.to_owned(),
        outcome: worst.outcome.word().to_owned(),
        message: text.message.to_owned(),
        remedy: text.remedy.to_owned(),
    })
}
