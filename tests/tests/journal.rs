//! What the launcher can't write down doesn't happen, and is tried again: that ends no job and no request, and blocks no file.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use std::time::{Duration, Instant};

#[test]
fn what_could_not_be_written_down_is_tried_again_and_ends_nothing() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[[output]]\npath = \"b.txt\"\nkind = \"text\"\n";
    let job = cast.line("made", PERMIT, "for n in 'ab': open(f'/out/{n}.txt', 'w').write('fine')", outputs);
    let id = |json: serde_json::Value| json["id"].as_str().expect("an id").to_owned();
    let made = id(site.json("scientist-1", &["submit", &job, "--wait"]));
    let ask = |file: &str, more: &[&str]| {
        let ask = ["-o", "json", "release", "request", &made, file, "--to", "public"];
        id(site.semla("scientist-1", &[&ask, more].concat()).json())
    };
    let state = |release: &str| site.json("checker-1", &["release", "show", release])["state"].clone();

    // While its permit is halted a request is approved, and nothing of it is lowered.
    let first = ask("a.txt", &["--wait"]);
    site.semla("officer-1", &["halt", "--permit", PERMIT]).ok();
    for checker in ["checker-1", "checker-2"] {
        site.semla(checker, &["release", "review", &first, "--approve"]).ok();
    }
    assert_eq!(state(&first), "approved");

    // No line can be added to a folder.
    let (journal, aside) = (site.state().join("journal.jsonl"), site.state().join("journal.aside"));
    std::fs::rename(&journal, &aside).expect("to put the journal aside");
    std::fs::create_dir(&journal).expect("a folder");
    for officer in ["officer-1", "officer-2"] {
        site.semla(officer, &["halt", "--lift", "--permit", PERMIT]).ok();
    }
    let second = ask("b.txt", &[]);
    let later = id(site.json("scientist-1", &["submit", &job]));
    let failed = |what: &str| site.log().lines().filter(|line| line.contains(what)).count();
    until(site, || failed("failed to lower what is approved") > 0 && failed("failed to start what waits") > 1);
    assert_eq!((state(&first), state(&second)), ("approved".into(), "checking".into()), "{}", site.log());

    std::fs::remove_dir(&journal).expect("to remove the folder");
    std::fs::rename(&aside, &journal).expect("to put the journal back");
    until(site, || state(&first) == "released");
    until(site, || state(&second) == "in-review");
    let open = &site.json("checker-1", &["release", "show", &second])["files"]["b.txt"]["state"];
    assert_eq!(*open, "open", "{}", site.log());
    until(site, || site.json("scientist-1", &["job", "show", &later])["state"] == "succeeded");
}

/// Each try comes a minute after the last one.
fn until(site: &Site, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(150);
    while !so() {
        assert!(Instant::now() < end, "{}", site.log());
        std::thread::sleep(Duration::from_millis(200));
    }
}
