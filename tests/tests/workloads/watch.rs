//! Watches what a launcher's attempts ask the kernel for, once they are under their filters.

use crate::rules::{Call, Rule};
use nix::libc;
use nix::sys::ptrace::{self, Event, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

/// A launcher that is watched, with all that it starts from now on.
pub struct Watch {
    done: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Rule>>,
}

/// The events by which a process says that it has another one, or another thread.
const CHILDREN: [i32; 3] =
    [Event::PTRACE_EVENT_FORK as i32, Event::PTRACE_EVENT_VFORK as i32, Event::PTRACE_EVENT_CLONE as i32];

/// What is known of a process.
#[derive(Clone, Copy, Default)]
struct Seen {
    filtered: bool,
    within: bool,
}

impl Watch {
    /// Watches for calls that need one of these rules.
    pub fn over(launcher: u32, mut rules: Vec<Rule>) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&done);
        let thread = spawn(move || {
            let launcher = Pid::from_raw(launcher.try_into().expect("a pid"));
            let options = Options::PTRACE_O_TRACESYSGOOD
                | Options::PTRACE_O_TRACEFORK
                | Options::PTRACE_O_TRACEVFORK
                | Options::PTRACE_O_TRACECLONE;
            ptrace::seize(launcher, options).expect("to watch the launcher");
            let mut seen = HashMap::from([(launcher, Seen::default())]);
            // The test's other children aren't this thread's to wait for.
            let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD | WaitPidFlag::WNOHANG;
            while !over.load(Ordering::Relaxed) {
                match waitpid(None, Some(flags)) {
                    Ok(WaitStatus::StillAlive) => sleep(Duration::from_micros(20)),
                    Ok(status) => {
                        if let Some(call) = step(status, &mut seen) {
                            rules.retain(|rule| !rule.allows(&call));
                        }
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            rules
        });
        Self { done, thread }
    }

    /// The rules that no call has needed. What still runs isn't watched any more.
    pub fn unneeded(self) -> Vec<Rule> {
        self.done.store(true, Ordering::Relaxed);
        self.thread.join().expect("to have watched")
    }
}

/// Takes one stop of one process, and lets it go on; the call that it is about to make, if it is under its filters.
fn step(status: WaitStatus, seen: &mut HashMap<Pid, Seen>) -> Option<Call> {
    let (pid, signal) = match status {
        WaitStatus::PtraceSyscall(pid) => {
            let call = call(pid, seen.entry(pid).or_default());
            let _ = ptrace::syscall(pid, None);
            return call;
        }
        WaitStatus::PtraceEvent(pid, _, event) => {
            if let (true, Ok(child)) = (CHILDREN.contains(&event), ptrace::getevent(pid)) {
                let parent = seen.get(&pid).copied().unwrap_or_default();
                let child = Pid::from_raw(i32::try_from(child).unwrap_or_default());
                seen.entry(child).or_default().filtered |= parent.filtered;
            }
            (pid, None)
        }
        WaitStatus::Stopped(pid, signal) => (pid, Some(signal)),
        _ => return None,
    };
    let _ = ptrace::syscall(pid, signal.filter(|signal| *signal != Signal::SIGTRAP));
    None
}

fn call(pid: Pid, seen: &mut Seen) -> Option<Call> {
    seen.within = !seen.within;
    let regs = ptrace::getregs(pid).ok().filter(|_| seen.within)?;
    let filtered = seen.filtered;
    seen.filtered |= regs.orig_rax == libc::SYS_seccomp as u64;
    let number = u32::try_from(regs.orig_rax).ok().filter(|_| filtered)?;
    Some((number, [regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9]))
}
