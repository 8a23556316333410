//! What a person may know of a request (rules 1 and 4).

use super::super::release::{Behind, ReleaseRow, word};
use super::super::{Site, today};
use super::DAY;
use crate::api::{FileView, NoticeView, ReleaseView, VoteView};
use crate::fault::Fault;
use crate::rules::{self, Rule};
use semla_checks::texts;
use semla_policy::release::{File, FileState, Verdict, Vote, replies};
use semla_policy::{Digest, Excuse, Refusal, Registry};
use semla_sandbox::protocol::Id;
use std::collections::BTreeMap;

impl Site {
    /// The requests that a person asked for or may review.
    pub(crate) fn list_releases(&mut self, name: &str) -> Result<Vec<ReleaseView>, Fault> {
        let rows = self.all_releases()?;
        let views: Vec<_> = rows.iter().map(|row| self.show_release(name, &row.protocol.id)).collect();
        Ok(views.into_iter().filter_map(Result::ok).collect())
    }

    /// A request, as far as a person may know it.
    pub(crate) fn show_release(&mut self, name: &str, id: &str) -> Result<ReleaseView, Fault> {
        if let Ok(row) = self.reviewable(name, id) {
            return self.full_view(name, &row);
        }
        let row = self.release(id)?;
        let cleared = self.cleared(name, &row.marking) || !rules::hold(Rule::Blindness);
        match (self.asked_for(name, &row), cleared) {
            (true, true) => self.full_view(name, &row),
            (true, false) => self.blind_view(name, row),
            (false, _) if self.takes_back(name, &row)? => self.bundle_view(name, &row),
            (false, _) => Err(Refusal::not_found("such request").into()),
        }
    }

    /// Whether somebody asked for a request, and still is a member of its permit.
    pub(super) fn asked_for(&self, name: &str, row: &ReleaseRow) -> bool {
        let member = |person| self.registry().membership(person, &row.marking.permit, today()).is_ok();
        row.protocol.requester == name && self.person(name).is_ok_and(member)
    }

    /// All that is known of a request, for somebody who is cleared; recorded before it is shown.
    pub(super) fn full_view(&mut self, name: &str, row: &ReleaseRow) -> Result<ReleaseView, Fault> {
        let mut view = self.release_view(name, row, true);
        let job = self.job(row.job.as_str())?;
        (view.code, view.commit) = (Some(job.plan.code.to_string()), job.commit);
        for file in view.files.values_mut() {
            let Some(later) = &file.job else { continue };
            let job = self.job(later)?;
            (file.code, file.commit) = (Some(job.plan.code.to_string()), job.commit);
        }
        let version = Digest::of(&serde_json::to_vec(&view)?);
        self.seen(name, &row.marking, &row.protocol.id, "request", &version.hex())?;
        Ok(view)
    }

    /// For whoever isn't cleared there is nothing in it that depends on what became of the request.
    pub(super) fn release_view(&self, name: &str, row: &ReleaseRow, cleared: bool) -> ReleaseView {
        let job = self.job(row.job.as_str()).ok();
        let files = row.protocol.files.iter().filter_map(|(path, file)| {
            let behind = row.files.get(path)?;
            let view = match cleared {
                true => self.file_view(name, row, file, behind),
                false => unseen(behind),
            };
            // No job declares a note.
            let counts = if row.about.is_none() { self.counts(row.job_of(behind), path) } else { Vec::new() };
            Some((path.clone(), FileView { counts, ..view }))
        });
        let reviewable = self.reviewable(name, &row.protocol.id).is_ok();
        // What left, a note too, is at the target label, and so is that it left.
        let at_target = cleared || self.sees_target(name, row);
        let left = at_target && row.left();
        let terms = self.terms(row).ok();
        let (reviewers, expires) = match cleared {
            true => (row.protocol.panels.reviewers(), row.expires),
            false => (terms.as_ref().map(|terms| terms.panels.reviewers()).unwrap_or_default(), row.closes),
        };
        let due = terms.map_or(expires, |terms| row.began.saturating_add(i64::from(terms.answer_in) * DAY));
        ReleaseView {
            id: row.protocol.id.clone(),
            job: row.job.to_string(),
            permit: row.marking.permit.clone(),
            requester: row.protocol.requester.clone(),
            from: row.protocol.from.clone(),
            to: row.protocol.to.clone(),
            state: if cleared { row.stands() } else { "submitted".into() },
            reviewers,
            due: day(due.min(expires)),
            until: day(expires),
            released: row.released.filter(|_| left).map(day),
            dummy: job.as_ref().is_some_and(|job| job.plan.dummy),
            policy: self.registry().policy_digest().to_string(),
            moved: row.marking.policy != *self.registry().policy_digest(),
            files: files.collect(),
            reviewable,
            replies: if reviewable { self.registry().policy().replies.clone() } else { Vec::new() },
            about: row.about.clone(),
            notes: if at_target { self.notes(&row.protocol.id).unwrap_or_default() } else { Vec::new() },
            code: None,
            commit: None,
            budget: None,
            meaning: None,
        }
    }

