//! Roles that a way wants: a request waits for each of them, and goes on without those who may not vote any more.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use serde_json::Value;
use std::time::{Duration, Instant};

/// What leaves takes a checker and a steward; what stays inside, two checkers.
const POLICY: &str = "preset = \"ehds\"\n\
    [[release]]\nfrom = \"confidential/health\"\nto = \"public\"\nprofile = \"standard\"\nreviewers = 2\nwho = [\"checker\", \"steward\"]\n\
    [[release]]\nfrom = \"confidential/health\"\nto = \"confidential\"\nprofile = \"standard\"\nreviewers = 2\n";

fn show(site: &Site, release: &str) -> Value {
    site.json("steward-2", &["release", "show", release])
}

fn approve(site: &Site, who: &str, release: &str) {
    site.semla(who, &["release", "review", release, "--approve"]).ok();
}

fn until(site: &Site, what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(90);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_request_waits_for_each_role_and_outlives_a_reviewer() {
    let cast = Cast::assemble_on(Site::new("roles"), POLICY, &mut Told::default());
    let site = &cast.site;
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
    let file = cast.line("made", PERMIT, "open('/out/a.txt', 'w').write('fine')", outputs);
    let job = site.json("scientist-1", &["submit", &file, "--wait"])["id"].as_str().expect("an id").to_owned();
    let ask = |to: &str| {
        let asked =
            site.semla("scientist-1", &["-o", "json", "release", "request", &job, "a.txt", "--to", to, "--wait"]);
        asked.json()["id"].as_str().expect("an id").to_owned()
    };

    // Two approvals of the wrong role: it waits, and neither leaves nor ends.
    let first = ask("public");
    approve(site, "checker-1", &first);
    approve(site, "checker-2", &first);
    std::thread::sleep(Duration::from_secs(1));
    let waits = show(site, &first);
    assert_eq!((&waits["state"], &waits["files"]["a.txt"]["state"]), (&"in-review".into(), &"open".into()), "{waits}");
    approve(site, "steward-2", &first);
    until(site, "it is released", || show(site, &first)["state"] == "released");

    // Whoever decides on another way alone is neither asked nor heard.
    let inside = ask("confidential");
    let hidden = site.semla("steward-2", &["release", "review", &inside, "--approve"]);
    assert!(hidden.code != 0 && hidden.err.contains("there is no such request"), "{hidden:?}");
    approve(site, "checker-1", &inside);
    approve(site, "checker-2", &inside);
    let inside = || site.json("checker-1", &["release", "show", &inside])["state"].clone();
    until(site, "two checkers are enough inside", || inside() == "released");

    // A reviewer leaves between their vote and the launcher's look: the request is open again, and others go on.
    let second = ask("public");
    site.semla("officer-1", &["halt", "--permit", PERMIT]).ok();
    approve(site, "checker-1", &second);
    approve(site, "steward-2", &second);
    assert_eq!(show(site, &second)["state"], "approved");
    site.semla("officer-1", &["user", "disable", "checker-1"]).ok();
    site.semla("officer-2", &["user", "approve", "checker-1"]).ok();
    for officer in ["officer-1", "officer-2"] {
        site.semla(officer, &["halt", "--lift", "--permit", PERMIT]).ok();
    }
    assert!(site.semla("officer-2", &["user", "show", "checker-1"]).ok().out.contains("the account is closed"));
    let again = site.semla("officer-2", &["user", "disable", "checker-1"]);
    assert!(again.code == 1 && again.err.contains("`checker-1` is closed already"), "{again:?}");
    until(site, "the vote is dropped", || show(site, &second)["state"] == "in-review");
    approve(site, "checker-2", &second);
    until(site, "it is released", || show(site, &second)["state"] == "released");
}
