//! What a reviewer writes to an author in words of their own is a release: kept at the file's label, checked, and voted on by others.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::demo::{Cast, PERMIT, keys};
use semla_tests::told::Told;
use semla_tests::{Ran, Site};
use serde_json::Value;
use std::time::{Duration, Instant};

const POLICY: &str = "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
                      [[level]]\nname = \"confidential\"\nends = \"at-once\"\nbudget = { bits = 4096, every = \"30d\" }\n";
const TEXT: &str = "the table says more than the question needs: leave the second column out";

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn note(site: &Site, who: &str, request: &str, words: &str) -> Ran {
    site.semla(who, &["-o", "json", "release", "note", request, "--file", "a.txt", "-b", words])
}

fn settled(site: &Site, who: &str, request: &str, from: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let view = site.json(who, &["release", "show", request]);
        // Checks wait for a place before they run.
        if view["state"] != from && view["state"] != "submitted" {
            return view;
        }
        assert!(Instant::now() < end, "{view}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_note_leaves_when_others_approve_it_and_tells_nobody_before_they_have_voted() {
    let cast = Cast::assemble_on(Site::new("notes"), POLICY, &mut Told::default());
    let site = &cast.site;
    site.person("checker-3", "\"checker\"", "confidential/health", "public");
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
    let file = cast.line("job", PERMIT, "open('/out/a.txt', 'w').write('fine')", outputs);
    let job = text(&site.json("scientist-1", &["submit", &file, "--wait"])["id"]);
    let asked =
        site.semla("scientist-1", &["-o", "json", "release", "request", &job, "a.txt", "--to", "public", "--wait"]);
    let request = text(&asked.json()["id"]);

    // While others haven't voted a note would tell them what its author thinks.
    let early = note(site, "checker-1", &request, TEXT);
    assert!(early.code == 1 && early.err.contains("isn't decided yet"), "{early:?}");
    for who in ["checker-1", "checker-2"] {
        site.semla(who, &["release", "review", &request, "--request-changes", "--reply", "1"]).ok();
    }

    // The author of the file and its permit's members write none, and a note says something.
    assert!(note(site, "scientist-1", &request, TEXT).code != 0);
    assert!(note(site, "checker-1", &request, "  ").err.contains("says something"));
    let asked = note(site, "checker-1", &request, TEXT).ok();
    assert!(asked.err.contains("it leaves once 2 reviewers more approve it: others than you"), "{asked:?}");
    let asked = asked.json();
    let id = text(&asked["id"]);
    assert_eq!((asked["requester"].as_str(), asked["about"].as_str()), (Some("checker-1"), Some(request.as_str())));
    settled(site, "checker-1", &id, "checking");

    // Nothing of it before it is released, and its own author's approval isn't one.
    assert!(!site.semla("scientist-1", &["release", "show", &request]).all().contains(&id));
    let own = site.semla("checker-1", &["release", "review", &id, "--approve"]);
    assert!(own.code == 1 && own.err.contains("nobody reviews what they"), "{own:?}");
    let read = site.semla("checker-2", &["release", "show", &id, "--file", "note.txt"]).ok().out;
    assert_eq!(read.trim_end(), TEXT);
    site.semla("checker-2", &["release", "review", &id, "--approve"]).ok();
    // Whoever asks too early for what is left for them is told where it stands, as far as they may know.
    let fetched = site.semla("scientist-1", &["release", "download", &request, "-D", "nowhere"]);
    assert!(fetched.code == 1 && fetched.err.contains("the request is `changes-requested`"), "{fetched:?}");
    assert_eq!(site.json("checker-2", &["release", "show", &id])["state"], "in-review");
    site.semla("checker-3", &["release", "review", &id, "--approve"]).ok();
    assert_ne!(settled(site, "checker-3", &id, "in-review")["state"], "rejected");
    assert_eq!(settled(site, "checker-3", &id, "approved")["state"], "released");

    // The author is pointed to it, and fetches it.
    let told = site.json("scientist-1", &["release", "show", &request]);
    assert_eq!(told["notes"][0], id.as_str(), "{told}");
    let bundle = site.desk().join("bundle").display().to_string();
    site.semla("scientist-1", &["release", "download", &id, "-D", &bundle]).ok();
    let said = std::fs::read_to_string(site.desk().join("bundle/files/note.txt")).expect("the note");
    assert_eq!(said.trim_end(), TEXT);
    let (log, reviewers) = keys(&cast);
    site.semla("scientist-1", &["verify", &bundle, "--log-key", &log, "--reviewers", &reviewers]).ok();

    // The checks look at notes, too: a count of few people stays inside.
    let small = text(&note(site, "checker-1", &request, "there are only 4 patients at B").ok().json()["id"]);
    let blocked = settled(site, "checker-1", &small, "checking");
    assert_eq!(blocked["files"]["note.txt"]["state"], "blocked", "{blocked}");
}

/// A note is charged to nobody: what is left of a budget is seen by all members, and would tell that people have decided.
#[test]
fn a_note_costs_the_authors_permit_nothing() {
    let policy = POLICY.replace("at-once", "doubling");
    let cast = Cast::assemble_on(Site::new("notes-free"), &policy, &mut Told::default());
    let site = &cast.site;
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
    let file = cast.line("job", PERMIT, "open('/out/a.txt', 'w').write('fine')", outputs);
    let job = text(&site.json("scientist-1", &["submit", &file, "--wait"])["id"]);
    let left = || site.json("scientist-1", &["permit", "show", PERMIT])["budget"]["left"].as_u64().expect("bits");
    let before = left();
    let ask = ["-o", "json", "release", "request", &job, "a.txt", "--to", "public", "--wait"];
    let request = text(&site.semla("scientist-1", &ask).json()["id"]);
    assert!(left() < before, "the control: a request costs something");
    for who in ["checker-1", "checker-2"] {
        site.semla(who, &["release", "review", &request, "--request-changes", "--reply", "1"]).ok();
    }
    let before = left();
    note(site, "checker-1", &request, TEXT).ok();
    settled(site, "checker-2", &text(&site.json("checker-2", &["release", "ls"])[0]["id"]), "checking");
    assert_eq!(left(), before);
}
