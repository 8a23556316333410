//! A training run in the sandbox beside the same run outside of it: the same image, the same rows, one thread.
//!
//! Both of a pair run at one time, each on a core of its own, so that what the machine does besides falls on both; they take turns in the
//! cores.

use super::{Figures, program, spec};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use semla_sandbox::confine::{End, Ground, Running};
use semla_sandbox::limits::{Limits, Space};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const PAIRS: usize = 30;
/// Student's t for a two-sided interval of 95 % with 29 degrees of freedom.
const STUDENT: f64 = 2.045;
/// Where the image of the demo is kept.
const IMAGES: &str = "/var/cache/semla/images";

/// scikit-learn's forest on a million rows of twenty columns.
const FOREST: &str = "
import numpy
from sklearn.ensemble import RandomForestClassifier
random = numpy.random.default_rng(7)
rows = random.standard_normal((1_000_000, 20), dtype=numpy.float32)
target = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(int)
RandomForestClassifier(n_estimators=2, max_depth=8, random_state=7, n_jobs=1).fit(rows, target)
";

/// `launch.train_ratio`, the geometric mean of ours over theirs in pairs, and the ends of its interval of 95 %,
/// `launch.train_low` and `launch.train_high`; `launch.train_s`, one run outside.
pub(super) fn run(figures: &mut Figures<'_>) {
    let root = image();
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let all = sched_getaffinity(Pid::from_raw(0)).expect("the cores");
    // Once each, so that both find the image in memory.
    pair_of(&ground, &root, 0);
    let (mut outside, mut ratios) = (Vec::new(), Vec::new());
    for pair in 1..=PAIRS {
        let (ours, theirs) = pair_of(&ground, &root, pair);
        outside.push(theirs);
        ratios.push((ours / theirs).ln());
    }
    let count = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / count;
    let variance = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let wide = STUDENT * (variance / count).sqrt();
    sched_setaffinity(Pid::from_raw(0), &all).expect("all cores");
    outside.sort_unstable_by(f64::total_cmp);
    figures.put("train_s", outside[outside.len() / 2]);
    figures.put("train_ratio", mean.exp());
    figures.put("train_low", (mean - wide).exp());
    figures.put("train_high", (mean + wide).exp());
}

/// The root of the demo's image.
fn image() -> PathBuf {
    let images = std::fs::read_dir(IMAGES).expect("the images: run `make demo` once").filter_map(Result::ok);
    let roots = images.map(|image| image.path().join("root"));
    let mut roots = roots.filter(|root| root.join("usr/lib/python3/dist-packages/sklearn").is_dir());
    roots.next().expect("an image with scikit-learn: run `make demo` once")
}

/// Seconds of both, at one time: ours, and theirs.
fn pair_of(ground: &Ground, root: &Path, pair: usize) -> (f64, f64) {
    let first = pair % 2;
    // Whoever is started later has no more to wait for: each counts from its own start.
    on_core(first);
    let start = Instant::now();
    let ours = inside(ground, root, pair);
    on_core(1 - first);
    let theirs_start = Instant::now();
    let mut theirs = bare(root);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            assert!(theirs.wait().expect("its end").success());
            theirs_start.elapsed().as_secs_f64()
        });
        let (end, _) = ours.wait().expect("its end");
        let ours = start.elapsed().as_secs_f64();
        assert_eq!(end, End::Exited(0));
        (ours, waiting.join().expect("its end"))
    })
}

/// What is started from here on runs on this core.
fn on_core(core: usize) {
    let mut cores = CpuSet::new();
    cores.set(core).expect("two cores");
    sched_setaffinity(Pid::from_raw(0), &cores).expect("a core");
}

fn bare(root: &Path) -> Child {
    let mut command = Command::new("/usr/sbin/chroot");
    command.arg(root).args(["/usr/bin/python3", "-c", FOREST]).env_clear().stdin(Stdio::null());
    command.spawn().expect("chroot")
}

fn inside(ground: &Ground, root: &Path, pair: usize) -> Running {
    let limits = Limits { memory: 4 << 30, shm: Space::new(64 << 20, 1000), cpu_milli: 2000, ..Limits::default() };
    let spec = spec(&format!("train-{pair}"), 0, root, program(&["/usr/bin/python3", "-c", FOREST]), limits);
    ground.spawn(spec).expect("a sandbox")
}
