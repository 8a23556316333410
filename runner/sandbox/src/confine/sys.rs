//! The system calls that no library wraps yet. Each function makes one call and says what it returns.

use std::ffi::{CStr, c_int, c_uint, c_ulong, c_void};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

use nix::errno::Errno;
use nix::unistd::Pid;

/// Attributes of a mount, as mount_setattr(2) and fsmount(2) take them.
pub(crate) mod attr {
    pub(crate) const RDONLY: u64 = 0x1;
    pub(crate) const NOSUID: u64 = 0x2;
    pub(crate) const NODEV: u64 = 0x4;
    pub(crate) const NOEXEC: u64 = 0x8;
    pub(crate) const NOSYMFOLLOW: u64 = 0x20_0000;
}

const OPEN_TREE_CLONE: c_uint = 1;
const MOVE_MOUNT_F_EMPTY_PATH: c_uint = 0x04;
const MOVE_MOUNT_T_EMPTY_PATH: c_uint = 0x40;
const FSOPEN_CLOEXEC: c_uint = 1;
const FSMOUNT_CLOEXEC: c_uint = 1;
const FSCONFIG_SET_FLAG: c_uint = 0;
const FSCONFIG_SET_STRING: c_uint = 1;
const FSCONFIG_CMD_CREATE: c_uint = 6;
const CLONE_PIDFD: u64 = 0x1000;
const CLONE_CLEAR_SIGHAND: u64 = 0x1_0000_0000;
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;
const CAPABILITY_VERSION_3: u32 = 0x2008_0522;

/// struct mount_attr of the kernel.
#[repr(C)]
struct MountAttr {
    set: u64,
    clear: u64,
    propagation: u64,
    userns: u64,
}

/// struct clone_args of the kernel, up to `cgroup` (Linux 5.7).
#[repr(C)]
#[derive(Default)]
struct CloneArgs {
    flags: u64,
    pidfd: u64,
    child_tid: u64,
    parent_tid: u64,
    exit_signal: u64,
    stack: u64,
    stack_size: u64,
    tls: u64,
    set_tid: u64,
    set_tid_size: u64,
    cgroup: u64,
}

/// Which side of a clone this is.
pub(crate) enum Side {
    /// The new process.
    Child,
    /// The one that called, with the new process's id and its pidfd.
    Parent(Pid, OwnedFd),
}

fn owned(result: libc::c_long) -> nix::Result<OwnedFd> {
    let fd = Errno::result(result)?;
    let fd = RawFd::try_from(fd).map_err(|_| Errno::EBADF)?;
    // SAFETY: the kernel has just returned this descriptor, and nothing else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Starts a process in new namespaces, born in the cgroup `born` if one is given.
///
/// # Safety
/// The calling process has one thread: the child gets a copy of the memory, in which no other thread may hold a lock.
pub(crate) unsafe fn clone3(namespaces: c_int, born: Option<BorrowedFd<'_>>) -> nix::Result<Side> {
    let mut pidfd: RawFd = -1;
    let mut args = CloneArgs {
        flags: u64::from(namespaces.cast_unsigned()) | CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
        pidfd: ptr::from_mut(&mut pidfd) as u64,
        exit_signal: u64::from(libc::SIGCHLD.cast_unsigned()),
        ..CloneArgs::default()
    };
    if let Some(cgroup) = born {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = u64::from(cgroup.as_raw_fd().cast_unsigned());
    }
    // SAFETY: `args` and `pidfd` outlive the call; without CLONE_VM the child runs on its own copy of the stack.
    let pid = unsafe { libc::syscall(libc::SYS_clone3, &raw const args, size_of::<CloneArgs>()) };
    match Errno::result(pid)? {
        0 => Ok(Side::Child),
        pid => {
            let pid = i32::try_from(pid).map_err(|_| Errno::EOVERFLOW)?;
            Ok(Side::Parent(Pid::from_raw(pid), owned(pidfd.into())?))
        }
    }
}

/// Forks, and holds the caller until the child has executed a program or ended. `None` is the child.
///
/// # Safety
/// The calling process has one thread.
pub(crate) unsafe fn vfork() -> nix::Result<Option<Pid>> {
    let flags = libc::CLONE_VFORK | libc::SIGCHLD;
    // SAFETY: without CLONE_VM the child runs on its own copy of the memory; no pointer is passed.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    match Errno::result(pid)? {
        0 => Ok(None),
        pid => Ok(i32::try_from(pid).ok().map(Pid::from_raw)),
    }
}

