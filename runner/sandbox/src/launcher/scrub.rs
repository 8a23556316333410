//! Rule 5: between two that don't share it the host is empty of what ran before, and that is looked at, not believed. What can't be
//! shown to be gone keeps the host back: nothing else starts on it until it is.

use super::desk::Desk;
use crate::confine::{Fence, Ground};
use crate::house::House;
use crate::keeper::standing;
use crate::protocol::{Id, Standing};
use semla_policy::{Marking, Refusal};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Something of an attempt that is over.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    /// A cgroup, and so perhaps a process.
    Cgroup(Id),
    /// A mount in its folder.
    Mount(PathBuf),
    /// A process with the ids of a job, in no attempt's cgroup.
    Process(u32),
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cgroup(fence) => write!(f, "the cgroup of `{fence}` is still there"),
            Self::Mount(path) => write!(f, "`{}` is still mounted", path.display()),
            Self::Process(pid) => write!(f, "process {pid} has a job's user, and belongs to no attempt"),
        }
    }
}

impl Desk {
    /// Empties the host of what doesn't share it with the next one, and looks whether it is.
    pub(super) fn scrubbed(&mut self, next: &Marking) -> Result<(), Refusal> {
        let registry = self.facts.registry();
        let label = registry.label(&next.label)?;
        let shares = |other: &Marking| {
            let beside = registry.label(&other.label);
            beside.is_ok_and(|beside| registry.policy().beside((&label, &next.permit), (&beside, &other.permit)))
        };
        // Whoever ran before this launcher was started isn't known.
        if self.served.as_ref().is_none_or(|served| !served.iter().all(shares)) {
            let left = left(&self.house, &self.ground).map_err(|error| {
                Refusal::new(9, format!("it can't be seen what is left on the host: {error}"), "see `semla doctor`")
            })?;
            if let Some(left) = left.first() {
                let what = format!("the host is kept back: something is left of what ran before, {left}");
                eprintln!("semla-launcher: {what}");
                // It doesn't pass by itself within moments, as rule 5's other refusals do: like a full disk it is looked at again, later.
                return Err(Refusal::new(9, what, "have the operator end it; it is looked at again each minute"));
            }
            // Whoever still runs goes on being served.
            self.served = Some(self.running.values().map(|other| other.marking.clone()).collect());
        }
        let served = self.served.get_or_insert_default();
        if !served.iter().any(|one| (&one.label, &one.permit) == (&next.label, &next.permit)) {
            served.push(next.clone());
        }
        Ok(())
    }
}

/// What is left of attempts that don't run any more, once all was tried that ends it.
fn left(house: &House, ground: &Ground) -> io::Result<Vec<Left>> {
    let over = |fence: &Id| !matches!(standing::observe(house, fence), Standing::Running | Standing::Unknown);
    let fence = |name: &str| Id::try_from(name.to_owned()).ok();
    for ended in ground.held().iter().filter_map(|name| fence(name)).filter(over) {
        if let Ok(name) = Fence::parse(ended.as_str()) {
            // Whether it helped is seen below.
            let _ = ground.sweep(&name);
        }
    }
    let cgroups =
        ground.held().iter().filter_map(|name| fence(name)).filter(over).map(Left::Cgroup).collect::<Vec<_>>();
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let mounts = mounts.lines().filter_map(|line| line.split(' ').nth(4)).map(PathBuf::from).filter(|path| {
        let within = path.strip_prefix(house.attempts()).ok();
        let owner = within.and_then(|within| within.components().next()?.as_os_str().to_str().and_then(fence));
        owner.is_some_and(|fence| over(&fence))
    });
    Ok(cgroups.into_iter().chain(mounts.map(Left::Mount)).chain(strays(ground)?.map(Left::Process)).collect())
}

/// Processes with the ids of a job that are where a keeper is, and in no attempt's cgroup: of which attempt they are can't be told. Those of
/// containers are their engine's to end.
fn strays(ground: &Ground) -> io::Result<impl Iterator<Item = u32>> {
    let (slots, bounded) = (ground.slots(), ground.limits());
    let own = fs::read_to_string("/proc/self/cgroup")?;
    let processes = fs::read_dir("/proc")?.filter_map(Result::ok);
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    Ok(pids.filter(move |pid| {
        let process = Path::new("/proc").join(pid.to_string());
        let read = |file: &str| fs::read_to_string(process.join(file)).unwrap_or_default();
        let status = read("status");
        let ids = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap_or_default();
        // Where there are no cgroups, whose a process is can't be told from outside: the kernel ends all of an attempt with its keeper.
        bounded && ids.split_whitespace().any(|id| id.parse().is_ok_and(|id| slots.has(id))) && read("cgroup") == own
    }))
}
