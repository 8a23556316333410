//! Gzip streams (RFC 1952): one packed file, named after the stream.

use super::checksum::checksum;
use super::walk::{Walk, piece};
use super::{inside, open_inside};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Finding;
use flate2::bufread::DeflateDecoder;

/// Most bytes of a header: its fields end with a zero, or tell their length in two bytes.
const HEADER: u64 = 1 << 17;
/// Bytes behind the packed ones: checksum and size.
const END: u64 = 8;
const STRIP: &str = "pack it anew, for instance with `gzip -n`";
/// Flags: a checksum of the header, further fields, a name, a comment.
const CHECKSUM: u8 = 2;
const FIELDS: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// Unpacks a stream and opens what is in it.
pub(crate) fn read(data: &Data, name: &str, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let inner = match file.rsplit_once('.') {
        Some((stem, ending)) if ending.eq_ignore_ascii_case("tgz") => format!("{stem}.tar"),
        Some((stem, _)) => stem.to_owned(),
        None => file.to_owned(),
    };
    let header = header(data, &inner, at, anatomy)?;
    let packed = data.after(header).and_then(|body| body.part(0, body.len().checked_sub(END)?));
    let packed = packed.ok_or_else(|| Fault::new("it ends too early"))?;
    let mut stream = DeflateDecoder::new(packed.buffered());
    let unpacked = anatomy.room.unpack(packed.len(), &mut stream)?;
    if stream.total_in() != packed.len() {
        return Err(Fault::at(header + stream.total_in() + END, "something follows the stream's end"));
    }
    let end = piece(data, data.len() - END, END)?;
    let mut end = Walk::new(&end, data.len() - END);
    if end.u32()? != checksum(&unpacked)? || u64::from(end.u32()?) != unpacked.len() & u64::from(u32::MAX) {
        return Err(Fault::new("its size or checksum isn't what it says"));
    }
    open_inside(&unpacked, &inner, at, anatomy)
}

/// Reads the header and puts aside what it holds beside the name; gives where it ends.
fn header(data: &Data, inner: &str, at: &str, anatomy: &mut Anatomy) -> Result<u64, Fault> {
    let bytes = piece(data, 0, data.len().min(HEADER))?;
    let mut walk = Walk::new(&bytes, 0);
    let (signature, method, flags) = (walk.u16()?, walk.u8()?, walk.u8()?);
    if signature != 0x8b1f || method != 8 || flags & !(1 | CHECKSUM | FIELDS | NAME | COMMENT) != 0 {
        return Err(Fault::at(0, "it is packed in a way that no check reads"));
    }
    let _time_and_system = walk.take(6)?;
    let mut foreign = |what: &str, bytes: Vec<u8>| {
        anatomy.remark("F6", Finding::block(format!("the stream's header holds {what}"), STRIP));
        anatomy.add(inside(at, what), Body::Bytes(bytes.into()))
    };
    if flags & FIELDS != 0 {
        let len = walk.u16()?;
        foreign("fields", walk.take(len.into())?.to_vec())?;
    }
    if flags & NAME != 0 {
        let name = text(&mut walk)?;
        // The name that it has anyway says nothing more.
        if name != inner.as_bytes() {
            foreign("another name", name.to_vec())?;
        }
    }
    if flags & COMMENT != 0 {
        foreign("a comment", text(&mut walk)?.to_vec())?;
    }
    if flags & CHECKSUM != 0 {
        let so_far = usize::try_from(walk.at()).ok().and_then(|end| bytes.get(..end)).unwrap_or(&bytes);
        let sum = checksum(&Data::from(so_far.to_vec()))?;
        if u32::from(walk.u16()?) != sum & 0xffff {
            return Err(Fault::at(0, "its header's checksum is wrong"));
        }
    }
    Ok(walk.at())
}

/// A text that ends with a zero.
fn text<'a>(walk: &mut Walk<'a>) -> Result<&'a [u8], Fault> {
    let end = walk.rest().iter().position(|byte| *byte == 0);
    let text = walk.take(end.ok_or_else(|| Fault::at(walk.at(), "its header doesn't end"))?)?;
    walk.u8()?;
    Ok(text)
}
