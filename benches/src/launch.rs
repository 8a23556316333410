//! `/bin/true`, from its start until it is reaped: in our sandbox, with seccomp, Landlock and cgroup limits, and in bubblewrap's,
//! which has none of them.

use semla_sandbox::confine::{End, Fence, Ground, Program, Root, Slot, Spec};
use semla_sandbox::limits::Limits;
use serde_json::{Map, Value};
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 200;

/// `launch.semla_ms`, `launch.bwrap_ms`, `launch.vs_bwrap`: medians of runs that take turns.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let start = Instant::now();
        let running = ground.spawn(spec(run)).expect("a sandbox");
        let (end, _) = running.wait().expect("its end");
        ours.push(start.elapsed());
        assert_eq!(end, End::Exited(0));

        let start = Instant::now();
        let peer = bubblewrap().status().expect("bubblewrap");
        theirs.push(start.elapsed());
        assert!(peer.success());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let mut put = |name: &str, value: f64| figures.insert(format!("launch.{name}"), Value::from(value));
    put("semla_ms", ours.as_secs_f64() * 1e3);
    put("bwrap_ms", theirs.as_secs_f64() * 1e3);
    put("vs_bwrap", ours.as_secs_f64() / theirs.as_secs_f64());
}

fn spec(run: usize) -> Spec {
    let null = || File::options().read(true).write(true).open("/dev/null").expect("/dev/null").into();
    Spec {
        fence: Fence::parse(&format!("bench-{}-{run}", std::process::id())).expect("a fence"),
        slot: Slot::new(0).expect("a slot"),
        root: Root::Image(File::open("/").expect("/").into()),
        mounts: Vec::new(),
        devices: Vec::new(),
        links: Vec::new(),
        program: Program::Path(vec!["/bin/true".to_owned()]),
        env: Vec::new(),
        cwd: "/".to_owned(),
        limits: Limits::default(),
        stdin: null(),
        stdout: null(),
        stderr: null(),
    }
}

fn bubblewrap() -> Command {
    let mut command = Command::new("bwrap");
    command.args([
        "--unshare-all",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        "/tmp",
        "/bin/true",
    ]);
    command.stdin(Stdio::null()).env_clear();
    command
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
