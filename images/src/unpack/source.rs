//! The archive as a file that can be read more than once, and what it turns out to be.

use super::members::{Body, members};
use super::name::Name;
use super::{Limits, UnpackError};
use crate::sha256;
use flate2::read::MultiGzDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z'];
/// What reading a tar costs for each entry beyond its content, in bytes; generous.
const OVERHEAD: u64 = 4096;
/// Most files that a container archive has beside its layers and configurations.
const PARTS: usize = 4096;

/// Where a file lies in the archive's tar stream.
#[derive(Clone, Copy)]
pub(super) struct Part {
    position: u64,
    pub size: u64,
}

/// The files of a container archive by name.
pub(super) type Index = BTreeMap<String, Part>;

/// What an archive is.
pub(super) enum Form {
    /// The files of a root filesystem.
    Root,
    /// An OCI image layout.
    Oci(Index),
    /// What `docker save` wrote before it wrote OCI layouts.
    Docker(Index),
}

pub(super) struct Source {
    file: File,
    gzip: bool,
    most: u64,
}

impl Source {
    pub(super) fn open(path: &Path, limits: Limits) -> Result<Self, UnpackError> {
        let file = File::open(path).map_err(|source| UnpackError::Open { path: path.display().to_string(), source })?;
        let most = limits.entries.saturating_mul(OVERHEAD).saturating_add(limits.bytes);
        let gzip = compressed(&mut &file, "the archive")?;
        Ok(Self { file, gzip, most })
    }

    /// The tar from its beginning. Only one stream can be in use at a time.
    pub(super) fn stream(&self) -> Result<Box<dyn Read + '_>, UnpackError> {
        (&self.file).seek(SeekFrom::Start(0)).map_err(UnpackError::Read)?;
        Ok(inflate(BufReader::with_capacity(1 << 17, &self.file), self.gzip, self.most))
    }

    /// One file of the tar.
    pub(super) fn part(&self, part: Part) -> Result<Box<dyn Read + '_>, UnpackError> {
        if self.gzip {
            let mut stream = self.stream()?;
            io::copy(&mut (&mut stream).take(part.position), &mut io::sink()).map_err(UnpackError::Read)?;
            return Ok(Box::new(stream.take(part.size)));
        }
        (&self.file).seek(SeekFrom::Start(part.position)).map_err(UnpackError::Read)?;
        Ok(Box::new(BufReader::with_capacity(1 << 17, &self.file).take(part.size)))
    }

    /// One file of the tar that is itself a tar, plain or gzip.
    pub(super) fn layer(&self, part: Part, what: &str) -> Result<Box<dyn Read + '_>, UnpackError> {
        let gzip = compressed(&mut self.part(part)?, what)?;
        Ok(inflate(self.part(part)?, gzip, self.most))
    }

    /// One small file of the tar.
    pub(super) fn text(&self, part: Part, what: &str) -> Result<Vec<u8>, UnpackError> {
        const MOST: u64 = 4 << 20;
        if part.size > MOST {
            return Err(UnpackError::Layout(format!("{what} has {} bytes; {MOST} are the most", part.size)));
        }
        let mut bytes = Vec::new();
        self.part(part)?.read_to_end(&mut bytes).map_err(UnpackError::Read)?;
        Ok(bytes)
    }

    /// Finds out what the archive is. The first name that no container archive has says that it is a root filesystem.
    pub(super) fn form(&self) -> Result<Form, UnpackError> {
        let mut index = Index::new();
        let mut links = Vec::new();
        let mut root = false;
        let found = members(self.stream()?, &mut |member, _| {
            let Some(name) = Name::parse(&member.name)? else { return Ok(()) };
            root = !is_container(name.as_str()) || index.len() + links.len() >= PARTS;
            if root {
                return Err(UnpackError::Entries(0));
            }
            match &member.body {
                Body::File(size) => {
                    index.insert(name.as_str().to_owned(), Part { position: member.position, size: *size });
                }
                // `docker save` once wrote a layer that two images share as a link to the other.
                Body::Link(target) => {
                    let target = target.strip_prefix(b"../").unwrap_or(target);
                    links.extend(Name::parse(target)?.map(|target| (name.clone(), target)));
                }
                _ => {}
            }
            Ok(())
        });
        // The scan ends early by an error of its own.
        if root {
            return Ok(Form::Root);
        }
        found?;
        for (name, target) in links {
            let part = index.get(target.as_str()).or_else(|| {
                let beside = name.beside(target.as_str()).ok().flatten()?;
                index.get(beside.as_str())
            });
            if let Some(part) = part.copied() {
                index.insert(name.as_str().to_owned(), part);
            }
        }
        Ok(if index.contains_key("oci-layout") && index.contains_key("index.json") {
            Form::Oci(index)
        } else if index.contains_key("manifest.json") {
            Form::Docker(index)
        } else {
            Form::Root
        })
    }
}

/// Whether a container archive could have a file or directory of this name.
fn is_container(name: &str) -> bool {
    let hex = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.split_once('/') {
        None => {
            let stem = name.strip_suffix(".json").or_else(|| name.strip_suffix(".tar"));
            matches!(name, "manifest.json" | "index.json" | "oci-layout" | "repositories" | "blobs")
                || hex(stem.unwrap_or(name))
        }
        Some(("blobs", rest)) => rest == "sha256" || rest.strip_prefix("sha256/").is_some_and(hex),
        Some((id, rest)) => hex(id) && matches!(rest, "layer.tar" | "json" | "VERSION"),
    }
}

fn compressed(reader: &mut dyn Read, what: &str) -> Result<bool, UnpackError> {
    let mut start = Vec::new();
    reader.take(8).read_to_end(&mut start).map_err(UnpackError::Read)?;
    let refuse = |with| Err(UnpackError::Compression { what: what.to_owned(), with });
    match () {
        () if start.starts_with(ZSTD) => refuse("zstd"),
        () if start.starts_with(XZ) => refuse("xz"),
        () => Ok(start.starts_with(GZIP)),
    }
}

fn inflate<'a>(reader: impl Read + 'a, gzip: bool, most: u64) -> Box<dyn Read + 'a> {
    if gzip { Box::new(Capped { inner: MultiGzDecoder::new(reader), left: most }) } else { Box::new(reader) }
}

/// Checks that a reader holds what its digest promises.
pub(super) fn verify(reader: &mut dyn Read, promised: &str, what: &str) -> Result<(), UnpackError> {
    let (_, found) = sha256::read(reader).map_err(UnpackError::Read)?;
    if found == promised {
        return Ok(());
    }
    Err(UnpackError::Digest { what: what.to_owned(), promised: promised.to_owned(), found })
}

/// A reader that fails when more comes out than may.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other("it inflates to more than the limits allow")),
        }
        Ok(count)
    }
}
