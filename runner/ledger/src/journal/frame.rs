//! Frames: one batch each, whole or not there.
//!
//! ```text
//! first index   8 bytes  ┐
//! records       4 bytes  │ header: the mark is an HMAC over
//! body length   4 bytes  │ these and the place in the file
//! mark         16 bytes  ┘
//! body                     records: salt 32 bytes, length 4 bytes, entry
//! seal         32 bytes    an HMAC over header and body
//! ```
//!
//! Numbers are big-endian.

use super::JournalError;
use crate::hash::Hash;
use crate::opening::commitment;
use ring::hmac;

/// The most bytes that a frame's body has.
pub(super) const MOST: usize = 64 << 20;

pub(super) const HEADER: u64 = 32;
pub(super) const SEAL: u64 = 32;
/// How much stands before an entry.
pub(super) const RECORD: u64 = 36;

/// A frame's header whose mark is right.
pub(super) struct Header {
    /// Where the frame starts in the file.
    pub(super) at: u64,
    /// The first record's index.
    pub(super) first: u64,
    /// How many records there are.
    pub(super) count: u32,
    /// How long the body is.
    pub(super) length: u32,
}

impl Header {
    /// Reads what may be a header at this place.
    pub(super) fn parse(key: &hmac::Key, at: u64, bytes: &[u8; 32]) -> Option<Self> {
        let (first, rest) = bytes.split_first_chunk::<8>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let (length, _) = rest.split_first_chunk::<4>()?;
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
        let header = Self { at, first: u64::from_be_bytes(*first), count: number(count), length: number(length) };
        // The cheap question first: while looking for a later frame, this is asked at every byte.
        let fits = header.count > 0 && u64::from(header.count) * RECORD <= u64::from(header.length);
        (fits && header.bytes(key) == *bytes).then_some(header)
    }

    fn bytes(&self, key: &hmac::Key) -> [u8; 32] {
        let mut context = hmac::Context::with_key(key);
        context.update(b"frame");
        let mut bytes = [0; 32];
        let (plain, mark) = bytes.split_at_mut(16);
        let numbers = [&self.first.to_be_bytes()[..], &self.count.to_be_bytes(), &self.length.to_be_bytes()].concat();
        plain.copy_from_slice(&numbers);
        context.update(&self.at.to_be_bytes());
        context.update(plain);
        context.sign().as_ref().iter().zip(mark).for_each(|(from, to)| *to = *from);
        bytes
    }

    /// The seal over header and body.
    pub(super) fn seal(&self, key: &hmac::Key, body: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(key);
        context.update(&self.bytes(key));
        context.update(body);
        context.sign()
    }
}

/// One record of a frame.
pub(crate) struct Record<'a> {
    /// The entry's position.
    pub(crate) index: u64,
    /// Where it starts in the file.
    pub(super) at: u64,
    salt: &'a [u8; 32],
    /// The entry itself.
    pub(crate) entry: &'a [u8],
}

impl Record<'_> {
    /// What the leaf commits to this with.
    pub(crate) fn commitment(&self) -> Hash {
        commitment(self.salt, self.entry)
    }
}

/// The records of a frame, as far as its body has them.
pub(super) fn records<'a>(header: &Header, body: &'a [u8]) -> impl Iterator<Item = Record<'a>> {
    let (mut index, mut at, mut rest) = (header.first, header.at + HEADER, body);
    std::iter::from_fn(move || {
        let (salt, after) = rest.split_first_chunk::<32>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let (entry, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let record = Record { index, at, salt, entry };
        (index, at, rest) = (index + 1, at + RECORD + entry.len() as u64, after);
        Some(record)
    })
}

/// The bytes of a frame, and where its records start.
pub(super) fn write(
    key: &hmac::Key,
    at: u64,
    first: u64,
    records: &[([u8; 32], &[u8])],
) -> Result<(Vec<u8>, Vec<u64>), JournalError> {
    let wanted: usize = records.iter().map(|(_, entry)| RECORD as usize + entry.len()).sum();
    let large = || JournalError::Large(wanted);
    let length = u32::try_from(wanted).ok().filter(|_| wanted <= MOST).ok_or_else(large)?;
    let header = Header { at, first, count: u32::try_from(records.len()).map_err(|_| large())?, length };
    let mut bytes = Vec::with_capacity(wanted + (HEADER + SEAL) as usize);
    bytes.extend_from_slice(&header.bytes(key));
    let mut starts = Vec::with_capacity(records.len());
    for (salt, entry) in records {
        starts.push(at + bytes.len() as u64);
        bytes.extend_from_slice(salt);
        bytes.extend_from_slice(&u32::try_from(entry.len()).map_err(|_| large())?.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    let seal = header.seal(key, bytes.get(HEADER as usize..).unwrap_or_default());
    bytes.extend_from_slice(seal.as_ref());
    Ok((bytes, starts))
}
