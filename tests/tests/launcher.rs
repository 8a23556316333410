//! The launcher among other processes: there is one for each site, its daemon ends with it, and the daemon is never root.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::site::{Ran, Site, ran};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a launcher for this site says that ends by itself.
fn launched(site: &Site) -> Ran {
    let mut child = Command::new(site.program("semla-launcher"))
        .arg("--state")
        .arg(site.state())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("semla-launcher");
    let end = Instant::now() + Duration::from_secs(20);
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > end {
            child.kill().expect("to end it");
            panic!("the launcher went on: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    ran(child.wait_with_output().expect("its words"))
}

#[test]
fn a_site_has_one_launcher_and_no_daemon_without_it() {
    let mut site = Site::new("launcher");
    let codes = site.found("ehds");
    site.enrol("officer-1", codes["codes"]["officer-1"].as_str().expect("a code"));
    let first = site.launcher();

    // A second one names the first, and takes nothing away from it.
    let second = launched(&site);
    assert_eq!(second.code, 1, "{}", second.err);
    assert!(second.err.contains(&format!("by the launcher of pid {first} already")), "{}", second.err);
    site.semla("officer-1", &["ledger", "show"]).ok();

    // A launcher that is killed takes its daemon along, and another one serves the site.
    let daemon = site.daemon().expect("a daemon");
    site.kill();
    let end = Instant::now() + Duration::from_secs(5);
    let alive = || std::fs::read_to_string(format!("/proc/{daemon}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while alive() {
        assert!(Instant::now() < end, "the daemon outlives its launcher");
        std::thread::sleep(Duration::from_millis(20));
    }
    site.start();
    // Until it listens, the socket of the one that was killed lies there.
    let end = Instant::now() + Duration::from_secs(10);
    while site.semla("officer-1", &["ledger", "show"]).err.contains("no site answers") {
        assert!(Instant::now() < end, "{}", site.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    site.semla("officer-1", &["ledger", "show"]).ok();
    site.stop();

    // The daemon isn't root, whoever wrote it into the settings.
    let settings = site.state().join("settings.json");
    let text = std::fs::read_to_string(&settings).expect("settings");
    let mut changed: serde_json::Value = serde_json::from_str(&text).expect("settings");
    changed["service"] = 0.into();
    std::fs::write(&settings, changed.to_string()).expect("settings");
    let refused = launched(&site);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("has root as the daemon's user"), "{}", refused.err);
}
