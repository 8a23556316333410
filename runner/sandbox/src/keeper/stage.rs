//! A sandbox about to run, and why it may come to nothing.

use super::log;
use crate::confine::{Device, Fence, Ground, Link, Mount, MountPoint, Program, Root, Running, Slot, Spec, What};
use crate::engine::ContainError;
use crate::error::{LaunchError, Step};
use crate::limits::{Limits, Space};
use crate::protocol::Id;
use nix::errno::Errno;
use nix::unistd::pipe2;
use semla_policy::Ending;
use std::fs::File;
use std::io::Error;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::time::Duration;

/// Why an attempt came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The sandbox couldn't be made.
    #[error("{0}")]
    Launch(#[from] LaunchError),
    /// There is no container.
    #[error("{0}")]
    Contain(#[from] ContainError),
    /// Something on the host failed.
    #[error("failed to {what}")]
    Host {
        /// What was tried.
        what: &'static str,
        /// Why.
        source: Error,
    },
    /// The code's archive couldn't be unpacked.
    #[error("the code couldn't be unpacked: {0:?}")]
    Code(log::Watched),
    /// Somebody stopped it while nothing of it ran that could be swept away.
    #[error("it was stopped before its next program began")]
    Stopped,
    /// Its time was over before its program began.
    #[error("its time was over before its program began")]
    Late,
    /// Every range of user ids is taken.
    #[error("too many attempts run at once")]
    Slots,
}

impl RunError {
    /// The word for people.
    pub(super) fn ending(&self) -> Ending {
        match self {
            Self::Launch(LaunchError { step: Step::Exec | Step::Image | Step::Overlay | Step::Directory, .. }) => {
                Ending::ImageError
            }
            // The engine found all but the program.
            Self::Contain(ContainError::Engine { step, .. }) if step == "start the container" => Ending::ImageError,
            Self::Stopped => Ending::Stopped,
            Self::Late => Ending::OutOfTime,
            _ => Ending::Lost,
        }
    }
}

/// A step on the host that failed.
pub(super) fn host<E: Into<Error>>(what: &'static str) -> impl Fn(E) -> RunError {
    move |source| RunError::Host { what, source: source.into() }
}

/// A sandbox about to run.
pub(super) struct Stage<'a> {
    pub(super) fence: &'a Id,
    /// Where the order to stop would lie, where one can be given.
    pub(super) stop: Option<PathBuf>,
    pub(super) slot: Slot,
    pub(super) root: Root,
    pub(super) mounts: Vec<Mount>,
    pub(super) devices: Vec<Device>,
    pub(super) links: Vec<Link>,
    pub(super) program: Program,
    pub(super) env: Vec<(String, String)>,
    pub(super) cwd: &'a str,
    pub(super) limits: Limits,
}

/// Runs it until it ends or its time is over; what it says goes to the log.
pub(super) fn run(ground: &Ground, stage: Stage<'_>, log: File, time: Duration) -> Result<log::Watched, RunError> {
    let (hear, speak) = pipe2(nix::fcntl::OFlag::O_CLOEXEC).map_err(host("open a pipe"))?;
    // One pipe for both: what was said first stands first.
    let errors = speak.try_clone().map_err(host("copy a descriptor"))?;
    let stop = stage.stop.clone();
    let running = start(ground, stage, speak, errors)?;
    log::watch(running, hear.as_fd(), log, time, stop.as_deref()).map_err(host("watch the attempt"))
}

/// Starts it, with these two for what it says.
pub(super) fn start(ground: &Ground, stage: Stage<'_>, stdout: OwnedFd, stderr: OwnedFd) -> Result<Running, RunError> {
    let nothing = File::open("/dev/null").map_err(host("open /dev/null"))?;
    let spec = Spec {
        fence: Fence::parse(stage.fence.as_str()).map_err(|error| host("name the cgroup")(Error::other(error)))?,
        slot: stage.slot,
        root: stage.root,
        mounts: stage.mounts,
        devices: stage.devices,
        links: stage.links,
        program: stage.program,
        env: stage.env,
        cwd: stage.cwd.to_owned(),
        limits: stage.limits,
        stdin: nothing.into(),
        stdout,
        stderr,
    };
    // As late as can be: an order that comes after this is swept for again by whoever looks how the attempt stands.
    if stage.stop.is_some_and(|order| order.exists()) {
        return Err(RunError::Stopped);
    }
    Ok(ground.spawn(spec)?)
}

pub(super) fn mount(at: &str, what: What) -> Result<Mount, RunError> {
    let at = MountPoint::parse(at).map_err(|_| LaunchError { step: Step::Mount, cause: Errno::EINVAL })?;
    Ok(Mount { at, what })
}

pub(super) fn environment() -> Vec<(String, String)> {
    [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8"), ("TMPDIR", "/tmp")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

pub(super) fn limits(memory: u64, millicpus: u32) -> Limits {
    Limits {
        memory,
        pids: 512,
        cpu_milli: millicpus,
        open_files: 4096,
        file_size: memory,
        tmp: Space::new(memory / 2, 64 << 10),
        shm: Space::new(memory / 2, 16 << 10),
    }
}
