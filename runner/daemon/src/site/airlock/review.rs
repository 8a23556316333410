//! What reviewers do: read, and vote.

use super::super::act::{Act, Event};
use super::super::release::ReleaseRow;
use super::super::{Handed, Reader, Site, now, today};
use super::view::day;
use crate::api::{ReleaseView, Votes};
use crate::fault::Fault;
use semla_policy::release::{Event as Step, Reason, Vote};
use semla_policy::{At, Need, Refusal};
use semla_sandbox::protocol::Id;

impl Site {
    /// Takes votes: each file's is judged by itself, and all of them count or none.
    pub(crate) fn vote(&mut self, name: &str, id: &str, votes: &Votes) -> Result<ReleaseView, Fault> {
        let mut row = self.reviewable(name, id)?;
        let (mut events, mut effects) = (Vec::new(), Vec::new());
        for signed in &votes.votes {
            let cast = self.registry().vote(signed, &row.marking)?;
            let vote = cast.vote().clone();
            if cast.reviewer() != name {
                return Err(Refusal::new(6, "the vote is signed by somebody else", "sign it with your own key").into());
            }
            if vote.until.to_string() != day(row.expires) {
                let (what, remedy) = ("the vote counts until another day", "vote with the day that the request names");
                return Err(Refusal::new(6, what, remedy).into());
            }
            let reason = reason(&vote, votes.reasons.get(&vote.file))?;
            let (next, more) = row.protocol.step(Step::Vote(Box::new(cast)))?;
            row.protocol = next;
            effects.extend(more);
            if let Some(behind) = row.files.get_mut(&vote.file) {
                behind.voted(name, signed, reason.clone());
            }
            events.push(voted(vote, reason));
        }
        row.note(now());
        if events.is_empty() {
            return Err(Refusal::new(6, "there is no vote", "vote on at least one file").into());
        }
        let (at, label, permit) = (now(), &row.marking.label, &row.marking.permit);
        let act = |event| Act { at, by: name.to_owned(), label: label.clone(), permit: Some(permit.clone()), event };
        let acts: Vec<Act> = events.into_iter().map(act).collect();
        // In one go: a vote that is on the ledger counts.
        self.record_all(&acts, |tx, _| row.save(tx))?;
        self.carry_out(row, effects)?;
        self.show_release(name, id)
    }

    /// A file of a request, for somebody who reviews it: as it is, or an earlier version, counted from 1.
    pub(crate) fn read_file(
        &mut self,
        reader: &Reader,
        id: &str,
        file: &str,
        version: Option<usize>,
    ) -> Result<Handed, Fault> {
        let row = self.to_review(&reader.name, id)?;
        let (object, job) = row.version(file, version)?;
        self.signed_for(reader, (&row.marking.label, &row.marking.policy), (job.as_str(), file), &[object.as_str()])?;
        self.hand(reader, &row.marking, object, file, true)
    }

    /// The details of what the checks found in a file.
    pub(crate) fn read_details(&mut self, reader: &Reader, id: &str, file: &str) -> Result<Vec<Handed>, Fault> {
        let row = self.to_review(&reader.name, id)?;
        let behind = row.files.get(file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        let job = row.job_of(behind).as_str();
        let details = behind.checked.iter().filter_map(|(_, checked)| Some(checked.detail.as_ref()?.object.clone()));
        let details: Vec<_> = details.collect();
        let ids: Vec<_> = details.iter().map(Id::as_str).collect();
        self.signed_for(reader, (&row.marking.label, &row.marking.policy), (job, "findings"), &ids)?;
        details.iter().map(|detail| self.hand(reader, &row.marking, detail, "findings", true)).collect()
    }

    /// The code behind a request: of the job that a version of a file is from, or of the first.
    pub(crate) fn read_code(
        &mut self,
        reader: &Reader,
        id: &str,
        file: Option<&str>,
        version: Option<usize>,
    ) -> Result<Handed, Fault> {
        let row = self.to_review(&reader.name, id)?;
        let job = file.map(|file| row.version(file, version)).transpose()?.map_or(&row.job, |(_, job)| job);
        // Code was handed in by this daemon: nobody signs for it.
        let job = self.job(job.as_str())?;
        self.hand(reader, &row.marking, &job.code, "code", true)
    }

    /// As [`Self::reviewable`]; whoever asked for it knows that it is there, and is told who looks into it.
    fn to_review(&self, name: &str, id: &str) -> Result<ReleaseRow, Fault> {
        let hidden = match self.reviewable(name, id) {
            Err(hidden) => hidden,
            Ok(row) if row.protocol.state.is_pending() => {
                self.registry().holds_permit(&row.marking.permit, today())?;
                return Ok(row);
            }
            Ok(row) => {
                let what = format!(
                    "the request is {}: reviewing it is over, and with it the duty to read it",
                    row.protocol.state.word()
                );
                return Err(Refusal::new(1, what, "what left is in the bundle").into());
            }
        };
        Err(match self.release(id).is_ok_and(|row| self.asked_for(name, &row)) {
            true => Refusal::new(
                1,
                "what is in a request is shown to its reviewers alone",
                "what is released comes with the bundle; what a rehearsal left you may read: `semla artifact ls JOB`",
            )
            .into(),
            false => hidden,
        })
    }

    /// A request that this person may review: others can't tell it from one that doesn't exist.
    pub(in crate::site) fn reviewable(&self, name: &str, id: &str) -> Result<ReleaseRow, Fault> {
        let row = self.release(id)?;
        let labels = [&row.marking.label, &row.protocol.to].map(|text| self.registry().label(text));
        let [Ok(from), Ok(to)] = &labels else { return Err(Refusal::not_found("such request").into()) };
        let at = At { label: from, policy: &row.marking.policy };
        let need = Need::Register { permit: &row.marking.permit, to };
        let may = self.registry().may_read(name, Some(at), need, today());
        may.map(|()| row).map_err(|_| Refusal::not_found("such request").into())
    }
}

/// The reason that a vote names, and no other text.
fn reason(vote: &Vote, given: Option<&Reason>) -> Result<Option<Reason>, Refusal> {
    match given.and_then(Reason::digest) == vote.reason {
        true if given.is_some() == vote.reason.is_some() => Ok(given.cloned()),
        _ => Err(Refusal::new(
            6,
            format!("the reason for excusing `{}` isn't the one that was signed", vote.file),
            "vote again, with `--excuse` and `-b`",
        )),
    }
}

fn voted(vote: Vote, reason: Option<Reason>) -> Event {
    Event::Voted {
        release: vote.release,
        file: vote.file,
        digest: vote.digest.to_string(),
        decision: vote.decision.word().to_owned(),
        replies: vote.replies.into_iter().collect(),
        excuses: vote.excuses.into_iter().collect(),
        reason,
    }
}
