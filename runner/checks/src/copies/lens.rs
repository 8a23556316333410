//! How a row of an input looks in a view of the output.

use super::gathered::{NAMELESS, name_key};
use super::grain::is_whole;
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
    /// What of a row can be in the view at all.
    held: Held,
}

/// What a view can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    All,
    Numbers,
    Integers,
}

impl<'a> Lens<'a> {
    /// A lens for a view of bare values.
    pub(crate) fn bare(view: &'a View) -> Self {
        Self { view, names: None, held: Held::All }
    }

    /// A lens for a view of numbers.
    pub(crate) fn numbers(view: &'a View) -> Self {
        Self { view, names: None, held: Held::Numbers }
    }

    /// A lens for a view of integers.
    pub(crate) fn integers(view: &'a View) -> Self {
        Self { view, names: None, held: Held::Integers }
    }

    /// The fewest columns that make a row of what is found: a number or two of somebody's are anybody's.
    pub(crate) fn fewest(&self) -> usize {
        if self.held == Held::All { 1 } else { 3 }
    }

    /// A lens for a view of values with the names of their columns.
    pub(crate) fn named(view: &'a View, header: &[String]) -> Self {
        Self { view, names: Some(header.iter().map(|name| name_key(name)).collect()), held: Held::All }
    }

    /// The name under which a column is looked for.
    pub(crate) fn name(&self, column: usize) -> u64 {
        match &self.names {
            None => NAMELESS,
            Some(names) => names.get(column).copied().unwrap_or(NAMELESS),
        }
    }

    /// The cells of a row. What `cells` held before is overwritten, so that rows need no memory of their own.
    pub(crate) fn cells(&self, row: &[Value], cells: &mut Vec<Cell>) {
        let mut filled = 0;
        for (column, value) in row.iter().enumerate() {
            let Some(key) = value.key() else { continue };
            let held = match (self.held, value) {
                (Held::All, _) | (Held::Numbers, Value::Number(_)) => true,
                (Held::Integers, Value::Number(value)) => is_whole(*value),
                _ => false,
            };
            if !held {
                continue;
            }
            if cells.len() == filled {
                cells.push(Cell::default());
            }
            let Some(cell) = cells.get_mut(filled) else { continue };
            filled += 1;
            cell.column = column;
            cell.key = key;
            cell.values.clear();
            self.view.find(self.name(column), *value, &mut cell.values);
        }
        cells.truncate(filled);
    }
}
