//! The confinement of one attempt: from checked descriptors to a running job, and to nothing left of it.

mod child;
mod cover;
mod devices;
pub(crate) mod disk;
mod init;
mod landlock;
mod layers;
mod names;
mod plan;
mod proc;
mod report;
mod running;
mod slots;
mod spec;
mod sys;
mod tree;

use std::ffi::CString;
use std::fs;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::fs::MetadataExt;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::libc;
use nix::sched::CloneFlags;
use nix::unistd::{Pid, pipe2, write};

pub use self::cover::Cover;
pub(crate) use self::disk::Disk;
pub use self::layers::{Layer, Layers};
pub use self::names::{DevicePath, Fence, MountPoint, NameError};
use self::plan::Plan;
use self::proc::Machine;
use self::report::Report;
pub use self::running::{End, Running, Usage};
pub use self::slots::{Slot, Slots};
pub use self::spec::{Device, JOB_ID, Link, Mount, Program, Root, Spec, What};
use self::sys::{Side, attr};
use crate::cgroup::{CgroupError, Cgroups, Leaf};
use crate::error::{At, LaunchError, Step};
use crate::limits::Space;
use crate::seccomp::{FilterError, Filters};

/// What every attempt stands on: compiled filters and prepared cgroup hierarchies. Made once, before the keepers are forked.
#[derive(Debug, Clone)]
pub struct Ground {
    filters: Filters,
    /// Nothing, where an ordinary user was given none.
    cgroups: Option<Cgroups>,
    machine: Machine,
    slots: Slots,
}

