//! A full disk: what can't be kept or recorded doesn't happen, and nothing half-made is left.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

#[test]
fn on_a_full_disk_nothing_happens_and_nothing_is_lost() {
    let cast = Cast::assemble_at(Site::small("full", 48), &mut Told::default());
    let site = &cast.site;
    let large = site.write("large.csv", &format!("a,b\n{}", "1,2\n".repeat(1 << 21)));
    let card = site.write("large.card.toml", CARD);
    let add = [
        "data",
        "add",
        "large@1",
        &large,
        "--label",
        "confidential/health",
        "--card-label",
        "internal",
        "--card",
        &card,
    ];
    let job = cast.line("little", PERMIT, "print('done')", "");
    let datasets = || std::fs::read_dir(site.state().join("datasets")).expect("datasets").filter_map(Result::ok);
    let files = || datasets().flat_map(|set| std::fs::read_dir(set.path()).expect("a dataset")).count();
    let before = files();

    fill(site, 1 << 20);
    let refused = site.semla("steward-1", &add);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("No space left") && refused.err.contains("free some disk"), "{refused:?}");
    assert_eq!(files(), before, "a piece of the dataset was left behind");

    fill(site, 0);
    let refused = site.semla("scientist-1", &["submit", &job, "--dummy"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("the disk is full"), "{refused:?}");

    std::fs::remove_file(site.desk().join("ballast")).expect("to free the disk");
    site.semla("officer-1", &["ledger", "verify"]).ok();
    site.semla("steward-1", &add).ok();
    site.semla("scientist-1", &["submit", &job, "--dummy", "--wait"]).ok();
}

#[test]
fn on_a_full_disk_a_permit_is_withdrawn_and_a_bundle_taken_back() {
    let cast = Cast::assemble_at(Site::small("full-stops", 64), &mut Told::default());
    let site = &cast.site;
    let output = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
    let job = cast.line("made", PERMIT, "open('/out/a.txt', 'w').write('fine')", output);
    let made = site.json("scientist-1", &["submit", &job, "--wait"]);
    let ask =
        ["-o", "json", "release", "request", made["id"].as_str().expect("an id"), "a.txt", "--to", "public", "--wait"];
    let release = site.semla("scientist-1", &ask).json()["id"].as_str().expect("an id").to_owned();
    for checker in ["checker-1", "checker-2"] {
        site.semla(checker, &["release", "review", &release, "--approve"]).ok();
    }
    let bundle = site.state().join("serve/bundles").join(&release);
    until(site, || site.json("checker-1", &["release", "show", &release])["state"] == "released");

    for (stop, done) in [
        (["release", "revoke", &release], Box::new(|| !bundle.exists()) as Box<dyn Fn() -> bool>),
        (
            ["permit", "withdraw", PERMIT],
            Box::new(|| site.semla("scientist-1", &["submit", &job]).err.contains("withdrawn")),
        ),
    ] {
        until(site, || site.state().join("serve/reserve").exists());
        fill(site, 0);
        // The control: nothing else is recorded any more.
        let refused = site.semla("scientist-2", &["data", "dummy", "wdbc@1"]);
        assert!(refused.err.contains("the disk is full"), "{refused:?}");
        site.semla("officer-1", &stop).ok();
        std::fs::remove_file(site.desk().join("ballast")).expect("to free the disk");
        assert!(done(), "{stop:?}");
    }
    site.semla("officer-1", &["ledger", "verify"]).ok();
}

fn until(site: &Site, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(Instant::now() < end, "{}", site.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Fills the disk but for so many bytes.
fn fill(site: &Site, spare: usize) {
    let path = site.desk().join("ballast");
    let mut ballast = File::options().append(true).create(true).open(&path).expect("a file");
    let mut size = 1 << 20;
    while size > 0 {
        if ballast.write_all(&vec![7; size]).is_err() {
            size /= 2;
        }
    }
    let full = ballast.metadata().expect("the ballast").len();
    ballast.set_len(full - spare as u64).expect("some space");
}

const CARD: &str = r#"
title = "large"
unit = "person"
id = "a"
rows = 2000000
[[column]]
name = "a"
type = "integer"
range = [0, 9]
[[column]]
name = "b"
type = "integer"
range = [0, 9]
"#;
