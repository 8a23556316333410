//! An image of their own for those who share a host with others: what is read of one can't be felt in another.

use crate::confine::disk::helped;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A copy of an image for one permit and label.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Copy {
    /// The image.
    pub from: PathBuf,
    /// Copies of permits that are over: they make room for this one.
    pub over: Vec<PathBuf>,
}

impl Copy {
    /// Makes it, unless it is there. Of two keepers one waits for the other; half a copy isn't where the whole one would be.
    pub(super) fn make(&self, to: &Path) -> Result<(), Error> {
        if to.is_dir() {
            return Ok(());
        }
        let folder = to.parent().ok_or(ErrorKind::InvalidInput)?;
        fs::create_dir_all(folder)?;
        let lock: File = OpenOptions::new().write(true).create(true).truncate(false).open(to.with_extension("lock"))?;
        lock.lock()?;
        if to.is_dir() {
            return Ok(());
        }
        for over in &self.over {
            remove(over)?;
        }
        let begun = to.with_extension("begun");
        remove(&begun)?;
        let made = copy(&self.from, &begun).and_then(|()| fs::rename(&begun, to));
        if made.is_err() {
            remove(&begun)?;
        }
        made
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let mut copy = Command::new("/bin/cp");
    copy.args(["--archive", "--reflink=auto", "--no-target-directory", "--"]).arg(from).arg(to);
    helped(&mut copy)
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
