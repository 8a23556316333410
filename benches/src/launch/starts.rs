//! `/bin/true`, from its start until it is reaped: in our sandbox, with seccomp, Landlock and cgroup limits, and in peers' with what they do
//! by themselves.

use super::peers::{Docker, Runc, bubblewrap};
use super::{Figures, median, milliseconds, program, spec};
use semla_sandbox::confine::{End, Ground};
use semla_sandbox::limits::Limits;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const RUNS: usize = 200;
/// The engine's client takes so much longer than all others that one in so many turns is enough.
const RARE: usize = 10;

/// `launch.semla_ms` and, of each peer, `launch.PEER_ms` and `launch.vs_PEER`: medians of runs that take turns.
pub(super) fn run(figures: &mut Figures<'_>) {
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let (runc, docker) = (Runc::bundle(), Docker::start());
    let [mut ours, mut bwrap, mut by_runc, mut by_docker] = [const { Vec::new() }; 4];
    for run in 0..RUNS {
        let start = Instant::now();
        let spec = spec(&run.to_string(), 0, Path::new("/"), program(&["/bin/true"]), Limits::default());
        let (end, _) = ground.spawn(spec).expect("a sandbox").wait().expect("its end");
        ours.push(start.elapsed());
        assert_eq!(end, End::Exited(0));
        bwrap.push(timed(bubblewrap()));
        by_runc.push(timed(runc.command(run)));
        if run % RARE == 0 {
            by_docker.push(timed(docker.command()));
        }
    }
    let ours = median(ours);
    figures.put("semla_ms", milliseconds(ours));
    for (name, times) in [("bwrap", bwrap), ("runc", by_runc), ("docker", by_docker)] {
        let theirs = median(times);
        figures.put(&format!("{name}_ms"), milliseconds(theirs));
        figures.put(&format!("vs_{name}"), ours.as_secs_f64() / theirs.as_secs_f64());
    }
}

fn timed(mut command: Command) -> Duration {
    let start = Instant::now();
    let status = command.status().expect("a peer");
    assert!(status.success(), "{command:?}");
    start.elapsed()
}
