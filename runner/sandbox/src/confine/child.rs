//! The privileged sequence: from the clone to the job, one step after the other.

use std::convert::Infallible;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::libc;
use nix::mount::{MntFlags, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, sigprocmask};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{
    Uid, chdir, fchdir, geteuid, pivot_root, read, setgroups, sethostname, setresgid, setresuid, setsid, write,
};

use super::layers::Layer;
use super::plan::{self, Executable, Plan, Source};
use super::report::Report;
use super::spec::JOB_ID;
use super::sys::{self, attr};
use super::{init, landlock, proc, tree};
use crate::error::{At, LaunchError, Step};
use crate::seccomp::Filters;

/// The highest signal number.
const LAST_SIGNAL: libc::c_int = 64;

/// SECBIT_NOROOT, NO_SETUID_FIXUP, KEEP_CAPS (off) and NO_CAP_AMBIENT_RAISE, each with its lock: user id 0 means nothing.
const SECUREBITS: libc::c_ulong = 0xef;

/// Ends the process even if its code panics: it must never return into the keeper's.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        sys::exit(init::BROKEN);
    }
}

/// The life of the new process.
pub(super) fn run(plan: &Plan, doors: &[OwnedFd], filters: &Filters, tell: &OwnedFd, wait: &OwnedFd) -> ! {
    let _last = Last;
    let Err(error) = confine(plan, doors, filters, tell, wait);
    // Nobody is left to hear of an error while one is reported.
    let _ = Report::from(&error).send(tell);
    sys::exit(init::BROKEN)
}

