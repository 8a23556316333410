//! From a file to the values of its texts: tables, trees, lines.

use super::branches;
use super::gathered::{NAMELESS, name_key};
use super::series::Series;
use super::spelled;
use super::view::Place;
use crate::anatomy::{Body, Part, Strings};
use crate::table::Table;
use std::collections::BTreeMap;

/// Longest text that is looked at as one value; a longer one is looked at as a text with lines, too.
pub(super) const LONGEST: usize = 64;

/// The values of all texts among those parts that are wanted.
pub(super) fn series(parts: &[Part], wanted: impl Fn(usize, &Part) -> bool) -> Vec<Series> {
    let mut all = Vec::new();
    for (number, part) in parts.iter().enumerate().filter(|(number, part)| wanted(*number, part)) {
        let number = number as u32;
        match &part.body {
            Body::Tables(tables) => tables.iter().for_each(|table| of_table(table, number, &mut all)),
            Body::Tree(tree) => branches::add(tree, number, &mut all),
            Body::Words(text) => all.extend(of_lines(text.lines().zip(1..), number)),
            Body::Texts(texts) => {
                let lines = texts.iter().zip(1..).flat_map(|(text, at)| text.lines().map(move |line| (line, at)));
                all.extend(of_lines(lines, number));
            }
            Body::Array(_) | Body::Bytes(_) | Body::Figure(_) => {}
        }
    }
    all.extend(side_by_side(parts.iter().enumerate().filter(|(number, part)| wanted(*number, part))));
    all
}

/// Lists of texts of one length: each may be a column of a table.
fn side_by_side<'a>(parts: impl Iterator<Item = (usize, &'a Part)>) -> Vec<Series> {
    let mut by_length: BTreeMap<usize, Vec<(usize, &Strings)>> = BTreeMap::new();
    for (number, part) in parts {
        if let Body::Texts(texts) = &part.body {
            by_length.entry(texts.len()).or_default().push((number, texts));
        }
    }
    let table = |(length, columns): (usize, Vec<(usize, &Strings)>)| {
        let mut series = Series::of(columns.first().map_or(0, |(number, _)| *number as u32));
        let mut readings = Vec::new();
        for row in 0..length {
            let from = series.len();
            for text in columns.iter().filter_map(|(_, texts)| texts.get(row)) {
                readings.clear();
                spelled::all(text, &mut readings);
                series.push(&readings, row as u64 + 1, NAMELESS);
            }
            series.run(Place::Line(row as u64 + 1), from);
        }
        series
    };
    by_length.into_iter().filter(|(_, columns)| columns.len() > 1).map(table).collect()
}

fn of_table(table: &Table, part: u32, all: &mut Vec<Series>) {
    let names: Vec<u64> = table.header().iter().map(|name| key(name)).collect();
    let mut series = Series::of(part);
    let (mut readings, mut long) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let from = series.len();
        for (place, cell) in row.cells.iter().enumerate() {
            if cell.len() > LONGEST {
                long.extend(cell.lines().map(|line| (line, row.line)));
            }
            readings.clear();
            spelled::all(cell, &mut readings);
            series.push(&readings, row.line, names.get(place).copied().unwrap_or(NAMELESS));
        }
        series.run(Place::Line(row.line), from);
    }
    let sides = table.rows.iter().map(|row| row.cells.first().map_or(NAMELESS, |name| key(name))).collect();
    series.columns(table.width() as u32, sides);
    if table.width() == 1 {
        series.single(0, series.len());
    }
    all.push(series);
    all.extend(of_lines(long.into_iter(), part));
}

/// The values of lines, each with its number.
pub(super) fn of_lines<'a>(lines: impl Iterator<Item = (&'a str, u64)>, part: u32) -> Option<Series> {
    let mut series = Series::of(part);
    let mut single = 0;
    for (line, number) in lines {
        let from = series.len();
        spelled::values(line, &mut |readings| series.push(readings, number, NAMELESS));
        series.run(Place::Line(number), from);
        if series.len() - from > 1 {
            series.single(single, from);
            single = series.len();
        }
    }
    series.single(single, series.len());
    (series.len() > 0).then_some(series)
}

/// The key of a name, or that there is none.
pub(super) fn key(name: &str) -> u64 {
    if name.trim().is_empty() { NAMELESS } else { name_key(name) }
}
