//! Files on a disk that only memory holds, with the ending that `ENDING` says.

use semla_checks::{Evidence, Input};
use semla_policy::{Output, OutputKind, Profile};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::LazyLock;

static ENDING: LazyLock<String> = LazyLock::new(|| std::env::var("ENDING").expect("ENDING, such as `pdf`"));

/// Writes a file, over the one before.
pub fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = PathBuf::from(format!("/dev/shm/semla-fuzz-{}-{name}", std::process::id()));
    fs::write(&path, content).expect("room");
    path
}

/// A name with the ending.
pub fn named(name: &str) -> String {
    format!("{name}.{}", *ENDING)
}

/// A file that a job wrote, and what it read.
pub fn evidence(name: &str, file: PathBuf, input: PathBuf) -> Evidence {
    let declaration = Output {
        path: name.to_owned(),
        kind: OutputKind::Model,
        counts: Vec::new(),
        data: None,
        about: String::new(),
        controls: String::new(),
    };
    let profile = Profile {
        name: "fuzz".to_owned(),
        min_people: 10,
        max_bytes: 16 << 20,
        max_rows: 5000,
        information: u64::MAX,
        weight_bits: Some(12),
        types: vec![ENDING.clone()],
    };
    Evidence {
        name: name.to_owned(),
        file: File::open(file).expect("the file"),
        declaration,
        profile,
        inputs: Input::at(&input, None).into_iter().collect(),
        released: BTreeMap::new(),
        traceback: None,
    }
}
