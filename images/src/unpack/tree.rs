//! Writing below one directory, through descriptors, without ever following a link.

use super::UnpackError;
use super::name::Name;
use super::remove::{LIST, clear, kind, remove};
use crate::walk::{self, WalkError};
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{FchmodatFlags, Mode, SFlag, UtimensatFlags};
use nix::sys::stat::{fchmod, fchmodat, fstat, futimens, mkdirat, utimensat};
use nix::sys::time::TimeSpec;
use nix::unistd::{linkat, symlinkat};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

/// A directory that is searched, and nothing else: O_PATH needs no permission to read it.
const SEARCH: OFlag = OFlag::O_PATH.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

pub(crate) struct Tree {
    root: OwnedFd,
    /// Modes and times of directories. They are set last: writing into one changes its time, and may be forbidden
    /// by its mode.
    directories: BTreeMap<Name, (u32, i64)>,
}

impl Tree {
    pub(crate) fn open(path: &Path) -> Result<Self, WalkError> {
        Ok(Self { root: walk::open(path)?, directories: BTreeMap::new() })
    }

    /// Whether nothing stands at a name whose directory exists.
    pub(crate) fn is_vacant(&self, name: &Name) -> Result<bool, UnpackError> {
        match self.walk_to(name, false)? {
            Some((parent, last)) => Ok(kind(&parent, last).map_err(write(name))?.is_none()),
            None => Ok(false),
        }
    }

    /// Makes a directory; one that is already there takes the new mode.
    pub(crate) fn directory(&mut self, name: &Name, mode: u32, mtime: i64) -> Result<(), UnpackError> {
        let (parent, last) = self.parent(name)?;
        if kind(&parent, last).map_err(write(name))? != Some(SFlag::S_IFDIR) {
            remove(&parent, last).map_err(write(name))?;
            mkdirat(&parent, last, Mode::S_IRWXU).map_err(write(name))?;
        }
        self.directories.insert(name.clone(), (mode, mtime));
        Ok(())
    }

    /// Writes a file of exactly `size` bytes. What stood there is removed first, so that nothing is written through
    /// a link to it.
    pub(crate) fn file(
        &mut self,
        name: &Name,
        mode: u32,
        mtime: i64,
        size: u64,
        data: &mut dyn Read,
    ) -> Result<(), UnpackError> {
        let (parent, last) = self.vacant(name)?;
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = openat(&parent, last, flags, Mode::S_IRUSR | Mode::S_IWUSR).map_err(write(name))?;
        let mut file = File::from(file);
        let copied = io::copy(&mut data.take(size), &mut file)
            .map_err(|source| UnpackError::Write { path: name.to_string(), source })?;
        if copied != size {
            return Err(UnpackError::Read(io::ErrorKind::UnexpectedEof.into()));
        }
        fchmod(&file, Mode::from_bits_truncate(mode)).map_err(write(name))?;
        let time = TimeSpec::new(mtime, 0);
        futimens(&file, &time, &time).map_err(write(name))
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&mut self, name: &Name, target: &str, mtime: i64) -> Result<(), UnpackError> {
        let (parent, last) = self.vacant(name)?;
        symlinkat(target, &parent, last).map_err(write(name))?;
        let time = TimeSpec::new(mtime, 0);
        utimensat(&parent, last, &time, &time, UtimensatFlags::NoFollowSymlink).map_err(write(name))
    }

    /// Gives a file of this tree another name, or a copy where links can't be made, as in a sandbox. The bytes that it took.
    pub(crate) fn hard_link(&mut self, name: &Name, target: &Name, room: u64) -> Result<u64, UnpackError> {
        if name == target {
            return Ok(0);
        }
        let missing = || UnpackError::HardLink { path: name.to_string(), target: target.to_string() };
        let (from, old) = self.parent(target)?;
        match kind(&from, old).map_err(write(target))? {
            Some(SFlag::S_IFREG | SFlag::S_IFLNK) => {}
            _ => return Err(missing()),
        }
        let (parent, last) = self.vacant(name)?;
        // Clearing the name's place may have taken the target with it, if that lay below it.
        match linkat(&from, old, &parent, last, AtFlags::empty()) {
            Ok(()) => Ok(0),
            Err(Errno::ENOENT) => Err(missing()),
            Err(Errno::EPERM) => {
                let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
                let mut original = File::from(openat(&from, old, flags, Mode::empty()).map_err(write(target))?);
                let stat = fstat(&original).map_err(write(target))?;
                let size = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
                if size > room {
                    return Ok(size);
                }
                self.file(name, stat.st_mode & 0o777, stat.st_mtime, size, &mut original)?;
                Ok(size)
            }
            Err(error) => Err(write(name)(error)),
        }
    }

