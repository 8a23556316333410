//! The first pass over an input: how often its columns have values that the output has too.

use super::lens::Cell;
use super::view::{KeyMap, Record, join};

/// What a view and an input have in common.
#[derive(Default)]
pub(crate) struct Census {
    pub(crate) rows: u64,
    columns: Vec<Column>,
    frequency: KeyMap<u32>,
}

#[derive(Clone, Default)]
struct Column {
    first: Option<u64>,
    varies: bool,
}

impl Census {
    /// Counts one row.
    pub(crate) fn count(&mut self, cells: &[Cell]) {
        self.rows += 1;
        for cell in cells {
            if self.columns.len() <= cell.column {
                self.columns.resize(cell.column + 1, Column::default());
            }
            if let Some(column) = self.columns.get_mut(cell.column) {
                column.varies |= *column.first.get_or_insert(cell.key) != cell.key;
            }
            for value in &cell.values {
                *self.frequency.entry(key(cell.column, *value)).or_default() += 1;
            }
        }
    }

    /// Whether a column tells rows apart at all.
    pub(crate) fn varies(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.varies)
    }

    /// The share of rows whose column has this value.
    pub(crate) fn share(&self, column: usize, value: u32) -> f64 {
        self.rows_with(column, value) / self.rows.max(1) as f64
    }

    fn rows_with(&self, column: usize, value: u32) -> f64 {
        self.frequency.get(&key(column, value)).copied().unwrap_or(0).into()
    }

    /// For each column, the chance that another row's value is among those of a record; none for a column that doesn't vary.
    /// Empty if by these chances at least one whole row would be in the record anyway.
    pub(crate) fn telling_chances(&self, record: &Record) -> Vec<f64> {
        let chance = |column| {
            let rows: f64 = record.values.iter().map(|value| self.rows_with(column, *value)).sum();
            // The row that is found is one of them itself: what it alone has is no chance.
            ((rows - 1.0).max(0.0) / self.rows.saturating_sub(1).max(1) as f64).min(1.0)
        };
        let varying: Vec<usize> = (0..self.columns.len()).filter(|column| self.varies(*column)).collect();
        let chances: Vec<(usize, f64)> = varying.into_iter().map(|column| (column, chance(column))).collect();
        let whole = chances.iter().map(|(_, chance)| chance).product::<f64>();
        if whole * self.rows as f64 >= 1.0 {
            return Vec::new();
        }
        let mut all = vec![0.0; self.columns.len()];
        for (column, chance) in chances {
            if let Some(here) = all.get_mut(column) {
                *here = chance;
            }
        }
        all
    }
}

fn key(column: usize, value: u32) -> u64 {
    join(column as u64, value.into())
}
