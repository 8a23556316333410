//! Changing what is mounted where.

use crate::probe::{Outcome, Probe, call, with_path};
use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;

const NONE: Option<&str> = None;
const OPEN_TREE_CLONE: usize = 1;
const AT_FDCWD: usize = libc::AT_FDCWD as usize;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("remount-writable", "takes the read-only flag off the data's mount", |stage| {
        mount(NONE, &stage.data, NONE, MsFlags::MS_REMOUNT | MsFlags::MS_BIND, NONE).into()
    }),
    Probe::new("remount-in-own-namespace", "takes the flag off in namespaces that it makes for itself", |stage| {
        let own =
            unshare(CloneFlags::CLONE_NEWNS).or_else(|_| unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS));
        let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND;
        own.and_then(|()| mount(NONE, &stage.data, NONE, flags, NONE)).into()
    }),
    Probe::new("mount-setattr", "clears the read-only flag by mount_setattr", |stage| {
        // struct mount_attr: set, clear, propagation, user namespace.
        let attributes: [u64; 4] = [0, 1, 0, 0];
        with_path(&stage.data, |path| {
            call(libc::SYS_mount_setattr, [AT_FDCWD, path, 0, attributes.as_ptr() as usize, 32])
        })
        .into()
    }),
    Probe::new("unmount-data", "uncovers what lies below the data", |stage| {
        umount2(&stage.data, MntFlags::MNT_DETACH).into()
    }),
    Probe::new("unmount-proc", "uncovers what lies below the process table", |_| {
        in_own_mounts(|| umount2("/proc", MntFlags::MNT_DETACH)).into()
    }),
    Probe::new("bind-over", "lays a directory of its own over the data", |stage| {
        mount(Some(&stage.out), &stage.data, NONE, MsFlags::MS_BIND, NONE).into()
    }),
    Probe::new("bind-elsewhere", "binds the data to where no flag is set", |stage| {
        mount(Some(&stage.data), &stage.out, NONE, MsFlags::MS_BIND, NONE).into()
    }),
    Probe::new("clone-tree", "copies the data's mount by open_tree", |stage| {
        with_path(&stage.data, |path| call(libc::SYS_open_tree, [AT_FDCWD, path, OPEN_TREE_CLONE])).into()
    }),
    Probe::new("move-mount", "moves a mount away", |stage| {
        let both = [&stage.data, &stage.out].map(|path| CString::new(path.as_os_str().as_bytes()));
        let [Ok(from), Ok(to)] = both else { return Outcome::Held("a path".into()) };
        let (from, to) = (from.as_ptr() as usize, to.as_ptr() as usize);
        // Of a mount that is shared the kernel says EINVAL, to those who may move mounts.
        Outcome::past(call(libc::SYS_move_mount, [AT_FDCWD, from, AT_FDCWD, to, 0]), &[Errno::EINVAL])
    }),
    Probe::new("mount-tmpfs", "mounts a filesystem in memory, past the limits of its own", |stage| {
        mount(Some("tmpfs"), &stage.out, Some("tmpfs"), MsFlags::empty(), NONE).into()
    }),
    Probe::new("mount-proc", "mounts a process table without the mask", |stage| {
        mount(Some("proc"), &stage.out, Some("proc"), MsFlags::empty(), NONE).into()
    }),
    Probe::new("mount-sysfs", "mounts /sys", |stage| {
        mount(Some("sysfs"), &stage.out, Some("sysfs"), MsFlags::empty(), NONE).into()
    }),
    Probe::new("mount-cgroup", "mounts the cgroups, to lift its limits", |stage| {
        mount(Some("cgroup2"), &stage.out, Some("cgroup2"), MsFlags::empty(), NONE).into()
    }),
    Probe::new("mount-overlay", "lays a writable layer over the data", |stage| {
        let [upper, work] = ["upper", "work"].map(|name| stage.out.join(name));
        let made = [&upper, &work].into_iter().all(|path| std::fs::create_dir(path).is_ok());
        let options =
            format!("lowerdir={},upperdir={},workdir={}", stage.data.display(), upper.display(), work.display());
        match made {
            true => {
                mount(Some("overlay"), &stage.out, Some("overlay"), MsFlags::empty(), Some(options.as_str())).into()
            }
            false => Outcome::Held("no directory".into()),
        }
    }),
    Probe::new("fsopen", "makes a filesystem by the new calls", |_| {
        call(libc::SYS_fsopen, [c"tmpfs".as_ptr() as usize, 0]).into()
    }),
    Probe::new("fspick", "takes hold of a mounted filesystem to change it", |stage| {
        with_path(&stage.data, |path| call(libc::SYS_fspick, [AT_FDCWD, path, 0])).into()
    }),
    Probe::new("pivot-root", "gives itself another root", |_| {
        // Whoever may, hears that the arguments make no sense.
        let same = [c".".as_ptr() as usize, c".".as_ptr() as usize];
        Outcome::past(call(libc::SYS_pivot_root, same), &[Errno::EINVAL, Errno::EBUSY])
    }),
    Probe::new("chroot", "changes its root, the first step out of one", |stage| nix::unistd::chroot(&stage.out).into()),
    Probe::new("propagation", "makes its mounts shared, so that others see them", |_| {
        in_own_mounts(|| mount(NONE, "/", NONE, MsFlags::MS_SHARED, NONE)).into()
    }),
];

/// In a mount namespace of its own where there can be one: the control shall leave the host as it was.
fn in_own_mounts(then: impl FnOnce() -> nix::Result<()>) -> nix::Result<()> {
    let _ = unshare(CloneFlags::CLONE_NEWNS);
    then()
}