    /// Removes what stands at a name, if anything does.
    pub(crate) fn delete(&mut self, name: &Name) -> Result<(), UnpackError> {
        match self.walk_to(name, false)? {
            Some((parent, last)) => remove(&parent, last).map_err(write(name)),
            None => Ok(()),
        }
    }

    /// Removes what a directory holds; of the root itself, if there is no name.
    pub(crate) fn empty(&mut self, name: Option<&Name>) -> Result<(), UnpackError> {
        let Some(name) = name else {
            return clear(&self.root, c".")
                .map_err(|source| UnpackError::Write { path: "/".to_owned(), source: source.into() });
        };
        match self.walk_to(name, false)? {
            Some((parent, last)) if kind(&parent, last).map_err(write(name))? == Some(SFlag::S_IFDIR) => {
                clear(&parent, last).map_err(write(name))
            }
            _ => Ok(()),
        }
    }

    /// Sets the modes and times of the directories, the deepest first.
    pub(crate) fn finish(&mut self) -> Result<(), UnpackError> {
        for (name, (mode, mtime)) in std::mem::take(&mut self.directories).iter().rev() {
            let Some((parent, last)) = self.walk_to(name, false)? else { continue };
            // A later entry or layer may have put something else here.
            if kind(&parent, last).map_err(write(name))? != Some(SFlag::S_IFDIR) {
                continue;
            }
            let directory = openat(&parent, last, LIST, Mode::empty()).map_err(write(name))?;
            let time = TimeSpec::new(*mtime, 0);
            futimens(&directory, &time, &time).map_err(write(name))?;
            fchmod(&directory, Mode::from_bits_truncate(*mode)).map_err(write(name))?;
        }
        Ok(())
    }

    /// The parent of a name whose place has been cleared.
    fn vacant<'a>(&self, name: &'a Name) -> Result<(OwnedFd, &'a str), UnpackError> {
        let (parent, last) = self.parent(name)?;
        remove(&parent, last).map_err(write(name))?;
        Ok((parent, last))
    }

    /// The parent of a name, made if it is missing.
    fn parent<'a>(&self, name: &'a Name) -> Result<(OwnedFd, &'a str), UnpackError> {
        match self.walk_to(name, true)? {
            Some(found) => Ok(found),
            None => Err(write(name)(Errno::ENOENT)),
        }
    }

    fn walk_to<'a>(&self, name: &'a Name, make: bool) -> Result<Option<(OwnedFd, &'a str)>, UnpackError> {
        let (parts, last) = name.split();
        let mut directory = openat(&self.root, ".", SEARCH, Mode::empty()).map_err(write(name))?;
        for part in parts {
            let next = match openat(&directory, part, SEARCH, Mode::empty()) {
                Err(Errno::ENOENT) if make => {
                    make_parent(&directory, part).map_err(write(name))?;
                    openat(&directory, part, SEARCH, Mode::empty())
                }
                other => other,
            };
            directory = match next {
                Ok(next) => next,
                Err(Errno::ENOENT) => return Ok(None),
                Err(Errno::ENOTDIR | Errno::ELOOP) if !make => return Ok(None),
                Err(Errno::ENOTDIR | Errno::ELOOP) => {
                    return Err(UnpackError::Through { path: name.to_string() });
                }
                Err(error) => return Err(write(name)(error)),
            };
        }
        Ok(Some((directory, last)))
    }
}

/// A directory that the archive doesn't list gets a mode of its own, whatever the mask of this process.
fn make_parent(directory: &OwnedFd, part: &str) -> nix::Result<()> {
    mkdirat(directory, part, Mode::S_IRWXU)?;
    fchmodat(directory, part, Mode::from_bits_truncate(0o755), FchmodatFlags::FollowSymlink)
}

fn write(name: &Name) -> impl Fn(Errno) -> UnpackError + use<'_> {
    move |error| UnpackError::Write { path: name.to_string(), source: error.into() }
}
