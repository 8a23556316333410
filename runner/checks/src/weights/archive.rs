//! A zip archive written anew (PKWARE APPNOTE 6.3.10): members in their order, not packed, without times, owners or extra fields.

use super::{Precision, rounded, weights};
use crate::anatomy::Anatomy;
use crate::array::Array;
use crate::data::Data;
use crate::formats::npz;
use crate::formats::zip::{self, Member};
use flate2::Crc;
use std::io;

/// The version that unpacked members need, and that names are UTF-8.
const VERSION: u16 = 20;
const UTF8: u16 = 1 << 11;
/// The first day that a header can name: 1980-01-01.
const DAY: u32 = 0x21 << 16;

/// The members of an archive that was read before.
pub(super) fn members(whole: &Data) -> Option<Vec<Member>> {
    zip::members(whole, "", &mut Anatomy::default()).ok()
}

/// The copy of an archive of arrays, which are read where its members are unpacked to.
pub(super) fn unpacked(whole: &Data, precision: Precision) -> io::Result<Option<Vec<u8>>> {
    let (Some(members), mut anatomy) = (members(whole), Anatomy::default()) else { return Ok(None) };
    if npz::read(&members, "", &mut anatomy).is_err() {
        return Ok(None);
    }
    let arrays = anatomy.parts.iter().filter_map(|part| weights(&part.body)).collect::<Vec<_>>();
    copy(&members, &arrays, precision)
}

/// The copy of an archive whose arrays lie in its members.
pub(super) fn copy(members: &[Member], arrays: &[&Array], precision: Precision) -> io::Result<Option<Vec<u8>>> {
    let (mut archive, mut directory, mut reached) = (Vec::new(), Vec::new(), 0);
    let count = members.len();
    for member in members {
        let own: Vec<&Array> =
            arrays.iter().copied().filter(|array| array.data.place_in(&member.data).is_some()).collect();
        reached += own.len();
        let Some(bytes) = rounded(&member.data, &own, precision)? else { return Ok(None) };
        let Some(facts) = facts(&member.name, &bytes) else { return Ok(None) };
        let Ok(start) = u32::try_from(archive.len()) else { return Ok(None) };
        archive.extend([&b"PK\x03\x04"[..], &VERSION.to_le_bytes(), &facts].concat());
        archive.extend(member.name.as_bytes());
        archive.extend(bytes);
        // Writer, comment, disk, attributes: none.
        directory.extend([&b"PK\x01\x02"[..], &VERSION.to_le_bytes(), &VERSION.to_le_bytes(), &facts].concat());
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let (Ok(count), Ok(size), Ok(start)) =
        (u16::try_from(count), u32::try_from(directory.len()), u32::try_from(archive.len()))
    else {
        return Ok(None);
    };
    archive.extend(directory);
    archive.extend([&b"PK\x05\x06\0\0\0\0"[..], &count.to_le_bytes(), &count.to_le_bytes()].concat());
    archive.extend([&size.to_le_bytes()[..], &start.to_le_bytes(), &[0, 0]].concat());
    Ok(Some(archive).filter(|_| reached == arrays.len()))
}

/// What both headers of a member say, from its flags to the length of its extra fields.
fn facts(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut sum = Crc::new();
    sum.update(bytes);
    let (size, name) = (u32::try_from(bytes.len()).ok()?.to_le_bytes(), u16::try_from(name.len()).ok()?);
    let mut facts = [&UTF8.to_le_bytes()[..], &[0, 0], &DAY.to_le_bytes(), &sum.sum().to_le_bytes()].concat();
    facts.extend([&size[..], &size, &name.to_le_bytes(), &[0, 0]].concat());
    Some(facts)
}