/// Why attempts can't be confined on this machine.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    /// The system call filters could not be compiled.
    #[error("failed to compile the system call filters")]
    Filters(#[from] FilterError),
    /// The cgroup hierarchies can't be used.
    #[error("failed to prepare the cgroup hierarchies")]
    Cgroups(#[from] CgroupError),
    /// The machine doesn't say what it is.
    #[error("failed to look at the machine")]
    Machine(#[source] std::io::Error),
}

impl Ground {
    /// Compiles the filters and prepares the cgroup hierarchies.
    pub fn prepare() -> Result<Self, GroundError> {
        let machine = Machine::look().map_err(GroundError::Machine)?;
        let slots = Slots::here().map_err(GroundError::Machine)?;
        let cgroups = match Cgroups::discover() {
            Err(_) if !slots.are_hosts() => None,
            found => Some(found?),
        };
        Ok(Self { filters: Filters::load()?, cgroups, machine, slots })
    }

    /// Whether what attempts use is limited as a whole: memory, processes, processor time.
    pub fn limits(&self) -> bool {
        self.cgroups.is_some()
    }

    /// The names of all cgroup leafs that there are, of whichever site.
    pub(crate) fn held(&self) -> Vec<String> {
        self.cgroups.as_ref().map(Cgroups::held).unwrap_or_default()
    }

    /// The user ids that attempts can have.
    pub fn slots(&self) -> Slots {
        self.slots
    }

    /// What an attempt with so much memory, in bytes, is told of the machine in files of /proc: their names and texts.
    pub(crate) fn facts(&self, memory: u64) -> impl IntoIterator<Item = (&'static str, String)> {
        self.machine.files(memory)
    }

    /// Ends whatever still runs under this fence and removes its cgroup leafs: for attempts whose keeper is gone.
    pub fn sweep(&self, fence: &Fence) -> Result<(), CgroupError> {
        // Where there are none, the kernel ends what runs as its keeper ends.
        self.cgroups.as_ref().map_or(Ok(()), |cgroups| cgroups.sweep(fence))
    }

    /// Starts an attempt. When this returns, its program has been executed; on an error nothing of it is left.
    ///
    /// The calling process must have one thread, and the sandbox ends when it does.
    pub fn spawn(&self, spec: Spec) -> Result<Running, LaunchError> {
        self.launch(spec, Layers::ALL)
    }

    /// Starts an attempt without some of the layers, so that a test can show what they are for.
    #[cfg(feature = "ablation")]
    pub fn spawn_with(&self, spec: Spec, layers: Layers) -> Result<Running, LaunchError> {
        self.launch(spec, layers)
    }

    fn launch(&self, spec: Spec, layers: Layers) -> Result<Running, LaunchError> {
        // A fork copies one thread only; a lock that another one holds would stay locked in the copy for ever.
        one_thread().at(Step::Thread)?;
        // Mounts are cloned from descriptors here, with the host's privileges: the kernel denies it to the child.
        let slot = spec.slot;
        let limits = layers.has(Layer::Limits).then_some(spec.limits);
        let fence = spec.fence.clone();
        let plan = Plan::prepare(spec, self, layers)?;
        // The leafs are there with their limits before the process that they limit.
        let leaf = self.cgroups.as_ref().map(|cgroups| cgroups.create(&fence, limits.as_ref()));
        let leaf = leaf.transpose().at(Step::Cgroup)?;
        let cradle = leaf.as_ref().map(Leaf::cradle).transpose().at(Step::Cgroup)?.flatten();
        let doors = leaf.as_ref().map(Leaf::doors).transpose().at(Step::Cgroup)?.unwrap_or_default();
        // Two pipes: the child reports on one, and reads on the other that its ids are mapped, or that the keeper died.
        let (hear, tell) = pipe2(OFlag::O_CLOEXEC).at(Step::Wire)?;
        let (wait, release) = pipe2(OFlag::O_CLOEXEC).at(Step::Wire)?;
        // The child is in its namespaces and in its v2 leaf from its first instruction on, and held by a pidfd.
        // SAFETY: this process has one thread, as was found above.
        let side = unsafe { sys::clone3(namespaces(layers), cradle.as_ref().map(AsFd::as_fd)) };
        match side.at(Step::Clone)? {
            Side::Child => {
                // The child has a copy of the keeper's ends; while it held that of `release`, it could not see the keeper die.
                drop((hear, release));
                child::run(&plan, &doors, &self.filters, &tell, &wait)
            }
            Side::Parent(pid, pidfd) => {
                drop((tell, wait));
                let running = Running::new(pidfd, hear, leaf);
                map_ids(pid, slot)?;
                match write(&release, &[1]) {
                    // A child that is gone has reported why.
                    Ok(_) | Err(Errno::EPIPE) => running.started(),
                    Err(cause) => Err(cause).at(Step::Wait),
                }
            }
        }
    }
}

/// An empty filesystem in memory, not attached anywhere, that the job of this slot may write. It stays readable through the
/// returned descriptor after the job is gone.
pub fn tmpfs(space: Space, slot: Slot) -> Result<OwnedFd, LaunchError> {
    let owner = slot.host_job();
    plan::memory(space, owner, 0o700, attr::NOSUID | attr::NODEV).at(Step::Tmpfs)
}

/// Attaches a detached mount at a directory of the host, for programs that find it by its path.
pub(crate) fn attach(tree: &OwnedFd, at: &Path) -> Result<(), LaunchError> {
    let onto = fs::File::open(at).at(Step::Tmpfs)?;
    sys::move_mount(tree, &onto).at(Step::Tmpfs)
}

fn one_thread() -> std::io::Result<()> {
    // A directory's link count is two and one for each directory in it: here one for each thread.
    let tasks = fs::metadata("/proc/self/task")?;
    if tasks.st_nlink() == 3 { Ok(()) } else { Err(Errno::EBUSY.into()) }
}

/// A directory of the host as a detached mount, with whatever its permissions let the attempt do there.
pub fn bind(directory: impl AsFd) -> Result<OwnedFd, LaunchError> {
    sys::clone_mount(directory, c"").at(Step::Data)
}

fn namespaces(layers: Layers) -> libc::c_int {
    // The cgroup namespace comes later: it has to begin at the leafs, which the child enters itself.
    let mut flags = CloneFlags::CLONE_NEWUSER
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS;
    flags.set(CloneFlags::CLONE_NEWNET, layers.has(Layer::Network));
    flags.bits()
}

/// Maps root and the job's user, and nobody else, to host ids that no other attempt has.
fn map_ids(pid: Pid, slot: Slot) -> Result<(), LaunchError> {
    let map = format!("0 {} 1\n{JOB_ID} {} 1\n", slot.host_root(), slot.host_job());
    let put = |file| {
        let mut file = fs::OpenOptions::new().write(true).open(format!("/proc/{pid}/{file}"))?;
        file.write_all(map.as_bytes())
    };
    put("uid_map").at(Step::Users)?;
    put("gid_map").at(Step::Groups)
}

fn c_string(text: &str) -> Result<CString, LaunchError> {
    CString::new(text).map_err(|_| Errno::EINVAL).at(Step::Arguments)
}

impl Running {
    /// Waits for the child's first word.
    fn started(self) -> Result<Self, LaunchError> {
        match Report::receive(self.wire()).at(Step::Report)? {
            Some(Report::Started) => Ok(self),
            Some(Report::Failed(step, cause)) => Err(LaunchError { step, cause }),
            _ if self.oom_kills() > 0 => Err(Errno::ENOMEM).at(Step::Memory),
            _ => Err(Errno::EPIPE).at(Step::Report),
        }
    }
}
