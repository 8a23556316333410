//! The one privileged program: it owns data, artifacts, images and records, and does only what signed records allow.

mod beside;
mod claim;
mod copies;
pub mod daemon;
mod desk;
mod gate;
mod gpus;
mod intake;
pub mod journal;
mod readers;
mod reads;
mod scrub;
mod spent;
mod start;

use crate::confine::{Ground, GroundError};
use crate::facts::{Facts, FactsError};
use crate::house::House;
use crate::protocol::{Answer, Call};
use crate::rootless::{self, RootlessError};
use crate::wire::{self, WireError};
use claim::Claim;
use daemon::Daemon;
pub(crate) use daemon::beside;
use desk::Desk;
use intake::Intake;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use readers::Readers;
use semla_policy::Refusal;
pub use start::{CHECK_MEMORY, CHECK_SECONDS};
use std::os::fd::AsFd;
use std::path::PathBuf;

/// Why the launcher can't go on.
#[derive(Debug, thiserror::Error)]
pub enum LauncherError {
    /// It is neither root nor can be in a namespace of its own.
    #[error("the launcher makes sandboxes and owns the data, as root or as root of a namespace")]
    Rootless(#[from] RootlessError),
    /// An engine is root on the host.
    #[error("`settings.json` of `{path}` names an engine, with which only root may speak: start this as root")]
    EngineIsRoots {
        /// The folder.
        path: PathBuf,
    },
    /// No site here.
    #[error("there is no site in `{path}`; make one with `semla init`")]
    NoSite {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another launcher has it.
    #[error(
        "the site in `{path}` is served by the launcher of pid {pid} already: end that one first, or name another site with --state"
    )]
    Claimed {
        /// The folder.
        path: PathBuf,
        /// Who has it.
        pid: i32,
    },
    /// The daemon would be root.
    #[error("`settings.json` of `{path}` has root as the daemon's user: name a user of its own as `service`")]
    DaemonIsRoot {
        /// The folder.
        path: PathBuf,
    },
    /// The broker would be root, or the daemon.
    #[error(
        "`settings.json` of `{path}` has no user of its own as `broker` of its engine: name one who is neither root nor the daemon"
    )]
    BrokerIsOther {
        /// The folder.
        path: PathBuf,
    },
    /// The records.
    #[error("the registry can't be used")]
    Facts(#[from] FactsError),
    /// The host.
    #[error("this host can't confine anything; see `semla doctor`")]
    Host(#[from] GroundError),
    /// The kernel.
    #[error("failed to {what}")]
    System {
        /// What was tried.
        what: &'static str,
        /// Why.
        source: Errno,
    },
    /// A file.
    #[error("failed to {what}")]
    File {
        /// What was tried.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The daemon's socket.
    #[error("failed to speak with the daemon")]
    Wire(#[from] WireError),
}

pub(crate) fn system(what: &'static str) -> impl Fn(Errno) -> LauncherError {
    move |source| LauncherError::System { what, source }
}

pub(crate) fn file(what: &'static str) -> impl Fn(std::io::Error) -> LauncherError {
    move |source| LauncherError::File { what, source }
}

/// Runs the site in this folder until it is told to stop.
pub fn run(root: PathBuf) -> Result<(), LauncherError> {
    rootless::enter()?;
    let house = House::open(&root).map_err(|source| LauncherError::NoSite { path: root.clone(), source })?;
    if house.settings().service == 0 {
        return Err(LauncherError::DaemonIsRoot { path: root });
    }
    let users = [0, house.settings().service];
    if house.settings().engine.as_ref().is_some_and(|engine| users.contains(&engine.broker)) {
        return Err(LauncherError::BrokerIsOther { path: root });
    }
    let _claim = Claim::stake(&house)?;
    let facts = Facts::read(&house)?;
    let ground = Ground::prepare()?;
    if !ground.slots().are_hosts() {
        if house.settings().engine.is_some() {
            return Err(LauncherError::EngineIsRoots { path: root });
        }
        eprintln!("semla-launcher: runs as an ordinary user");
        rootless::weaker(ground.limits()).iter().for_each(|what| eprintln!("  {what}"));
    }
    // Ends and orders to stop come as descriptors, so that one poll waits for everything.
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGCHLD, Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        signals.add(signal);
    }
    signals.thread_block().map_err(system("hold signals back"))?;
    let signalled = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
        .map_err(system("watch for signals"))?;
    let mut intake = Intake::listen(&house)?;
    let mut daemon = Daemon::prepare(&house)?;
    let (running, readers) = (beside::running(&house), Readers::of(&house));
    let mut desk = Desk { house, facts, ground, running, served: None, readers };
    daemon.start()?;
    loop {
        let (ordered, asked, offered) = wait(&signalled, &daemon, &intake)?;
        if ordered {
            if !signals_said_go_on(&signalled, &mut daemon, &mut intake)? {
                return Ok(());
            }
            // There may be another daemon now, with a socket of its own that has nothing to say yet.
            continue;
        }
        if asked {
            serve(&mut desk, &mut daemon)?;
        }
        if offered {
            intake.accept(&desk);
        }
    }
}

fn wait(signals: &SignalFd, daemon: &Daemon, intake: &Intake) -> Result<(bool, bool, bool), LauncherError> {
    let watched = |fd| PollFd::new(fd, PollFlags::POLLIN);
    let offers = if intake.has_room() { PollFlags::POLLIN } else { PollFlags::empty() };
    let mut fds = [watched(signals.as_fd()), watched(daemon.socket()), PollFd::new(intake.socket(), offers)];
    loop {
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            other => other.map_err(system("wait"))?,
        };
        let ready = |fd: &PollFd<'_>| fd.revents().is_some_and(|events| !events.is_empty());
        let [ordered, asked, offered] = fds.each_ref().map(ready);
        return Ok((ordered, asked, offered));
    }
}

/// One question of the daemon. One that can't be read is the daemon's fault, and ends it: it is started anew.
fn serve(desk: &mut Desk, daemon: &mut Daemon) -> Result<(), LauncherError> {
    match wire::receive::<Call>(&daemon.socket()) {
        Ok((call, fd)) => {
            let number = call.number;
            let (answer, handed) = desk.answer(call, fd);
            let sent = match wire::send(&daemon.socket(), &answer, handed.as_ref().map(AsFd::as_fd)) {
                Err(WireError::TooLong) => {
                    let refusal = Refusal::new(8, "the answer is too long to be passed on", "ask for less at once");
                    wire::send(&daemon.socket(), &Answer { number, reply: Err(refusal) }, None)
                }
                sent => sent,
            };
            match sent {
                Ok(()) | Err(WireError::System(Errno::EPIPE | Errno::ECONNRESET)) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
        Err(_) => daemon.restart(),
    }
}

/// Reaps what ended. Whether to go on.
fn signals_said_go_on(signals: &SignalFd, daemon: &mut Daemon, intake: &mut Intake) -> Result<bool, LauncherError> {
    while let Ok(Some(signal)) = signals.read_signal() {
        match Signal::try_from(signal.ssi_signo.cast_signed()) {
            Ok(Signal::SIGTERM | Signal::SIGINT | Signal::SIGHUP) => {
                daemon.stop();
                return Ok(false);
            }
            _ => reap(daemon, intake)?,
        }
    }
    Ok(true)
}

fn reap(daemon: &mut Daemon, intake: &mut Intake) -> Result<(), LauncherError> {
    while let Ok(status) = waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)) {
        match status {
            WaitStatus::StillAlive => break,
            status if status.pid() == daemon.pid() => daemon.restart()?,
            status => status.pid().into_iter().for_each(|pid| intake.ended(pid)),
        }
    }
    Ok(())
}
