//! How a row of an input looks in a view of the output.

use super::gathered::{NAMELESS, name_key};
use super::view::View;
use crate::inputs::Value;

/// One cell that isn't empty: its column, the key of its value, and the numbers of what it may have become in the view.
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
    pub(crate) fn cells(&self, row: &[Value], cells: &mut Vec<Cell>) {
        let mut filled = 0;
        for (column, value) in row.iter().enumerate() {
            let Some(key) = value.key() else { continue };
            if cells.len() == filled {
                cells.push(Cell::default());
            }
            let Some(cell) = cells.get_mut(filled) else { continue };
            filled += 1;
            cell.column = column;
            cell.key = key;
            cell.values.clear();
            let name = match &self.names {
                None => NAMELESS,
                Some(names) => names.get(column).copied().unwrap_or(NAMELESS),
            };
            self.view.find(name, *value, &mut cell.values);
        }
        cells.truncate(filled);
    }
}
