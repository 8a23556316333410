//! A filesystem of an attempt's own in one file of the host's disk: limited in bytes and files, and gone with its last mount.

use super::slots::Slot;
use super::sys::{self, attr};
use crate::loops;
use nix::fcntl::{FallocateFlags, OFlag, fallocate, openat};
use nix::mount::{MntFlags, umount2};
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::{Gid, Uid, fchown};
use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What Debian's e2fsprogs have.
pub(crate) const MAKE: &str = "/usr/sbin/mkfs.ext4";
/// No journal: whatever a crash leaves of it, nobody mounts it again. No inode is written before it is used.
const FEATURES: [&str; 10] = [
    "-q",
    "-F",
    "-m",
    "0",
    "-b",
    "4096",
    "-O",
    "^has_journal,^resize_inode",
    "-E",
    "lazy_itable_init=1,nodiscard,root_owner=0:0",
];

/// So many bytes of the host's disk for one attempt, in a file that nothing leads to: they are the host's again once nobody has it open or
/// mounted, whatever becomes of them.
pub(crate) fn reserve(folder: &Path, bytes: u64) -> Result<File, Error> {
    let file = OpenOptions::new().read(true).write(true).custom_flags(libc::O_TMPFILE).mode(0o600).open(folder)?;
    let size = i64::try_from(bytes).map_err(|_| ErrorKind::FileTooLarge)?;
    fallocate(&file, FallocateFlags::empty(), 0, size)?;
    Ok(file)
}

/// Two folders that a job may write, detached and on one filesystem: its `/out`, and its `/scratch`.
pub(crate) struct Disk {
    pub(crate) out: OwnedFd,
    pub(crate) scratch: OwnedFd,
}

/// A place of the host where the filesystem lies while it is made ready.
struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        take_away(&self.0);
    }
}

/// Takes away what lies at such a place; nothing may.
pub(crate) fn take_away(place: &Path) {
    let _ = umount2(place, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW);
    drop(fs::remove_dir(place));
}

impl Disk {
    /// Makes one in a file for the job of this slot, with room for so many files. The place isn't there yet, and isn't there any more when
    /// this returns: the filesystem lasts as long as what is returned, and what is mounted of it.
    pub(crate) fn make(place: &Path, file: &File, inodes: u64, slot: Slot) -> Result<Self, Error> {
        let place = Place(place.to_owned());
        fs::create_dir(&place.0)?;
        format(file, inodes)?;
        let device = loops::attach(file)?;
        let source = CString::new(device.path())?;
        // Without a journal there is nothing to recover, and inode tables are read as empty until they are used.
        let options = [(c"source", source.as_c_str()), (c"errors", c"remount-ro"), (c"noinit_itable", c"")];
        let mount = sys::new_mount(c"ext4", &options, attr::NOSUID | attr::NODEV)?;
        sys::move_mount(&mount, File::open(&place.0)?)?;
        let root = OwnedFd::from(File::open(&place.0)?);
        fs::remove_dir(place.0.join("lost+found"))?;
        Ok(Self { out: folder(&root, "out", slot)?, scratch: folder(&root, "scratch", slot)? })
    }
}

/// A folder of the job's as a mount of its own.
fn folder(root: &OwnedFd, name: &str, slot: Slot) -> Result<OwnedFd, Error> {
    mkdirat(root, name, Mode::S_IRWXU)?;
    let folder = openat(root, name, OFlag::O_DIRECTORY | OFlag::O_CLOEXEC, Mode::empty())?;
    fchown(&folder, Some(Uid::from_raw(slot.host_job())), Some(Gid::from_raw(slot.host_job())))?;
    Ok(sys::clone_mount(&folder, c"")?)
}

fn format(file: &File, inodes: u64) -> Result<(), Error> {
    let mut make = Command::new(MAKE);
    let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    make.args(FEATURES).arg("-N").arg(inodes.to_string()).arg(path);
    // What it says goes where the launcher's own words go.
    match make.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).status()? {
        status if status.success() => Ok(()),
        status => Err(Error::other(status.to_string())),
    }
}
