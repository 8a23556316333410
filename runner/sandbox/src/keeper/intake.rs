//! Taking in what a job left. Nothing of it runs any more, so that what is seen stays; still it is hostile: a declared output is
//! a plain file of its own, reached without a link, or it is refused.

use super::run::Run;
use crate::objects::{self, Origin};
use crate::protocol::{Id, Taken};
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};
use nix::sys::stat::{SFlag, fstat};
use nix::sys::statvfs::fstatvfs;
use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::time::Instant;

/// Why an output isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Missed {
    /// Nothing has its name.
    Absent,
    /// What has its name isn't a plain file, or couldn't be kept.
    Refused,
    /// The attempt's time was over before it was kept.
    Late,
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

/// Takes in every output that can be, and says the worst of what kept the others out.
pub(super) fn take(run: &Run<'_>, out: &OwnedFd, wanted: &[String]) -> (Vec<Taken>, Option<Missed>) {
    let (mut outputs, mut missed) = (Vec::new(), None);
    // All of them together fit into what the job's memory could hold: a file of holes is no way to fill the disk.
    let mut left = run.task.memory;
    for (number, path) in wanted.iter().enumerate() {
        let origin = Origin::Output { fence: run.fence.clone(), path: path.clone() };
        match one(run, out, path, &format!("o{number}"), origin, left) {
            Ok(taken) => {
                left = left.saturating_sub(taken.content.size);
                outputs.push(taken);
            }
            Err(why) => missed = missed.max(Some(why)),
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
    let object = Id::try_from(format!("{}-{name}", run.fence)).map_err(|_| Missed::Refused)?;
    let content = objects::take(run.house, &object, &mut file, most, run.task.marking.clone(), origin);
    let content = content.map_err(|error| match error.kind() {
        ErrorKind::TimedOut => Missed::Late,
        _ => Missed::Refused,
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
        nix::errno::Errno::ENOENT => Missed::Absent,
        _ => Missed::Refused,
    })?;
    let stat = fstat(&fd).map_err(|_| Missed::Refused)?;
    let kind = SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT;
    // A second name could stand for anything; bits that raise privileges have no business in an output.
    let plain = kind == SFlag::S_IFREG && stat.st_nlink == 1 && stat.st_mode & 0o7000 == 0;
    if plain { Ok(File::from(fd)) } else { Err(Missed::Refused) }
}

/// Whether `/out` is full.
pub(super) fn full(out: &OwnedFd) -> bool {
    fstatvfs(out).is_ok_and(|space| space.blocks_available() == 0 || space.files_available() == 0)
}
