//! Files that are whole or not there, whatever the power does.

use std::fs::{File, OpenOptions};
use std::io::{Error, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes a whole file: aside, synced, renamed, and the folder synced.
pub(crate) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    let aside = path.with_added_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    settle(&aside, path)
}

/// Gives a synced file its name, and syncs the folder.
pub(crate) fn settle(aside: &Path, path: &Path) -> Result<(), Error> {
    std::fs::rename(aside, path)?;
    sync_folder(path)
}

/// Adds one line to a file, synced.
pub(crate) fn append(path: &Path, line: &str, mode: u32) -> Result<(), Error> {
    let mut file = OpenOptions::new().append(true).create(true).mode(mode).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
