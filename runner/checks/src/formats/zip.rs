//! Zip archives (PKWARE APPNOTE 6.3.10), read so that every other reader would see the same members: the directory at the end, the
//! headers before the members and the members themselves must agree, and each byte belongs to exactly one of them.

mod end;
mod entry;
mod flavour;
mod member;

use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::formats::names::Names;
use crate::formats::walk::{Walk, piece};
use crate::formats::{inside, open_inside};
use end::End;
use entry::Entry;

pub(crate) use end::ends_as_zip;
pub(crate) use flavour::flavour;

/// Most members (F3).
const MEMBERS: u64 = 10_000;
const STRIP: &str = "write the archive anew with an ordinary packer";

/// A file in an archive.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) data: Data,
}

/// Reads an archive of files, each as what it is.
pub(crate) fn read(members: &[Member], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    members.iter().try_for_each(|member| open_inside(&member.data, &member.name, at, anatomy))
}

/// The files in an archive, in the order in which they lie there. What archive and members say beside that becomes parts and remarks.
pub(crate) fn members(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<Vec<Member>, Fault> {
    let end = End::find(data)?;
    if end.members > MEMBERS {
        return Err(Fault::new(format!(
            "the archive has {} members, and at most {MEMBERS} can be examined",
            end.members
        )));
    }
    if end.trailing.len() > 0 {
        foreign(anatomy, "F3", "bytes follow the archive's end", at, end.trailing.clone())?;
    }
    if end.comment.len() > 0 {
        foreign(anatomy, "F6", "the archive has a comment", at, end.comment.clone())?;
    }
    let entries = directory(data, &end)?;
    let mut names = Names::default();
    let mut members = Vec::new();
    let mut next = 0;
    for (entry, following) in entries.iter().zip(starts(&entries, end.directory)) {
        if entry.start != next {
            return Err(Fault::at(next, "members overlap, or something lies between them"));
        }
        next = following;
        names.admit(&entry.name)?;
        for extra in entry.extras(data)? {
            foreign(anatomy, "F6", "a member's header holds more than its name, size and time", at, extra)?;
        }
        if let Some(data) = entry.unpacked(data, following, anatomy)? {
            members.push(Member { name: entry.name.clone(), data });
        }
    }
    if next != end.directory {
        return Err(Fault::at(next, "something lies between the members and their directory"));
    }
    names.fit()?;
    let texts = entries.into_iter().map(|entry| entry.name).collect();
    anatomy.add(inside(at, "names"), Body::Texts(texts))?;
    Ok(members)
}

/// Puts bytes that aren't a member aside, and tells of them.
fn foreign(anatomy: &mut Anatomy, check: &str, what: &str, at: &str, bytes: Data) -> Result<(), Fault> {
    anatomy.remark(check, Finding::block(what, STRIP).with("bytes", bytes.len()));
    anatomy.add(inside(at, what), Body::Bytes(bytes))
}

/// The directory's entries, in the order in which the members lie.
fn directory(data: &Data, end: &End) -> Result<Vec<Entry>, Fault> {
    let bytes = piece(data, end.directory, end.size)?;
    let mut walk = Walk::new(&bytes, end.directory);
    let mut entries = Vec::new();
    while !walk.is_empty() {
        entries.push(Entry::read(&mut walk, data)?);
        if entries.len() as u64 > end.members {
            break;
        }
    }
    if entries.len() as u64 != end.members {
        return Err(Fault::at(end.directory, "the directory has another number of members than the end says"));
    }
    entries.sort_by_key(|entry| entry.start);
    Ok(entries)
}

/// Where what follows each entry's member begins.
fn starts(entries: &[Entry], directory: u64) -> impl Iterator<Item = u64> {
    entries.iter().skip(1).map(|entry| entry.start).chain([directory])
}
