//! Walking a tree through descriptors, without following a link.

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat, readlinkat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};
use std::ffi::CString;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// Directories nested deeper than this are refused: each level holds a descriptor.
pub(crate) const DEPTH: usize = 256;

/// A tree that can't be walked.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A system call failed.
    #[error("failed to read `{path}`")]
    Read {
        /// Where, from the root of the tree.
        path: String,
        /// What the system said.
        source: Errno,
    },
    /// Nested too deep.
    #[error("`{0}` lies too deep; at most {DEPTH} directories may be nested")]
    Deep(String),
    /// Changed while it was read.
    #[error("`{0}` changed while it was read; try again when nothing writes there")]
    Changed(String),
}

/// What stands at a path.
pub(crate) enum Node {
    /// A directory, with its mode bits.
    Directory(u32),
    /// A regular file, opened, with its mode bits.
    File(u32, File),
    /// A symbolic link, with its target.
    Link(Vec<u8>),
    /// A device, fifo or socket.
    Special,
}

/// What is called for each entry, with its path from the root of the tree.
pub(crate) type Visit<'a, E> = dyn FnMut(&[u8], Node) -> Result<(), E> + 'a;

/// Opens the directory that a tree starts at. A link here is followed: it is the caller's own path.
pub(crate) fn open(path: &Path) -> Result<OwnedFd, WalkError> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    nix::fcntl::open(path, flags, Mode::empty())
        .map_err(|source| WalkError::Read { path: path.display().to_string(), source })
}

/// Visits everything below `root`, parents before children and siblings in the order of their bytes. This is the order
/// of the paths' bytes with `/` before every other byte. `wanted` says whether a path, which may be a directory, is
/// visited at all; what isn't is never opened.
pub(crate) fn walk<E: From<WalkError>>(
    root: OwnedFd,
    wanted: &dyn Fn(&[u8], &FileStat) -> bool,
    visit: &mut Visit<'_, E>,
) -> Result<(), E> {
    descend(root, &mut Vec::new(), 0, wanted, visit)
}

fn descend<E: From<WalkError>>(
    directory: OwnedFd,
    path: &mut Vec<u8>,
    depth: usize,
    wanted: &dyn Fn(&[u8], &FileStat) -> bool,
    visit: &mut Visit<'_, E>,
) -> Result<(), E> {
    if depth > DEPTH {
        return Err(WalkError::Deep(show(path)).into());
    }
    let mut directory = Dir::from_fd(directory).map_err(fault(path))?;
    for name in names(&mut directory).map_err(fault(path))? {
        let length = path.len();
        if length > 0 {
            path.push(b'/');
        }
        path.extend_from_slice(name.as_bytes());
        let stat = fstatat(&directory, name.as_c_str(), AtFlags::AT_SYMLINK_NOFOLLOW).map_err(fault(path))?;
        if wanted(path, &stat) {
            let node = open_node(&directory, &name, &stat, path)?;
            let is_directory = matches!(node, Node::Directory(_));
            visit(path, node)?;
            if is_directory {
                let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
                let below = openat(&directory, name.as_c_str(), flags, Mode::empty()).map_err(fault(path))?;
                descend(below, path, depth + 1, wanted, visit)?;
            }
        }
        path.truncate(length);
    }
    Ok(())
}

fn names(directory: &mut Dir) -> nix::Result<Vec<CString>> {
    let mut names = Vec::new();
    for entry in directory.iter() {
        let name = entry?.file_name().to_owned();
        if !matches!(name.as_bytes(), b"." | b"..") {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn open_node(directory: &Dir, name: &CString, stat: &FileStat, path: &[u8]) -> Result<Node, WalkError> {
    let mode = stat.st_mode & 0o7777;
    match kind(stat) {
        SFlag::S_IFDIR => Ok(Node::Directory(mode)),
        SFlag::S_IFLNK => {
            let target = readlinkat(directory, name.as_c_str()).map_err(fault(path))?;
            Ok(Node::Link(target.into_vec()))
        }
        SFlag::S_IFREG => {
            // O_NONBLOCK: should a fifo have taken the file's place, opening it doesn't wait for a writer.
            let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
            let file = openat(directory, name.as_c_str(), flags, Mode::empty()).map_err(fault(path))?;
            let opened = fstat(&file).map_err(fault(path))?;
            if (opened.st_dev, opened.st_ino, kind(&opened)) != (stat.st_dev, stat.st_ino, SFlag::S_IFREG) {
                return Err(WalkError::Changed(show(path)));
            }
            Ok(Node::File(mode, File::from(file)))
        }
        _ => Ok(Node::Special),
    }
}

/// Whether it is a directory.
pub(crate) fn is_directory(stat: &FileStat) -> bool {
    kind(stat) == SFlag::S_IFDIR
}

/// Whether everybody may read it, or look into it.
pub(crate) fn is_open(stat: &FileStat) -> bool {
    let needed = if is_directory(stat) { 0o005 } else { 0o004 };
    kind(stat) == SFlag::S_IFLNK || stat.st_mode & needed == needed
}

fn kind(stat: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT
}

fn fault(path: &[u8]) -> impl Fn(Errno) -> WalkError + use<> {
    let path = show(path);
    move |source| WalkError::Read { path: path.clone(), source }
}

/// A path for a message: what isn't printable is escaped.
pub(crate) fn show(path: &[u8]) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    String::from_utf8_lossy(path).chars().flat_map(printable).collect()
}

fn printable(c: char) -> impl Iterator<Item = char> {
    let plain = (!c.is_control()).then_some(c);
    let escaped = c.is_control().then(|| c.escape_default());
    plain.into_iter().chain(escaped.into_iter().flatten())
}
