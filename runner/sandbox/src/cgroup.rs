//! One cgroup leaf for each attempt, named by its fence, on v1, v2 and hybrid hierarchies.

mod layout;
mod leaf;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use thiserror::Error;

pub(crate) use self::layout::Layout;
pub(crate) use self::leaf::Leaf;
use crate::confine::Fence;
use crate::limits::Limits;

/// The directory below the launcher's own cgroup that holds the leafs.
const PARENT: &str = "semla";

/// Where the launcher itself moves on v2, where a cgroup with processes can't hand controllers to its children.
const HOUSE: &str = "semla-house";

/// How long a sweep goes on before it gives up on a process that doesn't die.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why cgroups can't be used here.
#[derive(Debug, Error)]
pub enum CgroupError {
    /// A file of /proc or of a hierarchy could not be used.
    #[error("failed to use `{0}`")]
    File(PathBuf, #[source] io::Error),
    /// No hierarchy can limit this.
    #[error("no cgroup hierarchy here has the `{0}` controller: mount it, or let systemd delegate it")]
    Missing(&'static str),
    /// Others live in the launcher's cgroup.
    #[error("cgroup `{0}` holds other processes too: start the launcher as a service of its own, with `Delegate=yes`")]
    Shared(PathBuf),
    /// Something of an attempt could not be ended.
    #[error("cgroup `{0}` still holds a process that was killed: it may hang in the kernel")]
    Stuck(PathBuf),
}

/// The hierarchies that hold the attempts' leafs.
#[derive(Debug, Clone)]
pub struct Cgroups(Layout);

impl Cgroups {
    /// Finds the hierarchies from /proc and prepares a parent for the leafs in each. Done once, when the launcher starts.
    pub fn discover() -> Result<Self, CgroupError> {
        let read = |path: &str| fs::read_to_string(path).map_err(|error| CgroupError::File(path.into(), error));
        let layout = Layout::detect(&read("/proc/self/mountinfo")?, &read("/proc/self/cgroup")?)?;
        layout.prepare().map(Self)
    }

    /// Makes the leafs of an attempt and sets their limits, before any process is in them. `None` sets none.
    pub(crate) fn create(&self, fence: &Fence, limits: Option<&Limits>) -> io::Result<Leaf> {
        Leaf::create(&self.0, fence, limits)
    }

    /// The fences that have leafs.
    pub(crate) fn held(&self) -> Vec<String> {
        let entries = self.0.parents().into_iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten();
        let folders = entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut names: Vec<_> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Ends whatever runs under this fence and removes its leafs. Also right after a crash, and when there is nothing.
    pub fn sweep(&self, fence: &Fence) -> Result<(), CgroupError> {
        self.0.leafs(fence).iter().try_for_each(|dir| clear(dir))
    }
}

/// Removes a leaf, killing what is in it until nothing is.
fn clear(dir: &Path) -> Result<(), CgroupError> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(50);
    loop {
        // An empty leaf goes at once; the kernel refuses one that holds a process, so nothing is ever lost from sight.
        match fs::remove_dir(dir) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::ResourceBusy => {
                return Err(CgroupError::File(dir.into(), error));
            }
            Err(_) if start.elapsed() > PATIENCE => return Err(CgroupError::Stuck(dir.into())),
            Err(_) => {}
        }
        match kill(dir) {
            // Somebody else swept it meanwhile.
            Err(error) if is_gone(&error) => {}
            killed => killed.map_err(|error| CgroupError::File(dir.into(), error))?,
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Kills everything in a leaf: by the kernel where it can, else process by process, held still where it can be.
pub(crate) fn kill(dir: &Path) -> io::Result<()> {
    if write(dir, "cgroup.kill", "1").is_ok() {
        return Ok(());
    }
    // A frozen process can't fork away from the sweep. Where there is no freezer, the caller's loop catches up.
    let frozen = write(dir, "freezer.state", "FROZEN").is_ok();
    for line in fs::read_to_string(dir.join("cgroup.procs"))?.lines() {
        let Ok(pid) = line.parse() else { continue };
        // A process of another pid namespace is shown as 0, which would be ourselves.
        if pid > 0 {
            // One that ended in between is what we want.
            let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL);
        }
    }
    if frozen {
        write(dir, "freezer.state", "THAWED")?;
    }
    Ok(())
}

/// Whether this is what a removed leaf answers: by its path, or by a file of it that is still open.
fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(libc::ENODEV)
}

/// Writes one control file. It is never created: a file that isn't there is an error.
fn write(dir: &Path, file: &str, value: &str) -> io::Result<()> {
    use std::io::Write;
    fs::OpenOptions::new().write(true).open(dir.join(file))?.write_all(value.as_bytes())
}

#[cfg(test)]
mod tests;
