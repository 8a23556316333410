//! One column of one row group: where its pages lie, and what is said of them.

use super::claims::Claims;
use super::encoding::plain;
use super::filter::Filter;
use super::gather::Gather;
use super::page::Pages;
use super::schema::{Leaf, Physical};
use super::stretches::Stretches;
use super::thrift::{Fields, Thrift};
use super::value::Value;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::formats::inside;
use crate::formats::walk::{Walk, piece};
use crate::room::Room;
use crate::say::quoted;

/// Most bytes of a description that is repeated.
const DESCRIPTION: u64 = 1 << 16;

/// A column chunk.
pub(super) struct Chunk<'a> {
    leaf: &'a Leaf,
    data: Data,
    codec: i64,
    values: u64,
    claims: Vec<Vec<u8>>,
    /// A filter of fingerprints of its values.
    filter: Option<Data>,
}

impl<'a> Chunk<'a> {
    /// Reads what is said of a chunk, and notes which stretches of the file are its.
    pub(super) fn read(column: &Fields, leaf: &'a Leaf, all: &Data, stretches: &mut Stretches) -> Result<Self, Fault> {
        let broken = || Fault::new(format!("the description of its column {} is broken", quoted(&leaf.name)));
        let facts = column.known(9)?.fields(3).ok_or_else(broken)?.known(17)?;
        if column.get(1).is_some() {
            return Err(Fault::new("its values are in another file"));
        }
        if column.get(8).is_some() || column.get(9).is_some() {
            return Err(Fault::new("it is encrypted"));
        }
        let path: Vec<_> = leaf.path.iter().map(|name| Thrift::Bytes(name.clone().into_bytes())).collect();
        if facts.list(3) != path.as_slice() || !facts.list(8).is_empty() || facts.get(10).is_some() {
            return Err(broken());
        }
        let (codec, values) = facts.int(4).zip(facts.count(5)).ok_or_else(broken)?;
        let first = facts.count(9).ok_or_else(broken)?;
        // Writers say 0 where there is no dictionary, and where there is no page of values.
        let places = [facts.count(11).unwrap_or(0), first];
        let start = places.into_iter().filter(|place| *place > 0).min().unwrap_or(0);
        let mut stretch = |start: u64, len: u64| {
            stretches.take(start, len)?;
            all.part(start, len).ok_or_else(broken)
        };
        let data = stretch(start, facts.count(7).ok_or_else(broken)?)?;
        if let Some(len) = repeated(facts, all, start + data.len()) {
            stretch(start + data.len(), len)?;
        }
        let mut claims = super::claimed(facts.fields(12))?;
        if let (Some(start), Some(len)) = (column.count(4), column.count(5)) {
            stretch(start, len)?;
        }
        if let (Some(start), Some(len)) = (column.count(6), column.count(7)) {
            let bytes = piece(&stretch(start, len)?, 0, len)?;
            let index = Fields::read(&mut Walk::new(&bytes, start), &mut Room::default())?;
            let both = index.known(7)?.list(2).iter().chain(index.list(3));
            claims.extend(
                both.filter_map(|value| if let Thrift::Bytes(value) = value { Some(value.clone()) } else { None }),
            );
        }
        let filter = match (facts.count(14), facts.count(15)) {
            (Some(start), Some(len)) => Some(stretch(start, len)?),
            (Some(_), None) => return Err(broken()),
            _ => None,
        };
        claims.retain(|claim| !claim.is_empty());
        Ok(Self { leaf, data, codec, values, claims, filter })
    }

    /// Reads all values of a row group with so many rows.
    pub(super) fn values(self, rows: u64, at: &str, gather: &mut Gather, anatomy: &mut Anatomy) -> Result<(), Fault> {
        let at = inside(at, &self.leaf.name);
        let flat = self.leaf.repeated == 0;
        if flat && self.values != rows {
            return Err(Fault::new(format!("its column {} has another number of rows", quoted(&self.leaf.name))));
        }
        let mut pages = Pages::new(&self.data, self.leaf, self.codec);
        let mut claims = Claims::new(self.claims.clone())?;
        let mut filter = self.filter.as_ref().map(Filter::read).transpose()?;
        let mut count = 0;
        while let Some(values) = pages.next(anatomy)? {
            count += values.len() as u64;
            if count > self.values {
                break;
            }
            claims.add(std::mem::take(&mut pages.claims))?;
            claims.compare(values.iter().flatten(), self.leaf);
            if let Some(filter) = &mut filter {
                values.iter().flatten().for_each(|value| filter.add(value, self.leaf));
            }
            gather.take(self.leaf, values, anatomy)?;
        }
        if count != self.values {
            return Err(Fault::new(format!("its column {} has another number of values", quoted(&self.leaf.name))));
        }
        let told: Vec<String> = claims.unheld().map(|claim| self.text(claim)).collect();
        let unused: Vec<String> = pages.unused().into_iter().map(|value| value.text(self.leaf)).collect();
        self.tell("statistics hold values that no row has", told, &at, anatomy)?;
        self.tell("dictionary holds values that no row has", unused, &at, anatomy)?;
        if let Some(bytes) = self.filter.filter(|_| filter.is_some_and(|filter| !filter.is_true())) {
            remark(self.leaf, "filter holds fingerprints of values that no row has", anatomy);
            anatomy.add(inside(&at, "filter"), Body::Bytes(bytes))?;
        }
        Ok(())
    }

    fn tell(&self, what: &str, texts: Vec<String>, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
        if texts.is_empty() {
            return Ok(());
        }
        remark(self.leaf, what, anatomy);
        anatomy.add(inside(at, what), Body::Texts(texts.into()))
    }

    /// A claim as the value that it says it is.
    fn text(&self, claim: &[u8]) -> String {
        match self.leaf.physical {
            Physical::Bytes | Physical::Fixed(_) => Value::Bytes(claim.to_vec()).text(self.leaf),
            physical => match plain(&mut Walk::new(claim, 0), physical, 1).as_deref() {
                Ok([value]) => value.text(self.leaf),
                _ => Value::Bytes(claim.to_vec()).text(self.leaf),
            },
        }
    }
}

/// How long the description is that some writers repeat behind a chunk; nothing if it isn't there.
fn repeated(facts: &Fields, all: &Data, at: u64) -> Option<u64> {
    let bytes = piece(all, at, DESCRIPTION.min(all.len().checked_sub(at)?)).ok()?;
    let mut walk = Walk::new(&bytes, 0);
    let again = Fields::read(&mut walk, &mut Room::default()).ok()?;
    (again == *facts).then(|| walk.at())
}

fn remark(leaf: &Leaf, what: &str, anatomy: &mut Anatomy) {
    let message = format!("the column {}'s {what}", quoted(&leaf.name));
    anatomy.block_once("F6", &message, "write the table anew, without statistics and filters");
}
