//! One attempt, kept by the process that asks for it: for tests that make its keeper's own steps fail.

use super::{Bind, Copy, Kind, Task, keep};
use crate::confine::{Ground, disk};
use crate::house::House;
use crate::pages::Pages;
use crate::protocol::{End, Id};
use semla_policy::{Digest, JobPlan, Marking, Needs};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::PathBuf;

/// What an attempt is tried with: one of everything that a keeper does for a job.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Its name.
    pub fence: String,
    /// The folder of an image.
    pub image: PathBuf,
    /// The archive of its code.
    pub code: PathBuf,
    /// A folder that it sees as `/data/in`.
    pub input: PathBuf,
    /// Whether it gets a copy of its own of the image, and the input's pages are let go of.
    pub apart: bool,
    /// The command line.
    pub run: Vec<String>,
    /// The output that is taken in.
    pub output: String,
}

impl Trial {
    /// Keeps it until it has ended; how it did.
    pub fn keep(&self, house: &House, ground: &Ground) -> Result<End, Error> {
        let fence = Id::try_from(self.fence.clone()).map_err(|_| ErrorKind::InvalidInput)?;
        let folder = house.attempt(&fence);
        std::fs::create_dir(&folder)?;
        let task = self.task(house);
        let disk = disk::reserve(&house.attempts(), task.disk)?;
        keep(house, &fence, &task, ground, Some(&disk))?;
        Ok(serde_json::from_slice(&std::fs::read(folder.join("end.json"))?)?)
    }

    fn task(&self, house: &House) -> Task {
        let none = Digest::of(b"");
        let needs = Needs { disk: 64 << 20, ..Needs::DEFAULT };
        let plan = JobPlan {
            submitter: "somebody".to_owned(),
            permit: "P-1".to_owned(),
            image: none,
            code: none,
            run: self.run.clone(),
            data: BTreeMap::new(),
            dummy: false,
            label: None,
            env: BTreeMap::new(),
            needs,
            outputs: Vec::new(),
        };
        Task {
            marking: Marking {
                label: "high".to_owned(),
                permit: plan.permit.clone(),
                submitter: plan.submitter.clone(),
                policy: none,
            },
            kind: Kind::Job {
                plan: Box::new(plan),
                code: self.code.clone(),
                image: if self.apart { house.copies().join("P-1").join(&self.fence) } else { self.image.clone() },
                copy: self.apart.then(|| Copy { from: self.image.clone(), over: vec![house.copies().join("P-0")] }),
                tracebacks: Vec::new(),
                runtime: None,
            },
            binds: vec![Bind { at: "/data/in".to_owned(), from: self.input.clone() }],
            files: BTreeMap::from([("/in/said".to_owned(), "a word".to_owned())]),
            wanted: vec![self.output.clone()],
            memory: needs.memory,
            disk: needs.disk,
            millicpus: needs.millicpus,
            seconds: 60,
            gpus: Vec::new(),
            pages: if self.apart { Pages::Of([self.input.clone()].into()) } else { Pages::Kept },
        }
    }
}