/// A detached copy of the mount that `fd` lies on, with `fd` as its root and nothing that is mounted below.
pub(crate) fn clone_mount(fd: impl AsFd, path: &CStr) -> nix::Result<OwnedFd> {
    let flags = OPEN_TREE_CLONE | (libc::O_CLOEXEC | libc::AT_EMPTY_PATH).cast_unsigned();
    let dir = fd.as_fd().as_raw_fd();
    // SAFETY: `path` is a NUL-terminated string that outlives the call.
    owned(unsafe { libc::syscall(libc::SYS_open_tree, dir, path.as_ptr(), flags) })
}

/// Sets attributes of one mount, and cuts it off from the mount events of the one it was copied from.
pub(crate) fn seal_mount(mount: impl AsFd, set: u64) -> nix::Result<()> {
    let attr = MountAttr { set, clear: 0, propagation: libc::MS_PRIVATE, userns: 0 };
    let fd = mount.as_fd().as_raw_fd();
    let (size, flags) = (size_of::<MountAttr>(), libc::AT_EMPTY_PATH);
    let call = libc::SYS_mount_setattr;
    // SAFETY: the path is a constant string; `attr` outlives the call and has the size that is passed.
    let done = unsafe { libc::syscall(call, fd, c"".as_ptr(), flags, &raw const attr, size) };
    Errno::result(done).map(drop)
}

/// Attaches a detached mount at a directory or file that is already open: no path is looked up.
pub(crate) fn move_mount(mount: impl AsFd, onto: impl AsFd) -> nix::Result<()> {
    let (from, to) = (mount.as_fd().as_raw_fd(), onto.as_fd().as_raw_fd());
    let (empty, flags) = (c"".as_ptr(), MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
    // SAFETY: both paths are constant strings.
    let done = unsafe { libc::syscall(libc::SYS_move_mount, from, empty, to, empty, flags) };
    Errno::result(done).map(drop)
}

/// A new, detached mount of a filesystem of this type with these options, of which those without a value are flags.
pub(crate) fn new_mount(fs: &CStr, options: &[(&CStr, &CStr)], attrs: u64) -> nix::Result<OwnedFd> {
    // SAFETY: `fs` is a NUL-terminated string that outlives the call.
    let context = owned(unsafe { libc::syscall(libc::SYS_fsopen, fs.as_ptr(), FSOPEN_CLOEXEC) })?;
    for (key, value) in options {
        match value.is_empty() {
            true => fsconfig(&context, FSCONFIG_SET_FLAG, Some(key), None)?,
            false => fsconfig(&context, FSCONFIG_SET_STRING, Some(key), Some(value))?,
        }
    }
    fsconfig(&context, FSCONFIG_CMD_CREATE, None, None)?;
    let fd = context.as_raw_fd();
    // SAFETY: no pointer is passed.
    owned(unsafe { libc::syscall(libc::SYS_fsmount, fd, FSMOUNT_CLOEXEC, attrs) })
}

fn fsconfig(context: &OwnedFd, command: c_uint, key: Option<&CStr>, value: Option<&CStr>) -> nix::Result<()> {
    let [key, value] = [key, value].map(|text| text.map_or(ptr::null(), CStr::as_ptr));
    let fd = context.as_raw_fd();
    // SAFETY: both pointers are null, as the command wants it, or NUL-terminated strings that outlive the call.
    let done = unsafe { libc::syscall(libc::SYS_fsconfig, fd, command, key, value, 0) };
    Errno::result(done).map(drop)
}

/// Sends a signal to the process of a pidfd.
pub(crate) fn pidfd_signal(pidfd: impl AsFd, signal: c_int) -> nix::Result<()> {
    let fd = pidfd.as_fd().as_raw_fd();
    let info: *const c_void = ptr::null();
    // SAFETY: a null siginfo asks the kernel to fill in the default.
    let done = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, info, 0) };
    Errno::result(done).map(drop)
}

