//! What an attempt is to run, with what, and where: descriptors and checked names, no host paths.

use std::os::fd::OwnedFd;

use super::names::{DevicePath, Fence, MountPoint};
use super::slots::Slot;
use crate::limits::{Limits, Space};

/// The user and group that the job runs as, inside.
pub const JOB_ID: u32 = 1000;

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
