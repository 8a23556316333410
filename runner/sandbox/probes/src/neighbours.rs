//! What one job could find of another one, or leave for the next.

use crate::probe::{Outcome, Probe, call, with_path};
use crate::stage::Stage;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, mq_open};
use nix::sys::stat::Mode;
use std::ffi::CString;
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::Path;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("shared-memory", "opens a memory segment of another by its key", |stage| {
        call(libc::SYS_shmget, [key(stage), 1, 0]).into()
    }),
    Probe::new("semaphores", "opens semaphores of another by their key", |stage| {
        call(libc::SYS_semget, [key(stage), 1, 0]).into()
    }),
    Probe::new("messages", "opens a message queue of another by its key", |stage| {
        call(libc::SYS_msgget, [key(stage), 0]).into()
    }),
    Probe::new("segments-listed", "lists the memory segments of others", |_| {
        let text = fs::read_to_string("/proc/sysvipc/shm");
        match text {
            Ok(text) => Outcome::when(text.lines().count() > 1, format!("{} lines", text.lines().count())),
            Err(error) => Err::<(), _>(error).into(),
        }
    }),
    Probe::new("named-queue", "opens a named message queue of another", |stage| {
        let name = CString::new(format!("/semla-{}", stage.ipc)).unwrap_or_default();
        mq_open(name.as_c_str(), MQ_OFlag::O_RDONLY, Mode::empty(), None).into()
    }),
    Probe::new("memory-files", "opens a file that another left in memory", |stage| {
        File::open(format!("/dev/shm/semla-{}", stage.ipc)).into()
    }),
    Probe::new("temporary-files", "opens a file that another left in /tmp", |stage| {
        File::open(format!("/tmp/semla-{}", stage.ipc)).into()
    }),
    Probe::new("data-lock", "takes a lock on a data file that others notice", |stage| lock(&stage.rows())),
    Probe::new("image-lock", "takes a lock on a file of the image that others notice", |stage| {
        lock(&stage.image.join("etc/file"))
    }),
    Probe::new("device-lock", "takes a lock on a device node that others notice", |_| lock(Path::new("/dev/null"))),
    Probe::new("lock-list", "lists the locks of others", |_| {
        let text = fs::read_to_string("/proc/locks");
        match text {
            Ok(text) => Outcome::when(!text.is_empty(), format!("{} lines", text.lines().count())),
            Err(error) => Err::<(), _>(error).into(),
        }
    }),
    Probe::new("watch-data", "watches who else opens the data", |stage| {
        use nix::libc::IN_OPEN;
        let watch = call(libc::SYS_inotify_init1, [0]).and_then(|watch| {
            with_path(&stage.rows(), |path| {
                call(libc::SYS_inotify_add_watch, [watch, path, usize::try_from(IN_OPEN).unwrap_or(0)])
            })
        });
        watch.into()
    }),
    Probe::new("page-cache", "asks which pages of the data are in memory", |stage| {
        let Ok(file) = File::open(stage.rows()) else { return Outcome::Held("no file".into()) };
        let descriptor = usize::try_from(file.as_raw_fd()).unwrap_or_default();
        let (range, mut answer) = ([0_u64, 4096], [0_u64; 5]);
        const CACHESTAT: libc::c_long = 451;
        call(CACHESTAT, [descriptor, range.as_ptr() as usize, answer.as_mut_ptr() as usize, 0]).into()
    }),
    Probe::new("page-residence", "asks the same of a mapping", |stage| {
        let Ok(file) = File::open(stage.rows()) else { return Outcome::Held("no file".into()) };
        let descriptor = usize::try_from(file.as_raw_fd()).unwrap_or_default();
        let mut pages = 0_u8;
        let mapped = call(libc::SYS_mmap, [0, 4096, 1, 1, descriptor, 0]);
        mapped.and_then(|at| call(libc::SYS_mincore, [at, 4096, std::ptr::from_mut(&mut pages) as usize])).into()
    }),
    Probe::new("page-without-waiting", "reads only what is in memory already", |stage| {
        let Ok(file) = File::open(stage.rows()) else { return Outcome::Held("no file".into()) };
        let descriptor = usize::try_from(file.as_raw_fd()).unwrap_or_default();
        const RWF_NOWAIT: usize = 8;
        let mut byte = 0_u8;
        let piece = [std::ptr::from_mut(&mut byte) as usize, 1];
        let read = call(libc::SYS_preadv2, [descriptor, piece.as_ptr() as usize, 1, 0, 0, RWF_NOWAIT]);
        Outcome::past(read, &[Errno::EAGAIN, Errno::EOPNOTSUPP])
    }),
    Probe::new("keyring-of-another", "reads a key that another job left", |_| {
        // KEYCTL_SEARCH in the user's keyring.
        const USER_KEYRING: usize = (-4_isize).cast_unsigned();
        let (kind, name) = (c"user".as_ptr() as usize, c"semla-no-such".as_ptr() as usize);
        Outcome::past(call(libc::SYS_keyctl, [10, USER_KEYRING, kind, name, 0]), &[Errno::ENOKEY])
    }),
];

/// Somebody else holds the lock: who is refused because of that has been told something.
fn lock(path: &Path) -> Outcome {
    match File::open(path) {
        Err(error) => Err::<(), _>(error).into(),
        Ok(file) => match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => Outcome::Got("somebody else holds it".into()),
            answer => Outcome::Held(format!("{answer:?}")),
        },
    }
}

fn key(stage: &Stage) -> usize {
    usize::try_from(stage.ipc).unwrap_or_default()
}
