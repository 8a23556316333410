//! Rule 5: what somebody read of an image or a dataset stays in memory, and isn't there any more for whoever could be told something by it.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, OTHER, PERMIT};
use semla_tests::site::CACHE;
use semla_tests::told::Told;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A file of the image that nothing reads by itself.
const FILE: &str = "usr/lib/python3/dist-packages/sklearn/datasets/data/wine_data.csv";

/// Bytes of a file that are in memory.
fn resident(path: &Path) -> u64 {
    let asked = Command::new("fincore").args(["--bytes", "--noheadings", "--output", "RES"]).arg(path).output();
    let asked = asked.expect("fincore: `apt-get install util-linux-extra`");
    String::from_utf8_lossy(&asked.stdout).trim().parse().expect("bytes")
}

/// The image's file, and the dataset's.
fn files(cast: &Cast) -> (PathBuf, PathBuf) {
    let digest = cast.site.json("scientist-1", &["image", "ls"])[0]["digest"].as_str().expect("a digest").to_owned();
    let image = Path::new(CACHE).join(digest.trim_start_matches("sha256:")).join("root").join(FILE);
    let datasets = fs::read_dir(cast.site.state().join("datasets")).expect("datasets").filter_map(Result::ok);
    let data = datasets.map(|set| set.path().join("wdbc.csv")).find(|path| path.is_file()).expect("the data");
    (image, data)
}

/// Runs a job to its end; whether its keeper let go of anything.
fn run(cast: &Cast, name: &str, (who, permit): (&str, &str), python: &str, more: &[&str]) -> bool {
    let file = cast.line(name, permit, python, "");
    let ran = cast.site.semla(who, &[&["-o", "json", "submit", &file, "--wait"], more].concat());
    let attempt = cast.site.state().join(format!("attempts/{}-1", ran.json()["id"].as_str().expect("an id")));
    let end = fs::read_to_string(attempt.join("end.json")).expect("its end");
    assert!(end.contains("\"succeeded\""), "{name}: {end}\n{}", cast.site.log());
    attempt.join("let-go").exists()
}

#[test]
fn pages_are_let_go_of_where_they_could_tell_something() {
    let policy = "preset = \"ehds\"\n[[share]]\nlabels = [\"public\"]\npermits = \"any\"\n";
    let cast = Cast::assemble_on(Site::new("pages"), policy, &mut Told::default());
    let (image, data) = files(&cast);
    let (mine, theirs) = (("scientist-1", PERMIT), ("scientist-2", OTHER));
    let reads = format!("open('/{FILE}').read(), open('/data/train/wdbc.csv').read()");
    let there = || (resident(&image) > 0, resident(&data) > 0);

    assert!(!run(&cast, "first", mine, &reads, &[]), "nothing ran at this site before");
    assert_eq!(there(), (true, true), "the control: what was read is in memory");
    assert!(!run(&cast, "same", mine, "pass", &[]));
    assert_eq!(there(), (true, true), "for the same permit and label");
    assert!(run(&cast, "down", mine, "pass", &["--dummy"]), "a rehearsal is at a lower label");
    assert_eq!(there(), (false, true), "it sees the image, and not the data");
    assert!(!run(&cast, "rehearsed", mine, &reads, &["--dummy"]));
    assert_eq!(there(), (true, true));
    assert!(!run(&cast, "up", mine, "pass", &[]), "what a rehearsal read may be known above it");
    assert_eq!(there(), (true, true));
    assert!(run(&cast, "other", theirs, "pass", &[]), "another permit's");
    assert_eq!(there(), (false, false));
    assert!(run(&cast, "back", mine, "pass", &[]));
    assert!(!run(&cast, "again", mine, &reads, &[]));

    // Who ran before a launcher was started isn't known.
    let mut cast = cast;
    cast.site.stop();
    cast.site.start();
    let end = Instant::now() + Duration::from_secs(20);
    while cast.site.semla("scientist-1", &["whoami"]).code != 0 {
        assert!(Instant::now() < end, "{}", cast.site.log());
        sleep(Duration::from_millis(100));
    }
    assert_eq!(there(), (true, true));
    assert!(run(&cast, "restarted", mine, "pass", &[]));
    assert_eq!(there(), (false, false));
}

/// Starts a rehearsal that reads the image's file, and goes on; its id.
fn starts(cast: &Cast, name: &str, who: &str, permit: &str) -> String {
    let code = format!("import time\nprint(len(open('/{FILE}').read()), flush=True)\ntime.sleep(60)");
    let file = cast.line(name, permit, &code, "[needs]\ncpus = 0.2\nmemory = \"200M\"\n");
    let id = cast.site.json(who, &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned();
    let size = fs::metadata(files(cast).0).expect("the file").len().to_string();
    let end = Instant::now() + Duration::from_secs(40);
    while !cast.site.semla(who, &["job", "logs", &id]).out.contains(&size) {
        assert!(Instant::now() < end, "{}", cast.site.log());
        sleep(Duration::from_millis(100));
    }
    id
}

#[test]
fn what_runs_beside_another_has_an_image_of_its_own() {
    let cast = Cast::assemble_on(Site::new("copies"), "preset = \"ehds\"\n", &mut Told::default());
    let site = &cast.site;
    let text = "purpose = \"p\"\npeople = [\"scientist-2\"]\ndatasets = [\"wdbc@1\"]\nup_to = \"confidential/health\"\n\
                until = 2027-06-30\n";
    site.semla("steward-1", &["permit", "add", &site.write("permits/P-3.toml", text)]).ok();
    site.semla("officer-2", &["permit", "approve", "P-3"]).ok();
    let copies = |permit: &str| {
        let folders =
            fs::read_dir(site.state().join("copies").join(permit)).into_iter().flatten().filter_map(Result::ok);
        folders.map(|copy| copy.path()).filter(|copy| copy.is_dir()).collect::<Vec<_>>()
    };
    let first = starts(&cast, "first", "scientist-1", PERMIT);
    assert_eq!(copies(PERMIT), Vec::<PathBuf>::new(), "alone it reads the host's");
    let second = starts(&cast, "second", "scientist-2", OTHER);
    let [copy] = &copies(OTHER)[..] else { panic!("{:?}", copies(OTHER)) };
    let mode = |path: &Path| std::os::unix::fs::MetadataExt::mode(&fs::metadata(path).expect("a folder")) & 0o777;
    let folders = [site.state().join("copies"), site.state().join("copies").join(OTHER)];
    assert_eq!(folders.map(|folder| mode(&folder)), [0o700; 2], "nobody else on the host sees them");
    let mine = fs::read(copy.join(FILE)).expect("the copy's file");
    assert!(mine == fs::read(files(&cast).0).expect("the image's file"));
    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).expect("a file"));
    assert_ne!(inode(&copy.join(FILE)), inode(&files(&cast).0), "its pages are its own");
    site.semla("scientist-2", &["job", "cancel", &second]).ok();

    // Nothing of a permit that is over is kept.
    site.semla("steward-1", &["permit", "withdraw", OTHER]).ok();
    let third = starts(&cast, "third", "scientist-2", "P-3");
    assert_eq!((copies(OTHER).len(), copies("P-3").len()), (0, 1), "{}", site.log());
    site.semla("scientist-2", &["job", "cancel", &third]).ok();
    site.semla("scientist-1", &["job", "cancel", &first]).ok();
    assert!(
        !run(&cast, "own", ("scientist-2", "P-3"), "pass", &["--dummy"]),
        "its own is there, and nobody else has read it"
    );
}
