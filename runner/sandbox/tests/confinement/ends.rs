//! Ends: nothing outlives an attempt, however it ends.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::os::fd::AsFd;
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};
use semla_sandbox::confine::{End, Program, Root};

use crate::case::Lab;
use crate::probe;

crate::tests!(
    a_signal_reaches_the_job,
    orphans_are_reaped_while_the_job_runs,
    a_process_that_left_its_session_ends_with_the_job,
    a_dropped_attempt_is_killed,
    an_attempt_ends_with_its_keeper_and_its_leafs_are_swept,
    nothing_is_left_behind,
);

fn a_signal_reaches_the_job(lab: &Lab) {
    let (running, _pipe) = lab.probe(&["sleep"]).start().unwrap();
    running.signal(Signal::SIGTERM).unwrap();
    assert_eq!(running.wait().unwrap().0, End::Signaled(15));
}

fn orphans_are_reaped_while_the_job_runs(lab: &Lab) {
    assert_eq!(lab.probe(&["orphans"]).says(), "1");
}

/// Whether the pipe's last writer ends within this time.
fn ends(pipe: impl AsFd, within: u16) -> bool {
    let mut pipe = [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)];
    poll(&mut pipe, PollTimeout::from(within)).unwrap() > 0
}

fn a_process_that_left_its_session_ends_with_the_job(lab: &Lab) {
    let (running, pipe) = lab.probe(&["daemon"]).start().unwrap();
    assert_eq!(running.wait().unwrap().0, End::Exited(0));
    assert!(ends(&pipe, 0));
    // Control: outside, it lives on and holds the pipe.
    let mut outside = Command::new("/proc/self/exe");
    std::os::unix::process::CommandExt::arg0(&mut outside, probe::NAME);
    let mut outside = outside.arg("daemon").stdout(Stdio::piped()).spawn().unwrap();
    outside.wait().unwrap();
    let mut pipe = outside.stdout.take().unwrap();
    assert!(!ends(&pipe, 300));
    assert_eq!(pipe.read(&mut [0]).unwrap(), 0, "until it ends by itself");
}

fn a_dropped_attempt_is_killed(lab: &Lab) {
    let before = State::now();
    let (running, pipe) = lab.probe(&["sleep"]).start().unwrap();
    assert!(!ends(&pipe, 100), "control");
    drop(running);
    assert!(ends(&pipe, 0));
    drop(pipe);
    before.is_now();
}

fn an_attempt_ends_with_its_keeper_and_its_leafs_are_swept(lab: &Lab) {
    let before = State::now();
    let case = lab.probe(&["sleep"]);
    let fence = case.fence.clone();
    let (read, write) = nix::unistd::pipe().unwrap();
    // SAFETY: the tests run in one thread.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            drop(read);
            let (running, _pipe) = case.start().unwrap();
            nix::unistd::write(&write, b"x").unwrap();
            std::thread::sleep(Duration::from_secs(600));
            drop(running);
            std::process::exit(1);
        }
        ForkResult::Parent { child: keeper } => {
            drop((write, case));
            nix::unistd::read(&read, &mut [0]).unwrap();
            assert_ne!(before, State::now(), "control: it runs");
            kill(keeper, Signal::SIGKILL).unwrap();
            waitpid(keeper, None).unwrap();
            drop(read);
            lab.ground.sweep(&fence).unwrap();
            // Its init is the host's to reap now, which takes a moment.
            let patience = (0..100).take_while(|_| before != State::now());
            patience.for_each(|_| std::thread::sleep(Duration::from_millis(20)));
            before.is_now();
            lab.ground.sweep(&fence).unwrap();
        }
    }
}

fn nothing_is_left_behind(lab: &Lab) {
    let before = State::now();
    for turn in 0..15 {
        lab.probe(&["exit", "0"]).run();
        lab.probe(&["die", "9"]).run();
        lab.probe(&["forks", "5"]).run();
        lab.probe(&["exit", "0"]).with(|case| case.program = Program::Path(vec!["nothing".into()])).refusal();
        lab.probe(&["exit", "0"]).with(|case| case.cwd = "/nowhere".into()).refusal();
        if turn % 5 == 0 {
            let image = || Root::Image(fs::File::open("/usr").unwrap().into());
            lab.probe(&["exit", "0"]).with(|case| case.root = image()).run();
            lab.probe(&["bomb"]).with(|case| case.limits.memory = 96 << 10).start().unwrap_err();
        }
    }
    before.is_now();
}

/// What could be left: mounts, cgroups, processes, descriptors.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    mounts: String,
    cgroups: BTreeSet<String>,
    processes: BTreeSet<String>,
    descriptors: usize,
}

impl State {
    pub(crate) fn now() -> Self {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let mut cgroups = BTreeSet::new();
        walk("/sys/fs/cgroup", &mut cgroups);
        // Other people's processes come and go; those of the sandboxes have ids that nobody else has.
        let ours = |pid: &String| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let id = status.lines().find_map(|line| line.strip_prefix("Uid:\t")?.split('\t').next());
            id.and_then(|id| id.parse::<u32>().ok()).is_some_and(|id| id >= 0x6000_0000)
        };
        Self {
            mounts,
            cgroups,
            processes: names("/proc").filter(ours).collect(),
            descriptors: names("/proc/self/fd").count(),
        }
    }

    pub(crate) fn is_now(&self) {
        assert_eq!(*self, Self::now());
    }
}

fn names(dir: &str) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(dir).into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok())
}

fn walk(dir: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let path = entry.path().to_string_lossy().into_owned();
            walk(&path, found);
            // Other tests may run beside this one.
            if path.contains(&format!("test-{}-", std::process::id())) {
                found.insert(path);
            }
        }
    }
}
