//! The entries of a tar stream, with their long names, one at a time.
//!
//! Long names (GNU and pax) are read here and not by the tar crate, because an archive may claim one of any length.

use super::{UnpackError, name};
use std::io::{self, Read};
use tar::{Archive, EntryType, Header, PaxExtensions};

/// Longest description of an entry (long name or pax header), in bytes.
const DESCRIPTION: u64 = 1 << 20;

/// Latest time that is kept, in seconds since 1970: the year 4147, which every file system can store or clamp.
const LATEST: i64 = 1 << 36;

/// One entry of a tar.
pub(crate) struct Member {
    /// Its name as written.
    pub name: Vec<u8>,
    /// Permission bits, with setuid, setgid and sticky.
    pub mode: u32,
    /// Seconds since 1970.
    pub mtime: i64,
    /// What it is.
    pub body: Body,
    /// Where its data starts in the stream.
    pub position: u64,
}

/// What an entry is.
pub(crate) enum Body {
    /// A regular file of this many bytes.
    File(u64),
    /// A directory.
    Directory,
    /// A symbolic link to this target.
    Link(Vec<u8>),
    /// Another name for this one.
    HardLink(Vec<u8>),
    /// A device or a fifo.
    Special,
}

/// What came before an entry to describe it.
#[derive(Default)]
struct Described {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    count: u32,
}

/// Calls `each` for every entry, with its data.
pub(crate) fn members(
    stream: impl Read,
    each: &mut dyn FnMut(Member, &mut dyn Read) -> Result<(), UnpackError>,
) -> Result<(), UnpackError> {
    let mut archive = Archive::new(Watched { inner: stream, ended: false });
    let mut described = Described::default();
    for entry in archive.entries().map_err(UnpackError::Read)?.raw(true) {
        let mut entry = entry.map_err(UnpackError::Read)?;
        let header = entry.header().clone();
        let position = entry.raw_file_position();
        if described.add(&header, &mut entry)? {
            continue;
        }
        let member = member(&header, std::mem::take(&mut described), position)?;
        each(member, &mut entry)?;
    }
    if described.count > 0 {
        return Err(UnpackError::Layout("the archive ends where an entry should follow".to_owned()));
    }
    // A whole archive ends with a block of zeros. What follows it is read too, for a compression's own checksum.
    let mut rest = archive.into_inner();
    if rest.ended {
        return Err(UnpackError::Read(io::ErrorKind::UnexpectedEof.into()));
    }
    io::copy(&mut rest, &mut io::sink()).map(drop).map_err(UnpackError::Read)
}

/// A reader that knows whether its end was met.
struct Watched<R> {
    inner: R,
    ended: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl Described {
    /// Takes in a header that describes the next entry; false if this is an entry itself.
    fn add(&mut self, header: &Header, data: &mut dyn Read) -> Result<bool, UnpackError> {
        match header.entry_type() {
            EntryType::GNULongName => self.name = Some(text(header, data)?),
            EntryType::GNULongLink => self.link = Some(text(header, data)?),
            EntryType::XHeader => self.pax(&description(header, data)?)?,
            EntryType::XGlobalHeader => return Ok(true),
            _ => return Ok(false),
        }
        self.count += 1;
        if self.count > 4 {
            return Err(UnpackError::Layout("an entry is described more than four times".to_owned()));
        }
        Ok(true)
    }

    fn pax(&mut self, bytes: &[u8]) -> Result<(), UnpackError> {
        for extension in PaxExtensions::new(bytes) {
            let extension = extension.map_err(UnpackError::Read)?;
            match extension.key_bytes() {
                b"path" => self.name = Some(extension.value_bytes().to_vec()),
                b"linkpath" => self.link = Some(extension.value_bytes().to_vec()),
                b"size" => {
                    let size = extension.value().ok().and_then(|text| text.parse().ok());
                    self.size = Some(size.unwrap_or(u64::MAX));
                }
                key if key.starts_with(b"GNU.sparse.") => return Err(sparse(self.name.as_deref())),
                _ => {}
            }
        }
        Ok(())
    }
}

fn member(header: &Header, described: Described, position: u64) -> Result<Member, UnpackError> {
    let name = described.name.unwrap_or_else(|| header.path_bytes().into_owned());
    let size = header.entry_size().map_err(UnpackError::Read)?;
    // Two sizes would let two readers see two different archives.
    if described.size.is_some_and(|other| other != size) {
        return Err(name::fault(&name, "has two sizes; files of 8 GiB and more need GNU's form of tar"));
    }
    let link = || {
        let short = || header.link_name_bytes().map(|bytes| bytes.into_owned()).unwrap_or_default();
        described.link.clone().unwrap_or_else(short)
    };
    let body = match header.entry_type() {
        // Before POSIX a directory was a file whose name ended with `/`.
        EntryType::Regular | EntryType::Continuous if size == 0 && name.ends_with(b"/") => Body::Directory,
        EntryType::Regular | EntryType::Continuous => Body::File(size),
        EntryType::Directory => Body::Directory,
        EntryType::Symlink => Body::Link(link()),
        EntryType::Link => Body::HardLink(link()),
        EntryType::Char | EntryType::Block | EntryType::Fifo => Body::Special,
        EntryType::GNUSparse => return Err(sparse(Some(&name))),
        _ => return Err(name::fault(&name, "is of a kind that isn't known")),
    };
    // Readers of tar differ on whether data follows here.
    if size > 0 && !matches!(body, Body::File(_)) {
        return Err(name::fault(&name, "is no file and yet has content"));
    }
    let mode = header.mode().map_err(UnpackError::Read)?;
    let mtime = header.mtime().ok().and_then(|time| i64::try_from(time).ok()).unwrap_or(0).min(LATEST);
    Ok(Member { name, mode, mtime, body, position })
}

fn sparse(name: Option<&[u8]>) -> UnpackError {
    name::fault(name.unwrap_or_default(), "is a sparse file; make the archive again without `--sparse`")
}

fn text(header: &Header, data: &mut dyn Read) -> Result<Vec<u8>, UnpackError> {
    let mut bytes = description(header, data)?;
    if bytes.last() == Some(&0) {
        bytes.pop();
    }
    Ok(bytes)
}

fn description(header: &Header, data: &mut dyn Read) -> Result<Vec<u8>, UnpackError> {
    let size = header.entry_size().map_err(UnpackError::Read)?;
    if size > DESCRIPTION {
        return Err(UnpackError::Layout(format!(
            "an entry has a description of {size} bytes; {DESCRIPTION} are the most"
        )));
    }
    let mut bytes = Vec::new();
    data.read_to_end(&mut bytes).map_err(UnpackError::Read)?;
    if bytes.len() as u64 != size {
        return Err(UnpackError::Read(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}
