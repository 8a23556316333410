//! From a file to records: rows, columns, lines, and runs of lines.

use super::branches;
use super::gathered::{Gathered, Views};
use super::view::{Place, Spot};
use crate::anatomy::{Body, Part};
use crate::table::Table;

/// Lines in a run: a row that is written over at most half as many is inside one run.
const RUN: usize = 128;

/// All records of texts among those parts that are wanted; none if there is no text.
pub(crate) fn records(parts: &[Part], wanted: impl Fn(usize, &Part) -> bool) -> Option<Views> {
    let mut views = Gathered::default();
    let mut any = false;
    for (number, part) in parts.iter().enumerate().filter(|(number, part)| wanted(*number, part)) {
        let number = number as u32;
        match &part.body {
            Body::Tables(tables) => {
                tables.iter().for_each(|table| Pages { part: number, views: &mut views }.of_table(table))
            }
            Body::Tree(tree) => branches::add(tree, number, &mut views),
            Body::Words(text) => Pages { part: number, views: &mut views }.of_words(text.lines()),
            Body::Texts(texts) => Pages { part: number, views: &mut views }.of_words(texts.iter().map(String::as_str)),
            Body::Array(_) | Body::Bytes(_) | Body::Figure(_) => continue,
        }
        any = true;
    }
    any.then(|| views.views())
}

/// The records of one part.
struct Pages<'a> {
    part: u32,
    views: &'a mut Gathered,
}

impl Pages<'_> {
    fn line<'b>(&mut self, line: u64, cells: impl Iterator<Item = (&'b str, &'b str)>) {
        self.views.add(Spot { part: self.part, place: Place::Line(line) }, cells);
    }

    fn of_table(&mut self, table: &Table) {
        let header = table.header();
        for row in &table.rows {
            let names = header.iter().map(String::as_str);
            self.line(row.line, names.zip(row.cells.iter().map(String::as_str)));
        }
        for place in 0..table.width() {
            let cells =
                table.rows.iter().filter_map(|row| Some((row.cells.first()?.as_str(), row.cells.get(place)?.as_str())));
            self.views.add(Spot { part: self.part, place: Place::Column(place as u64 + 1) }, cells);
        }
        let lines: Vec<_> =
            table.rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect();
        self.runs(&lines);
    }

    fn of_words<'b>(&mut self, all: impl Iterator<Item = &'b str>) {
        let ends = |c: char| c.is_whitespace() || "=:;|()[]{}<>\"'`*".contains(c);
        let mut lines: Vec<(u64, Vec<&str>)> = Vec::new();
        for (line, number) in all.zip(1..) {
            // A comma may end a value, or stand in a number: both readings count.
            let words = line.split(ends).flat_map(|word| word.split(',').chain(word.contains(',').then_some(word)));
            let words: Vec<&str> =
                words.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect();
            self.line(number, words.iter().map(|word| ("", *word)));
            lines.push((number, words));
        }
        self.runs(&lines);
    }

    /// Overlapping runs of lines, for rows that are written over several.
    fn runs(&mut self, lines: &[(u64, Vec<&str>)]) {
        for start in (0..lines.len()).step_by(RUN / 2) {
            let run = lines.get(start..lines.len().min(start + RUN)).unwrap_or(&[]);
            if let [(line, _), _, ..] = run {
                self.line(*line, run.iter().flat_map(|(_, cells)| cells.iter().map(|cell| ("", *cell))));
            }
        }
    }
}
