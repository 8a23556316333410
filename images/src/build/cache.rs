//! The directory that made tars are kept in: one builder at a time, and nothing half-made.

use super::Progress;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Directories in which a build works; what a killed build left is removed by the next.
const WORKING: &str = ".working-";

/// A cache that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("failed to {act} `{path}`; the image cache needs a directory that you may write to")]
pub struct CacheError {
    act: &'static str,
    path: String,
    source: io::Error,
}

/// The cache, held by this process alone until it is dropped.
pub(super) struct Cache {
    path: PathBuf,
    _lock: File,
}

impl Cache {
    pub(super) fn lock(path: &Path, progress: &mut dyn Progress) -> Result<Self, CacheError> {
        fs::create_dir_all(path).map_err(fault("make", path))?;
        let file = path.join(".lock");
        let lock =
            File::options().create(true).truncate(false).write(true).open(&file).map_err(fault("open", &file))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.step("waiting for another build", 0, None);
                lock.lock().map_err(fault("lock", &file))?;
            }
            Err(TryLockError::Error(source)) => return Err(fault("lock", &file)(source)),
        }
        let cache = Self { path: path.to_owned(), _lock: lock };
        cache.sweep()?;
        Ok(cache)
    }

    /// Removes what builds that were killed left behind: whoever holds the lock knows that nobody works there.
    fn sweep(&self) -> Result<(), CacheError> {
        for entry in fs::read_dir(&self.path).map_err(fault("read", &self.path))? {
            let entry = entry.map_err(fault("read", &self.path))?;
            if entry.file_name().to_string_lossy().starts_with(WORKING) {
                fs::remove_dir_all(entry.path()).map_err(fault("remove", &entry.path()))?;
            }
        }
        Ok(())
    }

    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        let path = self.path.join(name);
        path.is_file().then_some(path)
    }

    pub(super) fn forget(&self, name: &str) -> Result<(), CacheError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(fault("remove", &path)(source)),
            _ => Ok(()),
        }
    }

    /// A directory to work in, from which one file is kept under `name`.
    pub(super) fn room(&self, name: &str) -> Result<Room<'_>, CacheError> {
        let path = self.path.join(format!("{WORKING}{name}"));
        fs::create_dir(&path).map_err(fault("make", &path))?;
        let room = Room { cache: self, path, name: name.to_owned() };
        // mmdebstrap may work as another user id of a namespace of its own, and has to read the wheels.
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&room.path, mode).map_err(fault("make", &room.path))?;
        Ok(room)
    }
}

/// A directory that goes with all it holds when it is dropped.
pub(super) struct Room<'a> {
    cache: &'a Cache,
    path: PathBuf,
    name: String,
}

impl Room<'_> {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves a finished file to its place, on the disk before under its name.
    pub(super) fn keep(&self, file: &Path) -> Result<PathBuf, CacheError> {
        let kept = self.cache.path.join(&self.name);
        File::open(file).and_then(|file| file.sync_all()).map_err(fault("write", file))?;
        fs::rename(file, &kept).map_err(fault("write", &kept))?;
        File::open(&self.cache.path).and_then(|directory| directory.sync_all()).map_err(fault("write", &kept))?;
        Ok(kept)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        // Should this fail, the next build sweeps.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// What failed, for the caller who knows where.
pub(super) fn fault(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CacheError + use<> {
    let path = path.display().to_string();
    move |source| CacheError { act, path, source }
}
