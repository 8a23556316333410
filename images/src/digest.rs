//! The name of an image: one digest over its whole tree.
//!
//! The digest is SHA-256 over a manifest with one line for each entry, parents before children and siblings in the
//! order of their names' bytes:
//!
//! ```text
//! dir MODE LENGTH:PATH
//! file MODE LENGTH:PATH SIZE SHA256
//! link LENGTH:PATH LENGTH:TARGET
//! ```
//!
//! MODE is four octal digits, LENGTH counts bytes, so that no path can pass for two. Owners, times and extended
//! attributes have no part in it, nor has the root directory itself: neither the order of an archive nor the machine
//! that unpacked it changes the name.

use crate::sha256;
use crate::walk::{self, Node, WalkError, show, walk};
use ring::digest::{Context, SHA256};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// How many entries a tree may have.
pub const ENTRIES: u64 = 2_000_000;

/// A tree that has no digest.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    /// It can't be walked.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// A file's content can't be read.
    #[error("failed to read the content of `{path}`")]
    Content {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A device, fifo or socket.
    #[error("`{0}` is a device, a fifo or a socket; an image holds files, directories and links only")]
    Special(String),
    /// Too large.
    #[error("the tree has more than {ENTRIES} entries")]
    TooMany,
}

/// The digest of the tree at `path`: `sha256:` and 64 lower-case hexadecimal digits.
pub fn of_path(path: &Path) -> Result<String, DigestError> {
    of(walk::open(path)?)
}

/// The digest of the tree below an opened directory.
pub fn of(root: OwnedFd) -> Result<String, DigestError> {
    let mut context = Context::new(&SHA256);
    manifest(root, &mut |line| context.update(line))?;
    Ok(format!("sha256:{}", sha256::finish(context)))
}

/// Hands out the manifest line by line, so that two trees can be compared.
pub fn manifest(root: OwnedFd, line: &mut dyn FnMut(&[u8])) -> Result<(), DigestError> {
    let mut entries = 0;
    walk(root, &|_, _| true, &mut |path, node| {
        entries += 1;
        if entries > ENTRIES {
            return Err(DigestError::TooMany);
        }
        line(&describe(path, node)?);
        Ok(())
    })
}

fn describe(path: &[u8], node: Node) -> Result<Vec<u8>, DigestError> {
    let mut line = Vec::with_capacity(path.len() + 100);
    match node {
        Node::Directory(mode) => {
            line.extend(format!("dir {mode:04o} ").into_bytes());
            counted(&mut line, path);
        }
        Node::File(mode, mut file) => {
            let (size, digest) =
                sha256::read(&mut file).map_err(|source| DigestError::Content { path: show(path), source })?;
            line.extend(format!("file {mode:04o} ").into_bytes());
            counted(&mut line, path);
            line.extend(format!(" {size} {digest}").into_bytes());
        }
        Node::Link(target) => {
            line.extend(b"link ");
            counted(&mut line, path);
            line.push(b' ');
            counted(&mut line, &target);
        }
        Node::Special => return Err(DigestError::Special(show(path))),
    }
    line.push(b'\n');
    Ok(line)
}

fn counted(line: &mut Vec<u8>, bytes: &[u8]) {
    line.extend(format!("{}:", bytes.len()).into_bytes());
    line.extend(bytes);
}

#[cfg(test)]
mod tests;
