//! Unpacks a root filesystem or a code snapshot into a directory, believing nothing that the archive says.
//!
//! This runs as a worker in a sandbox with an empty root, so there is nothing outside to reach. It defends itself all
//! the same: names never leave the destination, links are never followed, and what is taken in is bounded.

mod fault;
mod layers;
mod manifest;
mod members;
mod name;
mod remove;
mod source;
mod tree;

pub use fault::UnpackError;

use members::{Body, Member, members};
use name::Name;
use source::{Form, Source};
use std::io::Read;
use std::path::Path;
use tree::Tree;

/// What is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// An image: a root filesystem tar, a `docker save` archive or an OCI layout, known by what it holds.
    Image,
    /// A code snapshot: a tar of files and directories, nothing else.
    Code,
}

/// Where a sandbox mounts something. Its root is read-only by then, so an image without these gets them here: a tar
/// made without device nodes has no `/dev`, and a container image has no `/data`.
pub const MOUNTS: [&str; 9] = ["dev", "proc", "sys", "tmp", "data", "code", "out", "in", "scratch"];

/// The most that is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of all layers together.
    pub entries: u64,
    /// Bytes of all files of all layers together.
    pub bytes: u64,
}

impl Limits {
    /// The default for this content: 2,000,000 entries and 64 GiB for an image, 20,000 and 256 MiB for code.
    pub const fn of(content: Content) -> Self {
        match content {
            Content::Image => Self { entries: 2_000_000, bytes: 64 << 30 },
            Content::Code => Self { entries: 20_000, bytes: 256 << 20 },
        }
    }
}

/// What was taken in and what was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries seen, of all layers.
    pub entries: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Device nodes and fifos left out.
    pub special: u64,
    /// Entries that lost a setuid, setgid or sticky bit.
    pub privileged: u64,
}

/// Unpacks the file `archive` into the existing directory `destination`.
pub fn unpack(archive: &Path, destination: &Path, content: Content, limits: Limits) -> Result<Report, UnpackError> {
    let source = Source::open(archive, limits)?;
    let mut taker = Taker { tree: Tree::open(destination)?, content, limits, report: Report::default() };
    match content {
        Content::Code => taker.take(source.stream()?)?,
        Content::Image => match source.form()? {
            Form::Root => taker.take(source.stream()?)?,
            Form::Oci(index) => layers::apply(&source, &manifest::oci(&source, &index)?, &mut taker)?,
            Form::Docker(index) => layers::apply(&source, &manifest::docker(&source, &index)?, &mut taker)?,
        },
    }
    if taker.report.entries == 0 {
        return Err(UnpackError::Layout("the archive is empty".to_owned()));
    }
    if content == Content::Image {
        taker.make_mounts()?;
    }
    taker.tree.finish()?;
    Ok(taker.report)
}

/// Writes entries into the tree within the limits.
struct Taker {
    tree: Tree,
    content: Content,
    limits: Limits,
    report: Report,
}

impl Taker {
    fn take(&mut self, stream: impl Read) -> Result<(), UnpackError> {
        members(stream, &mut |member, data| self.put(&member, data))
    }

    /// What the image itself has at these places stays.
    fn make_mounts(&mut self) -> Result<(), UnpackError> {
        for place in MOUNTS {
            if let Some(name) = Name::parse(place.as_bytes())?
                && self.tree.is_vacant(&name)?
            {
                self.tree.directory(&name, 0o755, 0)?;
            }
        }
        Ok(())
    }

    /// Counts an entry, whether or not it is written.
    fn count(&mut self) -> Result<(), UnpackError> {
        self.report.entries += 1;
        if self.report.entries > self.limits.entries {
            return Err(UnpackError::Entries(self.limits.entries));
        }
        Ok(())
    }

    fn put(&mut self, member: &Member, data: &mut dyn Read) -> Result<(), UnpackError> {
        self.count()?;
        let Some(name) = Name::parse(&member.name)? else {
            return match member.body {
                Body::Directory => Ok(()),
                _ => Err(name::fault(&member.name, "names no file")),
            };
        };
        if self.content == Content::Code {
            only_code(&name, &member.body)?;
        }
        let mode = member.mode & 0o777;
        if matches!(member.body, Body::File(_) | Body::Directory) && member.mode & 0o7000 != 0 {
            self.report.privileged += 1;
        }
        match &member.body {
            Body::Directory => self.tree.directory(&name, mode, member.mtime),
            Body::File(size) => {
                self.spend(*size)?;
                self.tree.file(&name, mode, member.mtime, *size, data)
            }
            Body::Link(target) => self.tree.link(&name, &name::target(target)?, member.mtime),
            Body::HardLink(target) => match Name::parse(target)? {
                Some(target) => {
                    let room = self.limits.bytes.saturating_sub(self.report.bytes);
                    let took = self.tree.hard_link(&name, &target, room)?;
                    self.spend(took)
                }
                None => Err(name::fault(target, "names no file")),
            },
            Body::Special => {
                self.report.special += 1;
                self.tree.delete(&name)
            }
        }
    }
}

impl Taker {
    /// Counts bytes against the bound.
    fn spend(&mut self, bytes: u64) -> Result<(), UnpackError> {
        self.report.bytes = self.report.bytes.saturating_add(bytes);
        match self.report.bytes > self.limits.bytes {
            true => Err(UnpackError::Bytes(self.limits.bytes)),
            false => Ok(()),
        }
    }
}

fn only_code(name: &Name, body: &Body) -> Result<(), UnpackError> {
    let what = match body {
        Body::File(_) | Body::Directory => return Ok(()),
        Body::Link(_) => "a symbolic link",
        Body::HardLink(_) => "a hard link",
        Body::Special => "a device or a fifo",
    };
    let why = "code holds files and directories only, so put the file itself there";
    Err(UnpackError::Kind { path: name.to_string(), what, why })
}

#[cfg(test)]
mod tests;
