//! A thousand sandboxes one after another and two hundred at once, and what is left of them.

use super::{Figures, milliseconds, program, spec};
use semla_sandbox::confine::{End, Ground, Running};
use semla_sandbox::limits::Limits;
use std::fs;
use std::path::Path;
use std::time::Instant;

const AFTER: u32 = 1000;
const AT_ONCE: u32 = 200;

/// What there is of this process and its sandboxes.
#[derive(Clone, Copy, Debug)]
struct Count {
    kib: i64,
    fds: i64,
    mounts: i64,
    cgroups: i64,
}

/// `launch.after_another_ms` and `launch.at_once_ms`, each for one sandbox; `launch.left_kib`, `launch.left_fds`, `launch.left_mounts`,
/// `launch.left_cgroups`: what there is more of after all of them than after the first.
pub(super) fn run(figures: &mut Figures<'_>) {
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let start = |name: &str, slot: u32, words: &[&str]| {
        ground.spawn(spec(name, slot, Path::new("/"), program(words), Limits::default())).expect("a sandbox")
    };
    let ended = |running: Running| assert_eq!(running.wait().expect("its end").0, End::Exited(0));
    ended(start("first", 0, &["/bin/true"]));
    let before = count();
    let begun = Instant::now();
    (0..AFTER).for_each(|number| ended(start(&format!("after-{number}"), 0, &["/bin/true"])));
    figures.put("after_another_ms", milliseconds(begun.elapsed()) / f64::from(AFTER));
    let begun = Instant::now();
    let all: Vec<Running> =
        (0..AT_ONCE).map(|number| start(&format!("once-{number}"), number, &["/bin/sleep", "2"])).collect();
    figures.put("at_once_ms", milliseconds(begun.elapsed()) / f64::from(AT_ONCE));
    let there = count();
    assert!(there.cgroups - before.cgroups >= i64::from(AT_ONCE), "the control: they are there: {there:?}");
    all.into_iter().for_each(ended);
    let after = count();
    for (name, left) in [
        ("kib", after.kib - before.kib),
        ("fds", after.fds - before.fds),
        ("mounts", after.mounts - before.mounts),
        ("cgroups", after.cgroups - before.cgroups),
    ] {
        figures.put(&format!("left_{name}"), left as f64);
    }
}

fn count() -> Count {
    let status = fs::read_to_string("/proc/self/status").expect("this process");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    Count {
        kib: resident.trim().trim_end_matches(" kB").parse().expect("KiB"),
        fds: length(fs::read_dir("/proc/self/fd").expect("its descriptors").count()),
        mounts: length(fs::read_to_string("/proc/self/mountinfo").expect("the mounts").lines().count()),
        cgroups: leafs(Path::new("/sys/fs/cgroup"), 6),
    }
}

/// How many cgroups of this process's sandboxes there are, so many levels deep.
fn leafs(folder: &Path, levels: u32) -> i64 {
    let own = format!("bench-{}-", std::process::id());
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders
        .map(|entry| match (entry.file_name().to_string_lossy().contains(&own), levels) {
            (true, _) => 1,
            (false, 0) => 0,
            (false, _) => leafs(&entry.path(), levels - 1),
        })
        .sum()
}

fn length(of: usize) -> i64 {
    i64::try_from(of).expect("a number")
}
