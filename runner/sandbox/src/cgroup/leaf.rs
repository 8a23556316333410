//! The leafs of one attempt: made with their limits, entered, read, killed and removed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use super::{CgroupError, Layout, clear, kill, write};
use crate::confine::Fence;
use crate::limits::Limits;

/// The period in which processor time is shared out, in microseconds: the kernel's default.
const PERIOD: u64 = 100_000;

/// The leafs of one attempt. They are removed when this is dropped, with whatever still runs in them.
#[derive(Debug)]
pub(crate) struct Leaf {
    unified: Option<PathBuf>,
    split: Vec<(&'static str, PathBuf)>,
}

impl Leaf {
    /// Makes the leafs. A name that is taken is an error, and what was made before an error is removed.
    pub(super) fn create(layout: &Layout, fence: &Fence, limits: Option<&Limits>) -> io::Result<Self> {
        let mut leaf = Self { unified: None, split: Vec::new() };
        if let Some(parent) = &layout.unified {
            let dir = parent.join(fence.as_str());
            fs::create_dir(&dir)?;
            leaf.unified = Some(dir);
        }
        for (controller, parent) in &layout.split {
            let dir = parent.join(fence.as_str());
            // Controllers that are mounted together share a directory.
            if !leaf.split.iter().any(|(_, made)| *made == dir) {
                fs::create_dir(&dir)?;
            }
            leaf.split.push((controller, dir));
        }
        if let Some(limits) = limits {
            leaf.limit(limits)?;
        }
        Ok(leaf)
    }

    fn limit(&self, limits: &Limits) -> io::Result<()> {
        let memory = limits.memory.to_string();
        let quota = (u64::from(limits.cpu_milli) * PERIOD / 1000).max(1000);
        match self.home("memory") {
            Home::Split(dir) => {
                write(dir, "memory.limit_in_bytes", &memory)?;
                // Memory and swap together: without the file swap isn't accounted, and then none may be used.
                match write(dir, "memory.memsw.limit_in_bytes", &memory) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => write(dir, "memory.swappiness", "0")?,
                    other => other?,
                }
            }
            Home::Unified(dir) => {
                write(dir, "memory.max", &memory)?;
                optional(write(dir, "memory.swap.max", "0"))?;
                // A job of which one process was killed is no result: all of it goes.
                write(dir, "memory.oom.group", "1")?;
            }
            Home::None => {}
        }
        if let Home::Split(dir) | Home::Unified(dir) = self.home("pids") {
            write(dir, "pids.max", &limits.pids.to_string())?;
        }
        match self.home("cpu") {
            Home::Split(dir) => write(dir, "cpu.cfs_quota_us", &quota.to_string()),
            Home::Unified(dir) => write(dir, "cpu.max", &format!("{quota} {PERIOD}")),
            Home::None => Ok(()),
        }
    }

    fn home(&self, controller: &str) -> Home<'_> {
        let split = self.split.iter().find(|(name, _)| *name == controller);
        match (split, &self.unified) {
            (Some((_, dir)), _) => Home::Split(dir),
            (None, Some(dir)) => Home::Unified(dir),
            (None, None) => Home::None,
        }
    }

    /// The v2 leaf, for a process to be born in.
    pub(crate) fn cradle(&self) -> io::Result<Option<OwnedFd>> {
        let open = |dir: &PathBuf| File::open(dir).map(OwnedFd::from);
        self.unified.as_ref().map(open).transpose()
    }

    /// The v1 leafs' `tasks` files. A thread that writes `0` to one moves itself, and the kernel then needs no lock against
    /// the forks of others; moving another process by its id waits for one, which takes milliseconds.
    pub(crate) fn doors(&self) -> io::Result<Vec<OwnedFd>> {
        let mut dirs: Vec<_> = self.split.iter().map(|(_, dir)| dir).collect();
        dirs.dedup();
        let open = |dir: &PathBuf| OpenOptions::new().write(true).open(dir.join("tasks")).map(OwnedFd::from);
        dirs.into_iter().map(open).collect()
    }

    /// How many processes the kernel killed because the memory limit was reached.
    pub(crate) fn oom_kills(&self) -> u64 {
        let (dir, file) = match self.home("memory") {
            Home::Split(dir) => (dir, "memory.oom_control"),
            Home::Unified(dir) => (dir, "memory.events"),
            Home::None => return 0,
        };
        let text = fs::read_to_string(dir.join(file)).unwrap_or_default();
        let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
    }

    /// The most memory that was in use at one time, in bytes, where the kernel keeps it (v1, or v2 since Linux 5.19).
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let (dir, file) = match self.home("memory") {
            Home::Split(dir) => (dir, "memory.max_usage_in_bytes"),
            Home::Unified(dir) => (dir, "memory.peak"),
            Home::None => return None,
        };
        fs::read_to_string(dir.join(file)).ok()?.trim().parse().ok()
    }

    /// Kills every process in the leafs.
    pub(crate) fn kill(&self) -> io::Result<()> {
        let freezer = self.split.iter().find(|(name, _)| *name == "freezer");
        let any = freezer.or(self.split.first()).map(|(_, dir)| dir);
        self.unified.as_ref().or(any).map_or(Ok(()), |dir| kill(dir))
    }

    /// Removes the leafs, killing what is in them until nothing is.
    pub(crate) fn remove(mut self) -> Result<(), CgroupError> {
        self.clear()
    }

    fn clear(&mut self) -> Result<(), CgroupError> {
        let unified = self.unified.take();
        let split = std::mem::take(&mut self.split);
        let dirs = unified.iter().chain(split.iter().rev().map(|(_, dir)| dir));
        let mut all = Ok(());
        for dir in dirs {
            // Each is tried, whatever became of the one before.
            all = all.and(clear(dir));
        }
        all
    }
}

impl Drop for Leaf {
    fn drop(&mut self) {
        // Nobody is left to hear of an error; a sweep by the fence finds what remains.
        let _ = self.clear();
    }
}

/// Which kind of hierarchy a controller is in.
enum Home<'a> {
    Split(&'a Path),
    Unified(&'a Path),
    None,
}

fn optional(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
