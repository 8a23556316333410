//! Covers over inputs at a place of the host: for jobs that an engine's runtime holds, which finds them by their path.

use super::sys::{self, attr};
use super::{bind, tree};
use crate::error::{At, LaunchError, Step};
use nix::mount::{MntFlags, umount2};
use nix::unistd::fchdir;
use std::fs::{self, File};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// What is in the folder of a cover: nothing, for an overlay has two layers; the input; and both of them as one.
const PARTS: [&str; 3] = ["empty", "input", "covered"];

/// A directory of the host as no other attempt has it (`docs/decisions/0012-covered-inputs.md`), in a folder of its own. Dropping it takes
/// it away; a job that has it still reads it.
#[derive(Debug)]
pub struct Cover(PathBuf);

impl Cover {
    /// Lays a cover over a directory. The folder isn't there yet.
    pub fn lay(folder: PathBuf, input: impl AsFd) -> Result<Self, LaunchError> {
        let cover = Self(folder);
        let parts = [cover.0.clone()].into_iter().chain(PARTS.map(|part| cover.0.join(part)));
        parts.into_iter().try_for_each(fs::create_dir).at(Step::Cover)?;
        let open = |path: &Path| File::open(path).map(OwnedFd::from).at(Step::Cover);
        sys::move_mount(bind(input)?, open(&cover.0.join("input"))?).at(Step::Cover)?;
        // The layers are named from within the folder, so that no path of the host stands in the list of mounts.
        let here = open(Path::new("."))?;
        let attrs = attr::RDONLY | attr::NOSUID | attr::NODEV | attr::NOSYMFOLLOW;
        let covered = tree::overlay(&open(&cover.0)?, c"empty:input", attrs);
        fchdir(here).at(Step::Cover)?;
        sys::move_mount(covered.at(Step::Cover)?, open(&cover.path())?).at(Step::Cover)?;
        umount2(&cover.0.join("input"), MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW).at(Step::Cover)?;
        Ok(cover)
    }

    /// Where the covered input is.
    pub fn path(&self) -> PathBuf {
        self.0.join("covered")
    }

    /// Takes away what is left in a cover's folder.
    pub fn lift(folder: &Path) {
        for part in PARTS.map(|part| folder.join(part)) {
            let _ = umount2(&part, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW);
            drop(fs::remove_dir(part));
        }
        drop(fs::remove_dir(folder));
    }
}

impl Drop for Cover {
    fn drop(&mut self) {
        Self::lift(&self.0);
    }
}