/// Gives up, step by step, everything that the job shall not have, and runs the job.
fn confine(
    plan: &Plan,
    doors: &[OwnedFd],
    filters: &Filters,
    tell: &OwnedFd,
    wait: &OwnedFd,
) -> Result<Infallible, LaunchError> {
    let on = |layer| plan.layers.has(layer);

    // As the init of a process namespace it gets no signal that it doesn't handle; it takes them from a queue, later.
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None).at(Step::Signals)?;
    // What the keeper ignores, the job would ignore too, for that survives an exec.
    (1..=LAST_SIGNAL)
        .filter(|signal| ![libc::SIGKILL, libc::SIGSTOP].contains(signal))
        .try_for_each(sys::default_signal)
        .at(Step::Signals)?;
    // The v1 leafs are entered before anything is allocated on the job's account; in v2's it was born.
    doors.iter().try_for_each(|door| write(door, b"0").map(drop)).at(Step::Enter)?;
    // The root of the cgroup namespace is where its maker is, so it is made in the leafs and not by the clone.
    unshare(CloneFlags::CLONE_NEWCGROUP).at(Step::Hide)?;
    // Until the keeper has mapped the ids, this process is nobody, and what it made would belong to nobody.
    await_keeper(wait).at(Step::Wait)?;
    setresgid(0.into(), 0.into(), 0.into()).at(Step::Root)?;
    setresuid(0.into(), 0.into(), 0.into()).at(Step::Root)?;
    // A session of its own has no controlling terminal, into which a job could push a keeper's keystrokes.
    setsid().at(Step::Session)?;
    // Every attempt has the same name: a host's name tells where it runs.
    sethostname("semla").at(Step::Name)?;
    sys::set_domain(b"(none)").at(Step::Name)?;
    // The modes of mount points are those that are asked for, whatever the keeper's mask.
    umask(Mode::from_bits_truncate(0o022));

    // The root is put together before anything is mounted in it: the mount points have to be there.
    let tree = tree::build(plan)?;
    let root = &tree.root;
    for (number, mount) in plan.mounts.iter().enumerate() {
        let place = tree::open(root, mount.at.relative()).at(Step::Mount)?;
        match &mount.source {
            Source::Directory(input) if !mount.writable && on(Layer::Cover) => {
                let covered = tree.cover(number, input).at(Step::Cover)?;
                sys::move_mount(covered, place).at(Step::Mount)?;
            }
            Source::Directory(mount) | Source::File(mount) => sys::move_mount(mount, place).at(Step::Mount)?,
            Source::Memory(space) => {
                let memory = plan::memory(*space, JOB_ID, 0o700, attr::NOSUID | attr::NODEV).at(Step::Tmpfs)?;
                sys::move_mount(memory, place).at(Step::Tmpfs)?;
            }
        }
    }
    // /dev comes before /dev/shm, which is mounted in it.
    plan.devices.attach(root).at(Step::Dev)?;
    let own = [
        ("tmp", plan.limits.tmp, attr::NOSUID | attr::NODEV),
        ("dev/shm", plan.limits.shm, attr::NOSUID | attr::NODEV | attr::NOEXEC),
    ];
    for (place, space, attrs) in own {
        let memory = plan::memory(space, JOB_ID, 0o1777, attrs).at(Step::Tmpfs)?;
        sys::move_mount(memory, tree::open(root, place).at(Step::Tmpfs)?).at(Step::Tmpfs)?;
    }
    // The process table is that of this namespace, so it can only be mounted from within.
    proc::build(plan, &tree).at(Step::Proc)?;

    // With old and new root in one place, the old one ends up on top and is let go; no directory for it is needed.
    fchdir(root).at(Step::Pivot)?;
    pivot_root(".", ".").at(Step::Pivot)?;
    umount2(".", MntFlags::MNT_DETACH).at(Step::Detach)?;
    chdir("/").at(Step::Detach)?;
    drop(tree);

    // From here on only the pipes and the program are needed; a leaked descriptor of the keeper could be anything.
    stdio(&plan.stdio)?;
    if on(Layer::Descriptors) {
        let program = match &plan.program {
            Executable::Fd(fd) => Some(fd.as_fd()),
            Executable::Paths(_) => None,
        };
        close_but([Some(tell.as_fd()), Some(wait.as_fd()), program]).at(Step::Descriptors)?;
    }
    if on(Layer::Rlimits) {
        rlimits(plan).at(Step::Rlimits)?;
    }
    // Supplementary groups are the keeper's, and go while this process still may change them.
    setgroups(&[]).at(Step::User)?;
    if on(Layer::User) {
        setresgid(JOB_ID.into(), JOB_ID.into(), JOB_ID.into()).at(Step::User)?;
        setresuid(JOB_ID.into(), JOB_ID.into(), JOB_ID.into()).at(Step::User)?;
    }
    // A copy of the mounts that belongs to a lesser user namespace can't be changed there, not even by its root.
    if on(Layer::Lock) {
        // The change of user took /proc/self away; its maps are written through it.
        prctl::set_dumpable(true).at(Step::Lock)?;
        // In the new namespace it is nobody until it is mapped.
        let id = geteuid();
        unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS).at(Step::Lock)?;
        map_self(id).at(Step::Identity)?;
    }
    // As the job's user, so that a directory that the job can't enter is an error here and not there.
    chdir(plan.cwd.as_c_str()).at(Step::Directory)?;
    // The new user namespace brought all capabilities back, so this comes after it.
    if on(Layer::Capabilities) {
        capabilities().at(Step::Capabilities)?;
    }
    // Needed by Landlock and by the filters, for a process without capabilities.
    if on(Layer::Privileges) {
        prctl::set_no_new_privs().at(Step::Privileges)?;
    }
    // After the mounts, for Landlock denies every change of them.
    if on(Layer::Landlock) {
        landlock::restrict(plan).at(Step::Landlock)?;
    }
    // Everything that resets these two is behind: the job can't look into this process, nor can it outlive the keeper.
    prctl::set_dumpable(false).at(Step::Tether)?;
    prctl::set_pdeathsig(Signal::SIGKILL).at(Step::Tether)?;
    keeper_lives(wait).at(Step::Tether)?;
    // Last, so that no step before it needs to be allowed.
    if on(Layer::Seccomp) {
        filters.install(plan.drives).at(Step::Seccomp)?;
    }
    init::run(plan, tell)
}

/// Waits for the keeper's one byte. Its death closes the pipe.
fn await_keeper(wait: &OwnedFd) -> nix::Result<()> {
    match read(wait, &mut [0])? {
        0 => Err(Errno::EPIPE),
        _ => Ok(()),
    }
}

