//! Removing what an archive replaces or hides.

use nix::NixPath;
use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{Mode, SFlag, fstatat};
use nix::unistd::{UnlinkatFlags, unlinkat};
use std::os::fd::AsFd;

/// Opens a directory to list it or to change it, unless it is a link.
pub(super) const LIST: OFlag =
    OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// What stands at a name: a link is a link.
pub(super) fn kind<P: ?Sized + NixPath>(parent: impl AsFd, name: &P) -> nix::Result<Option<SFlag>> {
    match fstatat(parent, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT)),
        Err(Errno::ENOENT) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a name and all that is below it, if it exists.
// Names are at most `walk::DEPTH` components long, which bounds the recursion.
pub(super) fn remove<P: ?Sized + NixPath>(parent: impl AsFd, name: &P) -> nix::Result<()> {
    match kind(&parent, name)? {
        None => Ok(()),
        Some(SFlag::S_IFDIR) => {
            clear(&parent, name)?;
            unlinkat(parent, name, UnlinkatFlags::RemoveDir)
        }
        Some(_) => unlinkat(parent, name, UnlinkatFlags::NoRemoveDir),
    }
}

/// Removes all that is below a directory.
pub(super) fn clear<P: ?Sized + NixPath>(parent: impl AsFd, name: &P) -> nix::Result<()> {
    let mut directory = Dir::from_fd(openat(parent, name, LIST, Mode::empty())?)?;
    let mut names = Vec::new();
    for entry in directory.iter() {
        let name = entry?.file_name().to_owned();
        if !matches!(name.as_bytes(), b"." | b"..") {
            names.push(name);
        }
    }
    names.iter().try_for_each(|name| remove(&directory, name.as_c_str()))
}
