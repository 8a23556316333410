//! A member of a tar archive that describes the next one in words (POSIX.1-2017, pax extended header).

use super::{DESCRIBED, Said};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::formats::inside;
use crate::say::quoted;

/// Reads the records of a description.
pub(super) fn read(body: &Data, said: &mut Said, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    if body.len() > DESCRIBED {
        return Err(Fault::new("a member's description is too long"));
    }
    let bytes = body.bytes()?;
    let mut rest = std::str::from_utf8(&bytes).map_err(|_| Fault::new("a member's description isn't UTF-8"))?;
    while !rest.is_empty() {
        let broken = || Fault::new("a member's description is broken");
        // The record's length in bytes, its digits included, then `key=value` and a line break.
        let (length, _) = rest.split_once(' ').ok_or_else(broken)?;
        let (record, after) = rest.split_at_checked(length.parse().map_err(|_| broken())?).ok_or_else(broken)?;
        let pair = record.get(length.len() + 1..).and_then(|pair| pair.strip_suffix('\n'));
        let (key, value) = pair.and_then(|pair| pair.split_once('=')).ok_or_else(broken)?;
        rest = after;
        match key {
            "path" => said.name = Some(value.to_owned()),
            "size" => said.size = Some(value.parse().map_err(|_| broken())?),
            "mtime" | "atime" | "ctime" | "uid" | "gid" if value.len() < 32 && value.parse::<f64>().is_ok() => (),
            "uname" | "gname" => anatomy.add(inside(at, key), Body::Texts(vec![value].into()))?,
            _ => {
                let what = format!("a member's description holds {}", quoted(key));
                anatomy.remark("F6", Finding::block(what, "write the archive with an ordinary packer"));
                anatomy.add(inside(at, "description"), Body::Texts(vec![key, value].into()))?;
            }
        }
    }
    Ok(())
}
