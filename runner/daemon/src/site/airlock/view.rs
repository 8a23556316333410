//! What a person may know of a request (rules 1 and 4).

use super::super::release::{ReleaseRow, word};
use super::super::{Site, today};
use crate::api::{FileView, NoticeView, ReleaseView};
use crate::fault::Fault;
use semla_policy::release::{FileState, State};
use semla_policy::{Digest, Feedback, Refusal};
use semla_sandbox::protocol::Checked;

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
        let person = self.person(name)?;
        let member = self.registry().membership(person, &row.marking.permit, today()).is_ok();
        if !member || row.protocol.requester != name {
            return Err(Refusal::not_found("such request").into());
        }
        if self.cleared(name, &row.marking) {
            return self.full_view(name, &row);
        }
        let rules = self.registry().level(&self.registry().label(&row.marking.label)?)?;
        let (feedback, ends) = (rules.feedback, rules.ends);
        let mut view = self.release_view(name, &row, false, Some(feedback));
        let told = row.protocol.files.values().filter(|file| file.state != FileState::Unchecked).count();
        let checks = u32::try_from(semla_checks::CHECKS.len()).unwrap_or(u32::MAX);
        let bits = feedback.bits(checks, u32::try_from(row.files.len()).unwrap_or(u32::MAX), ends);
        // All answers of a request are charged at once, when the checks are through.
        let purse = self.purse(&row.marking, &row.protocol.id)?;
        let paid = feedback != Feedback::Nothing && purse.affords(bits);
        if !paid {
            view.meaning = Some(match feedback {
                Feedback::Nothing => {
                    "at this level requesters are told nothing of the checks; reviewers see it all".into()
                }
                _ => purse.short_of(bits),
            });
        }
        if paid && told == row.files.len() {
            view.budget = self.tell(name, &row.marking, &row.protocol.id, bits)?;
        }
        if view.budget.is_none() {
            for file in view.files.values_mut() {
                (file.state, file.notice, file.mended) = (None, None, false);
            }
            if !matches!(row.protocol.state, State::Released | State::Revoked) {
                // That the checks are through is an answer, too: where it isn't paid for, nothing changes.
                view.state = if paid { "checking".into() } else { "submitted".into() };
            }
        }
        Ok(view)
    }

    /// All that is known of a request, for somebody who is cleared; recorded before it is shown.
    pub(super) fn full_view(&mut self, name: &str, row: &ReleaseRow) -> Result<ReleaseView, Fault> {
        let mut view = self.release_view(name, row, true, None);
        let job = self.job(row.job.as_str())?;
        (view.code, view.commit) = (Some(job.plan.code.to_string()), job.commit);
        let version = Digest::of(&serde_json::to_vec(&view)?);
        self.seen(name, &row.marking, &row.protocol.id, "request", &version.hex())?;
        Ok(view)
    }

    pub(super) fn release_view(
        &self,
        name: &str,
        row: &ReleaseRow,
        cleared: bool,
        feedback: Option<Feedback>,
    ) -> ReleaseView {
        let files = row.protocol.files.iter().filter_map(|(path, file)| {
            let behind = row.files.get(path)?;
            let state = serde_json::to_value(file.state).ok().and_then(|word| word.as_str().map(str::to_owned));
            let notices = cleared || feedback == Some(Feedback::Notices);
            let view = FileView {
                state,
                digest: cleared.then(|| file.digest.to_string()),
                mended: notices && behind.mended,
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
            code: None,
            commit: None,
            budget: None,
            meaning: None,
        }
    }
}

/// The day of a moment in milliseconds since 1970.
fn day(at: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    jiff::tz::Offset::UTC.to_datetime(at).date().to_string()
}

/// The worst of what a worker told. It is one of a fixed list of words, or nothing: what isn't in the list is a worker's own text.
pub(in crate::site) fn worst_notice(checked: &[(semla_sandbox::protocol::Id, Checked)]) -> Option<NoticeView> {
    let told = checked.iter().flat_map(|(_, checked)| &checked.notices);
    let worst = told.max_by_key(|notice| notice.outcome)?;
    let text = semla_checks::texts::notice(&worst.check, worst.outcome)?;
    Some(NoticeView {
        check: worst.check.clone(),
        title: text.title.to_owned(),
        outcome: worst.outcome.word().to_owned(),
        message: text.message.to_owned(),
        remedy: text.remedy.to_owned(),
    })
}
