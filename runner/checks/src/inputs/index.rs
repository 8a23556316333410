//! All numbers of one file of an input, in order: which columns have a number that an output shows, and how many rows.
//!
//! What isn't in here isn't in the input: a record of an output that shows too few of an input's values is looked at no further. What
//! is in here may be there by chance; that is for the search to tell, which goes through the rows again.

use super::rows::{Rows, RowsError};
use super::value::Value;

/// Most distinct numbers of all columns together that are kept; a column that has more is taken to have every number in its range.
const KEPT: usize = 32 << 20;
/// Numbers of a column that are put in order at a time.
const PENDING: usize = 1 << 20;
/// Places in the table that leads into the numbers.
const LEADS: usize = 1 << 16;

/// A number of a column, and how many of its rows have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) value: f64,
    pub(crate) column: u16,
    pub(crate) rows: u32,
}

/// One column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// Rows that have a value.
    pub(crate) filled: u64,
    /// Whether its values differ.
    pub(crate) varies: bool,
    /// Least and greatest number; none if it has no number.
    pub(crate) range: Option<(f64, f64)>,
    /// Whether it has more distinct numbers than are kept.
    pub(crate) dense: bool,
    first: Option<u64>,
}

/// The numbers of a file.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) rows: u64,
    pub(crate) columns: Vec<Column>,
    /// By value.
    entries: Vec<Entry>,
    /// Where the entries of each stretch of numbers begin.
    leads: Vec<u32>,
    /// The order of the least entry, and how many orders a stretch is wide, as a power of two.
    base: u64,
    shift: u32,
}

impl Index {
    /// Reads all rows.
    pub(crate) fn build(mut rows: Rows<'_>) -> Result<Self, RowsError> {
        let mut index = Self::default();
        let mut lists: Vec<List> = Vec::new();
        while let Some(row) = rows.next()? {
            index.rows += 1;
            if lists.len() < row.len() {
                lists.resize_with(row.len(), List::default);
                index.columns.resize(row.len(), Column::default());
            }
            for ((value, list), column) in row.iter().zip(&mut lists).zip(&mut index.columns) {
                column.see(*value);
                if let Value::Number(number) = value {
                    list.add(*number);
                }
            }
        }
        index.order(lists);
        Ok(index)
    }

    fn order(&mut self, lists: Vec<List>) {
        let mut lists: Vec<(u16, List)> = (0..).zip(lists).collect();
        // The columns of the fewest numbers are worth most.
        lists.iter_mut().for_each(|(_, list)| list.settle());
        lists.sort_by_key(|(_, list)| list.settled.len());
        for (column, list) in lists {
            if self.entries.len() + list.settled.len() > KEPT {
                if let Some(column) = self.columns.get_mut(usize::from(column)) {
                    column.dense = true;
                }
                continue;
            }
            self.entries.extend(list.settled.into_iter().map(|(value, rows)| Entry { value, column, rows }));
        }
        self.entries.sort_unstable_by(|a, b| a.value.total_cmp(&b.value).then(a.column.cmp(&b.column)));
        self.lead();
    }

    fn lead(&mut self) {
        let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) else { return };
        self.base = order(first.value);
        self.shift = 64 - ((order(last.value) - self.base) / LEADS as u64).leading_zeros();
        let mut leads = Vec::with_capacity(LEADS + 2);
        for (at, entry) in self.entries.iter().enumerate() {
            let stretch = ((order(entry.value) - self.base) >> self.shift) as usize;
            while leads.len() <= stretch {
                leads.push(at as u32);
            }
        }
        leads.push(self.entries.len() as u32);
        self.leads = leads;
    }

    /// The entries from one number to another.
    pub(crate) fn between(&self, least: f64, most: f64) -> &[Entry] {
        let least = order(least).max(self.base);
        let stretch = ((least - self.base) >> self.shift) as usize;
        let (Some(from), Some(to)) = (self.leads.get(stretch), self.leads.get(stretch + 1)) else { return &[] };
        let within = self.entries.get(*from as usize..*to as usize).unwrap_or(&[]);
        let start = *from as usize + within.partition_point(|entry| order(entry.value) < least);
        let rest = self.entries.get(start..).unwrap_or(&[]);
        let count = rest.iter().take_while(|entry| entry.value <= most).count();
        rest.get(..count).unwrap_or(&[])
    }
}

impl Column {
    fn see(&mut self, value: Value) {
        let Some(key) = value.key() else { return };
        self.filled += 1;
        self.varies |= *self.first.get_or_insert(key) != key;
        if let Value::Number(number) = value {
            let (least, most) = self.range.unwrap_or((number, number));
            self.range = Some((least.min(number), most.max(number)));
        }
    }
}

/// The order of a number among all: that of these integers.
fn order(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The numbers of one column, with how many rows have each.
#[derive(Default)]
struct List {
    pending: Vec<f64>,
    settled: Vec<(f64, u32)>,
}

impl List {
    fn add(&mut self, number: f64) {
        // Minus zero is zero.
        self.pending.push(number + 0.0);
        if self.pending.len() == PENDING {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.pending.sort_unstable_by(f64::total_cmp);
        let old = std::mem::take(&mut self.settled);
        let mut merged: Vec<(f64, u32)> = Vec::with_capacity(old.len());
        let mut old = old.into_iter().peekable();
        for number in self.pending.drain(..) {
            while let Some(next) = old.next_if(|(value, _)| *value <= number) {
                merged.push(next);
            }
            match merged.last_mut() {
                Some((value, rows)) if *value == number => *rows = rows.saturating_add(1),
                _ => merged.push((number, 1)),
            }
        }
        merged.extend(old);
        self.settled = merged;
    }
}

#[cfg(test)]
mod tests;
