//! The new root: mount points in a directory of its own, laid over the image.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat, openat2};
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::fchdir;

use super::layers::Layer;
use super::plan::{self, Plan, Source};
use super::sys::{self, attr};
use crate::error::{At, LaunchError, Step};
use crate::limits::Space;

/// Room for the mount points themselves: directories and empty files.
const ROOM: Space = Space::new(1 << 20, 8192);

/// The directories of the sandbox's own.
const OWN: [&str; 3] = ["dev", "proc", "tmp"];

/// Puts the root together in a staging directory that hides the host's, and returns it attached there, read-only.
pub(super) fn build(plan: &Plan) -> Result<OwnedFd, LaunchError> {
    // It goes over /proc, which the keeper has just used, so it is there. Not over /: the old root could not be let go of while
    // something lies on it.
    let staging = plan::memory(ROOM, 0, 0o755, attr::NOSUID | attr::NODEV).at(Step::Staging)?;
    let place =
        openat(nix::fcntl::AT_FDCWD, "/proc", OFlag::O_PATH | OFlag::O_CLOEXEC, Mode::empty()).at(Step::Staging)?;
    sys::move_mount(&staging, &place).at(Step::Staging)?;
    for name in ["points", "image", "root"] {
        directory(&staging, name).at(Step::Staging)?;
    }
    let points = open(&staging, "points").at(Step::Skeleton)?;
    skeleton(&points, plan).at(Step::Skeleton)?;
    let root = match &plan.image {
        Some(image) => {
            sys::move_mount(image, open(&staging, "image").at(Step::Overlay)?).at(Step::Overlay)?;
            overlay(&staging).at(Step::Overlay)?
        }
        None => {
            let root = sys::clone_mount(&staging, c"points").at(Step::Attach)?;
            let read_only = if plan.layers.has(Layer::ReadOnly) { attr::RDONLY } else { 0 };
            sys::seal_mount(&root, read_only | attr::NOSUID | attr::NODEV).at(Step::Attach)?;
            root
        }
    };
    sys::move_mount(&root, open(&staging, "root").at(Step::Attach)?).at(Step::Attach)?;
    Ok(root)
}

/// Mount points over image. Nothing can be written, for there is no upper layer; a link of the image in the place of a mount
/// point is hidden; and file locks and watches are this attempt's alone, for they are taken on the overlay's own inodes.
fn overlay(staging: &OwnedFd) -> nix::Result<OwnedFd> {
    fchdir(staging)?;
    // An image's own attributes shall not say where its directories are.
    let options = [(c"lowerdir", c"points:image"), (c"redirect_dir", c"nofollow"), (c"metacopy", c"off")];
    sys::new_mount(c"overlay", &options, attr::RDONLY | attr::NOSUID | attr::NODEV)
}

fn skeleton(points: &OwnedFd, plan: &Plan) -> nix::Result<()> {
    for name in OWN {
        directory(points, name)?;
    }
    for mount in &plan.mounts {
        let path = mount.at.relative();
        let parents = path.match_indices('/').map(|(end, _)| path.split_at(end).0);
        for parent in parents {
            directory(points, parent)?;
        }
        match mount.source {
            Source::File(_) => {
                let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
                openat(points, path, flags, Mode::from_bits_truncate(0o444))?;
            }
            Source::Directory(_) | Source::Memory(_) => directory(points, path)?,
        }
    }
    Ok(())
}

fn directory(at: &OwnedFd, path: &str) -> nix::Result<()> {
    match mkdirat(at, path, Mode::from_bits_truncate(0o755)) {
        Err(Errno::EEXIST) => Ok(()),
        other => other,
    }
}

/// Opens a mount point without following a link or leaving the tree.
pub(super) fn open(at: impl AsFd, path: &str) -> nix::Result<OwnedFd> {
    let at: BorrowedFd<'_> = at.as_fd();
    let resolve = ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_SYMLINKS | ResolveFlag::RESOLVE_NO_MAGICLINKS;
    let how = OpenHow::new().flags(OFlag::O_PATH | OFlag::O_CLOEXEC).resolve(resolve);
    openat2(at, path, how)
}
