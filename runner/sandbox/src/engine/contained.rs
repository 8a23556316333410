//! The keeper's hold on a container, by way of a broker of its own.

use super::{Ask, Order, Word};
use crate::confine::End;
use crate::wire::{self, WireError};
use nix::errno::Errno;
use nix::sys::socket::{Shutdown, shutdown};
use std::io::Error;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// An engine, and who may speak with it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The broker's program.
    pub broker: PathBuf,
    /// The engine's socket.
    pub socket: PathBuf,
    /// The user that brokers run as.
    pub user: u32,
}

/// Why there is no container. Nothing is left of one that failed.
#[derive(Debug, thiserror::Error)]
pub enum ContainError {
    /// The broker couldn't be started.
    #[error("failed to start the broker")]
    Broker(#[source] Error),
    /// The broker is gone.
    #[error("failed to speak with the broker")]
    Wire(#[from] WireError),
    /// The image couldn't be packed.
    #[error("failed to pack the image for the engine")]
    Image(#[source] Error),
    /// The engine can't or won't.
    #[error("failed to {step}: {why}")]
    Engine {
        /// What was tried.
        step: String,
        /// What the engine said, or what differs.
        why: String,
    },
    /// The broker said something that wasn't asked for.
    #[error("the broker said `{0:?}` where that means nothing")]
    Odd(Word),
}

/// A container that runs. Dropping it ends it.
#[derive(Debug)]
pub struct Contained {
    socket: OwnedFd,
    broker: Child,
}

impl Access {
    /// A broker: another user, with the group of the engine's socket and nothing else.
    fn command(&self) -> Result<Command, Error> {
        let group = std::fs::metadata(&self.socket)?.gid();
        let mut command = Command::new(&self.broker);
        command.env_clear().uid(self.user).gid(group).current_dir("/");
        Ok(command)
    }

    /// Has the containers of these names removed, whatever became of their keepers.
    pub fn clear(&self, names: &[String]) -> Result<(), ContainError> {
        let mut command = self.command().map_err(ContainError::Broker)?;
        let ran = command.arg("clear").arg(&self.socket).args(names).stdin(Stdio::null()).output();
        let ran = ran.map_err(ContainError::Broker)?;
        match ran.status.success() {
            true => Ok(()),
            false => {
                let why = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
                Err(ContainError::Engine { step: "remove containers".into(), why })
            }
        }
    }
}

impl Contained {
    /// Runs an order. What the job says goes into `pipe`; `archive` packs the image, where the engine doesn't have it.
    pub fn start(
        with: &Access,
        order: &Order,
        pipe: BorrowedFd<'_>,
        archive: impl FnOnce() -> Result<OwnedFd, Error>,
    ) -> Result<Self, ContainError> {
        let (ours, theirs) = wire::pair()?;
        let broker = with.command().map_err(ContainError::Broker)?;
        let broker = launch(broker, &with.socket, theirs).map_err(ContainError::Broker)?;
        let contained = Self { socket: ours, broker };
        wire::send(&contained.socket, &Ask::Run(Box::new(order.clone())), Some(pipe))?;
        match contained.hear()? {
            Word::Lacks => {
                let archive = archive().map_err(ContainError::Image)?;
                wire::send(&contained.socket, &Ask::Image, Some(archive.as_fd()))?;
                // From here on the broker alone has it, so that a broker that fails is seen by whoever packs.
                drop(archive);
                let word = contained.hear()?;
                contained.started(word)
            }
            word => contained.started(word),
        }
    }

    fn started(self, word: Word) -> Result<Self, ContainError> {
        match word {
            Word::Started => Ok(self),
            Word::Failed { step, why } => Err(ContainError::Engine { step, why }),
            word => Err(ContainError::Odd(word)),
        }
    }

    fn hear(&self) -> Result<Word, WireError> {
        wire::receive(&self.socket).map(|(word, _)| word)
    }

    /// Readable, for poll(2), once nothing of the container is left.
    pub fn ended(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Kills every process of it. [`Contained::wait`] still has to be called.
    pub fn kill_all(&self) -> Result<(), WireError> {
        match wire::send(&self.socket, &Ask::Kill, None) {
            // A broker that is gone has ended it.
            Err(WireError::System(Errno::EPIPE | Errno::ECONNRESET)) => Ok(()),
            sent => sent,
        }
    }

    /// Waits for its end, and whether it reached its memory limit.
    pub fn wait(self) -> Result<(End, bool), ContainError> {
        match self.hear()? {
            Word::Ended { status, out_of_memory } => {
                let status = i32::try_from(status).unwrap_or(i32::MAX);
                Ok((End::Exited(status), out_of_memory))
            }
            Word::Failed { step, why } => Err(ContainError::Engine { step, why }),
            word => Err(ContainError::Odd(word)),
        }
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        // A broker whose keeper says nothing more removes the container, and ends.
        let _ = shutdown(self.socket.as_raw_fd(), Shutdown::Both);
        drop(self.broker.wait());
    }
}

fn launch(mut broker: Command, socket: &Path, keeper: OwnedFd) -> Result<Child, Error> {
    broker.arg("run").arg(socket).stdin(Stdio::from(keeper)).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}
