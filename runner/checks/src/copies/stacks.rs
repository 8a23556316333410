//! Arrays that lie beside each other: a table that is kept column by column, each in an array of its own, or in one for each type.

use super::source::CompareError;
use crate::array::{Array, Number, Order};
use std::collections::BTreeMap;

/// Most numbers of one stack.
const NUMBERS: u64 = 8 << 20;
/// Most numbers of an array that holds a part of a row.
const SHORT: u64 = 256;
/// Most arrays that hold a list in turns.
const TURNS: u64 = 4;
/// Most columns of one stack: more are no table.
const COLUMNS: u64 = 4096;

/// A table of each length that several arrays have, as numbers in memory, one column after the other.
pub(crate) fn stacks(arrays: &[Array]) -> Result<Vec<Array>, CompareError> {
    let mut by_length: BTreeMap<u64, Vec<Columns<'_>>> = BTreeMap::new();
    for columns in arrays.iter().flat_map(columns) {
        by_length.entry(columns.rows).or_default().push(columns);
    }
    let mut stacks = Vec::new();
    for (rows, all) in by_length {
        let count: u64 = all.iter().map(|columns| columns.count).sum();
        if all.len() < 2 || count > COLUMNS || count.saturating_mul(rows) > NUMBERS {
            continue;
        }
        let mut values = Vec::new();
        all.iter().try_for_each(|columns| columns.read(&mut values))?;
        stacks.push(Array { shape: vec![count, rows], ..Array::of(&values) });
        // Few arrays side by side may hold a list in turns, as complex numbers do.
        if count <= TURNS {
            let (count, rows) = (count as usize, rows as usize);
            let turn = |row: usize| values.iter().skip(row).step_by(rows).take(count).copied();
            let list: Vec<f64> = (0..rows).flat_map(turn).collect();
            stacks.push(Array::of(&list));
        }
    }
    Ok(stacks)
}

/// All short arrays one after the other: a row may be in several, or each of its values in one.
pub(crate) fn strung(arrays: &[Array]) -> Result<Option<Array>, CompareError> {
    let is_short = |array: &&Array| array.len() <= SHORT && array.number != Number::Bool;
    let short: Vec<&Array> = arrays.iter().filter(is_short).collect();
    let mut values = Vec::new();
    for array in &short {
        array.read(0, array.len() as usize, &mut values)?;
        if values.len() as u64 > NUMBERS {
            return Ok(None);
        }
    }
    Ok((short.len() > 1).then(|| Array::of(&values)))
}

/// An array taken for columns of a table.
struct Columns<'a> {
    array: &'a Array,
    rows: u64,
    count: u64,
    /// Whether the numbers of a row are neighbours.
    by_row: bool,
}

/// The ways to take an array for columns.
fn columns(array: &Array) -> Vec<Columns<'_>> {
    let of = |rows: u64, count: u64, by_row: bool| Columns { array, rows, count, by_row };
    if array.promised() != Some(array.len()) || array.number == Number::Bool {
        return Vec::new();
    }
    match (array.shape.as_slice(), array.order) {
        (&[rows], _) if rows > 1 => vec![of(rows, 1, false)],
        (&[a, b], order) if a > 0 && b > 0 => {
            let (slow, fast) = if order == Order::Rows { (a, b) } else { (b, a) };
            vec![of(fast, slow, false), of(slow, fast, true)]
        }
        _ => Vec::new(),
    }
}

impl Columns<'_> {
    /// Adds all numbers, one column after the other.
    fn read(&self, values: &mut Vec<f64>) -> Result<(), CompareError> {
        let mut own = Vec::new();
        self.array.read(0, (self.rows * self.count) as usize, &mut own)?;
        match self.by_row {
            false => values.append(&mut own),
            true => {
                (0..self.count).for_each(|at| values.extend(own.iter().skip(at as usize).step_by(self.count as usize)))
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::stacks;
    use crate::array::{Array, Order};

    fn array(shape: &[u64], order: Order, from: u64) -> Array {
        let values: Vec<f64> = (from..from + shape.iter().product::<u64>()).map(|value| value as f64).collect();
        Array { shape: shape.to_vec(), order, ..Array::of(&values) }
    }

    fn values(array: &Array) -> Vec<f64> {
        let mut values = Vec::new();
        array.read(0, array.len() as usize, &mut values).unwrap();
        values
    }

    #[test]
    fn columns_of_one_length_are_one_table() {
        let arrays = [
            array(&[3], Order::Rows, 0),
            array(&[2, 3], Order::Rows, 10),
            array(&[3, 2], Order::Rows, 20),
            array(&[3, 2], Order::Columns, 30),
            array(&[7], Order::Rows, 90),
        ];
        let stacks = stacks(&arrays).unwrap();
        let stack = stacks.iter().find(|stack| stack.shape[1] == 3).unwrap();
        let columns: Vec<f64> = [
            [0., 1., 2.],
            [10., 11., 12.],
            [13., 14., 15.],
            [20., 22., 24.],
            [21., 23., 25.],
            [30., 31., 32.],
            [33., 34., 35.],
        ]
        .concat();
        assert_eq!((stack.shape[0], values(stack)), (7, columns));
        assert!(stacks.iter().all(|stack| stack.shape[1] != 7), "an array alone is no stack");
    }
}
