//! How a row of an input looks in a view of the output.

use super::form::Form;
use super::gathered::{NAMELESS, name_key};
use super::view::View;
use crate::inputs::{Value, is_whole};

/// The fewest numbers that make a row.
pub(crate) const FEWEST: usize = 3;

/// One cell that isn't empty: its column, the key of its value, and the numbers of what it may have become in the view.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) column: usize,
    pub(crate) key: u64,
    pub(crate) values: Vec<u32>,
}

/// A view, and how it is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) view: &'a View,
    pub(crate) held: Held,
    pub(crate) form: Form,
}

/// What of a row a view can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Words and numbers.
    All,
    /// Those together with the names of their columns.
    Named,
    Numbers,
    Integers,
}

/// Looks up the cells of rows in a view.
pub(crate) struct Lens<'a> {
    pub(crate) view: &'a View,
    held: Held,
    form: Form,
    /// The keys of the columns' names, for a view that has them.
    names: Option<Vec<u64>>,
}

impl<'a> Lens<'a> {
    /// A lens for a view, and a file whose columns have these names.
    pub(crate) fn new(sight: Sight<'a>, header: &[String]) -> Self {
        let names = (sight.held == Held::Named).then(|| header.iter().map(|name| name_key(name)).collect());
        Self { view: sight.view, held: sight.held, form: sight.form, names }
    }

    /// The fewest columns that make a row of what is found: a number or two of somebody's are anybody's.
    pub(crate) fn fewest(&self) -> usize {
        if matches!(self.held, Held::All | Held::Named) { 1 } else { FEWEST }
    }

    /// How far two numbers near a column's value lie apart at least if each shows as another one.
    pub(crate) fn unit(&self, column: usize, value: f64) -> f64 {
        let shown = self.form.of(value);
        let unit = self.view.unit(self.name(column), shown);
        if shown == value || shown == 0.0 { unit } else { unit * (value / shown).abs() }
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
                (Held::All | Held::Named, _) | (Held::Numbers, Value::Number(_)) => true,
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
            let shown = if let Value::Number(value) = value { Value::Number(self.form.of(*value)) } else { *value };
            self.view.find(self.name(column), shown, &mut cell.values);
        }
        cells.truncate(filled);
    }
}
