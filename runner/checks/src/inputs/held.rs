//! Rows of files that aren't separated values: tables that fit into memory, and columns that lie in arrays.

use super::rows::RowsError;
use super::value::Value;
use crate::anatomy::{Anatomy, Body};
use crate::array::{Array, Order};
use crate::data::Data;
use crate::formats;
use std::fs::File;

/// Rows that are decoded at a time.
const BLOCK: u64 = 4096;

/// A table, or columns side by side.
pub(super) struct Held {
    pub(super) names: Vec<String>,
    rows: u64,
    next: u64,
    source: Source,
    row: Vec<Value>,
}

enum Source {
    /// The cells of each row, as texts.
    Cells(Vec<Vec<String>>),
    /// Arrays of as many rows each, with the rows that were decoded last: from which on, and by column.
    Arrays { arrays: Vec<Array>, from: u64, columns: Vec<Vec<f64>> },
}

impl Held {
    /// Opens a file of any kind that holds a table or arrays. Columns of a matrix have no names of their own, and are numbered.
    pub(super) fn open(path: &str, file: &File) -> Result<Self, RowsError> {
        let mut anatomy = Anatomy::default();
        formats::open(&Data::of(file)?, path, "", &mut anatomy).map_err(|fault| RowsError::Format(fault.what))?;
        let mut named: Vec<(String, Array)> = Vec::new();
        for part in anatomy.parts {
            match part.body {
                Body::Tables(tables) => {
                    let table = tables.into_iter().next().ok_or(RowsError::Type)?;
                    let mut rows = table.rows.into_iter().map(|row| row.cells);
                    let names = rows.next().unwrap_or_default();
                    let cells: Vec<Vec<String>> = rows.collect();
                    return Ok(Self::new(names, cells.len() as u64, Source::Cells(cells)));
                }
                Body::Array(array) => named.push((part.at, array)),
                _ => {}
            }
        }
        let rows = named.iter().filter_map(|(_, array)| array.shape.first().copied()).max().ok_or(RowsError::Type)?;
        named.retain(|(_, array)| {
            array.shape.first() == Some(&rows) && array.shape.len() <= 2 && array.promised() == Some(array.len())
        });
        let names = named.iter().flat_map(|(at, array)| match array.shape.get(1) {
            None => vec![at.rsplit(": ").next().unwrap_or_default().to_owned()],
            Some(width) => (0..*width).map(|column| format!("{column}")).collect(),
        });
        let names = names.collect();
        let arrays = named.into_iter().map(|(_, array)| array).collect();
        Ok(Self::new(names, rows, Source::Arrays { arrays, from: 0, columns: Vec::new() }))
    }

    fn new(names: Vec<String>, rows: u64, source: Source) -> Self {
        Self { names, rows, next: 0, source, row: Vec::new() }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<&[Value]>, RowsError> {
        if self.next == self.rows {
            return Ok(None);
        }
        self.row.clear();
        match &mut self.source {
            Source::Cells(rows) => {
                let cells = rows.get(self.next as usize).map_or(&[][..], Vec::as_slice);
                self.row.extend(cells.iter().map(|cell| Value::read(cell.as_bytes())));
            }
            Source::Arrays { arrays, from, columns } => {
                if columns.is_empty() || self.next >= *from + BLOCK {
                    *from = self.next;
                    *columns = block(arrays, self.next, BLOCK.min(self.rows - self.next))?;
                }
                let place = (self.next - *from) as usize;
                let value = |number: f64| if number.is_finite() { Value::Number(number + 0.0) } else { Value::Missing };
                self.row.extend(
                    columns.iter().map(|column| column.get(place).map_or(Value::Missing, |number| value(*number))),
                );
            }
        }
        self.next += 1;
        Ok(Some(&self.row))
    }

    /// What stands in the cells of the row that was read last; numbers in arrays are no texts.
    pub(super) fn texts(&self) -> Vec<Vec<u8>> {
        match &self.source {
            Source::Cells(rows) => {
                let last = self.next.checked_sub(1).and_then(|row| rows.get(row as usize));
                last.map_or(Vec::new(), |cells| cells.iter().map(|cell| cell.clone().into_bytes()).collect())
            }
            Source::Arrays { .. } => Vec::new(),
        }
    }
}

/// Some rows of all arrays, column by column.
fn block(arrays: &[Array], from: u64, count: u64) -> Result<Vec<Vec<f64>>, RowsError> {
    let mut columns = Vec::new();
    for array in arrays {
        let (rows, width) = (array.shape.first().copied().unwrap_or(0), array.shape.get(1).copied().unwrap_or(1));
        match array.order {
            Order::Rows => {
                let mut values = Vec::new();
                array.read(from * width, (count * width) as usize, &mut values)?;
                columns.extend(
                    (0..width as usize)
                        .map(|column| values.iter().copied().skip(column).step_by(width.max(1) as usize).collect()),
                );
            }
            Order::Columns => {
                for column in 0..width {
                    let mut values = Vec::new();
                    array.read(column * rows + from, count as usize, &mut values)?;
                    columns.push(values);
                }
            }
        }
    }
    Ok(columns)
}
