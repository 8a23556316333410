//! Counts in running text and in Markdown's tables.

use super::names::{Sense, sense};
use super::tally::{Spot, Tally};
use super::{cell, sheet};
use crate::table::{Row, Table};

/// Looks through one text: tables between bars first, then every number in the other lines.
pub(crate) fn look(text: &str, declared: &[String], tally: &mut Tally) {
    let mut table: Vec<Row> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        match bars(line) {
            Some(cells)
                if cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':'))) => {}
            Some(cells) => table.push(Row { line: number, cells }),
            None => {
                close(&mut table, declared, tally);
                numbers(line, number, declared, tally);
            }
        }
    }
    close(&mut table, declared, tally);
}

fn close(rows: &mut Vec<Row>, declared: &[String], tally: &mut Tally) {
    if !rows.is_empty() {
        sheet::look(&Table { rows: std::mem::take(rows) }, declared, tally);
    }
}

/// The cells of a line between bars.
fn bars(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line).trim_end_matches('|');
    line.contains('|').then(|| inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// Whole numbers in a line: counts where the word before or after says so, else doubtful.
fn numbers(line: &str, number: u64, declared: &[String], tally: &mut Tally) {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '=' | ':' | ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'')
    };
    let words: Vec<&str> =
        line.split(ends).map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect();
    for (place, text) in words.iter().enumerate() {
        if !matches!(cell::read(text), cell::Reading::Whole(_)) {
            continue;
        }
        let before = place.checked_sub(1).and_then(|place| words.get(place)).copied().unwrap_or("");
        let after = words.get(place + 1).copied().unwrap_or("");
        let spot = [Spot { row: number, column: before, text }];
        match (sense(before), sense(after)) {
            _ if declared.iter().any(|known| known == before) => tally.declared(&spot),
            (Sense::Count, _) | (_, Sense::Count) => tally.named(&spot),
            (Sense::Key, _) | (_, Sense::Key) => {}
            (sense, _) => tally.unknown(&spot, sense),
        }
    }
}
