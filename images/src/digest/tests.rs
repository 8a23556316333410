use super::*;
use crate::scratch::Scratch;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

fn tree() -> Scratch {
    let scratch = Scratch::new();
    scratch.file("etc/hosts", "127.0.0.1\n");
    scratch.file("a/b", "1");
    scratch.file("a.b", "2");
    symlink("etc", scratch.path().join("link")).unwrap();
    scratch
}

fn lines(scratch: &Scratch) -> String {
    let mut text = Vec::new();
    manifest(walk::open(scratch.path()).unwrap(), &mut |line| text.extend(line)).unwrap();
    String::from_utf8(text).unwrap()
}

fn digest(scratch: &Scratch) -> String {
    of_path(scratch.path()).unwrap()
}

#[test]
fn the_manifest_lists_everything_in_the_order_of_names() {
    let scratch = tree();
    for name in ["etc", "a"] {
        fs::set_permissions(scratch.path().join(name), fs::Permissions::from_mode(0o750)).unwrap();
    }
    for name in ["etc/hosts", "a/b", "a.b"] {
        fs::set_permissions(scratch.path().join(name), fs::Permissions::from_mode(0o640)).unwrap();
    }
    let one = sha256::of(b"1");
    let two = sha256::of(b"2");
    let hosts = sha256::of(b"127.0.0.1\n");
    assert_eq!(
        lines(&scratch),
        format!(
            "dir 0750 1:a\nfile 0640 3:a/b 1 {one}\nfile 0640 3:a.b 1 {two}\ndir 0750 3:etc\n\
             file 0640 9:etc/hosts 10 {hosts}\nlink 4:link 3:etc\n"
        )
    );
    assert_eq!(digest(&scratch), format!("sha256:{}", sha256::of(lines(&scratch).as_bytes())));
}

#[test]
fn the_digest_is_of_content_and_modes_and_not_of_times_or_order() {
    let (one, two) = (tree(), Scratch::new());
    symlink("etc", two.path().join("link")).unwrap();
    two.file("a.b", "2");
    two.file("a/b", "1");
    two.file("etc/hosts", "127.0.0.1\n");
    let old = std::time::SystemTime::UNIX_EPOCH;
    fs::File::open(two.path().join("a.b")).unwrap().set_modified(old).unwrap();
    assert_eq!(digest(&one), digest(&two));
}

#[test]
fn every_change_that_counts_changes_the_digest() {
    let before = digest(&tree());
    type Change = fn(&Scratch);
    let changes: [(&str, Change); 6] = [
        ("content", |place| drop(place.file("a/b", "9"))),
        ("a new file", |place| drop(place.file("new", ""))),
        ("a mode", |place| {
            fs::set_permissions(place.path().join("a.b"), fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("a name", |place| fs::rename(place.path().join("a.b"), place.path().join("a.c")).unwrap()),
        ("a target", |place| {
            fs::remove_file(place.path().join("link")).unwrap();
            symlink("usr", place.path().join("link")).unwrap();
        }),
        ("an empty directory", |place| fs::create_dir(place.path().join("empty")).unwrap()),
    ];
    for (what, change) in changes {
        let place = tree();
        change(&place);
        assert_ne!(digest(&place), before, "{what}");
    }
}

#[test]
fn a_link_is_described_and_never_followed() {
    let (outside, scratch) = (Scratch::new(), tree());
    outside.file("secret", "1");
    let place = scratch.path().join("door");
    symlink(outside.path(), place).unwrap();
    let before = digest(&scratch);
    outside.file("secret", "2");
    assert_eq!(digest(&scratch), before);
    // The control: what is followed does change.
    assert_ne!(digest(&outside), digest(&Scratch::new()));
}

#[test]
fn a_tree_with_a_fifo_has_no_digest() {
    let scratch = tree();
    nix::unistd::mkfifo(&scratch.path().join("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(matches!(of_path(scratch.path()), Err(DigestError::Special(name)) if name == "fifo"));
}

#[test]
fn two_names_can_never_make_one_line() {
    let (one, two) = (Scratch::new(), Scratch::new());
    symlink("c", one.path().join("a b")).unwrap();
    symlink("b c", two.path().join("a")).unwrap();
    assert_ne!(digest(&one), digest(&two));
}
