//! Something of the host's that one side changes and the other one looks at. Where either may not, the guesses say nothing.

use super::{Message, until};
use crate::probe::call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_unlink};
use nix::sys::stat::Mode;
use nix::sys::statvfs::statvfs;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::FromRawFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::PathBuf;

/// What it is called, in whatever names it.
const NAME: &str = "semla-bit";
/// The same for what goes by a number.
const KEY: usize = 0x5e_b175;

/// How full the disk is that the file lies on (statvfs(3)): what is said goes into a log there.
struct Space {
    file: PathBuf,
    last: u64,
}

impl State for Space {
    fn set(&mut self, bit: bool) {
        if bit {
            let mut log = std::io::stdout().lock();
            let _ = log.write_all(&[b'x'; 1 << 16]).and_then(|()| log.flush());
        }
    }

    fn look(&mut self) -> u64 {
        let free = statvfs(&self.file).map_or(0, |space| space.blocks_free());
        let taken = self.last.saturating_sub(free);
        self.last = free;
        taken
    }
}

/// Something that has two states.
pub(super) trait State {
    /// Puts it in one.
    fn set(&mut self, bit: bool);
    /// A number that is larger in the one than in the other.
    fn look(&mut self) -> u64;
}

pub(super) fn send(message: Message, sent: &[bool], mut state: Box<dyn State>) {
    let mut at = message.start;
    for bit in sent {
        until(at);
        state.set(*bit);
        at += message.slot;
    }
    until(at);
    state.set(false);
}

pub(super) fn receive(message: Message, mut state: Box<dyn State>) -> Vec<bool> {
    let mut at = message.start + message.slot / 2;
    let mut look = || {
        until(at);
        at += message.slot;
        state.look()
    };
    let seen: Vec<u64> = (0..message.bits).map(|_| look()).collect();
    // As many bits are one as are the other, about: the larger half is one of them.
    let mut order = seen.clone();
    order.sort_unstable();
    let middle = order.get(order.len() / 2).copied().unwrap_or_default();
    let more = order.last().is_some_and(|most| *most > middle);
    seen.into_iter().map(|one| if more { one > middle } else { one >= middle && one > 0 }).collect()
}

pub(super) fn named(name: &str, file: &str) -> Option<Box<dyn State>> {
    Some(match name {
        "lock" => Box::new(Lock(File::open(file).ok())),
        "watch" => Box::new(Watch::new(file)),
        "memory-file" => Box::new(Memory(PathBuf::from("/dev/shm").join(NAME))),
        "socket" => Box::new(Socket(None)),
        "semaphore" => Box::new(Semaphore),
        "queue" => Box::new(Queue),
        "key" => Box::new(Key),
        "processes" => Box::new(Processes(Vec::new())),
        "space" => Box::new(Space { file: file.into(), last: 0 }),
        _ => return None,
    })
}

/// A lock on the file.
struct Lock(Option<File>);

impl State for Lock {
    fn set(&mut self, bit: bool) {
        let Some(file) = &self.0 else { return };
        let _ = if bit { file.lock() } else { file.unlock() };
    }

    fn look(&mut self) -> u64 {
        let Some(file) = &self.0 else { return 0 };
        let free = file.try_lock_shared().is_ok();
        let _ = file.unlock();
        (!free).into()
    }
}

/// Somebody opens the file (inotify(7)).
struct Watch {
    file: PathBuf,
    watch: Option<File>,
}

impl Watch {
    fn new(file: &str) -> Self {
        let made = call(libc::SYS_inotify_init1, [usize::try_from(libc::IN_NONBLOCK).unwrap_or(0)]).ok();
        let watch = made.and_then(|number| {
            let path = std::ffi::CString::new(file).ok()?;
            let open = usize::try_from(libc::IN_OPEN).ok()?;
            call(libc::SYS_inotify_add_watch, [number, path.as_ptr() as usize, open]).ok()?;
            // SAFETY: the kernel has just returned this descriptor, and nothing else knows it.
            Some(unsafe { File::from_raw_fd(i32::try_from(number).ok()?) })
        });
        Self { file: file.into(), watch }
    }
}

impl State for Watch {
    fn set(&mut self, bit: bool) {
        if bit {
            drop(File::open(&self.file));
        }
    }

