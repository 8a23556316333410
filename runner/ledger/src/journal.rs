//! The openings on disk: an append-only file, and the source of truth for everything else.
//!
//! The file is 16 bytes that say what it is, a random key of 32 bytes, and frames (see [`frame`]), one for each batch. The key
//! is no secret from those who can read the entries. It keeps an entry's bytes from being taken for a frame.

mod frame;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use frame::Record;
pub(crate) use read::entries;

use crate::durable::{FileError, at, place};
use crate::hash::Hash;
use crate::opening::Opening;
use frame::MOST;
use read::{Frames, start};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 16] = b"semla openings 1";
const START: u64 = 48;

/// Why the journal can't be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Not a journal.
    #[error("`{}` is no journal of openings; restore it from its backup", .0.display())]
    Format(PathBuf),
    /// Something in the middle isn't as it was written.
    #[error("the journal is damaged at entry {0} or later in its batch; restore it from its backup")]
    Damaged(u64),
    /// Too much at once.
    #[error("a batch of {0} bytes is too large for the journal; append at most {MOST} at once")]
    Large(usize),
    /// No salt could be drawn.
    #[error("nothing was recorded: the system gave no random bytes; try again")]
    Random,
    /// An earlier append failed, and so did taking it back.
    #[error("the journal's end is unknown after a failed append; reopen the log")]
    Unknown,
    /// The file can't be used.
    #[error(transparent)]
    File(#[from] FileError),
}

/// An open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    key: hmac::Key,
    /// Where each record starts.
    starts: Vec<u64>,
    /// Where the next frame goes; none if that isn't known any more.
    end: Option<u64>,
}

/// Makes an empty journal.
pub(crate) fn create(path: &Path, aside: &Path) -> Result<(), JournalError> {
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).map_err(|_| JournalError::Random)?;
    Ok(place(aside, 0o600, &[(path.to_owned(), [MAGIC.as_slice(), &key].concat())])?)
}

impl Journal {
    /// Reads a journal, giving each record to `each`, and returns it with the number of bytes at its end that were dropped.
    ///
    /// A last batch that was torn by a crash is dropped: nobody was told that it is recorded. It is told from damage by two
    /// things: a checkpoint covers none of it (`covered` entries are covered by one), and no later frame follows.
    pub(crate) fn open(
        path: &Path,
        covered: u64,
        mut each: impl FnMut(Record<'_>),
    ) -> Result<(Self, u64), JournalError> {
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(at("open", path))?;
        let key = start(path, &file)?;
        let mut journal = Self { path: path.to_owned(), file, key, starts: Vec::new(), end: None };
        let mut starts = Vec::new();
        let mut frames = journal.frames()?;
        while let Some((header, body)) = frames.next(starts.len() as u64).map_err(at("read", path))? {
            for record in frame::records(&header, &body) {
                starts.push(record.at);
                each(record);
            }
        }
        let (end, length) = (frames.at(), frames.length());
        if end < length {
            let first = starts.len() as u64;
            if first < covered || frames.later(first).map_err(at("read", path))? {
                return Err(JournalError::Damaged(first));
            }
        }
        (journal.starts, journal.end) = (starts, Some(end));
        if end < length {
            journal.cut(end).map_err(at("cut the torn end off", path))?;
        }
        Ok((journal, length - end))
    }

    /// As it is now, to be read while it goes on.
    pub(crate) fn again(&self) -> Result<Self, JournalError> {
        let file = File::open(&self.path).map_err(at("open", &self.path))?;
        let (path, key) = (self.path.clone(), self.key.clone());
        Ok(Self { path, file, key, starts: self.starts.clone(), end: self.end })
    }

    /// How many records there are.
    pub(crate) fn count(&self) -> u64 {
        self.starts.len() as u64
    }

    /// Adds a batch. When this returns, all of it survives a power cut; if it fails, none of it is there.
    pub(crate) fn append(&mut self, records: &[([u8; 32], &[u8])]) -> Result<(), JournalError> {
        let end = self.end.ok_or(JournalError::Unknown)?;
        let (bytes, starts) = frame::write(&self.key, end, self.count(), records)?;
        if let Err(error) = self.file.write_all_at(&bytes, end).and_then(|()| self.file.sync_data()) {
            // What reached the disk is unknown. Cut it off; if even that fails, nothing may follow it.
            self.end = self.cut(end).is_ok().then_some(end);
            return Err(at("append to", &self.path)(error).into());
        }
        self.end = Some(end + bytes.len() as u64);
        self.starts.extend(starts);
        Ok(())
    }

    /// Reads one record back. Nothing is checked.
    pub(crate) fn opening(&self, index: u64) -> Result<Opening, JournalError> {
        let start = usize::try_from(index).ok().and_then(|index| self.starts.get(index));
        let start = *start.ok_or(JournalError::Damaged(index))?;
        match read::opening(&self.file, index, start) {
            Ok(opening) => Ok(opening),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(JournalError::Damaged(index)),
            Err(error) => Err(at("read", &self.path)(error).into()),
        }
    }

    /// Reads everything again; what was appended after [`Self::again`] isn't looked into. `same` says whether the entry at an index still has the commitment that it had.
    pub(crate) fn check(&self, mut same: impl FnMut(u64, Hash) -> bool) -> Result<(), JournalError> {
        let mut seen = 0;
        let mut frames = self.frames()?;
        while seen < self.count()
            && let Some((header, body)) = frames.next(seen).map_err(at("read", &self.path))?
        {
            for record in frame::records(&header, &body) {
                if !same(record.index, record.commitment()) {
                    return Err(JournalError::Damaged(record.index));
                }
                seen += 1;
            }
        }
        let ends = seen == self.count() && Some(frames.at()) == self.end;
        if ends && frames.goes_on(seen).map_err(at("read", &self.path))? {
            return Ok(());
        }
        // A frame's seal is wrong: say which of its entries is, or else the first, for what stands around them.
        for index in seen..self.count() {
            if !same(index, self.opening(index)?.commitment()) {
                return Err(JournalError::Damaged(index));
            }
        }
        Err(JournalError::Damaged(seen))
    }

    fn frames(&self) -> Result<Frames<'_>, FileError> {
        Frames::new(&self.file, &self.key, START).map_err(at("read", &self.path))
    }

    fn cut(&self, end: u64) -> Result<(), Error> {
        self.file.set_len(end)?;
        self.file.sync_all()
    }
}
