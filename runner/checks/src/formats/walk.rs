//! Walks over a few bytes in memory, and never past their end.

use crate::anatomy::Fault;
use crate::data::Data;

/// Most bytes of a header, a directory or another part that is read into memory as a whole.
const WHOLE: u64 = 32 << 20;

/// A stretch of a file in memory, if the file has it and it is no longer than a header may be.
pub(crate) fn piece(data: &Data, at: u64, len: u64) -> Result<Vec<u8>, Fault> {
    let part = data.part(at, len).ok_or_else(|| Fault::at(at, "it ends where more should follow"))?;
    if len > WHOLE {
        return Err(Fault::at(at, format!("a part of {len} bytes, which is more than can be examined at once")));
    }
    part.bytes().map_err(Fault::from)
}

/// What is left of some bytes, and where in the file they lie.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'a> {
    rest: &'a [u8],
    at: u64,
}

impl<'a> Walk<'a> {
    /// Bytes that lie at a place in the file.
    pub(crate) fn new(bytes: &'a [u8], at: u64) -> Self {
        Self { rest: bytes, at }
    }

    /// Where the next byte lies.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next bytes.
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| self.short())?;
        (self.rest, self.at) = (rest, self.at + count as u64);
        Ok(taken)
    }

    fn next<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or_else(|| self.short())?;
        (self.rest, self.at) = (rest, self.at + N as u64);
        Ok(*taken)
    }

    fn short(&self) -> Fault {
        Fault::at(self.at + self.rest.len() as u64, "it ends where more should follow")
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Fault> {
        self.next::<1>().map(|[byte]| byte)
    }

    /// The next two bytes, the least significant first; so are the others, but for those that say otherwise.
    pub(crate) fn u16(&mut self) -> Result<u16, Fault> {
        self.next().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        self.next().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Fault> {
        self.next().map(u64::from_le_bytes)
    }

    pub(crate) fn u16_big(&mut self) -> Result<u16, Fault> {
        self.next().map(u16::from_be_bytes)
    }

    pub(crate) fn u32_big(&mut self) -> Result<u32, Fault> {
        self.next().map(u32::from_be_bytes)
    }
}
