use super::*;
use crate::scratch::Scratch;
use std::os::unix::fs::symlink;
use std::process::Command;

fn code() -> Scratch {
    let scratch = Scratch::new();
    scratch.file("train.py", "print(1)\n");
    scratch.file("lib/model.py", "x = 1\n");
    scratch.file("lib/__pycache__/model.pyc", "bytes");
    scratch.file(".git/config", "[core]\n");
    scratch.file(".config/semla/key", "a key");
    scratch.file("lib/.env", "DEBUG=1\n");
    scratch
}

fn snapshot(scratch: &Scratch) -> Result<Snapshot, SnapshotError> {
    take(scratch.path(), Limits::default())
}

#[test]
fn the_same_code_gives_the_same_bytes_whenever_and_in_whatever_order_it_was_written() {
    let (one, two) = (code(), Scratch::new());
    two.file("lib/model.py", "x = 1\n");
    two.file("train.py", "print(1)\n");
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
    File::open(two.path().join("train.py")).unwrap().set_modified(old).unwrap();
    let (one, two) = (snapshot(&one).unwrap(), snapshot(&two).unwrap());
    assert_eq!(one.tar, two.tar);
    assert_eq!(one.digest, two.digest);
    assert_eq!(one.files, ["lib/model.py", "train.py"]);
    let changed = code();
    changed.file("train.py", "print(2)\n");
    assert_ne!(snapshot(&changed).unwrap().digest, one.digest);
}

#[test]
fn what_the_list_names_is_left_out() {
    let scratch = code();
    scratch.file("data/rows.csv", "1");
    scratch.file("lib/data/rows.csv", "1");
    scratch.file("notes.tmp", "1");
    scratch.file("lib/deep/er/notes.tmp", "1");
    scratch.file("out", "a file, not a directory");
    scratch.file(IGNORE, "# not code\n/data/\n*.tmp\nout/\n.semlaignore\n");
    let files = snapshot(&scratch).unwrap().files;
    assert_eq!(files, ["lib/data/rows.csv", "lib/model.py", "out", "train.py"]);
}

#[test]
fn patterns_match_names_and_paths() {
    let has = |pattern: &str, path: &str| Ignored::parse(pattern).unwrap().has(path, false);
    for (pattern, path) in [
        ("*.csv", "a/b.csv"),
        ("a/*.csv", "a/b.csv"),
        ("a/**/b", "a/x/y/b"),
        ("a/**/b", "a/b"),
        ("**/b", "b"),
        ("**/b", "x/y/b"),
        ("a/**", "a/x/y"),
        ("b?", "a/b1"),
    ] {
        assert!(has(pattern, path), "{pattern} {path}");
    }
    for (pattern, path) in [("a/*.csv", "a/x/b.csv"), ("*.csv", "b.csv.gz"), ("/b", "a/b"), ("b?", "b"), ("**/b", "ab")]
    {
        assert!(!has(pattern, path), "{pattern} {path}");
    }
    // A pattern that would take a naive matcher longer than anyone waits.
    assert!(!has(&"a*".repeat(40), &"a".repeat(200).replacen('a', "b", 1)));
    assert!(matches!(Ignored::parse("a\n!b"), Err(IgnoreError::Negated { line: 2, .. })));
}

#[test]
fn links_fifos_and_names_that_cant_be_shown_are_refused() {
    let with = |change: &dyn Fn(&Path)| {
        let scratch = code();
        change(scratch.path());
        snapshot(&scratch)
    };
    let link = with(&|path| symlink("/etc/passwd", path.join("link")).unwrap());
    assert!(matches!(link, Err(SnapshotError::Kind { what: "a symbolic link", .. })));
    let fifo = with(&|path| nix::unistd::mkfifo(&path.join("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap());
    assert!(matches!(fifo, Err(SnapshotError::Kind { .. })));
    let name = with(&|path| std::fs::write(path.join("a\u{1b}[2J"), "").unwrap());
    assert!(matches!(name, Err(SnapshotError::Name(_))));
    with(&|_| ()).unwrap();
}

#[test]
fn size_and_number_are_bounded() {
    let scratch = code();
    let with = |entries, bytes| take(scratch.path(), Limits { entries, bytes });
    assert!(matches!(with(2, 100), Err(SnapshotError::Entries(2))));
    assert!(matches!(with(3, 14), Err(SnapshotError::Bytes { limit: 14, .. })));
    assert!(with(3, 15).is_ok());
    assert!(matches!(snapshot(&Scratch::new()), Err(SnapshotError::Empty(_))));
}

#[test]
fn the_commit_goes_with_it_and_says_whether_anything_changed() {
    let scratch = Scratch::new();
    scratch.file("train.py", "print(1)\n");
    assert_eq!(snapshot(&scratch).unwrap().commit, None);
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .arg("-C")
            .arg(scratch.path())
            .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "a"]);
    let id = git(&["rev-parse", "HEAD"]);
    assert_eq!(snapshot(&scratch).unwrap().commit, Some(Commit { id: id.clone(), dirty: false }));
    scratch.file("new.py", "");
    assert_eq!(snapshot(&scratch).unwrap().commit, Some(Commit { id, dirty: true }));
}
