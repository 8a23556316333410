//! Every read by a person is an entry before the first byte (rule 9); the bytes come through a descriptor of the launcher's.

use super::act::Event;
use super::seen::Sight;
use super::{Phase, Site, today};
use crate::fault::Fault;
use semla_policy::{At, Digest, Marking, Reading, Refusal, Signed, Wanted};
use semla_sandbox::protocol::{Id, Request};
use std::fs::File;

/// Who reads, and what they signed for it.
pub(crate) struct Reader {
    pub(crate) name: String,
    pub(crate) reading: Option<Signed>,
}

/// Something to read from.
pub(crate) struct Handed {
    pub(crate) file: File,
    /// Whether nothing more will be added.
    pub(crate) settled: bool,
}

impl Site {
    /// An artifact of a job, for a member of its permit who is cleared.
    pub(crate) fn read_artifact(&mut self, reader: &Reader, job: &str, path: &str) -> Result<Handed, Fault> {
        let job = self.job(job)?;
        self.may_open(&reader.name, &job.marking)?;
        let taken = job.end.iter().flat_map(|end| &end.outputs).find(|taken| taken.path == path);
        let object = taken.ok_or_else(|| Refusal::not_found("such output"))?.object.clone();
        self.signed_for(
            reader,
            (&job.marking.label, &job.marking.policy),
            (job.id.as_str(), path),
            &[object.as_str()],
        )?;
        self.hand(reader, &job.marking, &object, path, false)
    }

    /// The log of a job. Reading on from where one was is no new read.
    pub(crate) fn read_log(&mut self, reader: &Reader, job: &str, from: u64) -> Result<Handed, Fault> {
        let (job, name) = (self.job(job)?, reader.name.as_str());
        self.may_open(name, &job.marking)?;
        let settled = job.phase == Phase::Ended;
        if job.phase == Phase::Queued {
            return Err(Refusal::new(4, "the job has no log before it starts", "wait until it runs").into());
        }
        self.signed_for(
            reader,
            (&job.marking.label, &job.marking.policy),
            (job.id.as_str(), "log"),
            &[job.fence.as_str()],
        )?;
        if from == 0 {
            self.forget(name, &Sight::of(&job.marking, job.fence.as_str(), "log", ""))?;
        }
        let receipt = self.seen(name, &job.marking, job.fence.as_str(), "log", "")?;
        let (person, reading) = (name.to_owned(), reader.reading.clone());
        let request = Request::OpenLog { fence: job.fence.clone(), person, reading, receipt };
        let (_, file) = self.launcher.open(request)?;
        Ok(Handed { file, settled })
    }

    /// Records a read, and only then asks for the descriptor.
    pub(super) fn hand(
        &mut self,
        reader: &Reader,
        marking: &Marking,
        object: &Id,
        what: &str,
        reviewer: bool,
    ) -> Result<Handed, Fault> {
        let event = Event::Read { object: object.to_string(), what: what.to_owned() };
        let recorded = self.record(&reader.name, &marking.label, Some(&marking.permit), event, |_| Ok(()))?;
        let request = Request::Open {
            object: object.clone(),
            person: reader.name.clone(),
            reviewer,
            reading: reader.reading.clone(),
            receipt: recorded.receipt().clone(),
        };
        let (_, file) = self.launcher.open(request)?;
        Ok(Handed { file, settled: true })
    }

    /// What the launcher will ask for, asked before anything is recorded: whoever comes without is told what to sign.
    pub(super) fn signed_for(
        &self,
        reader: &Reader,
        (label, policy): (&str, &Digest),
        (job, what): (&str, &str),
        objects: &[&str],
    ) -> Result<(), Fault> {
        let registry = self.registry();
        if !registry.signed_for(At { label: &registry.label(label)?, policy })? {
            return Ok(());
        }
        let unsigned = || {
            let (reader, name) = (reader.name.clone(), what.to_owned());
            let objects = objects.iter().map(|object| (*object).to_owned()).collect();
            Fault::Unsigned(Box::new(Reading { reader, objects, job: job.to_owned(), name, day: today() }))
        };
        let signed = reader.reading.as_ref().ok_or_else(unsigned)?;
        let wanted = |object| Wanted { reader: &reader.name, object, name: what, job };
        objects.iter().try_for_each(|object| registry.reading(signed, wanted(object), today()))?;
        Ok(())
    }
}
