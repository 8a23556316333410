//! Parts of the kernel that no training job needs, and that were ways out before.

use crate::probe::{Outcome, Probe, call};
use nix::errno::Errno;
use std::fs::{File, OpenOptions};

const AT_FDCWD: usize = libc::AT_FDCWD as usize;
const NOWHERE: usize = usize::MAX;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("bpf", "loads a table into the kernel's virtual machine", |_| {
        // BPF_MAP_CREATE of an array: type, key size, value size, entries.
        let attributes: [u32; 18] = [2, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        call(libc::SYS_bpf, [0, attributes.as_ptr() as usize, 72]).into()
    }),
    Probe::new("perf", "counts what the processor does, also for others", |_| {
        // struct perf_event_attr: a software event, its size and configuration.
        let mut attributes = [0_u32; 32];
        attributes[..2].copy_from_slice(&[1, 128]);
        call(libc::SYS_perf_event_open, [attributes.as_ptr() as usize, 0, NOWHERE, NOWHERE, 0]).into()
    }),
    Probe::new("userfaultfd", "holds the kernel still in the middle of a copy", |_| {
        call(libc::SYS_userfaultfd, [0]).into()
    }),
    Probe::new("io-uring", "has the kernel make calls that a filter doesn't see", |_| {
        let mut parameters = [0_u32; 30];
        call(libc::SYS_io_uring_setup, [1, parameters.as_mut_ptr() as usize]).into()
    }),
    Probe::new("key-add", "keeps something in the kernel's keyrings", |_| {
        const USER_KEYRING: usize = (-4_isize).cast_unsigned();
        let (kind, name) = (c"user".as_ptr() as usize, c"semla-probe".as_ptr() as usize);
        call(libc::SYS_add_key, [kind, name, c"x".as_ptr() as usize, 1, USER_KEYRING]).into()
    }),
    Probe::new("key-request", "asks for a key of others, by a program of the host's", |_| {
        let (kind, name) = (c"user".as_ptr() as usize, c"semla-no-such".as_ptr() as usize);
        Outcome::past(call(libc::SYS_request_key, [kind, name, 0, 0]), &[Errno::ENOKEY])
    }),
    Probe::new("key-session", "joins a session keyring", |_| call(libc::SYS_keyctl, [1, 0]).into()),
    Probe::new("module", "loads a kernel module", |_| {
        Outcome::past(
            call(libc::SYS_finit_module, [NOWHERE, c"".as_ptr() as usize, 0]),
            &[Errno::EBADF, Errno::ENOEXEC],
        )
    }),
    Probe::new("module-bytes", "loads a module from memory", |_| {
        let image = [0_u8; 64];
        let answer = call(libc::SYS_init_module, [image.as_ptr() as usize, 64, c"".as_ptr() as usize]);
        Outcome::past(answer, &[Errno::ENOEXEC, Errno::ENOSYS])
    }),
    Probe::new("module-remove", "removes a kernel module", |_| {
        let answer = call(libc::SYS_delete_module, [c"semla_no_such".as_ptr() as usize, 0]);
        Outcome::past(answer, &[Errno::ENOENT])
    }),
    Probe::new("kexec", "boots another kernel", |_| {
        Outcome::past(call(libc::SYS_kexec_load, [0, 1000, 0, 0]), &[Errno::EINVAL])
    }),
    Probe::new("reboot", "reboots the machine", |_| {
        // The wrong magic numbers: refused, but only for that.
        Outcome::past(call(libc::SYS_reboot, [1, 2, 3, 0]), &[Errno::EINVAL])
    }),
    Probe::new("swap", "has memory written to a place of its choice", |_| {
        Outcome::past(call(libc::SYS_swapon, [c"/semla-no-such".as_ptr() as usize, 0]), &[Errno::ENOENT])
    }),
    Probe::new("clock", "sets the clock that permits end by", |_| {
        let moment: [i64; 2] = [0, -1];
        let answer = call(libc::SYS_clock_settime, [0, moment.as_ptr() as usize]);
        Outcome::past(answer, &[Errno::EINVAL])
    }),
    Probe::new("clock-adjust", "makes the clock go faster", |_| {
        // struct timex: 208 bytes, of which `modes` is the first; an offset beyond all bounds.
        let mut time = [0_u64; 26];
        time[0] = 0x4000;
        time[10] = 1;
        Outcome::past(call(libc::SYS_adjtimex, [time.as_mut_ptr() as usize]), &[Errno::EINVAL])
    }),
    Probe::new("accounting", "has every process of the host written down", |_| {
        Outcome::past(call(libc::SYS_acct, [c"/semla-no-such".as_ptr() as usize]), &[Errno::ENOENT])
    }),
    Probe::new("quota", "changes the quotas of a disk", |_| {
        const SYNC: usize = 0x8000_0100;
        let answer = call(libc::SYS_quotactl, [SYNC, 0, 0, 0]);
        Outcome::past(answer, &[Errno::ENODEV, Errno::ESRCH])
    }),
    Probe::new("ports", "speaks to the hardware by its ports", |_| call(libc::SYS_iopl, [3]).into()),
    Probe::new("port-range", "speaks to one port of the hardware", |_| call(libc::SYS_ioperm, [0x80, 1, 1]).into()),
    Probe::new("segments", "makes segments of its own for 16-bit code", |_| {
        // modify_ldt(0) reads the table, which is the same code of the kernel.
        let mut table = [0_u64; 16];
        call(libc::SYS_modify_ldt, [0, table.as_mut_ptr() as usize, 128]).into()
    }),
    Probe::new("kernel-log", "reads the kernel's log", |_| {
        const SIZE_BUFFER: usize = 10;
        call(libc::SYS_syslog, [SIZE_BUFFER, 0, 0]).into()
    }),
    Probe::new("file-handles", "opens a file by its number, past every directory", |_| {
        // struct file_handle: 8 bytes, of type 1, for the inode 2: the root of an ext4.
        let handle: [u32; 4] = [8, 1, 2, 0];
        let answer = call(libc::SYS_open_by_handle_at, [AT_FDCWD, handle.as_ptr() as usize, 0]);
        Outcome::past(answer, &[Errno::ESTALE, Errno::EOPNOTSUPP, Errno::EINVAL])
    }),
    Probe::new("watch-filesystem", "watches what all others open", |_| call(libc::SYS_fanotify_init, [0, 0]).into()),
    Probe::new("move-pages", "moves memory of others", |stage| {
        let victim = usize::try_from(stage.victim).unwrap_or_default();
        let nodes = 1_u64;
        let nodes = std::ptr::from_ref(&nodes) as usize;
        Outcome::past(call(libc::SYS_migrate_pages, [victim, 64, nodes, nodes]), &[Errno::ENOSYS])
    }),
    Probe::new("filter-listener", "answers its own system calls in the kernel's place", |_| {
        // A filter that allows everything, with a listener (SECCOMP_FILTER_FLAG_NEW_LISTENER).
        let allow = [(0x06_u16, 0_u8, 0_u8, 0x7fff_0000_u32)];
        let program = (1_u16, allow.as_ptr());
        call(libc::SYS_seccomp, [1, 8, std::ptr::from_ref(&program) as usize]).into()
    }),
    Probe::new("terminal-input", "types into the terminal of whoever looks", |_| {
        const TIOCSTI: usize = 0x5412;
        let letter = b'\n';
        // A pipe or /dev/null is no terminal: whoever hears that was let through the filter.
        Outcome::past(call(libc::SYS_ioctl, [0, TIOCSTI, std::ptr::from_ref(&letter) as usize]), &[Errno::ENOTTY])
    }),
    Probe::new("terminal-paste", "pastes into a console of the host's", |_| {
        const TIOCLINUX: usize = 0x541c;
        let paste = 3_u8;
        Outcome::past(call(libc::SYS_ioctl, [0, TIOCLINUX, std::ptr::from_ref(&paste) as usize]), &[Errno::ENOTTY])
    }),
    Probe::new("disk-node", "makes a node of the host's first disk", |stage| {
        use nix::sys::stat::{Mode, SFlag, makedev, mknod};
        mknod(&stage.out.join("disk"), SFlag::S_IFBLK, Mode::from_bits_truncate(0o600), makedev(7, 0)).into()
    }),
    Probe::new("memory-node", "makes a node of the host's memory", |stage| {
        use nix::sys::stat::{Mode, SFlag, makedev, mknod};
        mknod(&stage.out.join("mem"), SFlag::S_IFCHR, Mode::from_bits_truncate(0o600), makedev(1, 1)).into()
    }),
    Probe::new("core-pattern", "names a program that the kernel starts as root", |_| {
        open("/proc/sys/kernel/core_pattern")
    }),
    Probe::new("module-loader", "names the program that loads modules", |_| open("/proc/sys/kernel/modprobe")),
    Probe::new("sysrq", "pulls the emergency brake", |_| open("/proc/sysrq-trigger")),
    Probe::new("drop-caches", "drops the caches, to see who fills them again", |_| open("/proc/sys/vm/drop_caches")),
    Probe::new("power", "changes how the machine sleeps", |_| open("/sys/power/state")),
    Probe::new("kernel-memory", "reads the kernel's memory", |_| File::open("/proc/kcore").into()),
];

/// Opens for writing, and writes nothing.
fn open(path: &str) -> Outcome {
    OpenOptions::new().write(true).open(path).into()
}
