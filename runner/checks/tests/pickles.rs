//! F4: no pickle leaves, harmless or not, wherever in a file it lies.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{evidence, outcome};
use semla_checks::Outcome::Block;
use std::fs;
use std::path::Path;

/// An array of objects: numpy keeps a pickle behind its header.
fn objects(pickle: &[u8]) -> Vec<u8> {
    let header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
    [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), pickle].concat()
}

#[test]
fn what_real_libraries_pickled_stays_inside() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/benign");
    let mut looked = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".pkl") || name.ends_with(".joblib") {
            looked += 1;
            assert_eq!(outcome("F4", &evidence(&name, fs::read(&path).unwrap())), Some(Block), "{name}");
        }
    }
    assert!(looked >= 100, "{looked} files");
}

#[test]
fn a_pickle_in_an_array_stays_inside_as_well() {
    for pickle in [&b"\x80\x04}."[..], b"\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R."] {
        let mut array = evidence("a.npy", objects(pickle));
        array.profile.types.push("npy".to_owned());
        assert_eq!(semla_checks::examine(&array).verdict, Block);
        assert_eq!(outcome("F4", &array), Some(Block), "{pickle:?}");
    }
}

#[test]
fn what_holds_no_pickle_is_none_of_its_business() {
    assert_eq!(outcome("F4", &evidence("a.csv", "auc\n0.91\n")), None);
}
