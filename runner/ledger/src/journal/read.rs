//! Reading frames back.

use super::frame::{HEADER, Header, MOST, RECORD, Record, SEAL, records};
use super::{JournalError, MAGIC, START};
use crate::durable::at;
use crate::hash::Hash;
use crate::opening::Opening;
use ring::hmac;
use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Reads the record that starts here.
pub(super) fn opening(file: &File, index: u64, start: u64) -> Result<Opening, Error> {
    let (mut salt, mut length) = ([0; 32], [0; 4]);
    file.read_exact_at(&mut salt, start)?;
    file.read_exact_at(&mut length, start + 32)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > MOST {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let mut entry = vec![0; length];
    file.read_exact_at(&mut entry, start + RECORD)?;
    Ok(Opening { index, salt: Hash::from_bytes(salt), entry })
}

/// Reads frames one after another.
pub(super) struct Frames<'a> {
    key: &'a hmac::Key,
    reader: BufReader<&'a File>,
    at: u64,
    length: u64,
}

impl<'a> Frames<'a> {
    pub(super) fn new(file: &'a File, key: &'a hmac::Key, start: u64) -> Result<Self, Error> {
        let length = file.metadata()?.len();
        let mut reader = BufReader::with_capacity(1 << 20, file);
        reader.seek(SeekFrom::Start(start))?;
        Ok(Self { key, reader, at: start, length })
    }

    /// Where the last whole frame ended.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// How long the file was.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The next frame, if there is a whole one whose first record has this index.
    pub(super) fn next(&mut self, first: u64) -> Result<Option<(Header, Vec<u8>)>, Error> {
        let mut bytes = [0; HEADER as usize];
        if self.length - self.at < HEADER {
            return Ok(None);
        }
        self.reader.read_exact(&mut bytes)?;
        let Some(header) = Header::parse(self.key, self.at, &bytes) else { return Ok(None) };
        let size = HEADER + u64::from(header.length) + SEAL;
        if header.first != first || self.length - self.at < size {
            return Ok(None);
        }
        let mut body = vec![0; header.length as usize];
        let mut seal = [0; SEAL as usize];
        self.reader.read_exact(&mut body)?;
        self.reader.read_exact(&mut seal)?;
        let whole = header.seal(self.key, &body).as_ref() == seal
            && records(&header, &body).count() as u64 == u64::from(header.count);
        if !whole {
            return Ok(None);
        }
        self.at += size;
        Ok(Some((header, body)))
    }

    /// Whether there is nothing behind the last whole frame, or as much as there is yet of the next one.
    pub(super) fn goes_on(&mut self, first: u64) -> Result<bool, Error> {
        if self.length - self.at < HEADER {
            return Ok(true);
        }
        let mut bytes = [0; HEADER as usize];
        self.reader.read_exact(&mut bytes)?;
        Ok(Header::parse(self.key, self.at, &bytes).is_some_and(|header| header.first == first))
    }

    /// Whether a frame of later records than this one was begun anywhere behind the last whole frame.
    pub(super) fn later(&mut self, first: u64) -> Result<bool, Error> {
        let mut window = [0; HEADER as usize];
        self.reader.seek(SeekFrom::Start(self.at))?;
        for (read, byte) in (1..).zip(self.reader.by_ref().bytes()) {
            window.copy_within(1.., 0);
            if let Some(last) = window.last_mut() {
                *last = byte?;
            }
            let begun = (self.at + read).checked_sub(HEADER);
            let header = begun.filter(|_| read >= HEADER).and_then(|at| Header::parse(self.key, at, &window));
            if header.is_some_and(|header| header.first > first) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Gives each entry to `each`, in order, from a journal that another process may be writing: up to its last whole batch.
pub(crate) fn entries(path: &Path, mut each: impl FnMut(Record<'_>)) -> Result<(), JournalError> {
    let file = File::open(path).map_err(at("open", path))?;
    let key = start(path, &file)?;
    let mut frames = Frames::new(&file, &key, START).map_err(at("read", path))?;
    let mut seen = 0;
    while let Some((header, body)) = frames.next(seen).map_err(at("read", path))? {
        for record in records(&header, &body) {
            seen += 1;
            each(record);
        }
    }
    Ok(())
}

/// The key of the journal's frames.
pub(super) fn start(path: &Path, file: &File) -> Result<hmac::Key, JournalError> {
    let mut start = [0; START as usize];
    match file.read_exact_at(&mut start, 0) {
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => return Err(at("read", path)(error).into()),
        _ => {}
    }
    match start.strip_prefix(MAGIC) {
        Some(key) => Ok(hmac::Key::new(hmac::HMAC_SHA256, key)),
        None => Err(JournalError::Format(path.to_owned())),
    }
}
