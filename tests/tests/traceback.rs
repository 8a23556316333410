//! Where a failed job stopped leaves like anything else: checked, voted on by two, and without a word of the message.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT, keys};
use semla_tests::told::Told;
use serde_json::Value;
use std::time::{Duration, Instant};

const AT_ONCE: &str = "[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
                       [[level]]\nname = \"confidential\"\nends = \"at-once\"\nbudget = { bits = 4096, every = \"30d\" }\n";

/// Submits a line of Python and waits; the job's name.
fn ran(cast: &Cast, name: &str, python: &str) -> String {
    let file = cast.line(name, PERMIT, python, "");
    let view = cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]).json();
    view["id"].as_str().expect("a name").to_owned()
}

fn ask(site: &Site, job: &str) -> (i32, Value) {
    let more = ["-o", "json", "release", "request", job, "--traceback", "--to", "public", "--wait"];
    let asked = site.semla("scientist-1", &more);
    (asked.code, asked.json())
}

#[test]
fn a_traceback_leaves_with_its_class_and_line_and_without_its_message() {
    let policy = format!("preset = \"ehds\"\n{AT_ONCE}");
    let cast = Cast::assemble_on(Site::new("traceback"), &policy, &mut Told::default());
    let site = &cast.site;
    let python =
        "import glob\n\ndef fit(rows):\n    raise ValueError(rows)\n\nfit(open(glob.glob('/data/train/*')[0]).read())";
    let job = ran(&cast, "fails", python);

    let (code, view) = ask(site, &job);
    assert_eq!((code, view["files"]["traceback.txt"]["state"].as_str()), (3, Some("open")), "{view}\n{}", site.log());
    let notice = &view["files"]["traceback.txt"]["notice"];
    assert_eq!((&notice["check"], &notice["title"]), (&"F1".into(), &"where it stopped".into()), "{notice}");
    let id = view["id"].as_str().expect("a name").to_owned();
    // Until it is released it is at the job's label, and the author sees nothing of it.
    assert!(site.semla("scientist-1", &["release", "show", &id, "--file", "traceback.txt"]).code != 0);
    for who in ["checker-1", "checker-2"] {
        let seen = site.semla(who, &["release", "show", &id, "--file", "traceback.txt"]).ok().out;
        assert_eq!(seen.trim_end(), "ValueError at main.py, line 4");
        site.semla(who, &["release", "review", &id, "--approve"]).ok();
    }
    let end = Instant::now() + Duration::from_secs(30);
    while site.json("scientist-1", &["release", "show", &id])["state"] != "released" {
        assert!(Instant::now() < end, "it was never released\n{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    let bundle = site.desk().join("bundle").display().to_string();
    site.semla("scientist-1", &["release", "download", &id, "-D", &bundle]).ok();
    let (log, reviewers) = keys(&cast);
    site.semla("scientist-1", &["verify", &bundle, "--log-key", &log, "--reviewers", &reviewers]).ok();

    // What says nothing that may leave is answered like what isn't there.
    for (name, python) in [
        ("other", "class Patient4711(Exception): pass\nraise Patient4711"),
        (
            "elsewhere",
            "import os, sys\nprint('  File \"/code/patient-4711.py\", line 1\\nValueError', file=sys.stderr)\nos._exit(1)",
        ),
    ] {
        let (code, view) = ask(site, &ran(&cast, name, python));
        assert_eq!((code, view["files"]["traceback.txt"]["state"].as_str()), (4, Some("blocked")), "{name}: {view}");
        assert!(!view.to_string().contains("4711"), "{view}");
        let detail = ["release", "show", view["id"].as_str().expect("a name"), "--detail", "traceback.txt"];
        let detail = site.semla("checker-1", &detail).ok().out;
        assert!(detail.contains("the job left no such file"), "{detail}");
    }
    // Whoever was told that a job succeeded knows that there is none, and pays nothing for it.
    let fine = ran(&cast, "fine", "print('fine')");
    let left = || site.json("scientist-1", &["job", "show", &fine])["budget"]["left"].clone();
    let before = left();
    let asked = site.semla("scientist-1", &["release", "request", &fine, "--traceback", "--to", "public"]);
    assert!(asked.code == 1 && asked.err.contains("the job succeeded"), "{asked:?}");
    assert!(before.is_u64() && left() == before, "{before}");
    let both = site.semla("scientist-1", &["release", "request", &job, "a.csv", "--traceback", "--to", "public"]);
    assert_eq!(both.code, 2, "{both:?}");
}

#[test]
fn whoever_is_not_told_how_a_job_ended_is_answered_alike_whether_it_failed() {
    let policy = format!("preset = \"ehds\"\n{AT_ONCE}owner_sees = \"state\"\n");
    let cast = Cast::assemble_on(Site::new("untold-traceback"), &policy, &mut Told::default());
    for (name, python) in [("fine", "print('fine')"), ("secret", "class Secret(Exception): pass\nraise Secret")] {
        let (code, view) = ask(&cast.site, &ran(&cast, name, python));
        let file = &view["files"]["traceback.txt"];
        assert_eq!(
            (code, file["state"].as_str(), &file["absent"]),
            (4, Some("blocked"), &Value::Null),
            "{name}: {view}"
        );
    }
}

#[test]
fn where_the_policy_names_no_class_there_are_no_tracebacks() {
    let policy = format!("preset = \"ehds\"\ntracebacks = []\n{AT_ONCE}");
    let cast = Cast::assemble_on(Site::new("no-traceback"), &policy, &mut Told::default());
    let job = ran(&cast, "fails", "raise ValueError");
    let asked = cast.site.semla("scientist-1", &["release", "request", &job, "--traceback", "--to", "public"]);
    assert!(asked.code == 1 && asked.err.contains("names no class of exception"), "{asked:?}");
}
