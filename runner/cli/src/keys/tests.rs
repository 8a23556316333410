use super::*;
use std::fs::{Permissions, set_permissions};

fn place(home: &Path, key: Option<PathBuf>) -> Place {
    Place { state: home.to_owned(), home: Some(home.to_owned()), key }
}

fn refused(place: &Place) -> String {
    load(place).err().unwrap().text
}

#[test]
fn a_key_is_used_only_while_nobody_else_may_read_it() {
    let home = std::env::temp_dir().join(format!("semla-keys-{}", std::process::id()));
    std::fs::create_dir_all(&home).unwrap();
    let own = place(&home, None);
    assert!(refused(&own).contains("make one with `semla key new`"));
    assert!(!exists(&own).unwrap());
    let path = home.join("key");
    let public = make(&path).unwrap();
    assert_eq!(super::public(&load(&own).unwrap()).unwrap(), public, "as it was made");
    for mode in [0o644, 0o640, 0o604, 0o620, 0o602, 0o601] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert!(refused(&own).contains(&format!("`chmod 600 {}`", path.display())), "{mode:o}");
    }
    for mode in [0o600, 0o400] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert!(load(&own).is_ok(), "{mode:o}");
    }

    // A key that was named is the one that something is wrong with.
    let named = place(&home, Some(home.join("other")));
    assert!(exists(&named).unwrap(), "or one would go on without a signature");
    let why = refused(&named);
    assert!(why.contains("check the path") && !why.contains("key new"), "{why}");
    std::fs::write(home.join("other"), "no key").unwrap();
    set_permissions(home.join("other"), Permissions::from_mode(0o600)).unwrap();
    let why = refused(&named);
    assert!(why.contains("other`") && why.contains("holds no private key"), "{why}");
    std::fs::remove_dir_all(&home).unwrap();
}

#[test]
fn what_cannot_be_read_is_told_by_its_reason() {
    let why = |kind: ErrorKind, named| unread(Path::new("k"), named, &kind.into());
    assert!(why(ErrorKind::PermissionDenied, true).contains("whoever owns the file"));
    assert!(!why(ErrorKind::PermissionDenied, false).contains("key new`, or"));
    assert!(why(ErrorKind::IsADirectory, true).contains("can't be read"));
}
