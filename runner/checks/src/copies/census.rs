//! The first pass over an input: how often its columns have values that the output has too.

use super::chance;
use super::lens::Cell;
use super::view::Record;

/// What a view and an input have in common.
#[derive(Default)]
pub(crate) struct Census {
    pub(crate) rows: u64,
    columns: Vec<Column>,
    /// The columns of the input that have each value of the view, and in how many rows.
    found: Vec<Vec<(u32, u32)>>,
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
            cell.values.iter().for_each(|value| self.add(*value, cell.column as u32));
        }
    }

    fn add(&mut self, value: u32, column: u32) {
        let value = value as usize;
        if self.found.len() <= value {
            self.found.resize(value + 1, Vec::new());
        }
        let Some(columns) = self.found.get_mut(value) else { return };
        match columns.iter_mut().find(|(known, _)| *known == column) {
            Some((_, rows)) => *rows = rows.saturating_add(1),
            None => columns.push((column, 1)),
        }
    }

    /// Whether a column tells rows apart at all.
    pub(crate) fn varies(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.varies)
    }

    /// The share of rows whose column has this value.
    pub(crate) fn share(&self, column: usize, value: u32) -> f64 {
        let columns = self.found.get(value as usize).map_or(&[][..], Vec::as_slice);
        let rows = columns.iter().find(|(known, _)| *known as usize == column).map_or(0, |(_, rows)| *rows);
        f64::from(rows) / self.rows.max(1) as f64
    }

    /// For each column, the chance that another row's value is among those of a record; none for a column that doesn't vary, or of which the
    /// record has no value.
    pub(crate) fn chances(&self, record: &Record) -> Vec<Option<f64>> {
        let mut rows = vec![0.0; self.columns.len()];
        for (column, count) in record.values.iter().filter_map(|value| self.found.get(*value as usize)).flatten() {
            if let Some(rows) = rows.get_mut(*column as usize) {
                *rows += f64::from(*count);
            }
        }
        // The row that is found is one of them itself: what it alone has is no chance.
        let others = self.rows.saturating_sub(1).max(1) as f64;
        let there = |(rows, column): &(f64, &Column)| *rows > 0.0 && column.varies;
        let chance = |(rows, _): (f64, &Column)| ((rows - 1.0) / others).min(1.0);
        rows.into_iter().zip(&self.columns).map(|one| Some(one).filter(there).map(chance)).collect()
    }

    /// Whether a record tells anything: it has values of so many columns, and by these chances no row with all of them would be in it anyway.
    pub(crate) fn tells(&self, record: &Record, fewest: usize) -> bool {
        let chances = self.chances(record);
        let there = chances.iter().flatten();
        there.clone().count() >= fewest && there.product::<f64>() * (self.rows as f64) < 1.0
    }

    /// The fewest columns of a record that no row has by chance.
    pub(crate) fn bar(&self, record: &Record) -> usize {
        let chances: Vec<f64> = self.chances(record).into_iter().flatten().collect();
        chance::more_than(&chances, 1.0 / self.rows.max(1) as f64)
    }
}
