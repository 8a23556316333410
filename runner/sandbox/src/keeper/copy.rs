//! An image of their own for those who share a host with others: what is read of one can't be felt in another.

use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
        let mut copy = Command::new("/bin/cp");
        copy.args(["--archive", "--reflink=auto", "--no-target-directory", "--"]).arg(&self.from).arg(&begun);
        let copied = copy.env_clear().stdin(Stdio::null()).output()?;
        match copied.status.success() {
            true => fs::rename(&begun, to),
            false => Err(Error::other(String::from_utf8_lossy(&copied.stderr).trim().to_owned())),
        }
    }
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
