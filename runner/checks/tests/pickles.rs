//! F4: what says nothing hostile may leave, and what hides in arrays may not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{evidence, outcome};
use semla_checks::Outcome::{Block, Pass};
use std::fs;
use std::path::{Path, PathBuf};

/// The kept pickles of a folder, by name.
fn pickles(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    named.filter(|(name, _)| name.ends_with(".pkl") || name.ends_with(".joblib")).collect()
}

/// An array of objects: numpy keeps a pickle behind its header.
fn objects(pickle: &[u8]) -> Vec<u8> {
    let header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
    [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), pickle].concat()
}

#[test]
fn a_pickle_that_says_nothing_hostile_passes_f4() {
    let files = pickles("benign");
    assert!(files.len() >= 180, "{} files", files.len());
    for (name, path) in files {
        assert_eq!(outcome("F4", &evidence(&name, fs::read(path).unwrap())), Some(Pass), "{name}");
    }
}

#[test]
fn a_hostile_pickle_stays_inside() {
    let files = pickles("hostile");
    assert!(files.len() >= 50, "{} files", files.len());
    for (name, path) in files {
        assert_eq!(semla_checks::examine(&evidence(&name, fs::read(path).unwrap())).verdict, Block, "{name}");
    }
}

#[test]
fn a_pickle_in_an_array_stays_inside_whatever_it_is() {
    for pickle in [&b"\x80\x04}."[..], b"\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R."] {
        let mut array = evidence("a.npy", objects(pickle));
        array.profile.types.push("npy".to_owned());
        let report = semla_checks::examine(&array);
        assert_eq!(report.verdict, Block);
        assert!(
            report.findings.iter().any(|finding| finding.message.contains("object arrays hold pickles")),
            "{:?}",
            report.findings
        );
    }
}

#[test]
fn what_holds_no_pickle_is_none_of_its_business() {
    assert_eq!(outcome("F4", &evidence("a.csv", "auc\n0.91\n")), None);
}
