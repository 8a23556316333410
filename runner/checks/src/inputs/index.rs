//! All numbers of one file of an input, in order: which columns have a number that an output shows, and how many rows.
//!
//! What isn't in here isn't in the input: a record of an output that shows too few of an input's values is looked at no further. What
//! is in here may be there by chance; that is for the search to tell, which goes through the rows again.

use super::least::Least;
use super::rows::{Rows, RowsError};
use super::value::Value;

/// Most distinct numbers of all columns together that are kept; a column that has more is taken to have every number in its range.
const KEPT: usize = 16 << 20;
/// Numbers of a column that are put in order at a time.
const PENDING: usize = 1 << 20;
/// Places in the table that leads into the numbers.
const LEADS: usize = 1 << 16;

/// Bits of the sieve for each number: of a hundred that aren't there it lets through six.
const SIEVE: usize = 16;
/// More than what a number changes by in 32-bit floating point, in parts of it.
const SLACK: f64 = 1e-6;
/// Most digits after the point of a column whose numbers lie on a grid.
const DECIMALS: i32 = 9;
/// Numbers of a column that are held to a grid.
const HELD: usize = 10_000;

/// A number of a column, and how many of its rows have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) value: f64,
    pub(crate) column: u16,
    pub(crate) rows: u32,
    /// How many rows have a smaller one.
    pub(crate) before: u32,
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
    /// The distance between the points of the grid on which its numbers lie; none if they lie on none.
    pub(crate) grid: Option<f64>,
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
    /// Which numbers there may be, as 32-bit floating point.
    sieve: Vec<u64>,
    /// The least number but zero, without its sign; and between which numbers all lie. A little wider than they are: a 32-bit number
    /// may be a little off from what it came from.
    smallest: f64,
    reach: (f64, f64),
    /// What a row has at least.
    pub(crate) least: Least,
    /// Whether there is a word in it.
    pub(crate) has_words: bool,
}

impl Index {
    /// Reads all rows. Each number is kept in a form.
    pub(crate) fn build(mut rows: Rows<'_>, form: fn(f64) -> f64) -> Result<Self, RowsError> {
        let mut index = Self::default();
        let mut lists: Vec<List> = Vec::new();
        while let Some(row) = rows.next()? {
            index.rows += 1;
            if lists.len() < row.len() {
                lists.resize_with(row.len(), List::default);
                index.columns.resize(row.len(), Column::default());
            }
            index.least.see(row, form);
            for ((value, list), column) in row.iter().zip(&mut lists).zip(&mut index.columns) {
                index.has_words |= matches!(value, Value::Word { .. });
                let value = if let Value::Number(number) = value { Value::Number(form(*number)) } else { *value };
                column.see(value);
                if let Value::Number(number) = value {
                    list.add(number);
                }
            }
        }
        let constant = index.columns.iter().filter(|column| !column.varies).count();
        index.least.without(constant);
        index.order(lists);
        Ok(index)
    }

    /// The index of some columns.
    #[cfg(test)]
    pub(crate) fn of(columns: &[&[f64]]) -> Self {
        let mut index = Self { columns: vec![Column::default(); columns.len()], ..Self::default() };
        let mut lists: Vec<List> = Vec::new();
        for (values, column) in columns.iter().zip(&mut index.columns) {
            index.rows = index.rows.max(values.len() as u64);
            let mut list = List::default();
            for value in *values {
                column.see(Value::Number(*value));
                list.add(*value);
            }
            lists.push(list);
        }
        index.order(lists);
        index
    }

    fn order(&mut self, lists: Vec<List>) {
        let mut lists: Vec<(u16, List)> = (0..).zip(lists).collect();
        // The columns of the fewest numbers are worth most.
        lists.iter_mut().for_each(|(_, list)| list.settle());
        lists.sort_by_key(|(_, list)| list.settled.len());
        for (column, list) in lists {
            if let Some(column) = self.columns.get_mut(usize::from(column)) {
                column.grid = grid(&list.settled);
            }
            if self.entries.len() + list.settled.len() > KEPT {
                if let Some(column) = self.columns.get_mut(usize::from(column)) {
                    column.dense = true;
                }
                continue;
            }
            let mut before = 0u32;
            self.entries.extend(list.settled.into_iter().map(|(value, rows)| {
                let entry = Entry { value, column, rows, before };
                before = before.saturating_add(rows);
                entry
            }));
        }
        self.entries.sort_unstable_by(|a, b| a.value.total_cmp(&b.value).then(a.column.cmp(&b.column)));
        self.lead();
        let sizes = self.entries.iter().map(|entry| entry.value.abs()).filter(|size| *size > 0.0);
        self.smallest = sizes.fold(f64::INFINITY, f64::min) * (1.0 - SLACK);
        if let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) {
            self.reach = (first.value - first.value.abs() * SLACK, last.value + last.value.abs() * SLACK);
        }
        let words = (self.entries.len() * SIEVE).next_power_of_two().max(64) / 64;
        self.sieve = vec![0; words];
        for entry in &self.entries {
            let (word, bit) = sieved(entry.value, words);
            if let Some(word) = self.sieve.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Whether there may be a number that is the same in 32-bit floating point: no is certain.
    pub(crate) fn may_have(&self, value: f64) -> bool {
        if value < self.reach.0 || value > self.reach.1 || (value != 0.0 && value.abs() < self.smallest) {
            return false;
        }
        let (word, bit) = sieved(value, self.sieve.len());
        self.sieve.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Whether some column has more distinct numbers than are kept.
    pub(crate) fn is_dense(&self) -> bool {
        self.columns.iter().any(|column| column.dense)
    }

    /// How many numbers there are: of each column its distinct ones, and at least as many as are kept if that is too many.
    pub(crate) fn len(&self) -> usize {
        if self.is_dense() { KEPT } else { self.entries.len() }
    }

    /// How many columns have numbers.
    pub(crate) fn numbers(&self) -> u64 {
        self.columns.iter().filter(|column| column.range.is_some()).count() as u64
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

/// The bit of a number in a sieve of so many words, a power of two.
fn sieved(value: f64, words: usize) -> (usize, u64) {
    let hash = u64::from((value as f32).to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((hash >> 32) as usize & words.saturating_sub(1), 1 << (hash >> 26 & 63))
}

/// The distance between the points of the coarsest decimal grid on which all of these numbers lie.
fn grid(numbers: &[(f64, u32)]) -> Option<f64> {
    let apart = (numbers.len() / HELD).max(1);
    let lies = |decimals: i32| {
        let power = 10f64.powi(decimals);
        numbers.iter().step_by(apart).all(|(value, _)| (value * power).round() / power == *value)
    };
    (0..=DECIMALS).find(|decimals| lies(*decimals)).map(|decimals| 10f64.powi(-decimals))
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
