//! The records at a zip archive's end: where its directory lies (APPNOTE 4.3.14 to 4.3.16).

use crate::anatomy::Fault;
use crate::data::Data;
use crate::formats::walk::{Walk, piece};

const SIGNATURE: u32 = 0x0605_4b50;
const SIGNATURE_64: u32 = 0x0606_4b50;
const LOCATOR: u32 = 0x0706_4b50;
/// Bytes of the three records, without a comment.
const RECORD: u64 = 22;
const RECORD_64: u64 = 56;
const LOCATED: u64 = 20;
/// Most bytes from which on an end record can begin.
pub(super) const REACH: u64 = RECORD + u16::MAX as u64;

/// What the records at the end say.
#[derive(Debug)]
pub(super) struct End {
    pub(super) members: u64,
    pub(super) directory: u64,
    /// Bytes of the directory.
    pub(super) size: u64,
    pub(super) comment: Data,
    /// What follows the end.
    pub(super) trailing: Data,
}

impl End {
    /// Finds the last end record, and holds that the directory ends where the records begin.
    pub(super) fn find(data: &Data) -> Result<Self, Fault> {
        let from = data.len().saturating_sub(REACH);
        let tail = piece(data, from, data.len() - from)?;
        let place = places(&tail).next().ok_or_else(|| Fault::new("the archive has no end"))?;
        let mut walk = Walk::new(tail.get(place..).unwrap_or(&[]), from + place as u64);
        let record = walk.at();
        walk.take(4)?;
        let disks = [walk.u16()?, walk.u16()?];
        let members = [walk.u16()?, walk.u16()?];
        let (size, directory) = (walk.u32()?, walk.u32()?);
        let comment = walk.u16()?;
        let at = walk.at();
        let comment =
            data.part(at, comment.into()).ok_or_else(|| Fault::at(at, "the archive's comment doesn't end"))?;
        let trailing = data.after(at + comment.len()).unwrap_or_else(|| Data::from(Vec::new()));
        let [members, all] = members.map(u64::from);
        let mut end = Self { members, directory: directory.into(), size: size.into(), comment, trailing };
        let full = members == u64::from(u16::MAX) || size == u32::MAX || directory == u32::MAX;
        let start = match wide(data, record)? {
            Some((wide, start)) => {
                let agree = |short: u64, most: u64, wide: u64| short == wide || short == most;
                let (short, long) = (u64::from(u16::MAX), u64::from(u32::MAX));
                if !agree(end.members, short, wide.members)
                    || !agree(all, short, wide.members)
                    || !agree(end.size, long, wide.size)
                    || !agree(end.directory, long, wide.directory)
                {
                    return Err(Fault::at(record, "the archive's two ends disagree"));
                }
                (end.members, end.size, end.directory) = (wide.members, wide.size, wide.directory);
                start
            }
            None if full => return Err(Fault::at(record, "the archive's long end is missing")),
            None if all != members => return Err(Fault::at(record, "the archive is one of several parts")),
            None => record,
        };
        if !disks.iter().all(|disk| [0, u16::MAX].contains(disk)) {
            return Err(Fault::at(record, "the archive is one of several parts"));
        }
        match end.directory.checked_add(end.size) {
            Some(stop) if stop == start => Ok(end),
            Some(stop) if stop < start => Err(Fault::at(0, "bytes stand before the archive or its end")),
            _ => Err(Fault::at(record, "the archive's directory doesn't fit")),
        }
    }
}

/// The places in a file's tail at which an end record can stand, the last first.
fn places(tail: &[u8]) -> impl Iterator<Item = usize> {
    let stands = |place: &usize| {
        let mut walk = Walk::new(tail.get(*place..).unwrap_or(&[]), 0);
        walk.u32() == Ok(SIGNATURE)
            && walk.take(16).is_ok()
            && walk.u16().is_ok_and(|comment| walk.rest().len() >= comment.into())
    };
    (0..tail.len()).rev().filter(move |place| stands(place))
}

struct Wide {
    members: u64,
    size: u64,
    directory: u64,
}

/// The long end that stands before the short one, and where it begins.
fn wide(data: &Data, record: u64) -> Result<Option<(Wide, u64)>, Fault> {
    let Some(at) = record.checked_sub(LOCATED) else { return Ok(None) };
    let bytes = piece(data, at, LOCATED)?;
    let mut walk = Walk::new(&bytes, at);
    if walk.u32()? != LOCATOR {
        return Ok(None);
    }
    let (disk, start, disks) = (walk.u32()?, walk.u64()?, walk.u32()?);
    if (disk, disks) != (0, 1) || start.checked_add(RECORD_64) != Some(at) {
        return Err(Fault::at(at, "the archive's long end isn't where it should be"));
    }
    let bytes = piece(data, start, RECORD_64)?;
    let mut walk = Walk::new(&bytes, start);
    let (signature, size) = (walk.u32()?, walk.u64()?);
    walk.take(4)?;
    let disks = [walk.u32()?, walk.u32()?];
    let (members, all) = (walk.u64()?, walk.u64()?);
    if signature != SIGNATURE_64 || size != RECORD_64 - 12 || disks != [0, 0] || members != all {
        return Err(Fault::at(start, "the archive's long end is broken"));
    }
    Ok(Some((Wide { members, size: walk.u64()?, directory: walk.u64()? }, start)))
}

/// Whether a zip reader would find an archive at the end of these last bytes of a file: an end record, and a directory that ends
/// where that record begins.
pub(crate) fn ends_as_zip(tail: &[u8]) -> bool {
    const ENTRY: &[u8] = b"PK\x01\x02";
    places(tail).take(16).any(|place| {
        let mut walk = Walk::new(tail.get(place..).unwrap_or(&[]), 0);
        let size = walk.take(12).and_then(|_| walk.u32()).map_or(usize::MAX, |size| size as usize);
        match place.checked_sub(size) {
            Some(directory) => size == 0 || tail.get(directory..).is_some_and(|rest| rest.starts_with(ENTRY)),
            // The directory begins before what was read, or there is a long end: it can't be told, so it counts.
            None => size < 1 << 30 || size == u32::MAX as usize,
        }
    })
}
