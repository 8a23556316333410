//! A launch under a tracer that makes one system call of it fail: the kernel doesn't carry it out, and says why not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Event, Options};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, alarm, fork, getppid, pipe};

/// How many seconds a launch has, whatever fails.
const PATIENCE: u32 = 10;

/// Whose call it is, in the order in which they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Keeper,
    Init,
    Job,
}

impl Who {
    pub(crate) const ALL: [Self; 3] = [Self::Keeper, Self::Init, Self::Job];
}

/// One call of a launch that fails: the how manieth of one process, counted from 0, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) who: Who,
    pub(crate) number: usize,
    pub(crate) why: Errno,
    /// Calls that aren't counted: the standard library ends a program of which one fails that no kernel refuses.
    pub(crate) spared: &'static [i64],
}

/// What came of a launch.
pub(crate) struct Traced {
    /// The number of the call that failed; nothing, where there was no such call.
    pub(crate) failed: Option<i64>,
    /// What the keeper said of it.
    pub(crate) said: String,
}

/// Traces a launch. `launch` is run by a process of its own, from its first call until it has said what came of it; it calls
/// getppid(2) before and after what is to be traced.
pub(crate) fn trace(fault: Fault, launch: impl FnOnce() -> String) -> Traced {
    let (hear, tell) = pipe().unwrap();
    // SAFETY: the tests run in one thread.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            drop(hear);
            ptrace::traceme().unwrap();
            raise(Signal::SIGSTOP).unwrap();
            alarm::set(PATIENCE);
            let said = launch();
            nix::unistd::write(&tell, said.as_bytes()).unwrap();
            // SAFETY: _exit has no precondition: what the parent has buffered is the parent's to write.
            unsafe { libc::_exit(0) }
        }
        ForkResult::Parent { child } => {
            drop(tell);
            let failed = Tracer::new(child, fault).follow();
            let mut said = String::new();
            std::fs::File::from(hear).read_to_string(&mut said).unwrap();
            Traced { failed, said }
        }
    }
}

/// Marks the beginning and the end of what is traced.
pub(crate) fn mark() {
    getppid();
}

struct Tracer {
    fault: Fault,
    keeper: Pid,
    who: BTreeMap<Pid, Who>,
    early: BTreeSet<Pid>,
    within: BTreeSet<Pid>,
    counts: BTreeMap<Who, usize>,
    armed: bool,
    failing: Option<Pid>,
    failed: Option<i64>,
}

impl Tracer {
    fn new(keeper: Pid, fault: Fault) -> Self {
        let who = BTreeMap::from([(keeper, Who::Keeper)]);
        let (early, within, counts) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        Self { fault, keeper, who, early, within, counts, armed: false, failing: None, failed: None }
    }

    /// Follows the keeper and its children until it ends.
    fn follow(mut self) -> Option<i64> {
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL;
        assert!(matches!(waitpid(self.keeper, None).unwrap(), WaitStatus::Stopped(_, Signal::SIGSTOP)));
        ptrace::setoptions(self.keeper, options).unwrap();
        ptrace::syscall(self.keeper, None).unwrap();
        loop {
            match waitpid(None, Some(WaitPidFlag::__WALL)).unwrap() {
                WaitStatus::Exited(pid, code) if pid == self.keeper => {
                    assert_eq!(code, 0, "the keeper itself has no fault");
                    return self.failed;
                }
                WaitStatus::Signaled(pid, signal, _) if pid == self.keeper => panic!("the keeper was killed: {signal}"),
                WaitStatus::PtraceSyscall(pid) => {
                    self.call(pid);
                    go_on(pid, None);
                }
                WaitStatus::PtraceEvent(pid, _, event) if event == Event::PTRACE_EVENT_EXEC as i32 => {
                    // What runs from here on is the job.
                    let _ = ptrace::detach(pid, None);
                }
                WaitStatus::PtraceEvent(pid, _, _) => {
                    let child = Pid::from_raw(ptrace::getevent(pid).unwrap().try_into().unwrap());
                    let who = if self.who[&pid] == Who::Keeper { Who::Init } else { Who::Job };
                    self.who.insert(child, who);
                    if self.early.remove(&child) {
                        go_on(child, None);
                    }
                    go_on(pid, None);
                }
                // A new process may be seen before its parent says whose it is.
                WaitStatus::Stopped(pid, _) if !self.who.contains_key(&pid) => {
                    self.early.insert(pid);
                }
                // The first stop of a new process is the tracer's own doing.
                WaitStatus::Stopped(pid, signal) => go_on(pid, Some(signal).filter(|it| *it != Signal::SIGSTOP)),
                _ => {}
            }
        }
    }

    /// A process is stopped before or after a call.
    fn call(&mut self, pid: Pid) {
        let Ok(mut regs) = ptrace::getregs(pid) else { return };
        if self.within.remove(&pid) {
            if self.failing == Some(pid) {
                regs.rax = i64::from(-(self.fault.why as i32)).cast_unsigned();
                ptrace::setregs(pid, regs).unwrap();
                self.failing = None;
            }
            return;
        }
        self.within.insert(pid);
        let number = regs.orig_rax.cast_signed();
        let who = self.who[&pid];
        if who == Who::Keeper && number == libc::SYS_getppid {
            self.armed = !self.armed;
            return;
        }
        if !self.armed || cannot_fail(number) || self.fault.spared.contains(&number) {
            return;
        }
        let count = self.counts.entry(who).or_default();
        if (who, *count) == (self.fault.who, self.fault.number) && self.failed.is_none() {
            regs.orig_rax = u64::MAX;
            ptrace::setregs(pid, regs).unwrap();
            (self.failing, self.failed) = (Some(pid), Some(number));
        }
        *count += 1;
    }
}

/// A process that was killed meanwhile has no need to go on.
fn go_on(pid: Pid, signal: Option<Signal>) {
    let _ = ptrace::syscall(pid, signal);
}

/// Calls that end the process, go on with another one, have no answer, or ask for memory: one that gets none ends, like one that is killed.
fn cannot_fail(number: i64) -> bool {
    let calls = [
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_umask,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_geteuid,
        libc::SYS_brk,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
    ];
    calls.contains(&number)
}
