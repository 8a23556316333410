//! What an officer halts, and what a withdrawn permit covered, stops within seconds and stays stopped; what it isn't about goes on.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_tests::demo::{Cast, OTHER, PERMIT};
use semla_tests::told::Told;
use semla_tests::{Ran, Site};
use serde_json::Value;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

/// Within which a halt has halted.
const SOON: Duration = Duration::from_secs(5);

fn sleeper(cast: &Cast, who: &str, permit: &str, name: &str) -> String {
    let file = cast.line(name, permit, "import time\ntime.sleep(120)", "");
    let job = cast.site.json(who, &["submit", &file]);
    let id = job["id"].as_str().expect("an id").to_owned();
    wait(cast, &id, |running| running);
    id
}

/// Waits until a job's attempt runs, or doesn't any more.
fn wait(cast: &Cast, job: &str, until: impl Fn(bool) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !until(runs(&cast.site, job)) {
        assert!(Instant::now() < deadline, "{job}\n{}", cast.site.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether the keeper holds an attempt that has begun and hasn't ended, as root sees it.
fn runs(site: &Site, job: &str) -> bool {
    let attempt = site.state().join("attempts").join(format!("{job}-1"));
    attempt.join("lock").exists() && !attempt.join("end.json").exists()
}

fn ending(site: &Site, job: &str) -> String {
    let end = std::fs::read(site.state().join("attempts").join(format!("{job}-1/end.json"))).expect("an end");
    serde_json::from_slice::<Value>(&end).expect("JSON")["ending"].as_str().expect("a word").to_owned()
}

fn says(ran: &Ran, words: &str) {
    assert!(ran.all().contains(words), "{words}: {ran:?}");
}

#[test]
fn the_kill_switch_halts_its_scope_at_once_until_two_officers_lift_it() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let (ours, theirs) =
        (sleeper(&cast, "scientist-1", PERMIT, "ours"), sleeper(&cast, "scientist-2", OTHER, "theirs"));
    says(
        &site.semla("scientist-1", &["halt", "--all"]),
        "only officers halt, or lift a halt (rule 10); ask one of them",
    );
    let withdrawn = site.semla("scientist-1", &["permit", "withdraw", PERMIT]);
    says(&withdrawn, "only officers and stewards grant, change or withdraw permits");
    says(&site.semla("officer-2", &["halt", "--lift", "--all"]), "see `semla halt --list`");
    let begun = Instant::now();
    let halted = site.semla("officer-1", &["halt", "--permit", PERMIT]).ok();
    says(&halted, "stopped 0 jobs and 0 checks, and holds 0 waiting jobs and 0 open requests\n");
    says(&halted, "up to your clearance: what is above it stops as well, and isn't counted");
    wait(&cast, &ours, |running| !running);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(ending(site, &ours), "stopped");
    assert!(runs(site, &theirs), "the control: what the halt isn't about goes on");
    says(&site.semla("officer-2", &["halt", "--list"]), PERMIT);

    let again = cast.line("again", PERMIT, "print(1)", "");
    says(&site.semla("scientist-1", &["submit", &again]), "an officer has halted");
    // Lifting takes another one.
    says(&site.semla("officer-1", &["halt", "--lift", "--permit", PERMIT]).ok(), "awaits another officer");
    says(&site.semla("scientist-1", &["submit", &again]), "an officer has halted");
    says(&site.semla("officer-2", &["halt", "--lift", "--permit", PERMIT]).ok(), "is halted no more");
    site.semla("scientist-1", &["submit", &again, "--wait"]).ok();

    site.semla("officer-2", &["halt", "--label", "confidential"]).ok();
    wait(&cast, &theirs, |running| !running);
    let rehearsal = ["submit", &again, "--dummy", "--wait"];
    site.semla("scientist-1", &rehearsal).ok();
    site.semla("officer-1", &["halt", "--all"]).ok();
    says(&site.semla("scientist-1", &rehearsal), "an officer has halted `all`");
}

#[test]
fn a_withdrawn_permit_stops_its_jobs_closes_its_requests_and_marks_what_it_made() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let output = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
    let made = cast.line("made", PERMIT, "open('/out/a.txt', 'w').write('fine')", output);
    let done = site.json("scientist-1", &["submit", &made, "--wait"]);
    let ask = ["-o", "json", "release", "request", done["id"].as_str().expect("an id"), "a.txt", "--to", "public"];
    let request = site.semla("scientist-1", &ask).json()["id"].as_str().expect("an id").to_owned();
    let (ours, theirs) =
        (sleeper(&cast, "scientist-1", PERMIT, "ours"), sleeper(&cast, "scientist-2", OTHER, "theirs"));
    says(&site.semla("scientist-1", &["permit", "withdraw", PERMIT]), "(rule 10)");
    assert!(runs(site, &ours));

    let begun = Instant::now();
    // Whoever answers for the data is cleared for what was made of it.
    says(
        &site.semla("steward-1", &["permit", "withdraw", PERMIT]).ok(),
        "stops 1 job and 0 checks, ends 0 waiting jobs",
    );
    wait(&cast, &ours, |running| !running);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!(runs(site, &theirs), "the control: another permit's job goes on");
    says(&site.semla("scientist-1", &["submit", &made]), "was withdrawn");
    let deadline = Instant::now() + SOON;
    while site.json("checker-1", &["release", "show", &request])["state"] != "expired" {
        assert!(Instant::now() < deadline, "{}", site.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    says(&site.semla("officer-2", &["permit", "withdraw", PERMIT]), "was withdrawn already");
    says(&site.semla("officer-2", &["permit", "show", PERMIT]), "marked for erasure");
    says(&site.semla("officer-2", &["permit", "show", OTHER]), "until 2027-06-30\n");

    // Granted anew, it holds again.
    let file = site.desk().join(format!("permits/{PERMIT}.toml"));
    site.semla("steward-2", &["permit", "add", file.to_str().expect("a path")]).ok();
    says(&site.semla("officer-1", &["permit", "approve", PERMIT]).ok(), "was withdrawn: with this it holds again");
    let listed = site.semla("officer-1", &["permit", "ls"]).ok();
    assert!(!listed.out.contains("over") && !listed.out.contains("withdrawn"), "at once: {listed:?}");
    site.semla("scientist-1", &["submit", &made, "--wait"]).ok();
    let shown = site.semla("officer-2", &["permit", "show", PERMIT]).ok();
    assert!(!shown.out.contains("erasure"), "{shown:?}");
}

#[test]
fn a_halt_counts_what_the_officer_is_cleared_for_and_stops_all() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let real = sleeper(&cast, "scientist-1", PERMIT, "real");
    let halt = || site.json("officer-1", &["halt", "--all"])["halted"].clone();
    let lift = || ["officer-1", "officer-2"].map(|who| site.semla(who, &["halt", "--lift", "--all"]).ok());
    let (first, nothing) = (halt(), serde_json::json!([0, 0, 0, 0, true]));
    let counted = |halted: &Value| -> Value {
        ["jobs", "checks", "waiting", "requests", "above"].map(|key| halted[key].clone()).to_vec().into()
    };
    assert_eq!(counted(&first), nothing, "one runs, above them");
    wait(&cast, &real, |running| !running);
    assert_eq!(ending(site, &real), "stopped");
    assert_eq!(halt(), first, "and now none does");
    lift();
    // The control: a rehearsal is at a label that officers are cleared for.
    let file = cast.line("low", PERMIT, "import time\ntime.sleep(120)", "");
    let low = site.json("scientist-1", &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned();
    wait(&cast, &low, |running| running);
    assert_eq!(halt()["jobs"], 1);
}

#[test]
fn an_order_to_stop_is_carried_out_whenever_it_comes() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let order = |job: &str| site.state().join("attempts").join(format!("{job}-1/stop"));
    // After the last look of the keeper, and where nothing was swept.
    let running = sleeper(&cast, "scientist-1", PERMIT, "running");
    std::fs::write(order(&running), "").expect("an order");
    wait(&cast, &running, |running| !running);
    assert_eq!(ending(site, &running), "stopped");
    // Before the job's own program runs: there is nothing yet that could be swept.
    let file = cast.line("early", PERMIT, "import time\ntime.sleep(120)", "");
    let early = cast.site.json("scientist-1", &["submit", &file])["id"].as_str().expect("an id").to_owned();
    let deadline = Instant::now() + SOON;
    while std::fs::write(order(&early), "").is_err() {
        assert!(Instant::now() < deadline, "{}", site.log());
        std::thread::sleep(Duration::from_millis(1));
    }
    // The keeper may not even hold the attempt yet.
    let path = site.state().join("attempts").join(format!("{early}-1/end.json"));
    let deadline = Instant::now() + SOON;
    while !path.exists() {
        assert!(Instant::now() < deadline, "{}", site.log());
        std::thread::sleep(Duration::from_millis(1));
    }
    let end = std::fs::read_to_string(path).expect("an end");
    assert!(end.contains("it was stopped before its next program began"), "{end}");
    assert_eq!(ending(site, &early), "stopped");
}

#[test]
fn what_is_killed_by_an_order_was_stopped_even_in_the_middle_of_its_launch() {
    let cast = Cast::assemble(&mut Told::default());
    let file = cast.line("begun", PERMIT, "import time\ntime.sleep(120)", "");
    let launched = |order: bool| {
        let job = cast.site.json("scientist-1", &["submit", &file])["id"].as_str().expect("an id").to_owned();
        let attempt = cast.site.state().join("attempts").join(format!("{job}-1"));
        let deadline = Instant::now() + SOON;
        // Its first process is killed as soon as there is one, long before it is done with the mounts.
        let first = loop {
            assert!(Instant::now() < deadline, "{}", cast.site.log());
            let procs = std::fs::read_to_string(format!("/sys/fs/cgroup/pids/semla/{job}-1/cgroup.procs"));
            if let Some(pid) = procs.ok().and_then(|procs| procs.lines().next()?.parse().ok()) {
                break Pid::from_raw(pid);
            }
        };
        if order {
            std::fs::write(attempt.join("stop"), "").expect("an order");
        }
        kill(first, Signal::SIGKILL).expect("a process of the attempt");
        wait(&cast, &job, |running| !running);
        ending(&cast.site, &job)
    };
    for _ in 0..5 {
        assert_eq!(launched(true), "stopped");
    }
    assert_eq!(launched(false), "lost", "the control: nobody ordered this one");
}

#[test]
fn on_a_full_disk_a_halt_still_halts_and_is_recorded() {
    let cast = Cast::assemble_at(Site::small("stops", 64), &mut Told::default());
    let site = &cast.site;
    let job = sleeper(&cast, "scientist-1", PERMIT, "ours");
    let path = site.desk().join("ballast");
    let mut ballast = File::create(&path).expect("a file");
    let mut size = 1 << 20;
    while size > 0 {
        if ballast.write_all(&vec![7; size]).is_err() {
            size /= 2;
        }
    }
    // The control: nothing else is recorded any more.
    says(&site.semla("scientist-1", &["data", "dummy", "wdbc@1"]), "the disk is full");
    let begun = Instant::now();
    says(&site.semla("officer-1", &["halt", "--all"]).ok(), "`all` is in force");
    let ended = || {
        !std::fs::read_to_string(format!("/sys/fs/cgroup/pids/semla/{job}-1/cgroup.procs")).is_ok_and(|t| !t.is_empty())
    };
    while !ended() {
        assert!(begun.elapsed() < SOON);
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::remove_file(&path).expect("to free the disk");
    site.semla("officer-1", &["ledger", "verify"]).ok();
    says(&site.semla("officer-2", &["halt", "--list"]), "all");
}
