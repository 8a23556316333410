//! What the daemon takes while nothing happens: less than 50 MB and 1 % of a core.
#![allow(clippy::expect_used, clippy::panic)]

use semla_tests::demo::Cast;
use semla_tests::told::Told;
use std::time::Duration;

/// How long it is watched; at 100 ticks a second, 1 % of a core is a tick for each second.
const WATCHED: u64 = 20;

#[test]
fn an_idle_daemon_takes_little_memory_and_hardly_any_time() {
    let cast = Cast::assemble(&mut Told::default());
    cast.rehearse("before", "print('something happened before')");
    let daemon = cast.site.daemon().expect("a daemon");
    let (before, control) = (ticks(daemon), ticks(std::process::id()));
    // The control: this process works all the time, so that a clock that stands still would be seen.
    let until = std::time::Instant::now() + Duration::from_secs(WATCHED);
    while std::time::Instant::now() < until {
        std::hint::spin_loop();
    }
    let (took, worked) = (ticks(daemon) - before, ticks(std::process::id()) - control);
    let resident = resident_kib(daemon);
    println!("{resident} KiB, {took} ticks in {WATCHED} s; the control took {worked}");
    assert!(worked > 10 * WATCHED, "the control took {worked} ticks: nothing was measured");
    assert!(took <= WATCHED, "{took} ticks in {WATCHED} s");
    assert!(resident < 50_000_000 / 1024, "{resident} KiB");
}

/// Time in user and kernel mode so far (proc_pid_stat(5), fields 14 and 15).
fn ticks(pid: impl std::fmt::Display) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    let fields = stat.rsplit_once(')').expect("a name in parentheses").1.split_whitespace();
    fields.skip(11).take(2).map(|field| field.parse::<u64>().expect("a number")).sum()
}

fn resident_kib(pid: i32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
