//! A zip member's bytes, unpacked within bounds, and held to their size and checksum.

use super::entry::Entry;
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::formats::checksum::checksum;
use crate::formats::walk::piece;
use crate::say::quoted;
use flate2::bufread::DeflateDecoder;

const SIGNATURE: u32 = 0x0807_4b50;
/// Most bytes of what repeats a member's sizes behind it.
const REPEATED: u64 = 24;

impl Entry {
    /// The member's bytes, none of a folder, if nothing else lies between it and what follows it.
    pub(super) fn unpacked(&self, all: &Data, following: u64, anatomy: &mut Anatomy) -> Result<Option<Data>, Fault> {
        let fault = |what: &str| Fault::at(self.body, format!("{}: {what}", quoted(&self.name)));
        let end = self.body.checked_add(self.packed).filter(|end| *end <= following);
        let end = end.ok_or_else(|| fault("it overlaps what follows it"))?;
        let packed = all.part(self.body, self.packed).ok_or_else(|| fault("it ends too early"))?;
        if !self.is_repeated(all, end, following)? {
            return Err(fault("something lies between it and what follows it"));
        }
        let data = if self.is_deflated {
            let mut stream = DeflateDecoder::new(packed.buffered());
            let data = anatomy.room.unpack(self.packed, &mut stream).map_err(|error| fault(&error.to_string()))?;
            if stream.total_in() != self.packed {
                return Err(fault("bytes follow the end of what is packed"));
            }
            data
        } else {
            packed
        };
        if data.len() != self.size || checksum(&data)? != self.checksum {
            return Err(fault("its size or checksum isn't what the archive says"));
        }
        match self.name.ends_with('/') {
            true if data.len() > 0 => Err(fault("a folder has content")),
            true => Ok(None),
            false => Ok(Some(data)),
        }
    }

    /// Whether what lies behind it is nothing, or its sizes once more where they were announced (APPNOTE 4.3.9).
    fn is_repeated(&self, all: &Data, end: u64, following: u64) -> Result<bool, Fault> {
        let len = following - end;
        if !self.follows || len > REPEATED {
            return Ok(len == 0);
        }
        let bytes = piece(all, end, len)?;
        let short = |size: u64| u32::try_from(size).ok().map(u32::to_le_bytes);
        let mut ways = Vec::new();
        for signature in [&[][..], &SIGNATURE.to_le_bytes()] {
            let start = [signature, &self.checksum.to_le_bytes()].concat();
            ways.push([&start[..], &self.packed.to_le_bytes(), &self.size.to_le_bytes()].concat());
            if let (Some(packed), Some(size)) = (short(self.packed), short(self.size)) {
                ways.push([&start[..], &packed, &size].concat());
            }
        }
        Ok(ways.contains(&bytes))
    }
}
