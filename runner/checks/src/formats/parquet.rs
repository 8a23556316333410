//! Parquet files (apache/parquet-format, README and parquet.thrift): every byte belongs to a page, an index or the description, and
//! every value that the description claims is one of the table's.

mod chunk;
mod claims;
mod codec;
mod encoding;
mod filter;
mod gather;
mod page;
mod schema;
mod stretches;
mod thrift;
mod value;

use super::inside;
use super::walk::{Walk, piece};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use chunk::Chunk;
use gather::Gather;
use std::collections::BTreeSet;
use stretches::Stretches;
use thrift::Fields;

const SIGNATURE: &[u8; 4] = b"PAR1";
/// Bytes behind the description: its length, and the signature once more.
const END: u64 = 8;

/// Reads a table.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let end = data.len().checked_sub(END).filter(|end| *end >= 4).ok_or_else(|| Fault::new("it ends too early"))?;
    let bytes = piece(data, end, END)?;
    let mut walk = Walk::new(&bytes, end);
    let len = u64::from(walk.u32()?);
    match walk.rest() {
        b"PARE" => return Err(Fault::new("it is encrypted")),
        rest if rest != SIGNATURE => return Err(Fault::at(end, "it has no end")),
        _ => (),
    }
    let start =
        end.checked_sub(len).filter(|start| *start >= 4).ok_or_else(|| Fault::at(end, "it has no description"))?;
    let bytes = piece(data, start, len)?;
    let mut walk = Walk::new(&bytes, start);
    let footer = Fields::read(&mut walk, &mut anatomy.room)?;
    if !walk.is_empty() {
        return Err(Fault::at(walk.at(), "something follows its description"));
    }
    let broken = || Fault::at(start, "its description is broken");
    if footer.known(9)?.get(8).is_some() || footer.get(9).is_some() {
        return Err(Fault::new("it is encrypted"));
    }
    let leaves = schema::leaves(&footer.structures(2).ok_or_else(broken)?)?;
    let rows = footer.count(3).ok_or_else(broken)?;
    let groups = footer.structures(4).ok_or_else(broken)?;
    let mut stretches = Stretches::new(data.len());
    stretches.take(0, 4)?;
    stretches.take(start, data.len() - start)?;
    let mut gather = Gather::new(&leaves, rows, at, anatomy)?;
    let mut counted = 0u64;
    for group in groups {
        let own = group.known(7)?.count(3).ok_or_else(broken)?;
        counted = counted.checked_add(own).filter(|counted| *counted <= rows).ok_or_else(broken)?;
        let columns = group.structures(1).ok_or_else(broken)?;
        if columns.len() != leaves.len() {
            return Err(broken());
        }
        gather.begin(own, anatomy)?;
        for (leaf, column) in leaves.iter().zip(columns) {
            let chunk = Chunk::read(column, leaf, data, &mut stretches)?;
            chunk.values(own, at, &mut gather, anatomy)?;
        }
        gather.end()?;
    }
    if counted != rows {
        return Err(broken());
    }
    gather.finish(at, anatomy)?;
    stretches.whole()?;
    texts(&footer, at, anatomy)
}

/// Keeps what the description says in words: names, who wrote it, what programs noted, and minima and maxima.
fn texts(footer: &Fields, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let (mut texts, mut others) = (BTreeSet::new(), Vec::new());
    footer.visit(&mut |bytes| match std::str::from_utf8(bytes) {
        Ok(text) => {
            texts.insert(text.to_owned());
        }
        Err(_) => others.extend(bytes),
    });
    anatomy.add(inside(at, "description"), Body::Texts(texts.into_iter().collect()))?;
    match others.is_empty() {
        true => Ok(()),
        false => anatomy.add(inside(at, "description"), Body::Bytes(others.into())),
    }
}

/// The values that statistics say are the least and the greatest (parquet.thrift, Statistics).
fn claimed(statistics: Option<&Fields>) -> Result<Vec<Vec<u8>>, Fault> {
    let Some(statistics) = statistics else { return Ok(Vec::new()) };
    statistics.known(9)?;
    Ok([1, 2, 5, 6].into_iter().filter_map(|number| statistics.bytes(number)).map(<[u8]>::to_vec).collect())
}
