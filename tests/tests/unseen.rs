//! What a requester who isn't cleared must not see by ways that aren't answers: that something left for a label above theirs, and which
//! requests were still open when the policy changed.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// At `confidential` nothing is told, and ends are seen when their time is over; there is a way to a label that scientists don't see.
const POLICY: &str = r#"preset = "ehds"
[[level]]
name = "public"
[[level]]
name = "internal"
[[level]]
name = "confidential"
owner_sees = "nothing"
feedback = "nothing"
ends = "fixed"
"#;
const WAYS: &str = r#"
[[release]]
from = "confidential/health"
to = "public"
[[release]]
from = "confidential/health"
to = "confidential"
"#;

/// A site with a job that left a file.
fn assembled(name: &str) -> (Cast, String) {
    let cast = Cast::assemble_on(Site::new(name), &format!("{POLICY}{WAYS}"), &mut Told::default());
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[needs]\ntime = \"4s\"\n";
    let job = cast.line("made", PERMIT, "open('/out/a.txt', 'w').write('fine')", outputs);
    let made = cast.site.semla("scientist-1", &["-o", "json", "submit", &job]).json();
    // Nobody below is told when it has ended.
    sleep(Duration::from_secs(6));
    (cast, made["id"].as_str().expect("an id").to_owned())
}

fn ask(cast: &Cast, job: &str, to: &str) -> String {
    let asked = cast.site.semla("scientist-1", &["-o", "json", "release", "request", job, "a.txt", "--to", to]);
    asked.json()["id"].as_str().expect("an id").to_owned()
}

fn state(cast: &Cast, who: &str, release: &str) -> String {
    cast.site.json(who, &["release", "show", release])["state"].as_str().expect("a state").to_owned()
}

fn until(cast: &Cast, what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}\n{}", cast.site.log());
        sleep(Duration::from_millis(50));
    }
}

fn vote(cast: &Cast, release: &str, how: &str) {
    until(cast, "it is open", || state(cast, "checker-1", release) == "in-review");
    for checker in ["checker-1", "checker-2"] {
        cast.site.semla(checker, &["release", "review", release, how]).ok();
    }
}

#[test]
fn what_left_is_told_at_its_label_and_not_below() {
    let (cast, made) = assembled("target");
    let ways = [("confidential", "submitted"), ("public", "released")];
    for (to, seen) in ways {
        let release = ask(&cast, &made, to);
        let before = cast.site.json("scientist-1", &["release", "show", &release]);
        vote(&cast, &release, "--approve");
        until(&cast, "it left", || state(&cast, "checker-1", &release) == "released");
        let after = cast.site.json("scientist-1", &["release", "show", &release]);
        assert_eq!(after["state"], seen, "{to}: {after}");
        assert_eq!(before == after, to == "confidential", "the control: what goes where they see it is told\n{after}");
        let to_folder = cast.site.desk().join(format!("fetched-{to}"));
        let fetch = ["release", "download", &release, "-D", to_folder.to_str().expect("a plain path")];
        assert_eq!(cast.site.semla("scientist-1", &fetch).code == 0, to == "public");
        let back = cast.site.semla("scientist-1", &["release", "withdraw", &release]);
        assert_eq!(back.all().contains("is released already"), to == "public", "{back:?}");
    }
}

/// Whether a rehearsal waits, after the policy changed or didn't, by where a request went and what became of it before.
fn waits(name: &str, to: &str, decided: Option<&str>, changed: bool) -> bool {
    let (cast, made) = assembled(name);
    let release = ask(&cast, &made, to);
    match decided {
        Some("--approve") => {
            vote(&cast, &release, "--approve");
            until(&cast, "it left", || state(&cast, "checker-1", &release) == "released");
        }
        Some(how) => vote(&cast, &release, how),
        None => until(&cast, "it is open", || state(&cast, "checker-1", &release) == "in-review"),
    }
    // The place of its checks is held for as long as these may take: the host is made to forget it, as the time would.
    let db = rusqlite::Connection::open(cast.site.state().join("serve/semla.db")).expect("the daemon's store");
    db.busy_timeout(Duration::from_secs(5)).expect("patience");
    db.execute("DELETE FROM held", []).expect("to forget");
    if changed {
        let stricter = format!("{POLICY}{WAYS}").replacen('\n', "\nmin_people = 12\n", 1);
        let policy = cast.site.write("next.toml", &stricter);
        let id = cast.site.json("officer-1", &["policy", "propose", &policy])["id"].as_str().expect("an id").to_owned();
        cast.site.semla("officer-2", &["policy", "approve", &id]).ok();
        sleep(Duration::from_secs(3));
    }
    let file = cast.line("low", PERMIT, "print('low')", "");
    let low = cast.site.json("scientist-1", &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned();
    sleep(Duration::from_secs(5));
    cast.site.json("scientist-1", &["job", "show", &low])["state"] == "queued"
}

#[test]
fn the_place_on_the_host_does_not_tell_what_became_of_a_request() {
    assert!(!waits("place-free", "public", Some("--reject"), false), "the control: nothing holds the host");
    assert!(waits("place-open", "public", None, true), "what is open is checked again under another policy");
    assert!(waits("place-over", "public", Some("--reject"), true), "and what is over takes as long");
    assert!(waits("place-left", "confidential", Some("--approve"), true), "and what left for where they don't see it");
    assert!(
        !waits("place-told", "public", Some("--approve"), true),
        "the control: what they see is over holds nothing"
    );
}
