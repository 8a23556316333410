//! What the filters cost a job at each system call.

use super::{Figures, spec};
use semla_sandbox::confine::{End, Ground, Layer, Layers, Program};
use semla_sandbox::limits::Limits;
use std::fs::File;
use std::io::{Read, pipe};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Instant;

/// Pairs of runs, and calls of each.
const PAIRS: usize = 25;
const CALLS: u32 = 1_000_000;

/// `launch.filter_ns`: how much longer a `read` of one byte from `/dev/zero` takes with the filters than in the same sandbox without
/// them, as the median of runs that take turns.
pub(super) fn run(figures: &mut Figures<'_>) {
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let mut costs: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            let with = timed(&ground, Layers::ALL, &format!("with-{pair}"));
            with - timed(&ground, Layers::without(&[Layer::Seccomp]), &format!("without-{pair}"))
        })
        .collect();
    costs.sort_unstable_by(f64::total_cmp);
    figures.put("filter_ns", costs[PAIRS / 2]);
}

/// Nanoseconds of a call.
fn timed(ground: &Ground, layers: Layers, name: &str) -> f64 {
    let me: OwnedFd = File::open(std::env::current_exe().expect("this program")).expect("this program").into();
    let words = ["semla-bench", "--calls"].map(str::to_owned).into();
    let (mut hear, speak) = pipe().expect("a pipe");
    let mut spec = spec(name, 0, Path::new("/"), Program::Fd(me, words), Limits::default());
    spec.stdout = speak.into();
    let (end, _) = ground.spawn_with(spec, layers).expect("a sandbox").wait().expect("its end");
    assert_eq!(end, End::Exited(0));
    let mut said = String::new();
    hear.read_to_string(&mut said).expect("its words");
    said.trim().parse().expect("nanoseconds")
}

/// The job's side: prints what a call took.
pub(crate) fn calls() {
    let mut zero = File::open("/dev/zero").expect("/dev/zero");
    let mut byte = [0];
    let start = Instant::now();
    for _ in 0..CALLS {
        zero.read_exact(&mut byte).expect("a byte");
    }
    println!("{}", start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
}
