//! What runtimes themselves got wrong: descriptors, programs and directories of theirs that a job could reach.

use crate::probe::{Outcome, Probe, call};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::stat::{SFlag, fstat, makedev};
use std::fs::{self, OpenOptions};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// Descriptors that are looked at.
const MOST: i32 = 1024;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("leaked-descriptor", "has a descriptor that nobody meant it to have (as in CVE-2016-9962)", |_| {
        let open: Vec<_> = (3..MOST).filter(|fd| is_open(*fd)).collect();
        Outcome::when(!open.is_empty(), format!("{open:?}"))
    }),
    Probe::new("leaked-directory", "gets out by a directory that the runtime left open (CVE-2024-21626)", |stage| {
        let name = stage.secret.strip_prefix("/").unwrap_or(&stage.secret);
        let directory = |fd: &i32| {
            // SAFETY: nothing closes a descriptor of this process while it is looked at.
            let fd = unsafe { BorrowedFd::borrow_raw(*fd) };
            fstat(fd).is_ok_and(|stat| SFlag::from_bits_truncate(stat.st_mode).contains(SFlag::S_IFDIR))
        };
        let got = (3..MOST).filter(|fd| is_open(*fd)).filter(directory).any(|fd| {
            // SAFETY: as above.
            let fd = unsafe { BorrowedFd::borrow_raw(fd) };
            let flags = OFlag::O_RDONLY;
            let up = Path::new("../../../../../../../..").join(name);
            nix::fcntl::openat(fd, &up, flags, nix::sys::stat::Mode::empty()).is_ok()
        });
        Outcome::when(got, "a file of the host by a descriptor")
    }),
    Probe::new("outside-directory", "starts in a directory outside its root", |stage| {
        let mut path = [0_u8; 4096];
        let length = call(libc::SYS_getcwd, [path.as_mut_ptr() as usize, path.len()]);
        let path = String::from_utf8_lossy(&path);
        let kept = stage.secret.parent().map(|path| path.display().to_string()).unwrap_or_default();
        let outside = path.starts_with("(unreachable)") || path.starts_with(&kept);
        Outcome::when(length.is_ok() && outside, path.trim_end_matches('\0'))
    }),
    Probe::new("runtime-program", "overwrites the program that started it (CVE-2019-5736)", |stage| {
        // Its own program is the nearest that it has of the runtime's: what matters is whether it may.
        let own = fs::read_link("/proc/self/exe").unwrap_or_default();
        match OpenOptions::new().append(true).open("/proc/self/exe") {
            Ok(_) => Outcome::Got("its own program".into()),
            // Busy is the answer to who may write.
            Err(error) if error.raw_os_error() == Some(libc::ETXTBSY) => Outcome::Got(own.display().to_string()),
            Err(error) => {
                let _ = stage;
                Err::<(), _>(error).into()
            }
        }
    }),
    Probe::new("parent-program", "opens the program of what started it", |_| {
        let parent = nix::unistd::getppid();
        match parent.as_raw() {
            0 => Outcome::Held("nothing started it that it can see".into()),
            parent => fs::File::open(format!("/proc/{parent}/exe")).into(),
        }
    }),
    Probe::new("masked-path-link", "finds a link in place of a masked path (CVE-2019-19921, CVE-2025-31133)", |_| {
        let masked = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sysrq-trigger"];
        // A mask is the empty device over it, of type 1, number 3, or an empty file that isn't the process table's.
        let (empty, table) = (makedev(1, 3), fs::metadata("/proc").map(|proc| proc.dev()).unwrap_or_default());
        let mask = |path: &&str| {
            fs::symlink_metadata(path).is_ok_and(|file| match file.file_type().is_char_device() {
                true => file.rdev() == empty,
                false => file.is_file() && file.len() == 0 && file.dev() != table,
            })
        };
        let there: Vec<_> = masked.iter().filter(|path| fs::symlink_metadata(path).is_ok() && !mask(path)).collect();
        Outcome::when(!there.is_empty(), format!("{there:?}"))
    }),
    Probe::new("console", "is given a console in whose place a link could stand (CVE-2025-52565)", |_| {
        Outcome::when(fs::symlink_metadata("/dev/console").is_ok(), "/dev/console")
    }),
    Probe::new("terminal-node", "finds a node for a terminal, which could be that of another", |_| {
        Outcome::when(fs::symlink_metadata("/dev/tty").is_ok(), "/dev/tty")
    }),
    Probe::new("attribute-writes", "writes where a runtime writes its security labels (CVE-2025-52881)", |_| {
        OpenOptions::new().write(true).open("/proc/self/attr/exec").into()
    }),
    Probe::new("own-processes", "finds the runtime's process in its namespace (CVE-2016-9962)", |_| {
        match std::process::id() {
            1 => Outcome::Held("its first process is its own".into()),
            _ => fs::read("/proc/1/status").into(),
        }
    }),
    Probe::new("terminal-of-parent", "has the terminal of what started it (CVE-2017-5226)", |_| {
        let session = call(libc::SYS_getsid, [0]);
        let own = usize::try_from(std::process::id()).unwrap_or_default();
        // A session of its own has no terminal of another.
        Outcome::when(session.is_ok_and(|session| session != own), format!("{session:?}"))
    }),
    Probe::new("work-directory", "finds the runtime's own files (CVE-2024-23651)", |stage| {
        let folder = stage.secret.parent().unwrap_or(Path::new("/nowhere")).to_owned();
        fs::read_dir(folder).into()
    }),
    Probe::new("device-modes", "has device nodes that it may make files of", |_| {
        OpenOptions::new().write(true).create_new(true).open("/dev/probe").map(|_| fs::remove_file("/dev/probe")).into()
    }),
    Probe::new("shared-memory-program", "runs a program from memory that others could write", |_| {
        let path = "/dev/shm/semla-program";
        let copied = fs::copy("/proc/self/exe", path);
        let ran = copied.and_then(|_| std::process::Command::new(path).arg("list").output());
        let _ = fs::remove_file(path);
        ran.into()
    }),
];

fn is_open(fd: i32) -> bool {
    // SAFETY: nothing is done with it but asking whether it is there.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    fcntl(fd, FcntlArg::F_GETFD).is_ok()
}