/// Reaps the process of a pidfd, waiting for its end. Returns si_code, si_status, and what it and its children used.
pub(crate) fn pidfd_reap(pidfd: impl AsFd) -> nix::Result<(c_int, c_int, libc::rusage)> {
    let fd = pidfd.as_fd().as_raw_fd();
    // SAFETY: siginfo_t is plain data, for which all zeroes is a value.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: rusage is plain data, for which all zeroes is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    let (call, options) = (libc::SYS_waitid, libc::WEXITED);
    let (to_info, to_usage) = (&raw mut info, &raw mut usage);
    // SAFETY: both pointers are to writable memory of the right type that outlives the call.
    let done = unsafe { libc::syscall(call, libc::P_PIDFD, fd, to_info, options, to_usage) };
    Errno::result(done)?;
    // SAFETY: waitid has filled in the fields of an ended child.
    let status = unsafe { info.si_status() };
    Ok((info.si_code, status, usage))
}

/// Closes the descriptors from `first` to `last`, both included.
pub(crate) fn close_range(first: c_uint, last: c_uint) -> nix::Result<()> {
    // SAFETY: the caller gives up every descriptor in the range; no pointer is passed.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
    Errno::result(done).map(drop)
}

/// Restores the default action of a signal, also of one that was ignored, and of those that the C library keeps for itself.
pub(crate) fn default_signal(signal: c_int) -> nix::Result<()> {
    // The kernel's own struct sigaction: handler (SIG_DFL), flags, restorer, mask.
    let action = [0_u64; 4];
    let (new, old) = (action.as_ptr(), ptr::null_mut::<u64>());
    // SAFETY: `new` is to as much memory as the kernel reads, and SIG_DFL runs no code of ours.
    let done = unsafe { libc::syscall(libc::SYS_rt_sigaction, signal, new, old, size_of::<u64>()) };
    Errno::result(done).map(drop)
}

/// A prctl(2) whose arguments are all numbers.
pub(crate) fn prctl(option: c_int, arg2: c_ulong, arg3: c_ulong) -> nix::Result<()> {
    // SAFETY: the options used here take numbers and no pointers.
    let done = unsafe { libc::prctl(option, arg2, arg3, 0, 0) };
    Errno::result(done).map(drop)
}

/// Empties the effective, permitted and inheritable capability sets.
pub(crate) fn drop_capabilities() -> nix::Result<()> {
    let header: [u32; 2] = [CAPABILITY_VERSION_3, 0];
    let none = [0_u32; 6];
    let (header, none) = (header.as_ptr(), none.as_ptr());
    // SAFETY: version 3 of the call reads two words of header and six of data.
    let done = unsafe { libc::syscall(libc::SYS_capset, header, none) };
    Errno::result(done).map(drop)
}

/// Sets the NIS domain name of the UTS namespace.
pub(crate) fn set_domain(name: &[u8]) -> nix::Result<()> {
    // SAFETY: pointer and length are of one slice.
    let done = unsafe { libc::setdomainname(name.as_ptr().cast(), name.len()) };
    Errno::result(done).map(drop)
}

/// Ends the process at once: no destructor, no exit handler, no flushing of the keeper's copied buffers.
pub(crate) fn exit(code: c_int) -> ! {
    // SAFETY: _exit has no precondition.
    unsafe { libc::_exit(code) }
}