/// Finds out whether the keeper died before its death was a signal: then the pipe is closed at its end.
fn keeper_lives(wait: &OwnedFd) -> nix::Result<()> {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    let mut pipe = [PollFd::new(wait.as_fd(), PollFlags::POLLIN)];
    match poll(&mut pipe, PollTimeout::ZERO)? {
        0 => Ok(()),
        _ => Err(Errno::EPIPE),
    }
}

fn stdio([stdin, stdout, stderr]: &[OwnedFd; 3]) -> Result<(), LaunchError> {
    // Copies above 2 first: one of them may be where another one has to go.
    let above = |fd: &OwnedFd| fd.try_clone().at(Step::Stdio);
    let (stdin, stdout, stderr) = (above(stdin)?, above(stdout)?, above(stderr)?);
    nix::unistd::dup2_stdin(stdin).at(Step::Stdio)?;
    nix::unistd::dup2_stdout(stdout).at(Step::Stdio)?;
    nix::unistd::dup2_stderr(stderr).at(Step::Stdio)
}

/// Closes every descriptor above 2 but these.
fn close_but<const N: usize>(keep: [Option<BorrowedFd<'_>>; N]) -> nix::Result<()> {
    let mut keep: Vec<_> = keep.into_iter().flatten().map(|fd| fd.as_raw_fd().cast_unsigned()).collect();
    keep.sort_unstable();
    let mut next = 3;
    for fd in keep {
        if next < fd {
            sys::close_range(next, fd - 1)?;
        }
        next = fd + 1;
    }
    sys::close_range(next, u32::MAX)
}

fn rlimits(plan: &Plan) -> nix::Result<()> {
    let limits = [
        (Resource::RLIMIT_NOFILE, plan.limits.open_files),
        (Resource::RLIMIT_FSIZE, plan.limits.file_size),
        // A core is a copy of the data that nobody asked for.
        (Resource::RLIMIT_CORE, 0),
        // Locked memory and message queues are accounted to a user, and not to a cgroup.
        (Resource::RLIMIT_MEMLOCK, 1 << 16),
        (Resource::RLIMIT_MSGQUEUE, 0),
        (Resource::RLIMIT_RTPRIO, 0),
        (Resource::RLIMIT_NICE, 0),
    ];
    // Where no cgroup limits all of it, each process is held to the memory, and the user to the number of processes.
    let alone = [(Resource::RLIMIT_DATA, plan.limits.memory), (Resource::RLIMIT_NPROC, plan.limits.pids.into())];
    let alone = alone.into_iter().filter(|_| !plan.bounded);
    limits.into_iter().chain(alone).try_for_each(|(resource, wanted)| {
        // Raising a hard limit takes a privilege that the keeper may lack.
        let (_, hard) = getrlimit(resource)?;
        let value = wanted.min(hard);
        setrlimit(resource, value, value)
    })
}

/// Maps the current user to itself: the only map that a process may write for itself.
fn map_self(id: Uid) -> nix::Result<()> {
    let put = |file: &str, text: &str| {
        std::fs::write(file, text).map_err(|error| error.raw_os_error().map_or(Errno::EIO, Errno::from_raw))
    };
    let map = format!("{id} {id} 1\n");
    put("/proc/self/uid_map", &map)?;
    // The kernel wants this before the groups of an unprivileged map.
    put("/proc/self/setgroups", "deny")?;
    put("/proc/self/gid_map", &map)
}

fn capabilities() -> nix::Result<()> {
    // The kernel says where its list ends.
    for capability in 0..64 {
        match sys::prctl(libc::PR_CAPBSET_DROP, capability, 0) {
            Err(Errno::EINVAL) => break,
            other => other?,
        }
    }
    let clear = libc::PR_CAP_AMBIENT_CLEAR_ALL as libc::c_ulong;
    sys::prctl(libc::PR_CAP_AMBIENT, clear, 0)?;
    sys::prctl(libc::PR_SET_SECUREBITS, SECUREBITS, 0)?;
    sys::drop_capabilities()
}
