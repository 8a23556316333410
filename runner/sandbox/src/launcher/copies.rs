//! Rule 5 where a policy lets several permits or labels share a host: what runs beside something else has its own copy of an image, so
//! that neither can feel what the other one reads of it.

use super::desk::Desk;
use crate::clock;
use crate::keeper::{Copy, Kind, Task};
use semla_policy::{Digest, Marking};
use std::path::{Path, PathBuf};

impl Desk {
    /// The task with the image that it is to read: the host's, where nobody else does while it may run; its permit's and label's own copy
    /// otherwise, and wherever that is there already.
    pub(super) fn own_image(&self, mut task: Task) -> Task {
        let Kind::Job { plan, image, copy, runtime: None, .. } = &mut task.kind else { return task };
        let mine = self.copy(&plan.image, &task.marking);
        if mine.is_dir() || self.is_read(image, &task.marking) {
            let over = if mine.is_dir() { Vec::new() } else { [self.over(), torn(&mine)].concat() };
            *copy = Some(Copy { from: std::mem::replace(image, mine), over });
        }
        task
    }

    fn copy(&self, image: &Digest, who: &Marking) -> PathBuf {
        let label = Digest::of(who.label.as_bytes()).hex();
        self.house.copies().join(&who.permit).join(format!("{}-{label}-{}", image.hex(), boot()))
    }

    /// Whether something of another permit or label reads an image now.
    fn is_read(&self, image: &Path, who: &Marking) -> bool {
        let same = |other: &Marking| (&other.label, &other.permit) == (&who.label, &who.permit);
        self.running.values().any(|other| !same(&other.marking) && other.reads.contains(image))
    }

    /// The copies of permits that are over, and under which nothing runs any more. What couldn't be removed wholly has no permit's name.
    fn over(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.house.copies()).into_iter().flatten().filter_map(Result::ok);
        let permits = folders.filter_map(|folder| folder.file_name().into_string().ok());
        let runs = |permit: &String| self.running.values().any(|other| other.marking.permit == *permit);
        let holds = |permit: &String| self.facts.registry().holds_permit(permit, clock::today()).is_ok();
        permits
            .filter(|permit| !runs(permit) && !holds(permit))
            .map(|permit| self.house.copies().join(permit))
            .collect()
    }
}

/// The copies beside this one that were made before the machine was started.
fn torn(mine: &Path) -> Vec<PathBuf> {
    let (boot, beside) = (boot(), mine.parent().and_then(|folder| std::fs::read_dir(folder).ok()));
    let copies = beside.into_iter().flatten().filter_map(Result::ok).map(|copy| copy.path());
    copies.filter(|copy| copy.is_dir() && !copy.to_string_lossy().contains(&boot)).collect()
}

/// Names what the machine has been doing since it was started: a copy that a power cut may have torn isn't taken for one.
fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}
