//! The first process of the namespace: starts the job, passes signals on, reaps orphans, and takes everything with it.
//!
//! The job is not this process, because a program that doesn't expect to be init neither reaps the orphans of its children
//! nor is ended by a signal that it doesn't handle. This process holds nothing that the job doesn't: it is under the same
//! user, filters and rules. When it ends, the kernel kills whatever is left in the namespace.

use std::convert::Infallible;
use std::ffi::CString;
use std::os::fd::OwnedFd;

use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::libc;
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, execve, execveat, setsid};

use super::plan::{Executable, Plan};
use super::report::Report;
use super::sys;
use crate::error::{At, LaunchError, Step};

/// The exit code of a process of ours that could not go on.
pub(super) const BROKEN: libc::c_int = 125;

/// Starts the job and stays until it ends.
pub(super) fn run(plan: &Plan, tell: &OwnedFd) -> Result<Infallible, LaunchError> {
    // The copy runs first and alone until it has executed the program, so a failure to do so is reported before the start.
    // SAFETY: this process is a copy of one thread, and has started none.
    match unsafe { sys::vfork() }.at(Step::Fork)? {
        None => {
            let Err(error) = execute(plan);
            let _ = Report::from(&error).send(tell);
            sys::exit(BROKEN)
        }
        Some(job) => {
            Report::Started.send(tell).at(Step::Report)?;
            // Held open here, the job's streams would not end with the job's last process.
            sys::close_range(0, 2).at(Step::Stdio)?;
            let end = keep(job).at(Step::Report)?;
            end.send(tell).at(Step::Report)?;
            sys::exit(0)
        }
    }
}

/// Becomes the job.
fn execute(plan: &Plan) -> Result<Infallible, LaunchError> {
    // Its own session and group, so that a signal to its group doesn't come to init, which would pass it on once more.
    setsid().at(Step::Exec)?;
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None).at(Step::Exec)?;
    match &plan.program {
        Executable::Fd(fd) => execveat(fd, c"", &plan.argv, &plan.env, AtFlags::AT_EMPTY_PATH),
        Executable::Paths(paths) => search(paths, plan),
    }
    .at(Step::Exec)
}

/// Tries one path after the other. A file that may not be executed is remembered, as it says more than one that isn't there.
fn search(paths: &[CString], plan: &Plan) -> nix::Result<Infallible> {
    let mut answer = Errno::ENOENT;
    for path in paths {
        let Err(error) = execve(path, &plan.argv, &plan.env);
        match error {
            Errno::ENOENT | Errno::ENOTDIR => {}
            Errno::EACCES => answer = error,
            other => return Err(other),
        }
    }
    Err(answer)
}

/// Takes signals from the queue until the job has ended.
fn keep(job: Pid) -> nix::Result<Report> {
    let all = SigSet::all();
    loop {
        match all.wait() {
            Ok(Signal::SIGCHLD) => {
                if let Some(end) = reap(job)? {
                    return Ok(end);
                }
            }
            // A job that has just ended gets no signal any more.
            Ok(signal) => drop(kill(job, signal)),
            // A real-time signal has no name here; none is passed on.
            Err(Errno::EINTR | Errno::EINVAL) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reaps all that have ended, and says so if the job is among them.
fn reap(job: Pid) -> nix::Result<Option<Report>> {
    let mut end = None;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) if pid == job => end = Some(Report::Exited(code)),
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == job => end = Some(Report::Signaled(signal as i32)),
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(end),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}
