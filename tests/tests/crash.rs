//! `kill -9` of the daemon while a job runs: afterwards the job's state is true, and nothing ran twice.
#![allow(clippy::expect_used, clippy::panic)]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_tests::demo::Cast;
use semla_tests::told::Told;
use std::time::{Duration, Instant};

const SLOW: &str = "import time\nfor n in range(30):\n    print(n, flush=True)\n    time.sleep(0.1)\nopen('/out/done.txt', 'w').write('done')\n";

#[test]
fn a_killed_daemon_loses_nothing_and_runs_nothing_twice() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let output = "[[output]]\npath = \"done.txt\"\nkind = \"text\"\n";
    let file = cast.line("slow", semla_tests::demo::PERMIT, SLOW, output);
    let submitted = site.json("scientist-1", &["job", "submit", &file, "--dummy"]);
    let id = submitted["id"].as_str().expect("an id").to_owned();
    let state = || site.json("scientist-1", &["job", "show", &id])["state"].as_str().unwrap_or_default().to_owned();
    until("the job runs", || state() == "running");
    // Its log can be read while it is written.
    let log = || site.semla("scientist-1", &["job", "logs", &id]).ok().out;
    until("the log begins", || log().lines().any(|line| line == "0"));
    assert!(!log().lines().any(|line| line == "29"), "the job is over already: {}", log());

    for _ in 0..3 {
        let before = site.daemon().expect("a daemon");
        kill(Pid::from_raw(before), Signal::SIGKILL).expect("to kill the daemon");
        until("another daemon runs", || site.daemon().is_some_and(|now| now != before));
    }
    until("the job ended", || !["queued", "running", ""].contains(&state().as_str()));
    assert_eq!(state(), "succeeded", "{}", site.log());
    let log = log();
    assert_eq!(log.lines().filter(|line| *line == "0").count(), 1, "it ran once: {log}");
    let attempts = std::fs::read_dir(site.state().join("attempts")).expect("attempts");
    let mine = attempts.filter_map(Result::ok).filter(|attempt| attempt.file_name().to_string_lossy().starts_with(&id));
    assert_eq!(mine.count(), 1);
    site.semla("officer-1", &["ledger", "verify"]).ok();
}

fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
