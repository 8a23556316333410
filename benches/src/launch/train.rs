//! A training run in the sandbox beside the same run outside of it: the same image, the same rows, one thread.

use super::{Figures, program, spec};
use semla_sandbox::confine::{End, Ground};
use semla_sandbox::limits::{Limits, Space};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const PAIRS: usize = 15;
/// Student's t for a two-sided interval of 95 % with 14 degrees of freedom.
const STUDENT: f64 = 2.145;
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

/// `launch.train_ratio`, the geometric mean of ours over theirs in pairs that take turns, and the ends of its interval of 95 %,
/// `launch.train_low` and `launch.train_high`; `launch.train_s`, one run outside.
pub(super) fn run(figures: &mut Figures<'_>) {
    let root = image();
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    // Once each, so that both find the image in memory.
    let mut outside = vec![bare(&root)];
    inside(&ground, &root, 0);
    let mut ratios = Vec::new();
    for pair in 1..=PAIRS {
        // Whoever goes second finds a warmer machine: they take turns in that as well.
        let (ours, theirs) = match pair % 2 {
            0 => {
                let ours = inside(&ground, &root, pair);
                (ours, bare(&root))
            }
            _ => {
                let theirs = bare(&root);
                (inside(&ground, &root, pair), theirs)
            }
        };
        outside.push(theirs);
        ratios.push((ours / theirs).ln());
    }
    let count = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / count;
    let variance = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let wide = STUDENT * (variance / count).sqrt();
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

fn bare(root: &Path) -> f64 {
    let start = Instant::now();
    let mut command = Command::new("/usr/sbin/chroot");
    command.arg(root).args(["/usr/bin/python3", "-c", FOREST]).env_clear().stdin(Stdio::null());
    assert!(command.status().expect("chroot").success());
    start.elapsed().as_secs_f64()
}

fn inside(ground: &Ground, root: &Path, pair: usize) -> f64 {
    let start = Instant::now();
    let limits = Limits { memory: 4 << 30, shm: Space::new(64 << 20, 1000), cpu_milli: 2000, ..Limits::default() };
    let spec = spec(&format!("train-{pair}"), 0, root, program(&["/usr/bin/python3", "-c", FOREST]), limits);
    let (end, _) = ground.spawn(spec).expect("a sandbox").wait().expect("its end");
    assert_eq!(end, End::Exited(0));
    start.elapsed().as_secs_f64()
}
