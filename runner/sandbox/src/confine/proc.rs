//! The process table, and what is told of the machine beside it. The kernel's own files there say what others do: an empty root has none
//! of them, and an image has files of the sandbox's own in the place of those that programs need, and nothing in the place of the others.

use std::ffi::CStr;
use std::fs::{File, read_to_string};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::time::Duration;

use nix::dir::{Dir, Type};
use nix::errno::Errno;
use nix::fcntl::{OFlag, openat};
use nix::mount::{MsFlags, mount};
use nix::sys::stat::{Mode, mkdirat};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::fchdir;

use super::layers::Layer;
use super::plan::{self, Plan};
use super::sys::{self, attr};
use super::tree::{self, Tree};
use crate::limits::Space;

/// What covers a file that nobody needs.
const NOTHING: &str = "nothing";

/// What covers a directory.
const EMPTY: &str = "empty";

/// What attempts are told of the machine: the same to each of them, at any time.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    /// Which processors it has, without how fast each of them runs at the moment.
    cpuinfo: String,
    processors: usize,
    /// When the kernel started, in seconds since 1970.
    booted: u64,
}

impl Machine {
    pub(super) fn look() -> io::Result<Self> {
        let text = read_to_string("/proc/cpuinfo")?;
        let lines = text.lines().filter(|line| !line.starts_with("cpu MHz"));
        let cpuinfo: String = lines.flat_map(|line| [line, "\n"]).collect();
        let since = |clock| clock_gettime(clock).map(Duration::from);
        let booted = since(ClockId::CLOCK_REALTIME)?.saturating_sub(since(ClockId::CLOCK_BOOTTIME)?).as_secs();
        Ok(Self { processors: text.lines().filter(|line| line.starts_with("processor")).count(), cpuinfo, booted })
    }

    /// The files by their names, as proc(5) has them, for an attempt with so much memory in bytes: it has all of that, and none of it is
    /// in use; no processor was ever busy.
    pub(super) fn files(&self, memory: u64) -> [(&'static str, String); 5] {
        let busy = |name: String| format!("{name} 0 0 0 0 0 0 0 0 0 0\n");
        let each: String = (0..self.processors).map(|number| busy(format!("cpu{number}"))).collect();
        let lines =
            [("MemTotal", memory), ("MemFree", memory), ("MemAvailable", memory), ("Buffers", 0), ("Cached", 0)];
        let more = [("Active", 0), ("Inactive", 0), ("Shmem", 0), ("Slab", 0), ("SwapTotal", 0), ("SwapFree", 0)];
        let meminfo = lines.into_iter().chain(more).map(|(name, bytes)| format!("{name}: {} kB\n", bytes / 1024));
        [
            ("cpuinfo", self.cpuinfo.clone()),
            ("loadavg", "0.00 0.00 0.00 1/1 1\n".to_owned()),
            ("meminfo", meminfo.collect()),
            ("stat", busy("cpu ".to_owned()) + &each + &format!("btime {}\n", self.booted)),
            ("uptime", "0.00 0.00\n".to_owned()),
        ]
    }
}

/// Mounts the process table of this namespace, and covers what isn't processes.
pub(super) fn build(plan: &Plan, tree: &Tree) -> nix::Result<()> {
    let covered = plan.image.is_some();
    let narrow: &[(&CStr, &CStr)] = match (plan.layers.has(Layer::Proc), covered) {
        (true, true) => &[(c"hidepid", c"invisible")],
        (true, false) => &[(c"hidepid", c"invisible"), (c"subset", c"pid")],
        (false, _) => &[],
    };
    let proc = sys::new_mount(c"proc", narrow, attr::NOSUID | attr::NODEV | attr::NOEXEC)?;
    sys::move_mount(proc, tree::open(&tree.root, "proc")?)?;
    if plan.layers.has(Layer::Proc) && covered { cover(plan, tree) } else { Ok(()) }
}

fn cover(plan: &Plan, tree: &Tree) -> nix::Result<()> {
    let files = plan.machine.files(plan.limits.memory);
    let facts = facts(&files)?;
    tree::directory(&tree.staging, "facts")?;
    sys::move_mount(&facts, tree::open(&tree.staging, "facts")?)?;
    // Names from here on are the kernel's own: nothing of the image is on the way to them.
    fchdir(&tree.staging)?;
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    for entry in Dir::openat(&tree.root, "proc", flags, Mode::empty())? {
        let entry = entry?;
        let name = entry.file_name().to_str().map_err(|_| Errno::EILSEQ)?;
        let by = match entry.file_type() {
            _ if name.starts_with('.') || name.bytes().all(|byte| byte.is_ascii_digit()) => continue,
            // Links lead to processes.
            Some(Type::Symlink) => continue,
            Some(Type::Directory) => EMPTY,
            _ => files.iter().map(|(file, _)| *file).find(|file| *file == name).unwrap_or(NOTHING),
        };
        let (by, at) = (format!("facts/{by}"), format!("root/proc/{name}"));
        mount(Some(by.as_str()), at.as_str(), None::<&str>, MsFlags::MS_BIND, None::<&str>)?;
    }
    Ok(())
}

/// The covers, in a filesystem of this attempt's own: a lock on one of them is nobody else's.
fn facts(files: &[(&str, String)]) -> nix::Result<OwnedFd> {
    let pages = files.iter().map(|(_, text)| text.len() as u64 / 4096 + 1).sum::<u64>();
    let facts = plan::memory(Space::new((pages + 4) * 4096, 16), 0, 0o755, attr::NOSUID | attr::NODEV | attr::NOEXEC)?;
    mkdirat(&facts, EMPTY, Mode::from_bits_truncate(0o555))?;
    let all = files.iter().map(|(name, text)| (*name, text.as_str()));
    for (name, text) in all.chain([(NOTHING, "")]) {
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
        let mut file = File::from(openat(&facts, name, flags, Mode::from_bits_truncate(0o444))?);
        file.write_all(text.as_bytes()).map_err(|error| error.raw_os_error().map_or(Errno::EIO, Errno::from_raw))?;
    }
    sys::seal_mount(&facts, attr::RDONLY)?;
    Ok(facts)
}
