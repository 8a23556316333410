//! Files that real libraries wrote (`tests/corpus/make_pickles.py`): none of them is blocked.

use crate::anatomy::Anatomy;
use crate::data::Data;
use crate::finding::Outcome;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The kept files.
pub(super) fn benign() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/benign");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "pkl" || ending == "joblib"));
    files.sort();
    files
}

#[test]
fn no_file_of_a_real_library_is_blocked() {
    let files = benign();
    assert!(files.len() >= 36, "{} files", files.len());
    for path in files {
        let data = Data::of(&File::open(&path).unwrap()).unwrap();
        let mut anatomy = Anatomy::default();
        crate::joblib::read(&data, "", &mut anatomy).unwrap_or_else(|fault| panic!("{}: {fault:?}", path.display()));
        let blocks: Vec<_> = anatomy.remarks.iter().filter(|finding| finding.outcome != Outcome::Pass).collect();
        assert!(blocks.is_empty(), "{}: {blocks:?}", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("sklearn") || name.starts_with("statsmodels") {
            assert!(!anatomy.estimators.is_empty(), "{name}");
        }
    }
}
