//! Cells that their own row labels: a number behind `No. Observations:`, and degrees of freedom.

use super::cell::{Reading, read};
use super::names;
use super::tally::Spot;
use crate::table::Table;

/// A table's cells, once those that their row labels are taken out.
pub(super) struct Rows<'a> {
    /// The rows below the header; nothing stands where something was taken out.
    pub(super) left: Vec<Vec<&'a str>>,
    /// What was taken out because a label with a colon is before it: labels, and as many values.
    pub(super) labels: Vec<Spot<'a>>,
    pub(super) values: Vec<Spot<'a>>,
}

/// The names of a table's columns. A first row that labels a number of its own names nothing.
pub(super) fn columns(header: &[String]) -> Vec<String> {
    let labels = |name: &String| is_label(name);
    let is_row = header.windows(2).any(|pair| matches!(pair, [name, next] if labels(name) && is_number(next)));
    header.iter().map(|name| if is_row && is_label(name) { String::new() } else { name.clone() }).collect()
}

fn is_label(text: &str) -> bool {
    text.trim_end().ends_with(':') && read(text) == Reading::Words(None)
}

fn is_number(text: &str) -> bool {
    !matches!(read(text), Reading::Words(_) | Reading::Nothing)
}

impl<'a> Rows<'a> {
    /// Reads a table, of which some columns are known to be counts whatever their rows are called.
    pub(super) fn of(table: &'a Table, counts: &[bool]) -> Self {
        let mut rows = Self { left: Vec::new(), labels: Vec::new(), values: Vec::new() };
        for (number, row) in (0..).zip(&table.rows) {
            let left = rows.row(number, &row.cells, counts);
            if number > 0 {
                rows.left.push(left);
            }
        }
        rows
    }

    fn row(&mut self, number: u64, cells: &'a [String], counts: &[bool]) -> Vec<&'a str> {
        let (mut label, mut free) = (None, false);
        let mut left = Vec::with_capacity(cells.len());
        for (cell, is_count) in cells.iter().zip(counts) {
            let text = cell.as_str();
            let kept = match read(text) {
                Reading::Words(_) => {
                    label = Some(text).filter(|text| is_label(text));
                    free = names::is_freedom([text].into_iter());
                    label.is_none()
                }
                _ if *is_count => true,
                _ => match label {
                    Some(label) => {
                        self.labels.push(Spot { row: number, column: label, text: label });
                        self.values.push(Spot { row: number, column: label, text });
                        false
                    }
                    None => !free,
                },
            };
            left.push(if kept { text } else { "" });
        }
        left
    }
}
