//! The /dev of an attempt.

use std::ffi::CStr;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};

use nix::fcntl::{OFlag, open, openat};
use nix::sys::stat::{Mode, SFlag, makedev, mkdirat, mknodat, umask};
use nix::unistd::symlinkat;

use super::sys::{self, attr};
use super::{Device, plan, tree};
use crate::limits::Space;

/// The nodes that programs expect, with their minor numbers (Linux allocated devices, major 1).
const NODES: [(&str, &CStr, u64); 5] = [
    ("null", c"/dev/null", 3),
    ("zero", c"/dev/zero", 5),
    ("full", c"/dev/full", 7),
    ("random", c"/dev/random", 8),
    ("urandom", c"/dev/urandom", 9),
];

/// Whose nodes they are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Nodes {
    /// The attempt's own, as only the host's root can make them: a lock on one is seen by nobody else.
    Own,
    /// The host's, bound over empty files: all that an ordinary user can have.
    Hosts,
}

/// Detached mounts: /dev, and what goes over files in it.
pub(super) struct Devices {
    dev: OwnedFd,
    bound: Vec<(&'static str, OwnedFd)>,
}

/// Makes /dev, with the host's devices that are given to the attempt.
pub(super) fn make(nodes: Nodes, given: &[Device]) -> nix::Result<Devices> {
    let space = Space::new(1 << 16, 32 + 4 * given.len() as u64);
    let dev = plan::memory(space, 0, 0o755, attr::NOSUID | attr::NOEXEC)?;
    let before = umask(Mode::empty());
    let filled = fill(&dev, nodes, given);
    umask(before);
    let bound = filled?;
    sys::seal_mount(&dev, attr::RDONLY)?;
    Ok(Devices { dev, bound })
}

fn fill(dev: &OwnedFd, nodes: Nodes, given: &[Device]) -> nix::Result<Vec<(&'static str, OwnedFd)>> {
    let everyone = Mode::from_bits_truncate(0o666);
    let mut bound = Vec::new();
    for (name, path, minor) in NODES {
        match nodes {
            Nodes::Own => mknodat(dev.as_fd(), name, SFlag::S_IFCHR, everyone, makedev(1, minor))?,
            Nodes::Hosts => {
                drop(File::from(openat(dev, name, OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC, everyone)?));
                let node = open(path, OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC, Mode::empty())?;
                let node = sys::clone_mount(node, c"")?;
                sys::seal_mount(&node, attr::RDONLY | attr::NOSUID | attr::NOEXEC)?;
                bound.push((name, node));
            }
        }
    }
    let links = [
        ("/proc/self/fd", "fd"),
        ("/proc/self/fd/0", "stdin"),
        ("/proc/self/fd/1", "stdout"),
        ("/proc/self/fd/2", "stderr"),
    ];
    for (to, name) in links {
        symlinkat(to, dev.as_fd(), name)?;
    }
    mkdirat(dev, "shm", Mode::from_bits_truncate(0o755))?;
    for Device { at, major, minor, mode } in given {
        tree::parents(dev, at.relative())?;
        mknodat(dev.as_fd(), at.relative(), SFlag::S_IFCHR, Mode::from_bits_truncate(*mode), makedev(*major, *minor))?;
    }
    Ok(bound)
}

impl Devices {
    /// Moves them into place.
    pub(super) fn attach(&self, root: &OwnedFd) -> nix::Result<()> {
        sys::move_mount(&self.dev, tree::open(root, "dev")?)?;
        let dev = tree::open(root, "dev")?;
        self.bound.iter().try_for_each(|(name, node)| sys::move_mount(node, tree::open(&dev, name)?))
    }
}
