//! The values of a Parquet file as a table, or as arrays and texts where they are too many for one or don't fit into rows.

use super::page::Values;
use super::schema::Leaf;
use super::value::Value;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::array::Array;
use crate::formats::inside;
use crate::plain;
use crate::table::{Row, Table};

/// Most bytes that a table takes in memory, and what a row and a cell of a short text take; others are read as arrays.
const TABLE: u64 = 330 << 20;
const ROW: u64 = 96;
const CELL: u64 = 68;
/// Most cells that are read at all.
const MOST: u64 = 50_000_000;

/// What was read so far.
pub(super) struct Gather {
    at: String,
    /// None where the values don't make a table.
    table: Option<Table>,
    /// The first row of the group that is read.
    first: usize,
    /// The column that is read next, and how many of its cells there are.
    filled: usize,
    /// Columns of the table: those without repeated values.
    columns: usize,
}

impl Gather {
    pub(super) fn new(leaves: &[Leaf], rows: u64, at: &str, anatomy: &mut Anatomy) -> Result<Self, Fault> {
        let cells = rows.checked_mul(leaves.len() as u64).filter(|cells| *cells <= MOST);
        let cells = cells.ok_or_else(|| Fault::new("it has more values than can be examined"))?;
        let flat: Vec<String> = leaves.iter().filter(|leaf| leaf.repeated == 0).map(|leaf| leaf.name.clone()).collect();
        for name in &flat {
            seen(name, anatomy)?;
        }
        let columns = flat.len();
        let bytes = rows.saturating_mul(ROW).saturating_add(cells.saturating_mul(CELL));
        let table = (bytes <= TABLE && columns > 0).then(|| Table { rows: vec![Row { line: 1, cells: flat }] });
        Ok(Self { at: at.to_owned(), table, first: 1, filled: 0, columns })
    }

    /// Makes room for the rows of a group.
    pub(super) fn begin(&mut self, rows: u64, anatomy: &mut Anatomy) -> Result<(), Fault> {
        let Some(table) = &mut self.table else { return Ok(()) };
        self.first = table.rows.len();
        for _ in 0..rows {
            anatomy.room.keep(size_of::<Row>())?;
            let line = table.rows.len() as u64 + 1;
            table.rows.push(Row { line, cells: Vec::with_capacity(self.columns) });
        }
        self.filled = self.first;
        Ok(())
    }

    /// Takes the values of a page.
    pub(super) fn take(&mut self, leaf: &Leaf, values: Values, anatomy: &mut Anatomy) -> Result<(), Fault> {
        match &mut self.table {
            Some(table) if leaf.repeated == 0 => {
                if self.filled >= table.rows.len() {
                    self.filled = self.first;
                }
                for value in values {
                    let text = value.map_or(String::new(), |value| value.text(leaf));
                    seen(&text, anatomy)?;
                    let row = table.rows.get_mut(self.filled).ok_or_else(|| Fault::new("it has too many rows"))?;
                    row.cells.push(text);
                    self.filled += 1;
                }
                Ok(())
            }
            _ => {
                let at = inside(&self.at, &leaf.name);
                let numbers: Vec<f64> = values.iter().flatten().filter_map(Value::number).collect();
                let texts: Vec<_> = values.iter().flatten().filter(|value| value.number().is_none()).collect();
                let texts: Vec<String> = texts.into_iter().map(|value| value.text(leaf)).collect();
                for text in &texts {
                    seen(text, anatomy)?;
                }
                if !texts.is_empty() {
                    anatomy.add(at.clone(), Body::Texts(texts.into()))?;
                }
                if !numbers.is_empty() {
                    anatomy.room.keep(size_of_val(numbers.as_slice()))?;
                    anatomy.add(at, Body::Array(Array::of(&numbers)))?;
                }
                Ok(())
            }
        }
    }

    /// Holds that each row of a group is full.
    pub(super) fn end(&self) -> Result<(), Fault> {
        let rows = self.table.iter().flat_map(|table| table.rows.iter().skip(self.first));
        match rows.into_iter().all(|row| row.cells.len() == self.columns) {
            true => Ok(()),
            false => Err(Fault::new("its columns have different numbers of rows")),
        }
    }

    pub(super) fn finish(self, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
        match self.table {
            Some(table) => anatomy.add(at, Body::Tables(vec![table])),
            None => Ok(()),
        }
    }
}

/// Makes room for a text, and tells if it holds what can't be seen.
fn seen(text: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    anatomy.room.keep(text.len())?;
    let plainly = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !plainly && let Err(fault) = plain::read(text.as_bytes().to_vec()) {
        let what = format!("a cell can't be seen as it is: {}", fault.what);
        anatomy.block_once("F6", &what, "write texts without such characters");
    }
    Ok(())
}
