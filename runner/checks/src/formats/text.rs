//! Plain texts and tables of separated values.

use super::active;
use super::walk::piece;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::plain;
use crate::table::{self, Table};

pub(crate) type Read = fn(&Data, &str, &mut Anatomy) -> Result<(), Fault>;

/// Most bytes of a text that is read into memory.
const READ: u64 = 16 << 20;
/// Most separators in a text: what the checks can afford to compare in the worker's memory.
const PIECES: usize = 2 << 20;
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A table with commas or, as in countries where a comma is the decimal point, semicolons.
pub(crate) fn csv(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    tables(data, &[',', ';'], at, anatomy)
}

/// A table with tabulators.
pub(crate) fn tsv(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    tables(data, &['\t'], at, anatomy)
}

/// A text.
pub(crate) fn words(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let text = read(data, anatomy)?;
    active::pickle(&text, anatomy);
    anatomy.add(at, Body::Words(text))
}

/// A text with marks that a browser may be shown.
pub(crate) fn marked(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let text = read(data, anatomy)?;
    active::pickle(&text, anatomy);
    active::markup(&text, anatomy);
    anatomy.add(at, Body::Words(text))
}

/// All of a text, if it shows everything it holds and isn't too long.
pub(crate) fn read(data: &Data, anatomy: &mut Anatomy) -> Result<String, Fault> {
    if data.len() == 0 {
        return Err(Fault::new("it is empty"));
    }
    if data.len() > READ {
        return Err(Fault::large("it has more bytes than can be examined"));
    }
    let text = plain::read(piece(data, 0, data.len())?)
        .map_err(|fault| Fault::in_line(fault.line, format!("it isn't plain text: {}", fault.what)))?;
    let pieces = text.bytes().filter(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b' ' | b':')).count();
    if pieces > PIECES {
        return Err(Fault::large("it has more values than can be examined"));
    }
    anatomy.room.keep(text.len())?;
    Ok(text)
}

/// A table under one of the separators that its name allows, and under every other one that fits.
fn tables(data: &Data, allowed: &[char], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let text = read(data, anatomy)?;
    active::pickle(&text, anatomy);
    active::markup(&text, anatomy);
    let wide = |separator: &char| table::read(&text, *separator).ok().filter(|table| table.width() > 1);
    let mut tables: Vec<Table> = allowed.iter().filter_map(wide).collect();
    if tables.is_empty() {
        let first = allowed.first().copied().unwrap_or(',');
        match table::read(&text, first) {
            Ok(narrow) => tables.push(narrow),
            Err(fault) => return under_title(text, first, at, anatomy, &fault),
        }
    }
    let others = SEPARATORS.iter().filter(|separator| !allowed.contains(separator));
    tables.extend(others.filter_map(wide));
    tables.iter().for_each(|table| active::formulas(table, anatomy));
    let cells: usize = tables.iter().flat_map(|table| &table.rows).map(|row| row.cells.len()).sum();
    anatomy.room.keep(cells.saturating_mul(size_of::<String>()))?;
    anatomy.add(at, Body::Tables(tables))
}

/// Several tables under a title, each of its own, and all of it as a text: what isn't one table has no columns that all agree on.
fn under_title(
    text: String,
    separator: char,
    at: &str,
    anatomy: &mut Anatomy,
    fault: &table::Fault,
) -> Result<(), Fault> {
    let tables = table::under_title(&text, separator).map_err(|_| Fault::in_line(fault.line, fault.what))?;
    let cells: usize = tables.iter().map(|table| table.rows.len() * table.width()).sum();
    anatomy.room.keep(cells.saturating_mul(size_of::<String>()))?;
    for table in tables {
        anatomy.add(at, Body::Tables(vec![table]))?;
    }
    anatomy.add(at, Body::Words(text))
}
