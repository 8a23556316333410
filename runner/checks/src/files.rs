//! Files and folders of inputs: regular ones alone, and no link is followed.

use crate::worker::WorkError;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Deepest folder of a dataset that is entered.
const DEEP: usize = 8;

/// A file, or all regular files under a folder, with their paths in it.
pub(crate) fn at(path: &Path) -> Result<Vec<(String, File)>, WorkError> {
    let failed = |error| WorkError::Read(path.to_owned(), error);
    let name = || path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    match fs::metadata(path).map_err(failed)?.is_dir() {
        true => under(path),
        false => Ok(vec![(name(), open(path)?)]),
    }
}

/// All regular files under a folder, with their paths in it.
pub(crate) fn under(folder: &Path) -> Result<Vec<(String, File)>, WorkError> {
    let mut files = Vec::new();
    gather(folder, "", 0, &mut files)?;
    Ok(files)
}

pub(crate) fn open(path: &Path) -> Result<File, WorkError> {
    File::open(path).map_err(|error| WorkError::Read(path.to_owned(), error))
}

fn gather(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<(String, File)>) -> Result<(), WorkError> {
    for (name, path) in list(folder)? {
        let kind = fs::symlink_metadata(&path).map_err(|error| WorkError::Read(path.clone(), error))?.file_type();
        let name = format!("{prefix}{name}");
        match () {
            () if kind.is_file() => files.push((name, open(&path)?)),
            () if kind.is_dir() && depth < DEEP => gather(&path, &format!("{name}/"), depth + 1, files)?,
            () => return Err(WorkError::Strange(path)),
        }
    }
    Ok(())
}

/// What is in a folder, by name, in the order of the names.
pub(crate) fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>, WorkError> {
    let failed = |error| WorkError::Read(folder.to_owned(), error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}
