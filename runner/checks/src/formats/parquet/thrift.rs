//! Thrift's compact protocol, as Parquet writes its descriptions in it (apache/thrift, thrift-compact-protocol.md).

use crate::anatomy::Fault;
use crate::formats::walk::Walk;
use crate::room::Room;

/// Deepest nesting: Parquet's own is 8.
const DEEP: u32 = 16;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Thrift {
    Bool(bool),
    Int(i64),
    Double(f64),
    Bytes(Vec<u8>),
    List(Vec<Thrift>),
    Struct(Fields),
}

/// The fields of a structure, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields(Vec<(i64, Thrift)>);

impl Fields {
    /// Reads a structure.
    pub(super) fn read(walk: &mut Walk<'_>, room: &mut Room) -> Result<Self, Fault> {
        structure(walk, room, DEEP)
    }

    pub(super) fn get(&self, number: i64) -> Option<&Thrift> {
        self.0.iter().find(|(own, _)| *own == number).map(|(_, value)| value)
    }

    pub(super) fn int(&self, number: i64) -> Option<i64> {
        if let Some(Thrift::Int(value)) = self.get(number) { Some(*value) } else { None }
    }

    /// A count, a size or a place.
    pub(super) fn count(&self, number: i64) -> Option<u64> {
        self.int(number).and_then(|value| u64::try_from(value).ok())
    }

    pub(super) fn fields(&self, number: i64) -> Option<&Self> {
        if let Some(Thrift::Struct(fields)) = self.get(number) { Some(fields) } else { None }
    }

    pub(super) fn bytes(&self, number: i64) -> Option<&[u8]> {
        if let Some(Thrift::Bytes(bytes)) = self.get(number) { Some(bytes) } else { None }
    }

    pub(super) fn text(&self, number: i64) -> Option<String> {
        self.bytes(number).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
    }

    pub(super) fn list(&self, number: i64) -> &[Thrift] {
        if let Some(Thrift::List(items)) = self.get(number) { items } else { &[] }
    }

    /// The structures in a list; nothing if one of its items is something else.
    pub(super) fn structures(&self, number: i64) -> Option<Vec<&Self>> {
        let one = |item: &'_ Thrift| matches!(item, Thrift::Struct(_));
        let items = self.list(number);
        items.iter().all(one).then(|| {
            items
                .iter()
                .filter_map(|item| if let Thrift::Struct(fields) = item { Some(fields) } else { None })
                .collect()
        })
    }

    /// Hands out all bytes in it, which may be texts.
    pub(super) fn visit(&self, take: &mut impl FnMut(&[u8])) {
        self.0.iter().for_each(|(_, value)| value.visit(take));
    }

    /// Holds that no field comes twice, and that each is one of those that the format has: the first so many.
    pub(super) fn known(&self, last: i64) -> Result<&Self, Fault> {
        let twice =
            self.0.iter().enumerate().any(|(at, (own, _))| self.0.iter().take(at).any(|(other, _)| own == other));
        match twice || self.0.iter().any(|(own, _)| !(1..=last).contains(own)) {
            true => Err(Fault::new("its description holds a field that the format doesn't have")),
            false => Ok(self),
        }
    }
}

impl Thrift {
    fn visit(&self, take: &mut impl FnMut(&[u8])) {
        match self {
            Self::Bytes(bytes) => take(bytes),
            Self::List(items) => items.iter().for_each(|item| item.visit(take)),
            Self::Struct(fields) => fields.visit(take),
            _ => (),
        }
    }
}

fn broken(walk: &Walk<'_>) -> Fault {
    Fault::at(walk.at(), "its description is broken")
}

fn structure(walk: &mut Walk<'_>, room: &mut Room, depth: u32) -> Result<Fields, Fault> {
    let depth = depth.checked_sub(1).ok_or_else(|| broken(walk))?;
    let mut fields = Fields::default();
    let mut number = 0i64;
    loop {
        let head = walk.u8()?;
        if head == 0 {
            return Ok(fields);
        }
        number = match head >> 4 {
            0 => zigzag(varint(walk)?),
            more => number + i64::from(more),
        };
        let value = match head & 15 {
            1 => Thrift::Bool(true),
            2 => Thrift::Bool(false),
            kind => value(walk, kind, room, depth)?,
        };
        if fields.0.len() > 64 {
            return Err(broken(walk));
        }
        fields.0.push((number, value));
    }
}

fn value(walk: &mut Walk<'_>, kind: u8, room: &mut Room, depth: u32) -> Result<Thrift, Fault> {
    room.keep(size_of::<Thrift>())?;
    Ok(match kind {
        // In a list a truth is a byte of its own.
        1 | 2 => Thrift::Bool(walk.u8()? == 1),
        3 => Thrift::Int(i64::from(walk.u8()? as i8)),
        4..=6 => Thrift::Int(zigzag(varint(walk)?)),
        7 => Thrift::Double(f64::from_bits(walk.u64()?)),
        8 => {
            let len = usize::try_from(varint(walk)?).map_err(|_| broken(walk))?;
            let bytes = walk.take(len)?;
            room.keep(len)?;
            Thrift::Bytes(bytes.to_vec())
        }
        9 | 10 => {
            let head = walk.u8()?;
            let count = if head >> 4 == 15 { varint(walk)? } else { u64::from(head >> 4) };
            let depth = depth.checked_sub(1).ok_or_else(|| broken(walk))?;
            // Every item has a byte at least.
            if count > walk.rest().len() as u64 {
                return Err(broken(walk));
            }
            Thrift::List((0..count).map(|_| value(walk, head & 15, room, depth)).collect::<Result<_, _>>()?)
        }
        12 => Thrift::Struct(structure(walk, room, depth)?),
        _ => return Err(broken(walk)),
    })
}

/// A number of seven bits to a byte, the lowest first (LEB128).
pub(super) fn varint(walk: &mut Walk<'_>) -> Result<u64, Fault> {
    let mut value = 0u64;
    for place in 0..10 {
        let byte = walk.u8()?;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return if place == 9 && byte > 1 { Err(broken(walk)) } else { Ok(value) };
        }
    }
    Err(broken(walk))
}

/// A number whose sign is its lowest bit.
pub(super) fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
