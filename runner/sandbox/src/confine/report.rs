//! The words that a new process sends to the keeper: eight bytes each, over a pipe that the job never holds.

use std::os::fd::AsFd;

use nix::errno::Errno;

use crate::error::{LaunchError, Step};

const LENGTH: usize = 8;
const FAILED: u8 = 1;
const STARTED: u8 = 2;
const EXITED: u8 = 3;
const SIGNALED: u8 = 4;

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// A step failed, and the process ends.
    Failed(Step, Errno),
    /// The program was executed, unless a failure came before.
    Started,
    /// The job's process ended by itself.
    Exited(i32),
    /// The job's process was ended by a signal.
    Signaled(i32),
}

impl Report {
    /// Sends the word. A pipe takes so few bytes whole or not at all.
    pub(super) fn send(self, wire: impl AsFd) -> nix::Result<()> {
        let (kind, step, number) = match self {
            Self::Failed(step, errno) => (FAILED, step.code(), errno as i32),
            Self::Started => (STARTED, 0, 0),
            Self::Exited(code) => (EXITED, 0, code),
            Self::Signaled(signal) => (SIGNALED, 0, signal),
        };
        let [a, b, c, d] = number.to_ne_bytes();
        nix::unistd::write(wire, &[kind, step, 0, 0, a, b, c, d]).map(drop)
    }

    /// Waits for a word. `None` is the end: every process that could send one is gone, or it sent nonsense.
    pub(super) fn receive(wire: impl AsFd) -> nix::Result<Option<Self>> {
        let mut bytes = [0; LENGTH];
        let read = loop {
            match nix::unistd::read(wire.as_fd(), &mut bytes) {
                Err(Errno::EINTR) => continue,
                other => break other?,
            }
        };
        let [kind, step, _, _, a, b, c, d] = bytes;
        let number = i32::from_ne_bytes([a, b, c, d]);
        Ok(match kind {
            _ if read != LENGTH => None,
            FAILED => Step::from_code(step).map(|step| Self::Failed(step, Errno::from_raw(number))),
            STARTED => Some(Self::Started),
            EXITED => Some(Self::Exited(number)),
            SIGNALED => Some(Self::Signaled(number)),
            _ => None,
        })
    }
}

impl From<&LaunchError> for Report {
    fn from(error: &LaunchError) -> Self {
        Self::Failed(error.step, error.cause)
    }
}
