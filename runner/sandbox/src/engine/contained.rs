//! The keeper's hold on a container, by way of a broker of its own.

use super::{Ask, Order, Word};
use crate::confine::End;
use crate::wire::{self, WireError};
use nix::errno::Errno;
use nix::sys::socket::{Shutdown, setsockopt, shutdown, sockopt};
use nix::sys::time::{TimeVal, TimeValLike};
use std::io::Error;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

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
    /// What the job writes to couldn't be handed over.
    #[error("failed to hand over what the job writes to the engine's users")]
    Remapped(#[source] Error),
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

    /// Has a container removed, and doesn't wait for it. The broker is the caller's child, to be reaped.
    pub fn clear_later(&self, name: &str) -> Result<(), Error> {
        let mut command = self.command()?;
        command.arg("clear").arg(&self.socket).arg(name);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
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
    /// Runs an order, and gives up where it doesn't run in time. What the job says goes into `pipe`. Where the engine doesn't have the image, `pack` packs it: the archive comes out
    /// of what it returns, and whether all of it came is asked afterwards. Where the engine has ids of its own, `remapped` gives what the job
    /// writes to whoever it is there: from the host's id of their first one to that user's, inside.
    pub fn start<W: FnOnce() -> Result<(), Error>>(
        with: &Access,
        order: &Order,
        pipe: BorrowedFd<'_>,
        patience: Duration,
        remapped: impl FnOnce(u32) -> Result<u32, Error>,
        pack: impl FnOnce() -> Result<(OwnedFd, W), Error>,
    ) -> Result<Self, ContainError> {
        let (ours, theirs) = wire::pair()?;
        let broker = with.command().map_err(ContainError::Broker)?;
        let broker = launch(broker, &with.socket, theirs).map_err(ContainError::Broker)?;
        let contained = Self { socket: ours, broker };
        contained.patient(patience)?;
        wire::send(&contained.socket, &Ask::Run(Box::new(order.clone())), Some(pipe))?;
        let word = match contained.hear()? {
            Word::Remapped(first) => {
                let user = remapped(first).map_err(ContainError::Remapped)?;
                wire::send(&contained.socket, &Ask::As(user), None)?;
                contained.hear()?
            }
            word => word,
        };
        match word {
            Word::Lacks => {
                let (archive, whole) = pack().map_err(ContainError::Image)?;
                wire::send(&contained.socket, &Ask::Image, Some(archive.as_fd()))?;
                // From here on the broker alone has it, so that a broker that fails is seen by whoever packs.
                drop(archive);
                let word = match contained.hear()? {
                    Word::Took => {
                        whole().map_err(ContainError::Image)?;
                        wire::send(&contained.socket, &Ask::Whole, None)?;
                        contained.hear()?
                    }
                    word => word,
                };
                contained.started(word)
            }
            word => contained.started(word),
        }
    }

    fn started(self, word: Word) -> Result<Self, ContainError> {
        match word {
            Word::Started => self.patient(Duration::ZERO).map(|()| self).map_err(ContainError::Wire),
            Word::Failed { step, why } => Err(ContainError::Engine { step, why }),
            word => Err(ContainError::Odd(word)),
        }
    }

    /// How long it waits for a word; zero is for ever.
    fn patient(&self, patience: Duration) -> Result<(), WireError> {
        let time = TimeVal::microseconds(i64::try_from(patience.as_micros()).unwrap_or(i64::MAX));
        Ok(setsockopt(&self.socket, sockopt::ReceiveTimeout, &time)?)
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
            // That the broker is gone is found out by whoever waits.
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
