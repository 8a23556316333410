//! A site of an ordinary user: all of semla runs as them, what is weaker is said, and levels that ask for more are refused.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT, TYPES, main_job};
use semla_tests::ordinary::Ordinary;
use semla_tests::site::SERVICE;
use semla_tests::told::Told;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A policy whose levels are content with so much.
fn policy(internal: &str, confidential: &str) -> String {
    let weakest = "isolation = \"rootless\"\nlimits = false\n";
    format!(
        "preset = \"ehds\"\n[[level]]\nname = \"public\"\n{weakest}[[level]]\nname = \"internal\"\n{internal}\n\
         [[level]]\nname = \"confidential\"\n{confidential}\n{TYPES}"
    )
}

const ROOTLESS: &str = "isolation = \"rootless\"\nlimits = false";

#[test]
fn the_main_job_runs_for_an_ordinary_user() {
    let site = Site::rootless("rootless", false);
    let cast = Cast::assemble_on(site, &policy(ROOTLESS, ROOTLESS), &mut Told::default());
    let site = &cast.site;
    let log = site.log();
    assert!(log.contains("runs as an ordinary user") && log.contains("nothing limits a job's processor time"), "{log}");

    // Whose the processes are: the user's, and ids that the user was given.
    let owner = |pid: u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("Uid:")).expect("its user").to_owned();
        line.split_whitespace().next().and_then(|id| id.parse::<u32>().ok()).expect("an id")
    };
    assert_eq!(owner(site.launcher()), Ordinary::host(0));
    let daemon = site.children().into_iter().find_map(|pid| u32::try_from(pid).ok()).expect("the daemon");
    assert_eq!(owner(daemon), Ordinary::host(SERVICE));

    let released = main_job(&cast, &mut Told::default());
    assert_eq!(released.files, ["confusion.csv", "metrics.csv", "model.joblib", "roc.png"]);

    // The layers are those of root's sites.
    let said = cast.rehearse(
        "layers",
        "import os\n\
         status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)\n\
         print([status[key] for key in ('CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp')], os.getuid(), len(os.listdir('/proc/self/fd')))\n\
         print([os.path.exists(path) for path in ('/sys', '/home', '/var/tmp/semla')])\n\
         print(sum(1 for line in open('/proc/net/dev')) if os.path.exists('/proc/net/dev') else 'no network')\n\
         null = open('/dev/null', 'w'); null.write('gone'); print(open('/dev/zero', 'rb').read(2), os.stat('/dev/null').st_size)\n",
    );
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[0], "['0000000000000000', '0000000000000000', '1', '2'] 1000 4", "{said}");
    assert_eq!(lines[3], "b'\\x00\\x00' 0", "{said}");
}

#[test]
fn without_cgroups_a_keeper_ends_what_is_to_stop() {
    let site = Site::rootless("stops", false);
    let cast = Cast::assemble_on(site, &policy(ROOTLESS, ROOTLESS), &mut Told::default());
    let site = &cast.site;
    let file = cast.line("long", PERMIT, "import time\nprint('begun', flush=True)\ntime.sleep(120)", "");
    let id = site.json("scientist-1", &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned();
    let state = || site.json("scientist-1", &["job", "show", &id])["state"].as_str().unwrap_or_default().to_owned();
    let until = |what: &str, soon: Duration, so: &dyn Fn() -> bool| {
        let end = Instant::now() + soon;
        while !so() {
            assert!(Instant::now() < end, "{what}: {}", site.log());
            sleep(Duration::from_millis(100));
        }
    };
    until("it runs", Duration::from_secs(20), &|| {
        site.semla("scientist-1", &["job", "logs", &id]).out.contains("begun")
    });
    let running = || {
        let processes = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
        processes.filter(|process| {
            let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains("main.py")
                && fs::read_to_string(process.path().join("status"))
                    .is_ok_and(|status| status.contains(&format!("Uid:\t{}", Ordinary::host(1025))))
        })
    };
    assert_eq!(running().count(), 1, "the control: it is seen while it runs");
    site.semla("officer-1", &["halt", "--all"]).ok();
    until("it is stopped", Duration::from_secs(5), &|| state() == "stopped");
    assert_eq!(running().count(), 0, "nothing of it runs");
}

#[test]
fn levels_that_ask_for_more_are_refused() {
    let site = Site::rootless("asks", false);
    let cast = Cast::assemble_on(site, &policy(ROOTLESS, "isolation = \"rootless\""), &mut Told::default());
    let site = &cast.site;
    let refused = |name: &str, word: &str| {
        let file = cast.line(name, PERMIT, "pass", "");
        let ran = site.semla("scientist-1", &["submit", &file]);
        assert!(ran.code == 1 && ran.err.contains(word), "{ran:?}");
    };
    refused("unlimited", "no host here runs `confidential/health`: it asks for `rootless` with limits");
    assert_eq!(cast.rehearse("lower", "print('runs')").trim(), "runs", "the control: the level below asks for nothing");

    let validate = |name: &str, confidential: &str| {
        let file = site.write(&format!("{name}.toml"), &policy(ROOTLESS, confidential));
        site.semla("officer-1", &["policy", "validate", &file])
    };
    let told = validate("roots", "isolation = \"local\"\nlimits = false");
    let what =
        "no host can run `confidential`: it asks for `local` without limits, and there is `rootless` without limits";
    assert!(told.code == 2 && told.err.contains(what), "{told:?}");
    let told = validate("limited", "isolation = \"rootless\"");
    assert!(told.code == 2 && told.err.contains("it asks for `rootless` with limits"), "{told:?}");
    let told = validate("least", ROOTLESS);
    assert!(told.code == 0, "the control: {told:?}");

    let file = cast.line("disk", PERMIT, "pass", "[needs]\ndisk = \"1G\"\n");
    let ran = site.semla("scientist-1", &["submit", &file, "--dummy"]);
    assert!(ran.code == 1 && ran.err.contains("this host gives jobs no disk of their own"), "{ran:?}");
    let file = cast.line("drawn", PERMIT, "pass", "[needs]\ngpus = 1\n");
    let ran = site.semla("scientist-1", &["submit", &file, "--dummy"]);
    assert!(ran.code == 1 && ran.err.contains("this host has 0"), "{ran:?}");
}

#[test]
fn delegated_cgroups_limit_jobs_as_roots_do() {
    let site = Site::rootless("delegated", true);
    let cast =
        Cast::assemble_on(site, &policy(ROOTLESS, "isolation = \"rootless\"\nlimits = true"), &mut Told::default());
    let log = cast.site.log();
    assert!(
        log.contains("runs as an ordinary user") && !log.contains("nothing limits a job's processor time"),
        "{log}"
    );
    let ended = |name: &str, code: &str, more: &str| {
        let file = cast.line(name, PERMIT, code, more);
        cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]).json()["state"].to_string()
    };
    // In two processes, so that a limit for each of them isn't what is seen.
    let code = "import multiprocessing, time\n\
                def fill():\n    held = b'x' * (40 << 20)\n    time.sleep(2)\n\
                parts = [multiprocessing.Process(target=fill) for _ in range(4)]\n\
                [part.start() for part in parts]\n[part.join() for part in parts]\n";
    assert_eq!(ended("large", code, "[needs]\nmemory = \"128M\"\n"), "\"out-of-memory\"");
    assert_eq!(ended("enough", code, "[needs]\nmemory = \"512M\"\n"), "\"succeeded\"");
}
