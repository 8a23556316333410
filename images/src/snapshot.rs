//! Code as it is submitted: a directory as one tar whose bytes depend on nothing but names and content.

mod git;
mod ignore;

pub use git::Commit;
pub use ignore::IgnoreError;

use crate::sha256;
use crate::walk::{self, Node, WalkError, show, walk};
use ignore::Ignored;
use nix::sys::stat::FileStat;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use tar::{Builder, EntryType, Header};

/// The file that says what isn't code.
pub const IGNORE: &str = ".semlaignore";

/// The most that a snapshot may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files and directories.
    pub entries: usize,
    /// Bytes of all files together.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 10_000, bytes: 32 << 20 }
    }
}

/// Code, taken at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The tar.
    pub tar: Vec<u8>,
    /// Its digest: `sha256:` and 64 lower-case hexadecimal digits.
    pub digest: String,
    /// Where it came from, if the directory is under git.
    pub commit: Option<Commit>,
    /// The files in it, in the order of the tar.
    pub files: Vec<String>,
}

/// A directory that can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It can't be walked.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// Its list of ignored files is wrong.
    #[error(transparent)]
    Ignore(#[from] IgnoreError),
    /// A file can't be read.
    #[error("failed to read `{path}`")]
    Read {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A link or a device.
    #[error(
        "`{path}` is {what}; code holds files and directories only, so copy the file there or name it in `{IGNORE}`"
    )]
    Kind {
        /// Where.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// A name that couldn't be shown to a reviewer.
    #[error("`{0}` holds a control character or isn't UTF-8; rename it")]
    Name(String),
    /// Too many files.
    #[error("the code has more than {0} files and directories; name what isn't code in `{IGNORE}`")]
    Entries(usize),
    /// Too large.
    #[error("the code has more than {limit} bytes, reached at `{path}`; name what isn't code in `{IGNORE}`")]
    Bytes {
        /// The most there may be.
        limit: u64,
        /// The file with which it was too much.
        path: String,
    },
    /// Nothing there.
    #[error("there is no file in `{0}`; submit the directory that has the code")]
    Empty(String),
}

/// Takes a snapshot of a directory, without what is hidden, `__pycache__` and what its `.semlaignore` names.
pub fn take(directory: &Path, limits: Limits) -> Result<Snapshot, SnapshotError> {
    let ignored = Ignored::read(directory)?;
    let wanted = |path: &[u8], stat: &FileStat| {
        // A name that isn't UTF-8 is wanted, in order to be refused.
        std::str::from_utf8(path).map_or(true, |path| !ignored.has(path, walk::is_directory(stat)))
    };
    let mut taker = Taker { builder: Builder::new(Vec::new()), files: Vec::new(), entries: 0, bytes: 0, limits };
    walk(walk::open(directory)?, &wanted, &mut |path, node| taker.add(path, node))?;
    if taker.files.is_empty() {
        return Err(SnapshotError::Empty(directory.display().to_string()));
    }
    let files = taker.files;
    let tar = taker.builder.into_inner().map_err(|source| SnapshotError::Read { path: ".".to_owned(), source })?;
    let digest = format!("sha256:{}", sha256::of(&tar));
    Ok(Snapshot { tar, digest, commit: git::commit(directory), files })
}

struct Taker {
    builder: Builder<Vec<u8>>,
    files: Vec<String>,
    entries: usize,
    bytes: u64,
    limits: Limits,
}

impl Taker {
    fn add(&mut self, path: &[u8], node: Node) -> Result<(), SnapshotError> {
        let name = match std::str::from_utf8(path) {
            Ok(name) if !name.chars().any(char::is_control) => name,
            _ => return Err(SnapshotError::Name(show(path))),
        };
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(SnapshotError::Entries(self.limits.entries));
        }
        let what = match node {
            Node::Directory(_) => return self.write(name, EntryType::Directory, 0o755, &[]),
            Node::File(mode, file) => return self.file(name, mode, file),
            Node::Link(_) => "a symbolic link",
            Node::Special => "a device, a fifo or a socket",
        };
        Err(SnapshotError::Kind { path: name.to_owned(), what })
    }

    fn file(&mut self, name: &str, mode: u32, file: File) -> Result<(), SnapshotError> {
        let left = self.limits.bytes - self.bytes;
        let mut content = Vec::new();
        file.take(left.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(|source| SnapshotError::Read { path: name.to_owned(), source })?;
        if content.len() as u64 > left {
            return Err(SnapshotError::Bytes { limit: self.limits.bytes, path: name.to_owned() });
        }
        self.bytes += content.len() as u64;
        self.files.push(name.to_owned());
        let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
        self.write(name, EntryType::Regular, mode, &content)
    }

    fn write(&mut self, name: &str, kind: EntryType, mode: u32, content: &[u8]) -> Result<(), SnapshotError> {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(content.len() as u64);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        self.builder
            .append_data(&mut header, name, content)
            .map_err(|source| SnapshotError::Read { path: name.to_owned(), source })
    }
}

#[cfg(test)]
mod tests;
