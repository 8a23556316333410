//! The worker as the keeper starts it: by its arguments and its exit code.
#![allow(clippy::unwrap_used, reason = "what helps a test may end it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("semla-worker-{}-{name}", std::process::id()));
        std::fs::create_dir_all(path.join("out")).unwrap();
        Self(path)
    }

    fn archive(&self) -> PathBuf {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        header.set_mode(0o644);
        builder.append_data(&mut header, "a/file", &b"ok"[..]).unwrap();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Symlink);
        builder.append_link(&mut header, "a/link", "file").unwrap();
        let path = self.0.join("archive");
        std::fs::write(&path, builder.into_inner().unwrap()).unwrap();
        path
    }

    fn run(&self, flags: &[&str], archive: &Path) -> Output {
        let program = env!("CARGO_BIN_EXE_semla-unpack");
        Command::new(program).args(flags).arg(archive).arg(self.0.join("out")).env_clear().output().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_good_archive_ends_with_zero_and_a_refused_one_with_one() {
    let place = Place::new("codes");
    let archive = place.archive();
    assert_eq!(place.run(&[], &archive).status.code(), Some(0));
    assert_eq!(std::fs::read(place.0.join("out/a/link")).unwrap(), b"ok");
    let refused = place.run(&["--code"], &archive);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("`a/link` is a symbolic link"));
    assert_eq!(place.run(&["--entries", "1"], &archive).status.code(), Some(1));
    assert_eq!(place.run(&["--bytes", "1"], &archive).status.code(), Some(1));
    assert_eq!(place.run(&[], Path::new("/nonexistent")).status.code(), Some(1));
}

#[test]
fn arguments_that_make_no_sense_end_with_two() {
    let place = Place::new("usage");
    for flags in [&["--nonsense"][..], &["--entries", "many"], &["one", "two"]] {
        assert_eq!(place.run(flags, Path::new("archive")).status.code(), Some(2), "{flags:?}");
    }
}
