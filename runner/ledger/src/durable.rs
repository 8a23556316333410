//! Files that are whole or not there, whatever the power does.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What the system refused, and where.
#[derive(Debug, thiserror::Error)]
#[error("failed to {verb} `{}`", path.display())]
pub struct FileError {
    /// What was tried.
    pub verb: &'static str,
    /// With which file or folder.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// Says what was tried where, if it fails.
pub(crate) fn at<'a>(verb: &'static str, path: &'a Path) -> impl Fn(io::Error) -> FileError + 'a {
    move |source| FileError { verb, path: path.to_owned(), source }
}

/// How many files are open at once while a set of them is placed.
const OPEN: usize = 64;

/// Gives each file its bytes. A file is written whole in the folder `aside`, synced and only then renamed, so that whoever
/// looks sees it as it was or as it will be. When this returns, all of it survives a power cut.
pub(crate) fn place(aside: &Path, mode: u32, files: &[(PathBuf, Vec<u8>)]) -> Result<(), FileError> {
    let mut folders = BTreeSet::new();
    for some in files.chunks(OPEN) {
        let mut written = Vec::new();
        for (number, (path, bytes)) in some.iter().enumerate() {
            let draft = aside.join(number.to_string());
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(true).mode(mode).open(&draft);
            let mut file = file.map_err(at("create", &draft))?;
            file.write_all(bytes).map_err(at("write", &draft))?;
            written.push((file, draft, path));
        }
        // All are written before the first is synced: the system then flushes most of them in one go.
        for (file, draft, _) in &written {
            file.sync_all().map_err(at("sync", draft))?;
        }
        for (_, draft, path) in written {
            if let Some(folder) = path.parent() {
                make_folder(folder)?;
                folders.insert(folder);
            }
            std::fs::rename(&draft, path).map_err(at("put in place", path))?;
        }
    }
    folders.into_iter().try_for_each(sync_folder)
}

/// Makes a folder and those above it, each synced into the one that holds it.
pub(crate) fn make_folder(path: &Path) -> Result<(), FileError> {
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let above = path.parent().filter(|above| !above.as_os_str().is_empty());
            make_folder(above.ok_or(error).map_err(at("create", path))?)?;
            std::fs::create_dir(path).map_err(at("create", path))?;
        }
        made => made.map_err(at("create", path))?,
    }
    match path.parent() {
        Some(above) => sync_folder(above),
        None => Ok(()),
    }
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> Result<(), FileError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path).and_then(|folder| folder.sync_all()).map_err(at("sync", path))
}

/// Removes a folder with everything in it, if it is there.
pub(crate) fn clear(path: &Path) -> Result<(), FileError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at("remove", path)(error)),
        _ => Ok(()),
    }
}
