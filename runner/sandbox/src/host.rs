//! What this host has, and who uses it.

use crate::cdi::Node;
use crate::confine::disk::MAKE;
use nix::sys::statvfs::statvfs;
use std::fmt;
use std::fs;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

/// Bytes of memory (proc_meminfo(5), `MemTotal`).
pub fn memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// How much of the host's disk jobs can have for themselves.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    /// Bytes that nothing takes.
    pub free: u64,
    /// Bytes in all.
    pub all: u64,
}

/// What a job's disk leaves of the host's for the journal, the ledger, copies of images and what is taken in of others.
const RESERVE: u64 = 1 << 30;

impl Disk {
    /// Whether there is room now for a job's disk, and for as much of outputs that are taken in from it.
    pub fn holds(&self, bytes: u64) -> bool {
        bytes.saturating_mul(2).saturating_add(RESERVE) <= self.free
    }

    /// The largest disk that a job can ever have.
    pub fn most(&self) -> u64 {
        self.all.saturating_sub(RESERVE) / 2
    }
}

/// The disk that this folder lies on; nothing, where jobs can't be given one of their own: that takes loop devices, and e2fsprogs.
pub fn disk(folder: &Path) -> Option<Disk> {
    let possible = ["/dev/loop-control", MAKE].iter().all(|path| Path::new(path).exists());
    let space = statvfs(folder).ok().filter(|_| possible)?;
    let bytes = |blocks: u64| blocks.checked_mul(space.fragment_size());
    Some(Disk { free: bytes(space.blocks_available())?, all: bytes(space.blocks())? })
}

/// A process that has a device open.
#[derive(Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// Its program's name, as it gave it to itself.
    pub name: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} (`{}`)", self.pid, self.name.escape_default())
    }
}

/// Somebody who has one of these devices open or mapped, in whatever sandbox or container; whoever can't be looked at doesn't count, so
/// ask as root.
pub fn holder(nodes: &[Node]) -> Option<Holder> {
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.map(|pid| (pid, Path::new("/proc").join(pid.to_string())))
        .find(|(_, process)| ["fd", "map_files"].iter().any(|links| leads(&process.join(links), nodes)))
        .map(|(pid, process)| {
            let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
            Holder { pid, name: name.trim_end().to_owned() }
        })
}

/// Whether one of a process's links, to what it has open or mapped, leads to one of these devices: by number, for any file may be named
/// like one.
fn leads(links: &Path, nodes: &[Node]) -> bool {
    let Ok(folder) = fs::File::open(links).map(OwnedFd::from) else { return false };
    let entries = fs::read_dir(links).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok()).any(|name| {
        device(&folder, &name).is_some_and(|number| nodes.iter().any(|node| (node.major, node.minor) == number))
    })
}

/// The number of the character device that a link leads to. No filesystem is asked, so that one that hangs holds up nobody.
fn device(folder: &OwnedFd, name: &str) -> Option<(u64, u64)> {
    let name = std::ffi::CString::new(name).ok()?;
    // SAFETY: a structure of numbers may be all zeros.
    let mut found: libc::statx = unsafe { std::mem::zeroed() };
    let flags = libc::AT_STATX_DONT_SYNC;
    // SAFETY: the name ends with a NUL, and the structure outlives the call.
    let done = unsafe { libc::statx(folder.as_raw_fd(), name.as_ptr(), flags, libc::STATX_TYPE, &raw mut found) };
    let character = u32::from(found.stx_mode) & libc::S_IFMT == libc::S_IFCHR;
    (done == 0 && character).then(|| (found.stx_rdev_major.into(), found.stx_rdev_minor.into()))
}
