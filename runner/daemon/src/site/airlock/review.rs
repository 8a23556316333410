//! What reviewers do: read, and vote.

use super::super::act::Event;
use super::super::release::ReleaseRow;
use super::super::{Handed, Reader, Site, today};
use crate::api::{ReleaseView, Votes};
use crate::fault::Fault;
use semla_policy::release::{Decision, Event as Step};
use semla_policy::{Digest, Refusal};
use semla_sandbox::protocol::Id;

impl Site {
    /// Takes votes: each file's is judged by itself, and all of them count or none.
    pub(crate) fn vote(&mut self, name: &str, id: &str, votes: &Votes) -> Result<ReleaseView, Fault> {
        let mut row = self.reviewable(name, id)?;
        let (mut cast, mut effects) = (Vec::new(), Vec::new());
        for signed in &votes.votes {
            let vote = self.registry().vote(signed, &row.marking)?;
            if vote.reviewer() != name {
                return Err(Refusal::new(6, "the vote is signed by somebody else", "sign it with your own key").into());
            }
            cast.push((vote.vote().file.clone(), vote.vote().digest, vote.vote().decision));
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

    /// A file of a request, for somebody who reviews it.
    pub(crate) fn read_file(&mut self, reader: &Reader, id: &str, file: &str) -> Result<Handed, Fault> {
        let row = self.reviewable(&reader.name, id)?;
        let behind = row.files.get(file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        self.signed_for(reader, &row.marking.label, (row.job.as_str(), file), &[behind.object.as_str()])?;
        self.hand(reader, &row.marking, &behind.object, file, true)
    }

    /// The details of what the checks found in a file.
    pub(crate) fn read_details(&mut self, reader: &Reader, id: &str, file: &str) -> Result<Vec<Handed>, Fault> {
        let row = self.reviewable(&reader.name, id)?;
        let behind = row.files.get(file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        let details = behind.checked.iter().filter_map(|(_, checked)| Some(checked.detail.as_ref()?.object.clone()));
        let details: Vec<_> = details.collect();
        let ids: Vec<_> = details.iter().map(Id::as_str).collect();
        self.signed_for(reader, &row.marking.label, (row.job.as_str(), "findings"), &ids)?;
        details.iter().map(|detail| self.hand(reader, &row.marking, detail, "findings", true)).collect()
    }

    /// The code behind a request.
    pub(crate) fn read_code(&mut self, reader: &Reader, id: &str) -> Result<Handed, Fault> {
        let row = self.reviewable(&reader.name, id)?;
        // Code was handed in by this daemon: nobody signs for it.
        let job = self.job(row.job.as_str())?;
        self.hand(reader, &row.marking, &job.code, "code", true)
    }

    /// A request that this person may review: others can't tell it from one that doesn't exist.
    pub(in crate::site) fn reviewable(&self, name: &str, id: &str) -> Result<ReleaseRow, Fault> {
        let row = self.release(id)?;
        let from = self.registry().label(&row.marking.label)?;
        let need = semla_policy::Need::Reviewer(&row.marking.permit);
        let at = semla_policy::At { label: &from, policy: &row.marking.policy };
        self.registry().may_read(name, Some(at), need, today())?;
        Ok(row)
    }
}
