//! One member of a zip archive, as the directory and the header before it describe it (APPNOTE 4.3.7, 4.3.12): both must say the same.

use crate::anatomy::Fault;
use crate::data::Data;
use crate::formats::walk::{Walk, piece};
use crate::say::quoted;

/// Most bytes that a header's fixed fields, name and extra fields can have.
const HEADER: u64 = 30 + 2 * u16::MAX as u64;
/// Flags that may be set: how hard it was packed (two bits), sizes follow the member, its name is UTF-8 (APPNOTE 4.4.4).
const PLAIN_FLAGS: u16 = 0b1000_0000_1110;
const FOLLOWS: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;
/// Kinds of files in a Unix mode.
const KIND: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
/// The newest version that a reader can be asked to have (APPNOTE 4.4.3).
const VERSION: u16 = 63;
/// That it is a text; and attributes of FAT and NTFS: read-only, hidden, system, folder, archive, normal, not indexed.
const TEXT: u16 = 1;
const ATTRIBUTES: u32 = 0x20b7;
const FULL: u32 = u32::MAX;

/// A member that was described twice alike.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Where its header begins.
    pub(super) start: u64,
    /// Where its bytes begin.
    pub(super) body: u64,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) checksum: u32,
    pub(super) is_deflated: bool,
    /// Whether its sizes stand behind it once more.
    pub(super) follows: bool,
    /// Fields of both headers and the comment that say something else: where, and how long.
    foreign: Vec<(u64, u64)>,
}

/// What both headers say.
#[derive(PartialEq)]
struct Common {
    flags: u16,
    method: u16,
    time: u32,
}

impl Entry {
    /// Reads an entry of the directory, and the header that it points to.
    pub(super) fn read(walk: &mut Walk<'_>, data: &Data) -> Result<Self, Fault> {
        let at = walk.at();
        if walk.u32()? != 0x0201_4b50 {
            return Err(Fault::at(at, "the directory is broken"));
        }
        let (_writer, needed) = (walk.u16()?, walk.u16()?);
        let common = Common { flags: walk.u16()?, method: walk.u16()?, time: walk.u32()? };
        let (checksum, packed, size) = (walk.u32()?, walk.u32()?, walk.u32()?);
        let (name, extra, comment) = (walk.u16()?, walk.u16()?, walk.u16()?);
        let disk = walk.u16()?;
        let internal = walk.u16()?;
        let external = walk.u32()?;
        let mode = external >> 16;
        let start = walk.u32()?;
        let bytes = walk.take(name.into())?;
        let name = self::name(bytes, common.flags).ok_or_else(|| Fault::at(at, "a member's name isn't plain UTF-8"))?;
        let mut foreign = Vec::new();
        let mut wide = fields(walk, extra, &mut foreign)?;
        if comment > 0 {
            foreign.push((walk.at(), comment.into()));
        }
        walk.take(comment.into())?;
        let mut widened = |short: u32| if short == FULL { wide.u64() } else { Ok(short.into()) };
        let (size, packed, start) = (widened(size)?, widened(packed)?, widened(start)?);
        let fault = |what: &str| Err(Fault::at(at, format!("{}: {what}", quoted(&name))));
        if !wide.is_empty() || disk != 0 || needed > VERSION {
            return fault("the directory is broken");
        }
        if internal & !TEXT != 0 || external & 0xffff & !ATTRIBUTES != 0 {
            return fault("it has attributes that no system gives to a file");
        }
        if common.flags & 0b10_0000_0100_0001 != 0 {
            return fault("it is encrypted");
        }
        if common.flags & !PLAIN_FLAGS != 0 {
            return fault("it is packed in a way that no check reads");
        }
        let kind = mode & KIND;
        if ![0, if name.ends_with('/') { FOLDER } else { FILE }].contains(&kind) {
            return fault("it is neither a file nor a folder, but a link or a device");
        }
        let is_deflated = match common.method {
            0 if packed == size => false,
            0 => return fault("it has two sizes"),
            8 => true,
            _ => return fault("it is packed in a way that no check reads"),
        };
        let follows = common.flags & FOLLOWS != 0;
        let mut entry = Self { name, start, body: 0, packed, size, checksum, is_deflated, follows, foreign };
        entry.compare(&common, bytes, data)?;
        Ok(entry)
    }

