//! What one value of an output says at most: in which columns a row may have it, and how few rows do.
//!
//! This only leaves records out. One that holds a row has a value for each of its columns, and bits enough to tell the row from all
//! others; whether it is a copy is for the search to say.

use super::grain::Grain;
use super::shown::Token;
use crate::inputs::{Entry, Index};

/// Columns that are told apart; more share their places.
const PLACES: usize = 64;

/// What a value says: how many bits, if a row has it, and the places of the columns that may have it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    pub(super) bits: f32,
    pub(super) columns: u64,
}

impl Weight {
    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self { bits: self.bits + other.bits, columns: self.columns | other.columns }
    }
}

/// What a record needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Enough {
    bits: f32,
    columns: u32,
}

impl Enough {
    /// Enough for a row of which at least so many columns are there.
    pub(super) fn of(index: &Index, columns: usize) -> Self {
        let shared = index.columns.len().div_ceil(PLACES).max(1);
        Self { bits: (index.rows.max(2) as f32).log2() * 0.999, columns: columns.div_ceil(shared) as u32 }
    }

    pub(super) fn is(self, weight: Weight) -> bool {
        weight.bits >= self.bits && weight.columns.count_ones() >= self.columns
    }
}

/// The weight of a reading.
pub(super) fn of_token(index: &Index, token: Token) -> Weight {
    match token {
        Token::Number(grain, value) => of_number(index, grain, value),
        Token::Word(_) if index.has_words => Weight { bits: (index.rows.max(2) as f32).log2(), columns: 0 },
        Token::Word(_) => Weight::default(),
    }
}

/// For each column that may have become the value: how rare that is.
pub(super) fn of_number(index: &Index, grain: Grain, value: f64) -> Weight {
    let all = index.rows.max(2) as f32;
    let mut weight = Weight::default();
    rows_of_number(index, grain, value, &mut |column, rows| {
        let bits = (all / rows.max(1) as f32).max(1.0).log2();
        weight = weight.and(Weight { bits, columns: place(column) });
    });
    weight
}

/// Each column that may have become the value, and in how many rows; of those that aren't kept, in one.
pub(super) fn rows_of_number(index: &Index, grain: Grain, value: f64, take: &mut dyn FnMut(u16, u64)) {
    let (least, most) = grain.comes_from(value);
    let varies = |column: u16| index.columns.get(usize::from(column)).is_some_and(|column| column.varies);
    let becomes = |entry: &Entry| grain != Grain::Whole || entry.value == value;
    let found = index.between(least, most).iter().filter(|entry| varies(entry.column) && becomes(entry));
    match grain {
        Grain::Exact | Grain::Single => found.for_each(|entry| take(entry.column, entry.rows.into())),
        _ => {
            let mut rows = vec![0u64; index.columns.len()];
            for entry in found {
                if let Some(rows) = rows.get_mut(usize::from(entry.column)) {
                    *rows += u64::from(entry.rows);
                }
            }
            (0..).zip(rows).filter(|(_, rows)| *rows > 0).for_each(|(column, rows)| take(column, rows));
        }
    }
    let is_in = |(from, to): (f64, f64)| least <= to && from <= most;
    let dense = (0..).zip(&index.columns).filter(|(_, column)| column.dense && column.range.is_some_and(is_in));
    dense.for_each(|(column, _)| take(column, 1));
}

/// The place of a column.
fn place(column: u16) -> u64 {
    1 << (usize::from(column) % PLACES)
}