    fn look(&mut self) -> u64 {
        self.watch.as_mut().and_then(|watch| watch.read(&mut [0; 4096]).ok()).map_or(0, |read| (read > 0).into())
    }
}

/// A file in memory.
struct Memory(PathBuf);

impl State for Memory {
    fn set(&mut self, bit: bool) {
        let _ = if bit { File::create(&self.0).map(drop) } else { std::fs::remove_file(&self.0) };
    }

    fn look(&mut self) -> u64 {
        self.0.exists().into()
    }
}

/// A socket with an abstract name (unix(7)).
struct Socket(Option<UnixListener>);

impl State for Socket {
    fn set(&mut self, bit: bool) {
        let listen = || UnixListener::bind_addr(&SocketAddr::from_abstract_name(NAME).ok()?).ok();
        self.0 = if bit { self.0.take().or_else(listen) } else { None };
    }

    fn look(&mut self) -> u64 {
        let there = SocketAddr::from_abstract_name(NAME).and_then(|name| UnixStream::connect_addr(&name));
        there.is_ok().into()
    }
}

/// Semaphores of System V (sysvipc(7)).
struct Semaphore;

impl State for Semaphore {
    fn set(&mut self, bit: bool) {
        const CREATE: usize = 0o1666;
        let _ = match bit {
            true => call(libc::SYS_semget, [KEY, 1, CREATE]),
            false => call(libc::SYS_semget, [KEY, 1, 0]).and_then(|id| call(libc::SYS_semctl, [id, 0, 0])),
        };
    }

    fn look(&mut self) -> u64 {
        call(libc::SYS_semget, [KEY, 1, 0]).is_ok().into()
    }
}

/// A message queue with a name (mq_overview(7)).
struct Queue;

impl State for Queue {
    fn set(&mut self, bit: bool) {
        let name = format!("/{NAME}");
        let mode = Mode::from_bits_truncate(0o666);
        let _ = match bit {
            true => {
                mq_open(name.as_str(), MQ_OFlag::O_CREAT | MQ_OFlag::O_RDONLY, mode, Some(&MqAttr::new(0, 1, 8, 0)))
                    .map(drop)
            }
            false => mq_unlink(name.as_str()),
        };
    }

    fn look(&mut self) -> u64 {
        mq_open(format!("/{NAME}").as_str(), MQ_OFlag::O_RDONLY, Mode::empty(), None).is_ok().into()
    }
}

/// A key in the user's keyring (keyrings(7)).
struct Key;

const USER_KEYRING: usize = (-4_isize).cast_unsigned();

impl Key {
    fn find() -> nix::Result<usize> {
        const SEARCH: usize = 10;
        call(libc::SYS_keyctl, [SEARCH, USER_KEYRING, c"user".as_ptr() as usize, c"semla-bit".as_ptr() as usize, 0])
    }
}

impl State for Key {
    fn set(&mut self, bit: bool) {
        const UNLINK: usize = 9;
        let (kind, name) = (c"user".as_ptr() as usize, c"semla-bit".as_ptr() as usize);
        let _ = match bit {
            true => call(libc::SYS_add_key, [kind, name, name, 1, USER_KEYRING]),
            false => Self::find().and_then(|key| call(libc::SYS_keyctl, [UNLINK, key, USER_KEYRING])),
        };
    }

    fn look(&mut self) -> u64 {
        Self::find().is_ok().into()
    }
}

/// How many processes the host has (sysinfo(2)).
struct Processes(Vec<std::process::Child>);

impl State for Processes {
    fn set(&mut self, bit: bool) {
        for mut child in self.0.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
        let wait = || std::process::Command::new("/proc/self/exe").arg("wait").spawn().ok();
        self.0 = if bit { (0..8).filter_map(|_| wait()).collect() } else { Vec::new() };
    }

    fn look(&mut self) -> u64 {
        counted().unwrap_or(0)
    }
}

/// What the kernel says.
fn counted() -> Option<u64> {
    // SAFETY: a structure of numbers may be all zeros.
    let mut told: libc::sysinfo = unsafe { std::mem::zeroed() };
    call(libc::SYS_sysinfo, [std::ptr::from_mut(&mut told) as usize]).ok()?;
    Some(told.procs.into())
}
