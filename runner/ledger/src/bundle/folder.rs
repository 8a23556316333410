//! Looking at a folder that anybody may have made: regular files and folders, and nothing else.

use super::VerifyError;
use crate::durable::at;
use crate::hash::Hash;
use ring::digest::{Context, SHA256};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What is in a folder, by path from there.
#[derive(Default)]
pub(super) struct Content {
    /// The regular files.
    pub(super) files: BTreeSet<String>,
    /// The folders.
    pub(super) folders: BTreeSet<String>,
}

/// The deepest that folders are nested.
const DEPTH: usize = 64;
/// The most things that are looked at.
const MOST: usize = 1_000_000;

/// Everything below a folder, which isn't reached by a link itself.
pub(super) fn walk(root: &Path) -> Result<Content, VerifyError> {
    if !root.symlink_metadata().map_err(at("look at", root))?.is_dir() {
        return Err(VerifyError::Odd(root.to_owned()));
    }
    let mut content = Content::default();
    let mut left = vec![String::new()];
    while let Some(folder) = left.pop() {
        let path = root.join(&folder);
        for entry in std::fs::read_dir(&path).map_err(at("list", &path))? {
            let entry = entry.map_err(at("list", &path))?;
            let odd = || VerifyError::Odd(entry.path());
            let name = entry.file_name().into_string().map_err(|_| odd())?;
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // The kind of the thing itself: a symbolic link is one, wherever it leads.
            let kind = entry.file_type().map_err(at("look at", &entry.path()))?;
            if kind.is_file() {
                content.files.insert(name);
            } else if kind.is_dir() && name.split('/').count() <= DEPTH {
                left.push(name.clone());
                content.folders.insert(name);
            } else {
                return Err(odd());
            }
            if content.files.len() + content.folders.len() > MOST {
                return Err(odd());
            }
        }
    }
    Ok(content)
}

/// Opens a regular file. Never follows a link, never waits for the other end of a pipe.
fn open(path: &Path) -> Result<File, VerifyError> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(at("open", path))?;
    match file.metadata().map_err(at("look at", path))?.is_file() {
        true => Ok(file),
        false => Err(VerifyError::Odd(path.to_owned())),
    }
}

/// The text of a small file.
pub(super) fn text(path: &Path) -> Result<String, VerifyError> {
    /// More than any attestation, proof or checkpoint has.
    const MOST: u64 = 64 << 20;
    let mut bytes = Vec::new();
    let read = open(path)?.take(MOST + 1).read_to_end(&mut bytes).map_err(at("read", path))?;
    match String::from_utf8(bytes) {
        Ok(text) if read as u64 <= MOST => Ok(text),
        _ => Err(VerifyError::Odd(path.to_owned())),
    }
}

/// The digest of a file of any size.
pub(super) fn digest(path: &Path) -> Result<Hash, VerifyError> {
    let mut file = open(path)?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(at("read", path))? {
            0 => break,
            read => context.update(buffer.get(..read).unwrap_or_default()),
        }
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    Ok(Hash::from_bytes(hash))
}