    /// Holds the header before the member to the directory.
    fn compare(&mut self, common: &Common, name: &[u8], data: &Data) -> Result<(), Fault> {
        let at = self.start;
        let bytes = piece(data, at, data.len().saturating_sub(at).min(HEADER))?;
        let mut walk = Walk::new(&bytes, at);
        let (signature, needed) = (walk.u32()?, walk.u16()?);
        let same = Common { flags: walk.u16()?, method: walk.u16()?, time: walk.u32()? } == *common;
        let (checksum, packed, size) = (walk.u32()?, walk.u32()?, walk.u32()?);
        let (length, extra) = (walk.u16()?, walk.u16()?);
        let named = walk.take(length.into())?;
        let mut wide = fields(&mut walk, extra, &mut self.foreign)?;
        let unsaid = self.follows && (checksum, packed, size) == (0, 0, 0);
        // Writers that don't know the sizes beforehand leave room for long ones, and may fill it with nothing.
        let (long_size, long_packed) = match wide.is_empty() {
            true => (u64::from(size), u64::from(packed)),
            false => (wide.u64()?, wide.u64()?),
        };
        let says = |short: u32, long: u64, known: u64| {
            u64::from(short) == known || short == FULL && (long == known || self.follows && long == 0)
        };
        let agree = unsaid
            || (checksum == self.checksum || self.follows && checksum == 0)
                && says(size, long_size, self.size)
                && says(packed, long_packed, self.packed);
        if signature != 0x0403_4b50 || needed > VERSION || !same || named != name || !agree || !wide.is_empty() {
            return Err(Fault::at(at, format!("{}: header and directory disagree", quoted(&self.name))));
        }
        self.body = walk.at();
        Ok(())
    }

    /// What its headers hold beside the usual.
    pub(super) fn extras(&self, data: &Data) -> Result<Vec<Data>, Fault> {
        let part = |(at, len): &(u64, u64)| data.part(*at, *len).ok_or_else(|| Fault::at(*at, "it ends too early"));
        self.foreign.iter().map(part).collect()
    }
}

fn name(bytes: &[u8], flags: u16) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    (flags & UTF8 != 0 || text.is_ascii()).then(|| text.to_owned())
}

/// Reads a header's extra fields: hands out the long sizes, and notes those that are neither times, owners nor filling.
fn fields<'a>(walk: &mut Walk<'a>, len: u16, foreign: &mut Vec<(u64, u64)>) -> Result<Walk<'a>, Fault> {
    let at = walk.at();
    let mut fields = Walk::new(walk.take(len.into())?, at);
    let mut wide = None;
    while !fields.is_empty() {
        let at = fields.at();
        let (id, len) = (fields.u16()?, fields.u16()?);
        let body_at = fields.at();
        let body = fields.take(len.into())?;
        match (id, len) {
            (0x0001, _) if wide.is_none() => wide = Some(Walk::new(body, body_at)),
            (0x0001, _) => return Err(Fault::at(at, "long sizes stand twice in a header")),
            // Times and owners, by Info-ZIP and by NTFS.
            (0x5455, 5 | 9 | 13) | (0x5855, 8 | 12) | (0x7875, 11) | (0x000a, 32) => (),
            // PyTorch fills up with the letter Z, so that arrays begin at multiples of 64.
            (0x4246, _) if body.iter().all(|byte| *byte == b'Z') => (),
            _ => foreign.push((at, 4 + u64::from(len))),
        }
    }
    Ok(wide.unwrap_or_else(|| Walk::new(&[], at)))
}
