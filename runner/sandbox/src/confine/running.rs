//! An attempt that runs: its end, what it used, and nothing left of it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use nix::libc;
use nix::sys::signal::Signal;

use super::report::Report;
use super::sys;
use crate::cgroup::{CgroupError, Leaf};
use crate::error::{At, LaunchError, Step};

/// A running attempt. Dropping it kills the attempt and removes what it left.
#[derive(Debug)]
pub struct Running {
    pidfd: OwnedFd,
    hear: OwnedFd,
    /// Nothing, where there are no cgroups, or once it is removed.
    leaf: Option<Leaf>,
    reaped: bool,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The job's process ended by itself with this code.
    Exited(i32),
    /// The job's process was ended by this signal.
    Signaled(i32),
    /// The whole sandbox was killed: by the keeper, or by the kernel at the memory limit.
    Killed,
}

/// What an attempt used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Processor time in user and in kernel mode, of all processes.
    pub cpu: Duration,
    /// The most memory at one time, in bytes, where the kernel tells.
    pub peak_memory: Option<u64>,
    /// Processes that were killed because the memory limit was reached.
    pub oom_kills: u64,
}

/// Why an end could not be brought about.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// The process could not be waited for.
    #[error("failed to wait for the sandbox's end")]
    Wait(#[from] LaunchError),
    /// Something of it could not be ended or removed.
    #[error("failed to remove what the sandbox left")]
    Sweep(#[from] CgroupError),
}

impl Running {
    pub(super) fn new(pidfd: OwnedFd, hear: OwnedFd, leaf: Option<Leaf>) -> Self {
        Self { pidfd, hear, leaf, reaped: false }
    }

    pub(super) fn wire(&self) -> BorrowedFd<'_> {
        self.hear.as_fd()
    }

    /// The pidfd of the sandbox's init: readable, for poll(2), once nothing of the attempt runs any more.
    pub fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// Sends a signal to the job's process, for it to end in its own way.
    pub fn signal(&self, signal: Signal) -> nix::Result<()> {
        sys::pidfd_signal(&self.pidfd, signal as libc::c_int)
    }

    /// Kills every process of the attempt at once. [`Running::wait`] still has to be called.
    pub fn kill_all(&self) -> nix::Result<()> {
        // The death of a namespace's init is the death of all in it, and no process leaves its namespace.
        sys::pidfd_signal(&self.pidfd, libc::SIGKILL)
    }

    /// How many processes were killed because the memory limit was reached.
    pub fn oom_kills(&self) -> u64 {
        self.leaf.as_ref().map_or(0, Leaf::oom_kills)
    }

    /// Waits for the end, kills what is left of the attempt, and removes its cgroup leafs.
    pub fn wait(mut self) -> Result<(End, Usage), EndError> {
        let (_, _, used) = sys::pidfd_reap(&self.pidfd).at(Step::Report)?;
        self.reaped = true;
        // Only init could have written, and it is gone: an empty pipe means that it was killed.
        let end = match Report::receive(&self.hear).at(Step::Report)? {
            Some(Report::Exited(code)) => End::Exited(code),
            Some(Report::Signaled(signal)) => End::Signaled(signal),
            _ => End::Killed,
        };
        let usage = Usage {
            cpu: time(used.ru_utime) + time(used.ru_stime),
            peak_memory: self.leaf.as_ref().and_then(Leaf::peak_memory),
            oom_kills: self.oom_kills(),
        };
        if let Some(leaf) = self.leaf.take() {
            leaf.remove()?;
        }
        Ok((end, usage))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.reaped {
            // An init that is already dead is what we want; the leafs, dropped after this, are swept until they are empty.
            let _ = self.kill_all();
            let _ = self.leaf.as_ref().map(Leaf::kill);
            let _ = sys::pidfd_reap(&self.pidfd);
        }
    }
}

fn time(value: libc::timeval) -> Duration {
    let seconds = u64::try_from(value.tv_sec).unwrap_or(0);
    let micros = u64::try_from(value.tv_usec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}
