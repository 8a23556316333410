//! Follows a running attempt: what it says goes to its log, up to a bound, until it ends or its time is over.

use crate::confine::{End, Running};
use crate::engine::Contained;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::File;
use std::io::{Error, Write};
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::time::{Duration, Instant};

/// Most bytes of a log.
const LOG: u64 = 16 << 20;

/// How it went.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Nothing, where the time was over first.
    pub(crate) end: Option<End>,
    /// Processes that the memory limit killed.
    pub(crate) oom_kills: u64,
}

/// An attempt that runs, whatever holds it.
pub(super) trait Held {
    /// Readable once nothing of it runs any more.
    fn ended(&self) -> BorrowedFd<'_>;
    /// Kills all of it.
    fn kill_all(&self) -> Result<(), Error>;
    /// Waits for its end, and how many of its processes its memory limit killed.
    fn wait(self) -> Result<(End, u64), Error>;
}

impl Held for Running {
    fn ended(&self) -> BorrowedFd<'_> {
        self.pidfd()
    }

    fn kill_all(&self) -> Result<(), Error> {
        Ok(Self::kill_all(self)?)
    }

    fn wait(self) -> Result<(End, u64), Error> {
        let (end, usage) = Self::wait(self).map_err(Error::other)?;
        Ok((end, usage.oom_kills))
    }
}

impl Held for Contained {
    fn ended(&self) -> BorrowedFd<'_> {
        Self::ended(self)
    }

    fn kill_all(&self) -> Result<(), Error> {
        Self::kill_all(self).map_err(Error::other)
    }

    fn wait(self) -> Result<(End, u64), Error> {
        let (end, out_of_memory) = Self::wait(self).map_err(Error::other)?;
        Ok((end, out_of_memory.into()))
    }
}

/// How often it is looked for an order to stop. Where there are cgroups whoever gives it sweeps the attempt away as well; where there are
/// none its keeper is the one who can.
const LOOK: Duration = Duration::from_secs(1);

/// Writes what comes until the attempt ends, its time is over, or the order to stop lies there.
pub(super) fn watch(
    running: impl Held,
    hear: BorrowedFd<'_>,
    log: File,
    time: Duration,
    stop: Option<&Path>,
) -> Result<Watched, Error> {
    let deadline = Instant::now() + time;
    let mut log = Log { file: log, room: LOG, cut: 0, within: false };
    let (mut late, mut open) = (false, true);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if !late && (left.is_zero() || stop.is_some_and(Path::exists)) {
            late = true;
            running.kill_all()?;
        }
        let next = if stop.is_some() { left.min(LOOK) } else { left };
        let wait = if late { PollTimeout::NONE } else { PollTimeout::try_from(next).unwrap_or(PollTimeout::MAX) };
        // A pipe that nobody can write to any more would be ready for ever: it is only asked while it is open.
        let mut fds = [running.ended(), hear].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        let watched = if open { 2 } else { 1 };
        match poll(fds.get_mut(..watched).unwrap_or_default(), wait) {
            Err(Errno::EINTR) => continue,
            other => other?,
        };
        let [ended, said] = fds.each_ref().map(|fd| fd.any().unwrap_or(false));
        if open && said {
            open = log.copy(hear)?;
        } else if ended {
            // Nothing of it runs any more, and all that it said was read.
            break;
        }
    }
    let (end, oom_kills) = running.wait()?;
    log.close()?;
    Ok(Watched { end: (!late).then_some(end), oom_kills })
}

struct Log {
    file: File,
    room: u64,
    cut: u64,
    /// Whether a line has begun, and hasn't ended.
    within: bool,
}

impl Log {
    /// Copies what there is; whether more may come.
    fn copy(&mut self, from: BorrowedFd<'_>) -> Result<bool, Error> {
        let mut piece = [0; 1 << 14];
        let got = nix::unistd::read(from, &mut piece)?;
        let room = usize::try_from(self.room).unwrap_or(usize::MAX);
        let kept = piece.get(..got.min(room)).unwrap_or_default();
        self.file.write_all(kept)?;
        self.within = kept.last().map_or(self.within, |last| *last != b'\n');
        self.room -= kept.len() as u64;
        self.cut += (got - kept.len()) as u64;
        Ok(got > 0)
    }

    /// A flood is cut, counted and said. What semla says begins a line of its own.
    fn close(mut self) -> Result<(), Error> {
        if self.within {
            writeln!(self.file)?;
        }
        if self.cut > 0 {
            writeln!(self.file, "[semla cut {} bytes: a log holds {LOG}]", self.cut)?;
        }
        Ok(())
    }
}
