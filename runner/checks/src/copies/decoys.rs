//! Decoys: rows that nobody has, made of rows of the input by moving each value a little.
//!
//! Columns of one input belong together: who is large has a large heart, too. What chance makes of values that are drawn one by one
//! is less than what it makes of these. So each record that seems to hold rows is shown decoys as well: one that holds as many of
//! them holds rows by its nature, as a stretch of the whole numbers does, and none that it was given.

use super::census::Census;
use super::lens::Lens;
use super::search::{Search, Told};
use super::source::{CompareError, Source};
use crate::inputs::{Index, Value, mix};
use std::collections::BTreeMap;

/// Decoys of each row: half of them near it, and half of them farther away, so that a record that was filled up with the neighbours of
/// its values isn't taken for one that holds rows by its nature.
const EACH: u64 = 4;
/// How many steps a number is moved: the fewest, and how many more at most.
const NEAR: (u64, u64) = (2, 8);
const FAR: (u64, u64) = (10, 31);
/// If fewer records than these seem to hold rows, decoys are made of all rows; else of so many.
const FEW: usize = 1000;
const SAMPLE: u64 = 50_000;
/// Rows, from all over the input, from which decoys have their words, each from another one.
const OTHERS: u64 = 251;
/// A record holds rows by its nature if it holds more decoys, for each row, than one in so many.
const PART: f64 = 4.0;

/// What is left of the matches without records that hold decoys.
pub(super) fn without(
    source: &Source<'_>,
    lens: &Lens<'_>,
    census: &Census,
    mut told: Told,
) -> Result<Told, CompareError> {
    if told.rows.is_empty() {
        return Ok(told);
    }
    let index = source.index()?;
    let apart = if told.rows.len() < FEW { 1 } else { (census.rows / SAMPLE).max(1) };
    let mut searches =
        [NEAR, FAR].map(|steps| (steps, Search::within(lens, census, |record| told.rows.contains_key(&record))));
    let others = others(source, census.rows)?;
    let (mut rows, mut number, mut cells) = (source.rows()?, 0, Vec::new());
    while let Some(row) = rows.next()? {
        number += 1;
        if number % apart == 0 {
            for decoy in 0..EACH / 2 {
                for (steps, search) in &mut searches {
                    let seed = mix(number ^ decoy << 56 ^ steps.0 << 48);
                    lens.cells(&moved(row, &others, (seed, *steps), lens, index), &mut cells);
                    search.look(&cells)?;
                }
            }
        }
    }
    let counts = searches.map(|(_, search)| search.counts());
    told.rows.retain(|record, rows| {
        let held = |counts: &BTreeMap<u32, u32>| {
            f64::from(counts.get(record).copied().unwrap_or(0)) * apart as f64 / (EACH / 2) as f64
        };
        counts.iter().any(|counts| held(counts) * PART < rows.len() as f64)
    });
    Ok(told)
}

/// Some rows, equally far apart.
fn others(source: &Source<'_>, all: u64) -> Result<Vec<Vec<Value>>, CompareError> {
    let apart = all / OTHERS + 1;
    let (mut rows, mut number, mut others) = (source.rows()?, 0, Vec::new());
    while let Some(row) = rows.next()? {
        number += 1;
        if number % apart == 0 {
            others.push(row.to_vec());
        }
    }
    Ok(others)
}

/// A row like another one: each number is a few steps away from its own, and each word is somebody else's, each of another one's.
fn moved(
    row: &[Value],
    others: &[Vec<Value>],
    (seed, (fewest, more)): (u64, (u64, u64)),
    lens: &Lens<'_>,
    index: &Index,
) -> Vec<Value> {
    let value = |(column, value): (usize, &Value)| match value {
        Value::Number(number) => {
            let grid = index.columns.get(column).and_then(|column| column.grid).unwrap_or(number.abs() * 1e-6);
            let step = grid.max(lens.unit(column, *number));
            let draw = mix(seed ^ column as u64);
            let steps = (fewest + draw % more) as f64;
            Value::Number(if draw >> 63 == 0 { number + steps * step } else { number - steps * step })
        }
        Value::Word { .. } => {
            let other = others.get((mix(seed ^ column as u64) % others.len().max(1) as u64) as usize);
            other.and_then(|other| other.get(column)).copied().unwrap_or(Value::Missing)
        }
        Value::Missing => Value::Missing,
    };
    row.iter().enumerate().map(value).collect()
}
