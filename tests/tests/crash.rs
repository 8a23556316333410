//! `kill -9` of the daemon while a job runs: afterwards the job's state is true, and nothing ran twice.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_tests::demo::{Cast, PERMIT, keys};
use semla_tests::told::Told;
use std::time::{Duration, Instant};

const SLOW: &str = "import time\nfor n in range(30):\n    print(n, flush=True)\n    time.sleep(0.1)\nopen('/out/done.txt', 'w').write('done')\n";

#[test]
fn a_killed_daemon_loses_nothing_and_runs_nothing_twice() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let output = "[[output]]\npath = \"done.txt\"\nkind = \"text\"\n";
    let file = cast.line("slow", PERMIT, SLOW, output);
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

/// The ledger says that it left, and a crash came before its proof was written down.
#[test]
fn a_bundle_that_the_ledger_tells_of_is_finished_after_a_crash() {
    let mut cast = Cast::assemble(&mut Told::default());
    let (log, reviewers) = keys(&cast);
    let file = cast.line(
        "made",
        PERMIT,
        "open('/out/a.txt', 'w').write('fine')",
        "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n",
    );
    let made = cast.site.json("scientist-1", &["submit", &file, "--wait"]);
    let ask =
        ["-o", "json", "release", "request", made["id"].as_str().expect("an id"), "a.txt", "--to", "public", "--wait"];
    let release = cast.site.semla("scientist-1", &ask).json()["id"].as_str().expect("an id").to_owned();
    for checker in ["checker-1", "checker-2"] {
        cast.site.semla(checker, &["release", "review", &release, "--approve"]).ok();
    }
    let bundles = cast.site.state().join("serve/bundles");
    let (bundle, draft) = (bundles.join(&release), bundles.join(format!(".{release}.new")));
    until("it is released", || bundle.join("proof.json").is_file());
    let told = |cast: &Cast| {
        let tail = cast.site.semla("officer-1", &["-o", "json", "ledger", "tail"]).ok().out;
        tail.matches("released").count()
    };
    let before = told(&cast);
    for whole in [false, true] {
        cast.site.kill();
        std::fs::rename(&bundle, &draft).expect("the bundle");
        std::fs::remove_file(draft.join("proof.json")).expect("its proof");
        // In the midst of being put in its place, too.
        if whole {
            std::fs::create_dir(&bundle).expect("a folder");
        }
        cast.site.start();
        until("it is finished", || bundle.join("proof.json").is_file());
        // The size of the tree that it ends with (C2SP tlog-checkpoint, second line) counts steps, and not what happened meanwhile.
        let checkpoint = std::fs::read_to_string(bundle.join("checkpoint")).expect("its checkpoint");
        let size: u64 = checkpoint.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size");
        assert_eq!(size % 1024, 0, "{checkpoint}");
        assert!(!draft.exists());
    }
    assert_eq!(told(&cast), before, "it left once");
    let to = cast.site.desk().join("fetched");
    let to = to.to_str().expect("a plain path");
    cast.site.semla("scientist-1", &["release", "download", &release, "-D", to]).ok();
    let verify = ["verify", to, "--log-key", &log, "--reviewers", &reviewers];
    cast.site.semla("scientist-1", &verify).ok();
}

fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
