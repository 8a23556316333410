//! The new root: mount points in a directory of its own, laid over the image.

use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat, openat2};
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::{fchdir, symlinkat};

use super::layers::Layer;
use super::plan::{self, Plan, Source};
use super::sys::{self, attr};
use crate::error::{At, LaunchError, Step};
use crate::limits::Space;

/// Room for the mount points themselves: directories and empty files.
const ROOM: Space = Space::new(1 << 20, 8192);

/// The directories of the sandbox's own.
const OWN: [&str; 3] = ["dev", "proc", "tmp"];

/// The root in the making, and the staging directory in which it is attached.
pub(super) struct Tree {
    pub(super) root: OwnedFd,
    pub(super) staging: OwnedFd,
}

/// Puts the root together in a staging directory that hides the host's, and attaches it there, read-only.
pub(super) fn build(plan: &Plan) -> Result<Tree, LaunchError> {
    // It goes over /proc, which the keeper has just used, so it is there. Not over /: the old root could not be let go of while
    // something lies on it.
    let staging = plan::memory(ROOM, 0, 0o755, attr::NOSUID | attr::NODEV).at(Step::Staging)?;
    let place =
        openat(nix::fcntl::AT_FDCWD, "/proc", OFlag::O_PATH | OFlag::O_CLOEXEC, Mode::empty()).at(Step::Staging)?;
    sys::move_mount(&staging, &place).at(Step::Staging)?;
    for name in ["points", "image", "root", "empty"] {
        directory(&staging, name).at(Step::Staging)?;
    }
    let points = open(&staging, "points").at(Step::Skeleton)?;
    skeleton(&points, plan).at(Step::Skeleton)?;
    let root = match &plan.image {
        Some(image) => {
            sys::move_mount(image, open(&staging, "image").at(Step::Overlay)?).at(Step::Overlay)?;
            // Mount points over image: a link of the image in the place of a mount point is hidden.
            let attrs = attr::RDONLY | attr::NOSUID | attr::NODEV;
            overlay(&staging, c"points:image", attrs).at(Step::Overlay)?
        }
        None => {
            let root = sys::clone_mount(&staging, c"points").at(Step::Attach)?;
            let read_only = if plan.layers.has(Layer::ReadOnly) { attr::RDONLY } else { 0 };
            sys::seal_mount(&root, read_only | attr::NOSUID | attr::NODEV).at(Step::Attach)?;
            root
        }
    };
    sys::move_mount(&root, open(&staging, "root").at(Step::Attach)?).at(Step::Attach)?;
    Ok(Tree { root, staging })
}

impl Tree {
    /// A directory of the host as no other attempt has it: nothing can be written, for there is no upper layer; file locks and watches
    /// are this attempt's alone, for they are taken on the overlay's own inodes; and no path of the host stands in the list of mounts.
    pub(super) fn cover(&self, number: usize, directory: &OwnedFd) -> nix::Result<OwnedFd> {
        let name = format!("input-{number}");
        self::directory(&self.staging, &name)?;
        sys::move_mount(directory, open(&self.staging, &name)?)?;
        let lower = CString::new(format!("empty:{name}")).map_err(|_| Errno::EINVAL)?;
        overlay(&self.staging, &lower, attr::RDONLY | attr::NOSUID | attr::NODEV | attr::NOSYMFOLLOW)
    }
}

/// Layers of the staging directory, one over the other, without one that could be written.
pub(super) fn overlay(staging: &OwnedFd, lower: &CStr, attrs: u64) -> nix::Result<OwnedFd> {
    fchdir(staging)?;
    // An image's own attributes shall not say where its directories are.
    let options = [(c"lowerdir", lower), (c"redirect_dir", c"nofollow"), (c"metacopy", c"off")];
    sys::new_mount(c"overlay", &options, attrs)
}

fn skeleton(points: &OwnedFd, plan: &Plan) -> nix::Result<()> {
    for name in OWN {
        directory(points, name)?;
    }
    for mount in &plan.mounts {
        let path = mount.at.relative();
        parents(points, path)?;
        match mount.source {
            Source::File(_) => {
                let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
                openat(points, path, flags, Mode::from_bits_truncate(0o444))?;
            }
            Source::Directory(_) | Source::Memory(_) => directory(points, path)?,
        }
    }
    for link in &plan.links {
        parents(points, link.at.relative())?;
        symlinkat(link.to.as_str(), points, link.at.relative())?;
    }
    Ok(())
}

/// The directories above a path.
pub(super) fn parents(at: &OwnedFd, path: &str) -> nix::Result<()> {
    path.match_indices('/').try_for_each(|(end, _)| directory(at, path.split_at(end).0))
}

pub(super) fn directory(at: &OwnedFd, path: &str) -> nix::Result<()> {
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
