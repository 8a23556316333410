//! Taking in what a job left. Nothing of it runs any more, so that what is seen stays; still it is hostile: a declared output is
//! a plain file of its own, reached without a link, or it is refused. Outputs are opened by their names alone: no folder is listed, so
//! that what else lies there, and how much, is nothing to anybody.

use super::run::Run;
use crate::objects::{self, Origin};
use crate::protocol::{Id, Taken};
use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};
use nix::sys::stat::{FileStat, SFlag, fstat};
use nix::sys::statvfs::{Statvfs, fstatvfs};
use semla_policy::Ending;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::time::Instant;

/// Why an output isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(super) enum Missed {
    /// Nothing has its name.
    #[error("nothing is there")]
    Absent,
    /// What has its name isn't a plain file.
    #[error("{0}")]
    Refused(&'static str),
    /// It couldn't be kept.
    #[error("it couldn't be kept: {0}")]
    Unkept(ErrorKind),
    /// The attempt's time was over before it was kept.
    #[error("the job's time was over before it was kept")]
    Late,
}

impl Missed {
    /// The word for a job that succeeded, but for this.
    pub(super) fn ending(self) -> Ending {
        match self {
            Self::Absent => Ending::OutputMissing,
            Self::Refused(_) | Self::Unkept(_) => Ending::OutputRefused,
            Self::Late => Ending::OutOfTime,
        }
    }
}

/// A file that can be read until a moment.
struct Until(File, Instant);

impl Read for Until {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        match Instant::now() < self.1 {
            true => self.0.read(buffer),
            false => Err(ErrorKind::TimedOut.into()),
        }
    }
}

/// Takes in every output that can be, says of each other one in the job's log why not, and gives back the worst of what kept them out.
pub(super) fn take(run: &Run<'_>, out: &OwnedFd, wanted: &[String], mut log: File) -> (Vec<Taken>, Option<Missed>) {
    let (mut outputs, mut missed) = (Vec::new(), None);
    // All of them together fit into what the job could write: a file of holes is no way to fill the disk.
    let mut left = run.task.memory.max(run.task.disk);
    for (number, path) in wanted.iter().enumerate() {
        let origin = Origin::Output { fence: run.fence.clone(), path: path.clone() };
        match one(run, out, path, &format!("o{number}"), origin, left) {
            Ok(taken) => {
                left = left.saturating_sub(taken.content.size);
                outputs.push(taken);
            }
            Err(why) => {
                // A log that can't be written to is no reason to lose the other outputs.
                let _ = writeln!(log, "[semla left out `{path}`: {why}]");
                missed = missed.max(Some(why));
            }
        }
    }
    (outputs, missed)
}

/// Takes in one file of at most so many bytes, at the attempt's label.
pub(super) fn one(
    run: &Run<'_>,
    out: &OwnedFd,
    path: &str,
    name: &str,
    origin: Origin,
    most: u64,
) -> Result<Taken, Missed> {
    let mut file = Until(open(out, path)?, run.until);
    // The fence is random, and so is what is named by it.
    let object = Id::try_from(format!("{}-{name}", run.fence)).map_err(|_| Missed::Unkept(ErrorKind::InvalidInput))?;
    let content = objects::take(run.house, &object, &mut file, most, run.task.marking.clone(), origin);
    let content = content.map_err(|error| match error.kind() {
        ErrorKind::TimedOut => Missed::Late,
        ErrorKind::FileTooLarge => Missed::Refused("it and those before it are larger than what the job may write"),
        kind => Missed::Unkept(kind),
    })?;
    Ok(Taken { path: path.to_owned(), object, content })
}

/// Opens a plain file below `/out` without following anything.
pub(super) fn open(out: &OwnedFd, path: &str) -> Result<File, Missed> {
    let how = OpenHow::new().flags(OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC).resolve(
        ResolveFlag::RESOLVE_BENEATH
            | ResolveFlag::RESOLVE_NO_SYMLINKS
            | ResolveFlag::RESOLVE_NO_MAGICLINKS
            | ResolveFlag::RESOLVE_NO_XDEV,
    );
    let fd = openat2(out, path, how).map_err(|errno| match errno {
        Errno::ENOENT => Missed::Absent,
        Errno::ELOOP => Missed::Refused("it is a symbolic link, or lies behind one"),
        Errno::ENOTDIR => Missed::Refused("what should be its folder is none"),
        Errno::EXDEV => Missed::Refused("it lies on another filesystem"),
        Errno::ENXIO | Errno::EACCES => Missed::Refused("it is a socket or a device"),
        other => Missed::Unkept(Error::from(other).kind()),
    })?;
    match fstat(&fd).map(|stat| odd(&stat)) {
        Ok(None) => Ok(File::from(fd)),
        Ok(Some(why)) => Err(Missed::Refused(why)),
        Err(errno) => Err(Missed::Unkept(Error::from(errno).kind())),
    }
}

/// Why something is no plain file of its own. A second name could stand for anything; bits that raise privileges have no business in an
/// output.
fn odd(stat: &FileStat) -> Option<&'static str> {
    match SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT {
        SFlag::S_IFREG if stat.st_nlink != 1 => Some("it is a hard link: the file has another name"),
        SFlag::S_IFREG if stat.st_mode & 0o7000 != 0 => Some("it is setuid, setgid or sticky"),
        SFlag::S_IFREG => None,
        SFlag::S_IFDIR => Some("it is a folder"),
        SFlag::S_IFIFO => Some("it is a pipe"),
        _ => Some("it is no plain file"),
    }
}

/// Whether `/out` is full: a disk's filesystem keeps some blocks back, so that a write fails before all are taken.
pub(super) fn full(out: &OwnedFd) -> bool {
    let full = |space: Statvfs| space.blocks_available() * 100 < space.blocks() || space.files_available() == 0;
    fstatvfs(out).is_ok_and(full)
}

#[cfg(test)]
mod tests;
