//! An image of their own for those who share a host with others: what is read of one can't be felt in another.

use super::stage::RunError;
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// How often it is looked whether the copy is there, or isn't wanted any more.
const LOOK: Duration = Duration::from_millis(50);

/// A copy of an image for one permit and label.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Copy {
    /// The image.
    pub from: PathBuf,
    /// Copies of permits that are over: they make room for this one.
    pub over: Vec<PathBuf>,
}

impl Copy {
    /// Makes it, unless it is there; whether it did. Of two keepers one waits for the other; half a copy isn't where the whole one would
    /// be. An order to stop is looked for meanwhile.
    pub(super) fn make(&self, to: &Path, stop: &Path) -> Result<bool, RunError> {
        let failed = |source| RunError::Host { what: "copy the image", source };
        let folder = to.parent().ok_or(ErrorKind::InvalidInput.into()).map_err(failed)?;
        if to.is_dir() {
            return Ok(false);
        }
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(to.with_extension("lock"));
        let lock = lock.map_err(failed)?;
        while let Err(error) = lock.try_lock() {
            match error {
                TryLockError::WouldBlock if stop.exists() => return Err(RunError::Stopped),
                TryLockError::WouldBlock => sleep(LOOK),
                TryLockError::Error(error) => return Err(failed(error)),
            }
        }
        if to.is_dir() {
            return Ok(true);
        }
        // What couldn't be removed is tried again by the next one who makes room.
        self.over.iter().for_each(|over| drop(remove(over)));
        let begun = to.with_extension("begun");
        remove(&begun).map_err(failed)?;
        let made = copy(&self.from, &begun, stop);
        let made = made.and_then(|()| fs::rename(&begun, to).map_err(failed));
        if made.is_err() {
            // The next one who makes it removes what is left.
            drop(remove(&begun));
        }
        made.map(|()| true)
    }
}

/// What it says goes where the launcher's own words go. It ends with its keeper.
fn copy(from: &Path, to: &Path, stop: &Path) -> Result<(), RunError> {
    let failed = |source| RunError::Host { what: "copy the image", source };
    let mut copy = Command::new("/usr/bin/setpriv");
    copy.args(["--pdeathsig", "KILL", "--", "/bin/cp", "--archive", "--reflink=auto", "--no-target-directory", "--"]);
    copy.arg(from).arg(to).env_clear().stdin(Stdio::null()).stdout(Stdio::null());
    let mut copying = copy.spawn().map_err(failed)?;
    loop {
        match copying.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(failed(Error::other(status.to_string()))),
            Ok(None) if !stop.exists() => sleep(LOOK),
            ended => {
                let _ = copying.kill().and_then(|()| copying.wait());
                return Err(ended.map_or_else(failed, |_| RunError::Stopped));
            }
        }
    }
}

/// Removes a folder; first it is named as what nobody looks for.
fn remove(path: &Path) -> Result<(), Error> {
    let aside = path.file_name().zip(path.parent()).map(|(name, folder)| {
        let mut hidden = std::ffi::OsString::from(".over-");
        hidden.push(name);
        folder.join(hidden)
    });
    let aside = aside.ok_or(ErrorKind::InvalidInput)?;
    let gone = |done: Result<(), Error>| match done {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    gone(fs::remove_dir_all(&aside))?;
    gone(fs::rename(path, &aside))?;
    gone(fs::remove_dir_all(&aside))
}
