//! Tar archives (POSIX.1-2017, pax, ustar interchange format; GNU tar's long names): files and folders, and nothing else.

mod header;
mod pax;

use super::names::Names;
use super::walk::piece;
use super::{inside, open_inside};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::say::quoted;
use header::{BLOCK, Header};
use std::io::Read;

pub(crate) use header::begins;

/// Most members (F3).
const MEMBERS: usize = 10_000;
/// Most bytes of zeros behind the end: packers fill up the last record, of 10,240 bytes by default.
const FILLING: u64 = 1 << 20;
/// Most bytes of a member that describes the next one.
const DESCRIBED: u64 = 1 << 16;

/// What earlier members said of the next one.
#[derive(Debug, Default)]
struct Said {
    name: Option<String>,
    size: Option<u64>,
}

/// Opens each file in an archive.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let (mut names, mut owners, mut listed) = (Names::default(), Vec::new(), Vec::new());
    let mut said = Said::default();
    let mut place = 0;
    loop {
        let block = piece(data, place, BLOCK)?;
        if block.iter().all(|byte| *byte == 0) {
            break;
        }
        let header = Header::read(&block, place)?;
        let size = said.size.take().unwrap_or(header.size);
        let body = data.part(place + BLOCK, size).ok_or_else(|| Fault::at(place, "a member ends too early"))?;
        let start = place;
        place = next(data, place + BLOCK + size)?;
        match header.kind {
            b'x' => pax::read(&body, &mut said, at, anatomy)?,
            b'L' if size <= DESCRIBED => said.name = Some(long_name(&body)?),
            b'0' | 0 | b'5' => {
                let name = said.name.take().unwrap_or(header.name);
                if listed.len() >= MEMBERS {
                    return Err(Fault::new(format!("the archive has more than {MEMBERS} members")));
                }
                let folder = header.kind == b'5';
                // What is packed from within its folder is named so.
                let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
                if folder && size == 0 && name.is_empty() {
                    continue;
                }
                if folder && size > 0 || !folder && name.ends_with('/') {
                    return Err(Fault::new(format!("{} is a file and a folder", quoted(&name))));
                }
                names.admit(&if folder { format!("{}/", name.trim_end_matches('/')) } else { name.clone() })?;
                owners.extend(header.owners.into_iter().filter(|owner| !owners.contains(owner)).collect::<Vec<_>>());
                if !folder {
                    open_inside(&body, &name, at, anatomy)?;
                }
                listed.push(name);
            }
            _ => return Err(Fault::at(start, format!("{} is neither a file nor a folder", quoted(&header.name)))),
        }
    }
    if said.name.is_some() || said.size.is_some() {
        return Err(Fault::at(place, "a member is described and missing"));
    }
    end(data, place, at, anatomy)?;
    names.fit()?;
    listed.extend(owners);
    anatomy.add(inside(at, "names"), Body::Texts(listed.into()))
}

/// Where the next header is: members fill whole blocks, the rest of the last one with zeros.
fn next(data: &Data, end: u64) -> Result<u64, Fault> {
    let filling = end.next_multiple_of(BLOCK) - end;
    match piece(data, end, filling)?.iter().all(|byte| *byte == 0) {
        true => Ok(end + filling),
        false => Err(Fault::at(end, "something lies between the members")),
    }
}

/// The name of the next member, with a zero behind it.
fn long_name(body: &Data) -> Result<String, Fault> {
    let bytes = body.bytes()?;
    let name = bytes.strip_suffix(&[0]).unwrap_or(&bytes).to_vec();
    String::from_utf8(name).map_err(|_| Fault::new("a member's name isn't UTF-8"))
}

/// Holds that two blocks of zeros end the archive, and that nothing but zeros follows them.
fn end(data: &Data, place: u64, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let rest = data.after(place).ok_or_else(|| Fault::at(place, "it ends too early"))?;
    if rest.len() < 2 * BLOCK {
        return Err(Fault::at(place, "the archive's end is missing"));
    }
    let mut zeros = Vec::new();
    rest.reader().take(FILLING).read_to_end(&mut zeros)?;
    if rest.len() > FILLING || zeros.iter().any(|byte| *byte != 0) {
        anatomy.remark("F3", Finding::block("something follows the archive's end", "write it anew"));
        anatomy.add(inside(at, "behind the end"), Body::Bytes(rest))?;
    }
    Ok(())
}
