//! The numbers of an output, column by column and array by array, for who looks at values and not at rows.

use super::exact::grain;
use super::grain::Grain;
use super::shown::{Token, shown};
use super::source::{CompareError, Source};
use super::values::{Told, Values};
use crate::anatomy::{Body, Part};
use crate::array::Array;
use crate::inputs::{Index, Value};
use crate::tree::Node;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many values make a finding.
pub(super) const ENOUGH: usize = 10;
/// Numbers of an array that are decoded at a time.
const CHUNK: usize = 1 << 14;

/// Numbers that stand under one name, or together.
pub(super) struct Column<'a> {
    name: String,
    numbers: Numbers<'a>,
}

enum Numbers<'a> {
    Shown(Vec<Token>),
    Array(&'a Array),
}

/// Values that a column of the output shares with a column of an input.
pub(super) struct Shared<'a> {
    /// Where they stand; empty for a file as a whole.
    pub(super) name: &'a str,
    /// The input's column.
    pub(super) column: String,
    pub(super) told: Told,
    /// The rows that have them, from 1.
    pub(super) rows: BTreeSet<u64>,
}

/// The columns of tables, and all numbers of a tree or a text.
pub(super) fn in_texts(parts: &[Part]) -> Vec<Column<'_>> {
    let mut columns = Vec::new();
    for part in parts {
        match &part.body {
            Body::Tables(tables) => {
                for table in tables.iter().take(1) {
                    for (place, name) in table.header().iter().enumerate() {
                        let cells = table.rows.iter().filter_map(|row| row.cells.get(place)).map(String::as_str);
                        columns.push(of(name.clone(), cells));
                    }
                }
            }
            Body::Tree(tree) => {
                let mut texts = Vec::new();
                gather(tree, &mut texts);
                columns.push(of(part.at.clone(), texts.into_iter()));
            }
            Body::Words(text) => {
                let ends = |c: char| c.is_whitespace() || "=:;|()[]{}<>\"'`*,".contains(c);
                columns.push(of(part.at.clone(), text.split(ends)));
            }
            _ => {}
        }
    }
    columns
}

fn gather<'a>(node: &'a Node, texts: &mut Vec<&'a str>) {
    texts.extend(node.scalar());
    node.children().into_iter().for_each(|(_, child)| gather(child, texts));
}

fn of<'a>(name: String, texts: impl Iterator<Item = &'a str>) -> Column<'a> {
    let mut tokens = Vec::new();
    texts.for_each(|text| shown(text, &mut tokens));
    // How many digits were written says how exact a number is, and not what it was: it may have been longer.
    tokens.retain(|token| matches!(token, Token::Number(..)));
    Column { name, numbers: Numbers::Shown(tokens) }
}

/// All arrays.
pub(super) fn in_arrays(parts: &[Part]) -> Vec<Column<'_>> {
    parts
        .iter()
        .filter_map(|part| match &part.body {
            Body::Array(array) => Some(Column { name: part.at.clone(), numbers: Numbers::Array(array) }),
            _ => None,
        })
        .collect()
}

/// The columns that share values with columns of an input.
pub(super) fn look<'a>(
    source: &Source<'_>,
    columns: &'a [Column<'_>],
    least: u32,
) -> Result<Vec<Shared<'a>>, CompareError> {
    let mut shared = Vec::new();
    if columns.is_empty() {
        return Ok(shared);
    }
    let index = source.index()?;
    for column in columns {
        let mut values = Values::default();
        match &column.numbers {
            Numbers::Shown(tokens) => tokens.iter().for_each(|token| values.add(*token)),
            Numbers::Array(array) => of_array(array, index, true, &mut values)?,
        }
        // What chance explains follows from all numbers, and not from those alone that a column has.
        if let Numbers::Array(array) = &column.numbers
            && !values.told(index, least, ENOUGH).is_empty()
        {
            of_array(array, index, false, &mut values)?;
        }
        for told in values.told(index, least, ENOUGH) {
            shared.push(Shared { name: &column.name, column: String::new(), told, rows: BTreeSet::new() });
        }
    }
    if !shared.is_empty() {
        who(source, &mut shared)?;
    }
    Ok(shared)
}

/// Numbers of an array: all, or those that may be an input's.
fn of_array(array: &Array, index: &Index, sieved: bool, values: &mut Values) -> Result<(), CompareError> {
    let (mut numbers, mut at) = (Vec::new(), 0);
    while at < array.len() {
        let count = CHUNK.min(usize::try_from(array.len() - at).unwrap_or(usize::MAX));
        numbers.clear();
        array.read(at, count, &mut numbers)?;
        at += count as u64;
        for number in numbers.iter().filter(|number| number.is_finite()) {
            let grain = grain(array.number, *number);
            if !sieved || !matches!(grain, Grain::Exact | Grain::Single | Grain::Whole) || index.may_have(*number) {
                values.add(Token::Number(grain, number + 0.0));
            }
        }
    }
    Ok(())
}

/// Finds the names of the input's columns, and the rows that have the values.
fn who(source: &Source<'_>, shared: &mut [Shared<'_>]) -> Result<(), CompareError> {
    let mut rows = source.rows()?;
    let names = rows.names().to_vec();
    let mut wanted: BTreeMap<u16, Vec<(usize, HashSet<u64>)>> = BTreeMap::new();
    for (number, shared) in shared.iter_mut().enumerate() {
        let values = shared.told.values.iter().map(|value| value.to_bits()).collect();
        wanted.entry(shared.told.column).or_default().push((number, values));
        shared.column = names.get(usize::from(shared.told.column)).cloned().unwrap_or_default();
    }
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        for (column, wanted) in &wanted {
            let Some(Value::Number(value)) = row.get(usize::from(*column)) else { continue };
            for (place, _) in wanted.iter().filter(|(_, values)| values.contains(&value.to_bits())) {
                if let Some(shared) = shared.get_mut(*place) {
                    shared.rows.insert(number);
                }
            }
        }
    }
    Ok(())
}
