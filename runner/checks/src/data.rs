//! The bytes of a file, of a stretch of it, or of what was unpacked from it: read where and when they are wanted, so that no file
//! has to fit into memory.

use nix::fcntl::{OFlag, open};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::stat::Mode;
use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

/// Unpacked bytes that are kept in this process's own memory; more lie in a file that only memory holds.
const KEPT: usize = 1 << 20;
/// Bytes that are read at a time.
const WINDOW: usize = 1 << 18;
/// A file is read by so many bytes where fewer than [`FEW`] are wanted: most such reads are of what follows.
const PAGE: usize = 1 << 12;
const FEW: usize = 1 << 8;

/// A stretch of bytes. Copies of it are cheap, and are of the same bytes.
#[derive(Clone)]
pub(crate) struct Data {
    source: Arc<Source>,
    start: u64,
    len: u64,
}

enum Source {
    File(File, Mutex<Page>),
    Memory(Vec<u8>),
}

/// Bytes of a file that were read last.
#[derive(Default)]
struct Page {
    start: u64,
    bytes: Vec<u8>,
}

impl Page {
    /// Reads few bytes.
    fn read(&mut self, file: &File, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.start + self.bytes.len() as u64;
        if at < self.start || at + buffer.len() as u64 > end {
            self.bytes.resize(PAGE, 0);
            let read = file.read_at(&mut self.bytes, at);
            self.bytes.truncate(*read.as_ref().unwrap_or(&0));
            self.start = at;
            read?;
        }
        self.bytes.get((at - self.start) as usize..).unwrap_or(&[]).read(buffer)
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data").field("start", &self.start).field("len", &self.len).finish_non_exhaustive()
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        let len = bytes.len() as u64;
        Self { source: Arc::new(Source::Memory(bytes)), start: 0, len }
    }
}

impl Data {
    /// All of a regular file, as long as it is now.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { source: Arc::new(Source::File(file.try_clone()?, Mutex::default())), start: 0, len })
    }

    /// What a reader gives, at most `most` bytes of it; none if there are more.
    pub(crate) fn unpacked(mut reader: impl Read, most: u64) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        reader.by_ref().take(most.saturating_add(1).min(KEPT as u64)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Ok(None);
        }
        if bytes.len() < KEPT {
            return Ok(Some(bytes.into()));
        }
        let mut file = nameless()?;
        file.write_all(&bytes)?;
        let left = most - bytes.len() as u64;
        let more = io::copy(&mut reader.take(left.saturating_add(1)), &mut file)?;
        if more > left { Ok(None) } else { Self::of(&file).map(Some) }
    }

    /// Bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// A stretch of it, if it is so long.
    pub(crate) fn part(&self, start: u64, len: u64) -> Option<Self> {
        start.checked_add(len).filter(|end| *end <= self.len)?;
        Some(Self { source: Arc::clone(&self.source), start: self.start + start, len })
    }

    /// Where in another stretch this one begins, if it lies in it.
    pub(crate) fn place_in(&self, outer: &Self) -> Option<u64> {
        let at = self.start.checked_sub(outer.start).filter(|at| at + self.len <= outer.len)?;
        Arc::ptr_eq(&self.source, &outer.source).then_some(at)
    }

    /// All that follows a place.
    pub(crate) fn after(&self, start: u64) -> Option<Self> {
        self.part(start, self.len.checked_sub(start)?)
    }

    /// Reads bytes from a place on, as many as there are and fit.
    pub(crate) fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let Some(buffer) = buffer.get_mut(..wanted).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let from = self.start + at;
        match &*self.source {
            Source::File(file, page) if wanted < FEW => {
                page.lock().unwrap_or_else(PoisonError::into_inner).read(file, from, buffer)
            }
            Source::File(file, _) => file.read_at(buffer, from),
            Source::Memory(bytes) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX);
                bytes.get(from..).unwrap_or(&[]).read(buffer)
            }
        }
    }

    /// The first bytes, at most so many.
    pub(crate) fn head(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader().take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// All bytes, for a caller that knows that they are few. A file that shrank meanwhile is an error.
    pub(crate) fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader().read_to_end(&mut bytes)?;
        if bytes.len() as u64 == self.len { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Hands out one record after the other, of so many bytes each; the last one may be shorter.
    pub(crate) fn records(&self, size: usize, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        let (mut reader, mut left) = (self.buffered(), self.len);
        let mut record = vec![0; size.min(usize::try_from(left).unwrap_or(usize::MAX))];
        while left > 0 && !record.is_empty() {
            record.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            reader.read_exact(&mut record)?;
            left -= record.len() as u64;
            take(&record);
        }
        Ok(())
    }

    /// The same, where they lie if memory holds them.
    pub(crate) fn whole(&self) -> io::Result<Cow<'_, [u8]>> {
        let Source::Memory(bytes) = &*self.source else { return self.bytes().map(Cow::Owned) };
        let (start, len) = (usize::try_from(self.start), usize::try_from(self.len));
        let held = start.ok().zip(len.ok()).and_then(|(start, len)| bytes.get(start..)?.get(..len));
        held.map(Cow::Borrowed).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Reads from the beginning.
    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader { data: self, at: 0 }
    }

    /// Reads from the beginning, with a buffer.
    pub(crate) fn buffered(&self) -> io::BufReader<Reader<'_>> {
        io::BufReader::with_capacity(WINDOW, self.reader())
    }
}

/// A file without a name. Where the filter of a sandbox knows no memfd_create, it lies in the folder for such files, which has a bound.
fn nameless() -> io::Result<File> {
    let kept = memfd_create(c"unpacked", MFdFlags::MFD_CLOEXEC).or_else(|_| {
        let flags = OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC | OFlag::O_EXCL;
        open(&std::env::temp_dir(), flags, Mode::S_IRUSR | Mode::S_IWUSR)
    });
    Ok(kept?.into())
}

/// Reads a stretch of bytes from any place in it.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    data: &'a Data,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.data.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.data.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;
