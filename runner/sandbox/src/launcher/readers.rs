//! Rule 5: pages of a file stay in memory after it was read, and how long a read takes tells whoever comes next what was read before. So
//! the launcher remembers who reads what, and has the pages of others let go of before somebody sees it whom they could tell something.

use super::desk::Desk;
use crate::house::House;
use crate::keeper::{Bind, Kind, Task};
use crate::pages::Pages;
use crate::protocol::Id;
use semla_policy::{Marking, Refusal, Registry};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Whose reads may be in memory.
#[derive(Debug)]
pub(super) struct Readers {
    /// By what they read.
    of: BTreeMap<PathBuf, Reads>,
    /// Whether nothing was read by whoever isn't listed: nothing ran at this site before.
    complete: bool,
}

/// Who has read something since its pages were let go of.
#[derive(Debug, Default)]
struct Reads {
    /// The attempt whose keeper was to let go of them.
    fence: Option<Id>,
    /// Labels and permits.
    by: BTreeSet<(String, String)>,
}

impl Readers {
    /// As a launcher finds them when it starts.
    pub(super) fn of(house: &House) -> Self {
        let complete = std::fs::read_dir(house.attempts()).is_ok_and(|mut attempts| attempts.next().is_none());
        Self { of: BTreeMap::new(), complete }
    }
}

impl Task {
    /// What of the host's it reads that others may read as well: the image, datasets and dummies, the files of GPUs' drivers. Of an engine's
    /// images there are copies of its own, which have a name here and no path.
    pub(super) fn reads(&self, house: &House) -> BTreeSet<PathBuf> {
        let image = match &self.kind {
            Kind::Job { image, runtime: Some(_), .. } => Some(image.join("of-the-engine")),
            Kind::Job { image, .. } => Some(image.clone()),
            Kind::Check { .. } => None,
        };
        // One file has one name here, whichever a specification calls it by.
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let drivers = self.gpus.iter().flat_map(|gpu| &gpu.libraries).map(|library| real(Path::new(&library.from)));
        // Nothing but its own checks reads a file that is checked.
        let shared = |from: &&PathBuf| image.is_some() || from.starts_with(house.datasets());
        let data = self.binds.iter().map(|Bind { from, .. }| from).filter(shared).cloned();
        data.chain(drivers).chain(image.clone()).collect()
    }

    /// Whether an engine keeps what it reads at places of its own.
    fn contained(&self) -> bool {
        matches!(&self.kind, Kind::Job { runtime: Some(_), .. })
    }
}

impl Readers {
    /// What was kept just now was read by nobody.
    pub(super) fn is_new(&mut self, path: PathBuf) {
        self.of.insert(path, Reads::default());
    }
}

impl Desk {
    /// The task of an attempt, with what is to be let go of before it begins.
    pub(super) fn unread(&mut self, fence: &Id, task: Task) -> Result<Task, Refusal> {
        let mut stale = BTreeSet::new();
        for path in task.reads(&self.house) {
            // Data is shared as far as the policy has hosts shared; an image isn't.
            let data = path.starts_with(self.house.datasets());
            let told = match self.readers.of.get(&path) {
                None => !self.readers.complete,
                Some(Reads { fence: Some(by), .. }) if !self.house.let_go(by).exists() => true,
                Some(reads) => tells(self.facts.registry(), reads, &task.marking, data)?,
            };
            let reads = self.readers.of.entry(path.clone()).or_default();
            if told {
                // Whoever reads it now goes on.
                let by = self.running.values().filter(|other| other.reads.contains(&path));
                let by = by.map(|other| key(&other.marking)).collect();
                *reads = Reads { fence: Some(fence.clone()), by };
                stale.insert(path);
            }
            reads.by.insert(key(&task.marking));
        }
        let pages = match stale.is_empty() {
            true => Pages::Kept,
            false if task.contained() => Pages::All,
            false => Pages::Of(stale),
        };
        Ok(Task { pages, ..task })
    }
}

/// Whether what was read before could tell the next one something that it may not know: it flows up within a permit, and in no other way,
/// unless the policy lets the two share it.
fn tells(registry: &Registry, reads: &Reads, next: &Marking, shared: bool) -> Result<bool, Refusal> {
    let label = registry.label(&next.label)?;
    for (before, permit) in &reads.by {
        let before = registry.label(before)?;
        let up = *permit == next.permit && label.dominates(&before);
        let beside = shared && registry.policy().beside((&label, &next.permit), (&before, permit));
        if !up && !beside {
            return Ok(true);
        }
    }
    Ok(false)
}

fn key(marking: &Marking) -> (String, String) {
    (marking.label.clone(), marking.permit.clone())
}
