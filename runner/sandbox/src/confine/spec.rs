//! What an attempt is to run, with what, and where: descriptors and checked names, no host paths.

use std::os::fd::OwnedFd;

use super::names::{DevicePath, Fence, MountPoint};
use crate::error::{LaunchError, Step};
use crate::limits::{Limits, Space};
use nix::errno::Errno;

/// The user and group that the job runs as, inside.
pub const JOB_ID: u32 = 1000;

/// The host id to which id 0 of slot 0 is mapped: above what login systems hand out.
const FIRST_HOST_ID: u32 = 0x6000_0000;

/// Host ids for each slot.
const IDS_PER_SLOT: u32 = 0x1_0000;

/// One attempt to run in a sandbox.
#[derive(Debug)]
pub struct Spec {
    /// Names the attempt; its cgroup leafs are named by it.
    pub fence: Fence,
    /// Which user ids it gets. No two attempts that run at the same time share a slot.
    pub slot: Slot,
    /// What it sees at `/`.
    pub root: Root,
    /// What else it sees. No mount point may lie within another.
    pub mounts: Vec<Mount>,
    /// The devices of the host that it may use.
    pub devices: Vec<Device>,
    /// Symbolic links that are laid over the image.
    pub links: Vec<Link>,
    /// What it runs.
    pub program: Program,
    /// Its whole environment.
    pub env: Vec<(String, String)>,
    /// Its working directory, inside.
    pub cwd: String,
    /// What it may use.
    pub limits: Limits,
    /// Its standard input.
    pub stdin: OwnedFd,
    /// Its standard output.
    pub stdout: OwnedFd,
    /// Its standard error.
    pub stderr: OwnedFd,
}

/// A range of host user ids that one running attempt has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot(u32);

impl Slot {
    /// The number of slots: their ids stay below the kernel's reserved ones.
    pub const COUNT: u32 = (0xffff_0000 - FIRST_HOST_ID) / IDS_PER_SLOT;

    /// The slot with this number, or an error if there are fewer slots.
    pub fn new(number: u32) -> Result<Self, LaunchError> {
        if number < Self::COUNT {
            Ok(Self(number))
        } else {
            Err(LaunchError { step: Step::Slot, cause: Errno::ERANGE })
        }
    }

    /// The host id to which id 0 inside is mapped. Id `n` inside is this plus `n`.
    pub fn host_root(self) -> u32 {
        FIRST_HOST_ID + self.0 * IDS_PER_SLOT
    }

    /// The host id of the job's user and group.
    pub fn host_job(self) -> u32 {
        self.host_root() + JOB_ID
    }
}

/// What the attempt sees at `/`. It can't be written either way.
#[derive(Debug)]
pub enum Root {
    /// The directory of an unpacked image. What the job is to read must be readable by everybody.
    Image(OwnedFd),
    /// Nothing but the mount points.
    Empty,
}

/// Something that the attempt sees at one place.
#[derive(Debug)]
pub struct Mount {
    /// Where.
    pub at: MountPoint,
    /// What.
    pub what: What,
}

/// A character device of the host, such as a GPU. The attempt gets a node of its own for it.
#[derive(Debug)]
pub struct Device {
    /// Where, below /dev.
    pub at: DevicePath,
    /// The driver's number.
    pub major: u64,
    /// The device's number.
    pub minor: u64,
    /// Who may do what with it.
    pub mode: u32,
}

/// A symbolic link.
#[derive(Debug)]
pub struct Link {
    /// Where.
    pub at: MountPoint,
    /// To what.
    pub to: String,
}

/// What is mounted.
#[derive(Debug)]
pub enum What {
    /// A file or a directory of the host, without what is mounted below it: read-only, no devices, no set-id, no symbolic links followed.
    ReadOnly(OwnedFd),
    /// A detached mount, such as [`super::tmpfs`] makes, with the attributes that it has.
    Tree(OwnedFd),
    /// An empty directory in memory, writable by the job, gone after it.
    Tmpfs(Space),
}

/// What the attempt runs.
#[derive(Debug)]
pub enum Program {
    /// A command line; the first word is looked up inside, in the `PATH` of [`Spec::env`].
    Path(Vec<String>),
    /// An open file, which need not be visible inside, and its command line.
    Fd(OwnedFd, Vec<String>),
}
