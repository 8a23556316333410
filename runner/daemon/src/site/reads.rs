//! Every read by a person is an entry before the first byte (rule 9); the bytes come through a descriptor of the launcher's.

use super::act::Event;
use super::{Phase, Site, today};
use crate::fault::{Fault, machine};
use rusqlite::{OptionalExtension, params};
use semla_policy::{Digest, Marking, Receipt, Refusal};
use semla_sandbox::protocol::{Id, Request};
use std::fs::File;

/// Something to read from.
pub(crate) struct Handed {
    pub(crate) file: File,
    /// Whether nothing more will be added.
    pub(crate) settled: bool,
}

impl Site {
    /// An artifact of a job, for a member of its permit who is cleared.
    pub(crate) fn read_artifact(&mut self, name: &str, job: &str, path: &str) -> Result<Handed, Fault> {
        let job = self.job(job)?;
        if !self.cleared(name, &job.marking) {
            return Err(Refusal::not_found("such job").into());
        }
        let taken = job.end.iter().flat_map(|end| &end.outputs).find(|taken| taken.path == path);
        let object = taken.ok_or_else(|| Refusal::not_found("such output"))?.object.clone();
        self.hand(name, &job.marking, &object, path, false)
    }

    /// The log of a job. Reading on from where one was is no new read.
    pub(crate) fn read_log(&mut self, name: &str, job: &str, from: u64) -> Result<Handed, Fault> {
        let job = self.job(job)?;
        if !self.cleared(name, &job.marking) {
            return Err(Refusal::not_found("such job").into());
        }
        let settled = job.phase == Phase::Ended;
        if job.phase == Phase::Queued {
            return Err(Refusal::new(4, "the job has no log before it starts", "wait until it runs").into());
        }
        if from == 0 {
            self.db.execute("DELETE FROM seen WHERE person = ?1 AND object = ?2", params![name, job.fence.as_str()])?;
        }
        let receipt = self.seen(name, &job.marking, job.fence.as_str(), "log", "")?;
        let request = Request::OpenLog { fence: job.fence.clone(), person: name.to_owned(), receipt };
        let (_, file) = self.launcher.open(request)?;
        Ok(Handed { file, settled })
    }

    /// Records that a person sees something, once for each day and version of it: whoever looks again at the same isn't told more.
    /// The entry's receipt.
    pub(super) fn seen(
        &mut self,
        name: &str,
        marking: &Marking,
        object: &str,
        what: &str,
        version: &str,
    ) -> Result<Receipt, Fault> {
        let version = format!("{} {what} {version}", today());
        let sql = "SELECT seq, digest FROM seen WHERE person = ?1 AND object = ?2 AND version = ?3";
        let known: Option<(u64, String)> =
            self.db.query_row(sql, params![name, object, version], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((index, digest)) = known {
            let digest = Digest::parse(&digest).map_err(machine("read a receipt"))?;
            return Ok(Receipt { index, digest });
        }
        let event = Event::Read { object: object.to_owned(), what: what.to_owned() };
        let recorded = self.record(name, &marking.label, Some(&marking.permit), event, |_| Ok(()))?;
        let receipt = recorded.receipt().clone();
        let sql = "INSERT OR REPLACE INTO seen (person, object, version, seq, digest) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.db.execute(sql, params![name, object, version, receipt.index, receipt.digest.to_string()])?;
        Ok(receipt)
    }

    /// Records a read, and only then asks for the descriptor.
    pub(super) fn hand(
        &mut self,
        name: &str,
        marking: &Marking,
        object: &Id,
        what: &str,
        reviewer: bool,
    ) -> Result<Handed, Fault> {
        let event = Event::Read { object: object.to_string(), what: what.to_owned() };
        let recorded = self.record(name, &marking.label, Some(&marking.permit), event, |_| Ok(()))?;
        let request = Request::Open {
            object: object.clone(),
            person: name.to_owned(),
            reviewer,
            receipt: recorded.receipt().clone(),
        };
        let (_, file) = self.launcher.open(request)?;
        Ok(Handed { file, settled: true })
    }
}