    /// Whether somebody may see what is at the label where a request goes.
    pub(super) fn sees_target(&self, name: &str, row: &ReleaseRow) -> bool {
        let registry = self.registry();
        let admits = |to| self.person(name).is_ok_and(|person| registry.clearance(person).admits(&to));
        registry.label(&row.protocol.to).is_ok_and(admits)
    }

    /// Whether somebody may know that a bundle left.
    pub(super) fn saw_it_leave(&self, name: &str, row: &ReleaseRow) -> bool {
        row.left() && self.sees_target(name, row)
    }

    /// The columns that hold counts of people, as a job declared them.
    pub(super) fn counts(&self, job: &Id, path: &str) -> Vec<String> {
        let outputs = self.job(job.as_str()).map(|job| job.plan.outputs).unwrap_or_default();
        outputs.into_iter().find(|output| output.path == path).map(|output| output.counts).unwrap_or_default()
    }

    fn file_view(&self, name: &str, row: &ReleaseRow, file: &File, behind: &Behind) -> FileView {
        let decided = matches!(
            file.state,
            FileState::Approved
                | FileState::ChangesRequested
                | FileState::Returned
                | FileState::Rejected
                | FileState::LeftOut
        );
        FileView {
            state: Some(word(file.state)),
            digest: Some(file.digest.to_string()),
            mended: behind.mended,
            absent: behind.absent,
            notice: worst_notice(behind, row.protocol.excuse.as_ref()),
            needed: Some(row.protocol.needed(file)),
            excusable: file.excused.iter().cloned().collect(),
            votes: votes(name, file, behind),
            replies: if decided { decided_replies(self.registry(), behind) } else { Vec::new() },
            ..unseen(behind)
        }
    }
}

/// What the author wrote, and nothing else.
fn unseen(behind: &Behind) -> FileView {
    FileView {
        state: None,
        digest: None,
        mended: false,
        absent: false,
        notice: None,
        about: behind.about.clone(),
        controls: behind.controls.clone(),
        counts: Vec::new(),
        job: behind.job.as_ref().map(Id::to_string),
        earlier: behind.earlier.iter().map(|earlier| earlier.job.to_string()).collect(),
        code: None,
        commit: None,
        needed: None,
        excusable: Vec::new(),
        votes: BTreeMap::new(),
        replies: Vec::new(),
    }
}

/// Reviews are blind: who hasn't voted sees no vote and nobody's name; who has, sees those of the others once there are enough.
fn votes(name: &str, file: &File, behind: &Behind) -> BTreeMap<String, VoteView> {
    let voted = file.votes.contains_key(name);
    let shown = |by: &str| voted && (by == name || file.state != FileState::Open);
    let view = |(by, vote): (String, Vote)| {
        let reason = behind.reasons.get(&by).map(|reason| reason.text.clone());
        let view = VoteView {
            decision: vote.decision.word().to_owned(),
            replies: vote.replies.into_iter().collect(),
            excuses: vote.excuses.into_iter().collect(),
            reason,
        };
        (by, view)
    };
    behind.standing().filter(|(by, _)| shown(by)).map(view).collect()
}

/// What reviewers reply to the author, in the words of the policy that they voted under.
pub(super) fn decided_replies(registry: &Registry, behind: &Behind) -> Vec<String> {
    let votes: Vec<Vote> = behind.standing().map(|(_, vote)| vote).collect();
    let policy = votes.first().and_then(|vote| registry.policy_at(&vote.policy));
    let text = |number: u8| policy?.replies.get(usize::from(number).checked_sub(1)?).cloned();
    replies(&votes).into_iter().filter_map(text).collect()
}

/// The day of a moment in milliseconds since 1970.
pub(super) fn day(at: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    jiff::tz::Offset::UTC.to_datetime(at).date().to_string()
}

/// The worst of what a worker told; of several blocks one that can't be excused, so that the notice says whether the file goes on. It
/// is one of a fixed list of words, or nothing: what isn't in the list is a worker's own text.
pub(in crate::site) fn worst_notice(behind: &Behind, excuse: Option<&Excuse>) -> Option<NoticeView> {
    let told = behind.checked.iter().flat_map(|(_, checked)| &checked.notices);
    let excusable = |check: &String| excuse.is_some_and(|excuse| excuse.checks.contains(check));
    let worst =
        told.max_by_key(|notice| (notice.outcome, notice.outcome == Verdict::Block && !excusable(&notice.check)))?;
    let words = if behind.traceback { texts::traceback } else { texts::notice };
    let text = words(&worst.check, worst.outcome)?;
    Some(NoticeView {
        check: worst.check.clone(),
        title: text.title.to_owned(),
        outcome: worst.outcome.word().to_owned(),
        message: text.message.to_owned(),
        remedy: text.remedy.to_owned(),
    })
}
