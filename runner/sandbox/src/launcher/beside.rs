//! Rule 5: what doesn't share a host by the policy doesn't run on it at a time, whatever the daemon says.

use super::desk::Desk;
use crate::cdi::Gpu;
use crate::house::House;
use crate::keeper::{Task, standing};
use crate::protocol::{Id, Standing};
use semla_policy::{Marking, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The attempts that may still run, by fence.
pub(super) type Running = BTreeMap<Id, Runs>;

/// An attempt that may still run.
#[derive(Debug)]
pub(super) struct Runs {
    pub(super) marking: Marking,
    pub(super) gpus: Vec<Gpu>,
    /// What of the host's it reads.
    pub(super) reads: BTreeSet<PathBuf>,
}

impl Runs {
    fn of(house: &House, task: &Task) -> Self {
        Self { marking: task.marking.clone(), gpus: task.gpus.clone(), reads: task.reads(house) }
    }
}

/// What runs from before the launcher was started.
pub(super) fn running(house: &House) -> Running {
    let fence = |name: std::ffi::OsString| Id::try_from(name.into_string().ok()?).ok();
    let folders = std::fs::read_dir(house.attempts()).into_iter().flatten().filter_map(Result::ok);
    let fences = folders.filter_map(|folder| fence(folder.file_name()));
    let runs = |fence: &Id| standing::observe(house, fence) == Standing::Running;
    fences
        .filter(runs)
        .filter_map(|fence| Some((fence.clone(), Runs::of(house, &standing::task(house, &fence)?))))
        .collect()
}

impl Desk {
    /// Whether something of this label and permit may be started beside what runs.
    pub(super) fn alone(&mut self, next: &Marking) -> Result<(), Refusal> {
        let house = &self.house;
        self.running.retain(|fence, _| standing::observe(house, fence) == Standing::Running);
        let registry = self.facts.registry();
        let label = registry.label(&next.label)?;
        for other in self.running.values() {
            let beside = registry.label(&other.marking.label)?;
            if !registry.policy().beside((&label, &next.permit), (&beside, &other.marking.permit)) {
                return Err(Refusal::new(
                    5,
                    "the host serves another label or permit, which doesn't share it",
                    "wait until that has ended, or have the officers add a `share` rule",
                ));
            }
        }
        Ok(())
    }

    /// Notes what was started.
    pub(super) fn runs(&mut self, fence: &Id, task: &Task) {
        self.running.insert(fence.clone(), Runs::of(&self.house, task));
    }
}
