//! The keeper: a small process that holds one attempt, and outlives the daemon and the launcher.

pub(crate) mod container;
mod copy;
mod intake;
mod log;
mod run;
mod stage;
pub(crate) mod standing;
mod traceback;
#[cfg(feature = "ablation")]
pub mod trial;
mod verdict;
pub(crate) mod workers;

pub(crate) use copy::Copy;

use crate::cdi::Gpu;
use crate::confine::Ground;
use crate::durable;
use crate::engine::Runtime;
use crate::house::House;
use crate::limits::Limits;
use crate::pages::Pages;
use crate::protocol::{End, Id};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::unistd::{ForkResult, dup2_raw, fork, setsid};
use semla_policy::{Digest, Ending, JobPlan, Marking};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Error;
use std::os::fd::{FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// All that one attempt needs, decided by the launcher.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    /// What everything that it makes carries.
    pub marking: Marking,
    /// What it runs.
    pub kind: Kind,
    /// What it sees read-only.
    pub binds: Vec<Bind>,
    /// Small files that it sees, by their place.
    pub files: BTreeMap<String, String>,
    /// The outputs to take in.
    pub wanted: Vec<String>,
    /// Bytes.
    pub memory: u64,
    /// Bytes of a disk of its own; 0 is none.
    #[serde(default)]
    pub disk: u64,
    /// Thousandths of a core.
    pub millicpus: u32,
    /// Until it is ended; what it left is taken in within them, too.
    pub seconds: u32,
    /// What it has for itself.
    #[serde(default)]
    pub gpus: Vec<Gpu>,
    /// What others read of what it sees, and is let go of before it begins.
    #[serde(default)]
    pub pages: Pages,
}

impl Task {
    /// What all of it may use; one file may fill what it has to write to.
    fn limits(&self) -> Limits {
        Limits { file_size: self.memory.max(self.disk), ..stage::limits(self.memory, self.millicpus) }
    }
}

/// What an attempt runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A job.
    Job {
        plan: Box<JobPlan>,
        code: PathBuf,
        image: PathBuf,
        /// Where that is a copy of its own, how it is made.
        #[serde(default)]
        copy: Option<Copy>,
        /// The classes of exceptions that its traceback may name.
        tracebacks: Vec<String>,
        /// What of the engine runs it; nothing, where the sandbox does.
        #[serde(default)]
        runtime: Option<Runtime>,
    },
    /// The checks of one file.
    Check { object: Id, policy: Digest, to: String },
}

/// A file or folder of the store, and where the attempt sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bind {
    pub at: String,
    pub from: PathBuf,
}

/// Forks the keeper of a claimed attempt, with the file of its disk. When this returns, the keeper holds the attempt's lock.
pub(crate) fn start(house: &House, fence: &Id, task: &Task, ground: &Ground, disk: Option<File>) -> Result<(), Error> {
    let path = house.attempt(fence).join("lock");
    let lock = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    lock.try_lock()?;
    // SAFETY: the launcher has one thread, so that the child may do whatever the parent may.
    match unsafe { fork() }? {
        // The lock belongs to the open file: it holds until the keeper, too, has closed it.
        ForkResult::Parent { .. } => Ok(()),
        ForkResult::Child => {
            let kept = alone(lock, disk).and_then(|(_lock, disk)| keep(house, fence, task, ground, disk.as_ref()));
            std::process::exit(if kept.is_ok() { 0 } else { 1 })
        }
    }
}

/// Cuts the keeper off from whatever the launcher has open, its sockets above all; only the lock stays, and the file of its disk.
fn alone(lock: File, disk: Option<File>) -> Result<(File, Option<File>), Error> {
    const LOCK: i32 = 3;
    // Above those that they shall have: neither takes the other's place.
    let aside = |file: File| -> Result<OwnedFd, Error> {
        let aside = fcntl(&file, FcntlArg::F_DUPFD_CLOEXEC(LOCK + 2))?;
        // SAFETY: the kernel has just returned this descriptor, and nothing else knows it.
        let aside = unsafe { OwnedFd::from_raw_fd(aside) };
        std::mem::forget(file);
        Ok(aside)
    };
    let (lock, disk) = (aside(lock)?, disk.map(aside).transpose()?);
    // SAFETY: descriptor 3 is the launcher's, whose copy of the memory this process leaves without running its destructors.
    let kept = unsafe { dup2_raw(&lock, LOCK) }?;
    // SAFETY: so is the next one.
    let disk_kept = disk.as_ref().map(|disk| unsafe { dup2_raw(disk, LOCK + 1) }).transpose()?;
    std::mem::forget((lock, disk));
    // SAFETY: as above, for all that follow.
    unsafe { close_range(LOCK + 1 + i32::from(disk_kept.is_some())) }?;
    for fd in [Some(&kept), disk_kept.as_ref()].into_iter().flatten() {
        fcntl(fd, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    }
    // A session of its own: what ends the launcher's terminal doesn't end the attempt.
    setsid()?;
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)?;
    Ok((kept.into(), disk_kept.map(File::from)))
}

/// Closes every descriptor from this one on.
///
/// # Safety
/// Nothing in this process may use one of them again.
unsafe fn close_range(first: i32) -> Result<(), Error> {
    // SAFETY: passed on to the caller.
    match unsafe { libc::close_range(first.cast_unsigned(), libc::c_uint::MAX, 0) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}

/// The keeper's whole life.
fn keep(house: &House, fence: &Id, task: &Task, ground: &Ground, disk: Option<&File>) -> Result<(), Error> {
    let apart = run::apart(house, fence, task);
    let started = crate::clock::now();
    let until = Instant::now() + Duration::from_secs(task.seconds.into());
    let run = run::Run { house, fence, task, ground, until };
    let done = apart.and_then(|()| run.through(disk)).unwrap_or_else(|error| Done {
        ending: error.ending(),
        step: Some(said(&error)),
        outputs: Vec::new(),
        traceback: None,
        checked: None,
    });
    let Done { ending, step, outputs, traceback, checked } = done;
    let checked = checked.or_else(|| verdict::none(task));
    let end = End { ending, step, started, ended: crate::clock::now(), outputs, traceback, checked };
    durable::write(&house.attempt(fence).join("end.json"), &serde_json::to_vec(&end)?, 0o600)
}

/// What went wrong, and why.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        // An error that says what its cause says has nothing to add to it.
        if !text.ends_with(&next.to_string()) {
            text = format!("{text}: {next}");
        }
        cause = next.source();
    }
    text
}

/// What an attempt came to.
struct Done {
    ending: Ending,
    step: Option<String>,
    outputs: Vec<crate::protocol::Taken>,
    traceback: Option<crate::protocol::Taken>,
    checked: Option<crate::protocol::Checked>,
}
