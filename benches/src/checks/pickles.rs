//! Pickles that are dense with opcodes: bytes a second on one core, beside picklescan.

use super::examined::{Examined, Peak};
use super::median;
use super::peer::Peers;
use std::path::Path;

const MAKE: &str = include_str!("peers/dense.py");
const PICKLESCAN: &str = include_str!("peers/scans.py");
const FILES: [&str; 5] = ["runs", "rows", "numbers", "vocabulary", "scalars"];
const ROUNDS: usize = 3;

/// `checks.pickle_mb_s` and `checks.vs_picklescan`, ours by theirs: each of that file on which it is least. Ours is all of F4, which reads what
/// the pickle makes, too; picklescan lists its names.
pub(super) fn run(peers: &Peers, peak: &mut Peak, put: &mut impl FnMut(&str, f64)) {
    let folder = peers.made("bench-dense", MAKE);
    let mut picklescan = peers.start(PICKLESCAN);
    let (mut slowest, mut least) = (f64::INFINITY, f64::INFINITY);
    for name in FILES {
        let (file, short) = (folder.join(format!("{name}.pkl")), folder.join(format!("{name}-short.pkl")));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(megabytes(&file) / Examined::by("F4", &file, None, peak).busy);
            theirs.push(megabytes(&short) / picklescan.seconds(&short.to_string_lossy()));
        }
        let (ours, theirs) = (median(ours), median(theirs));
        eprintln!("  {name}: {ours:.0} MB/s, picklescan {theirs:.2} MB/s");
        slowest = slowest.min(ours);
        least = least.min(ours / theirs);
    }
    put("pickle_mb_s", slowest);
    put("vs_picklescan", least);
}

fn megabytes(file: &Path) -> f64 {
    std::fs::metadata(file).expect("a pickle").len() as f64 / 1e6
}
