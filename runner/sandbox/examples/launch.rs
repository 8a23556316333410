//! Times /bin/true from its start until it is reaped: in our sandbox and in bubblewrap's, taking turns.
//!
//! `launch [ROOT] [RUNS]`, as root, with bubblewrap installed.

use std::error::Error;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use semla_sandbox::confine::{Fence, Ground, Program, Root, Slot, Spec};
use semla_sandbox::limits::Limits;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let root = args.next().unwrap_or_else(|| "/".to_owned());
    let runs: usize = args.next().map_or(Ok(200), |runs| runs.parse())?;
    let ground = Ground::prepare()?;
    let (mut ours, mut theirs, mut started) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..runs {
        let start = Instant::now();
        let running = ground.spawn(spec(&root, run)?)?;
        started.push(start.elapsed());
        let (end, _) = running.wait()?;
        ours.push(start.elapsed());
        assert_eq!(end, semla_sandbox::confine::End::Exited(0));

        let start = Instant::now();
        let peer = bubblewrap(&root).status()?;
        theirs.push(start.elapsed());
        assert!(peer.success());
    }
    let (ours, theirs, started) = (median(ours), median(theirs), median(started));
    println!("ours {ours:?} (started after {started:?}), bubblewrap {theirs:?}");
    println!("ratio {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
    Ok(())
}

fn spec(root: &str, run: usize) -> Result<Spec, Box<dyn Error>> {
    let null = || File::options().read(true).write(true).open("/dev/null").map(Into::into);
    Ok(Spec {
        fence: Fence::parse(&format!("launch-{}-{run}", std::process::id()))?,
        slot: Slot::new(0)?,
        root: Root::Image(File::open(root)?.into()),
        mounts: Vec::new(),
        program: Program::Path(vec!["/bin/true".to_owned()]),
        env: Vec::new(),
        cwd: "/".to_owned(),
        limits: Limits::default(),
        stdin: null()?,
        stdout: null()?,
        stderr: null()?,
    })
}

fn bubblewrap(root: &str) -> Command {
    let mut command = Command::new("bwrap");
    command.args([
        "--unshare-all",
        "--ro-bind",
        root,
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
