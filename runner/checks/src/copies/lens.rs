//! How a row of an input looks in a view of the output.

use super::value::{hidden, join};
use super::view::{View, name_key};
use csv::ByteRecord;
use std::ops::Range;

/// The keys of a row's values.
#[derive(Default)]
pub(crate) struct Keys {
    /// The columns that aren't empty, with their stretch of `keys`; the first is the value's own.
    cells: Vec<(usize, Range<usize>)>,
    keys: Vec<u64>,
}

impl Keys {
    /// Reads the next row in the place of the last one.
    pub(crate) fn read(&mut self, row: &ByteRecord) {
        self.cells.clear();
        self.keys.clear();
        for (column, text) in row.iter().enumerate() {
            let from = self.keys.len();
            hidden(text, &mut self.keys);
            if self.keys.len() > from {
                self.cells.push((column, from..self.keys.len()));
            }
        }
    }
}

/// One cell that isn't empty: its column, the key of its value, and the numbers of its forms in the view.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) column: usize,
    pub(crate) key: u64,
    pub(crate) values: Vec<u32>,
}

/// Looks up the cells of rows in a view.
pub(crate) struct Lens<'a> {
    pub(crate) view: &'a View,
    /// The keys of the columns' names, for a view that has them.
    names: Option<Vec<u64>>,
}

impl<'a> Lens<'a> {
    /// A lens for a view of bare values.
    pub(crate) fn bare(view: &'a View) -> Self {
        Self { view, names: None }
    }

    /// A lens for a view of values with the names of their columns.
    pub(crate) fn named(view: &'a View, header: &[String]) -> Self {
        Self { view, names: Some(header.iter().map(|name| name_key(name)).collect()) }
    }

    /// The cells of a row. What `cells` held before is overwritten, so that rows need no memory of their own.
    pub(crate) fn cells(&self, row: &Keys, cells: &mut Vec<Cell>) {
        cells.resize_with(row.cells.len(), Cell::default);
        for (cell, (column, range)) in cells.iter_mut().zip(&row.cells) {
            let keys = row.keys.get(range.clone()).unwrap_or(&[]);
            cell.column = *column;
            cell.key = keys.first().copied().unwrap_or_default();
            cell.values.clear();
            match &self.names {
                None => cell.values.extend(keys.iter().filter_map(|key| self.view.number(*key))),
                Some(names) => {
                    let name = names.get(*column).copied().unwrap_or_default();
                    cell.values.extend(keys.iter().filter_map(|key| self.view.number(join(name, *key))));
                }
            }
        }
    }
}
