//! Files that are whole or not there, whatever the power does.

use std::fs::{File, OpenOptions};
use std::io::{Error, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes a whole file: aside, synced, renamed, and the folder synced.
pub(crate) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    let aside = path.with_added_extension("new");
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        settle(&aside, path)
    })();
    if written.is_err() {
        // There may be nothing to remove.
        drop(std::fs::remove_file(&aside));
    }
    written
}

/// Gives a synced file its name, and syncs the folder.
pub(crate) fn settle(aside: &Path, path: &Path) -> Result<(), Error> {
    std::fs::rename(aside, path)?;
    sync_folder(path)
}

/// Adds one line to a file, synced; if that fails, the file is what it was.
pub(crate) fn append(path: &Path, line: &str, mode: u32) -> Result<(), Error> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(mode).open(path)?;
    let whole = whole_lines(&mut file)?;
    // What a power cut tore was never said to be there.
    file.set_len(whole)?;
    let added = file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_all());
    if added.is_err() {
        file.set_len(whole)?;
    }
    added
}

/// The length of a file up to the end of its last whole line.
fn whole_lines(file: &mut File) -> Result<u64, Error> {
    const PIECE: u64 = 1 << 16;
    let mut end = file.metadata()?.len();
    while end > 0 {
        let start = end.saturating_sub(PIECE);
        let mut piece = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        Read::by_ref(file).take(end - start).read_to_end(&mut piece)?;
        if let Some(place) = piece.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + place as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn sync_folder(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
