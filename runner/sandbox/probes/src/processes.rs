//! Reaching processes that aren't the job's.

use crate::probe::{Outcome, Probe, call};
use crate::stage::Stage;
use nix::errno::Errno;
use nix::sys::ptrace;
use nix::sys::signal::kill;
use nix::unistd::{Pid, getppid};
use std::fs::{self, File, OpenOptions};

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("signal", "sends a signal to a process of the host", |stage| kill(victim(stage), None).into()),
    Probe::new("signal-all", "sends a signal to every process there is", |_| kill(Pid::from_raw(-1), None).into()),
    Probe::new("signal-by-descriptor", "takes hold of a process of the host by a descriptor", |stage| {
        call(libc::SYS_pidfd_open, [number(stage), 0]).into()
    }),
    Probe::new("trace", "traces a process of the host", |stage| {
        let attached = ptrace::attach(victim(stage));
        if attached.is_ok() {
            let _ = nix::sys::wait::waitpid(victim(stage), None);
            let _ = ptrace::detach(victim(stage), None);
        }
        attached.into()
    }),
    Probe::new("trace-parent", "traces what started it", |_| {
        let attached = ptrace::attach(getppid());
        if attached.is_ok() {
            let _ = nix::sys::wait::waitpid(getppid(), None);
            let _ = ptrace::detach(getppid(), None);
        }
        attached.into()
    }),
    Probe::new("memory-read", "reads the memory of a process of the host", |stage| {
        File::open(stage.of_victim("mem")).into()
    }),
    Probe::new("memory-copy", "copies memory out of a process of the host", |stage| {
        let mut byte = 0_u8;
        let local = [std::ptr::from_mut(&mut byte) as usize, 1];
        // Nothing is mapped at 0: whoever may read hears that.
        let remote = [0_usize, 1];
        let (local, remote) = (local.as_ptr() as usize, remote.as_ptr() as usize);
        Outcome::past(call(libc::SYS_process_vm_readv, [number(stage), local, 1, remote, 1, 0]), &[Errno::EFAULT])
    }),
    Probe::new("descriptor-steal", "takes a descriptor out of what started it", |_| {
        let parent = usize::try_from(getppid().as_raw()).unwrap_or_default();
        let taken = call(libc::SYS_pidfd_open, [parent, 0]).and_then(|held| call(libc::SYS_pidfd_getfd, [held, 0, 0]));
        taken.into()
    }),
    Probe::new("environment", "reads what another program was started with", |stage| {
        fs::read(stage.of_victim("environ")).into()
    }),
    Probe::new("command-line", "reads how another program was started", |stage| {
        fs::read(stage.of_victim("cmdline")).into()
    }),
    Probe::new("other-root", "reads files by the root of another process", |stage| {
        fs::read_dir(stage.of_victim("root")).into()
    }),
    Probe::new("other-descriptors", "opens what another process has open", |stage| {
        File::open(stage.of_victim("fd/0")).into()
    }),
    Probe::new("init-root", "reads files by the root of the first process", |stage| {
        // In a namespace of its own the first process is its own, and its root holds nothing of the host.
        let name = stage.secret.strip_prefix("/").unwrap_or(&stage.secret).to_owned();
        fs::read(std::path::Path::new("/proc/1/root").join(name)).into()
    }),
    Probe::new("process-list", "lists the processes of the host", |stage| {
        Outcome::when(fs::exists(stage.of_victim("stat")).unwrap_or(false), "of one that isn't the job's")
    }),
    Probe::new("limits-of-another", "changes the limits of a process of the host", |stage| {
        let mut limits = [0_u64; 2];
        call(libc::SYS_prlimit64, [number(stage), 7, 0, limits.as_mut_ptr() as usize]).into()
    }),
    Probe::new("affinity-of-another", "keeps a process of the host off its processors", |stage| {
        let mut set = [0_u64; 16];
        call(libc::SYS_sched_getaffinity, [number(stage), 128, set.as_mut_ptr() as usize]).into()
    }),
    Probe::new("priority-of-another", "slows a process of the host down", |stage| {
        call(libc::SYS_setpriority, [0, number(stage), 0]).into()
    }),
    Probe::new("compare", "learns where another process keeps its things", |stage| {
        let own = usize::try_from(std::process::id()).unwrap_or_default();
        Outcome::past(call(libc::SYS_kcmp, [own, number(stage), 1, 0, 0]), &[])
    }),
    Probe::new("leave-cgroup", "moves itself to where no limit is", |_| {
        let roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory"];
        let opened = |root: &&str| OpenOptions::new().write(true).open(format!("{root}/cgroup.procs")).is_ok();
        Outcome::when(roots.iter().any(opened), "a root's list of processes")
    }),
    Probe::new("cgroup-agent", "names a program that the kernel starts when a cgroup is empty", |_| {
        let roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/memory"];
        let opened = |root: &&str| OpenOptions::new().write(true).open(format!("{root}/release_agent")).is_ok();
        Outcome::when(roots.iter().any(opened), "a hierarchy's agent")
    }),
];

fn victim(stage: &Stage) -> Pid {
    Pid::from_raw(stage.victim)
}

fn number(stage: &Stage) -> usize {
    usize::try_from(stage.victim).unwrap_or_default()
}
