//! Counts in running text and in Markdown's tables.

use super::cell::{Reading, read};
use super::names::{self, Sense, sense};
use super::sheet;
use super::tally::{Spot, Tally};
use crate::table::{Row, Table};
use std::collections::HashSet;

/// Words before a number that may say together what it is, such as `Df Model`.
const PHRASE: usize = 3;

/// Looks through one text: tables between bars first, then every number in the other lines.
pub(crate) fn look(text: &str, declared: &[String], keys: &HashSet<&str>, tally: &mut Tally) {
    let mut table: Vec<Row> = Vec::new();
    let around = Around::of(text);
    for (line, number) in text.lines().zip(1..) {
        match bars(line) {
            Some(cells)
                if cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':'))) => {}
            Some(cells) => table.push(Row { line: number, cells }),
            None => {
                close(&mut table, declared, keys, tally);
                numbers(line, number, &around, declared, tally);
            }
        }
    }
    close(&mut table, declared, keys, tally);
}

fn close(rows: &mut Vec<Row>, declared: &[String], keys: &HashSet<&str>, tally: &mut Tally) {
    if !rows.is_empty() {
        sheet::look(&Table { rows: std::mem::take(rows) }, declared, keys, tally);
    }
}

/// The cells of a line between bars.
fn bars(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line).trim_end_matches('|');
    line.contains('|').then(|| inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// What the rest of a text says of its numbers.
struct Around {
    /// How many digits its fractions have behind the point.
    decimals: HashSet<usize>,
    /// The lines that begin with their number: 0, 1, 2, ... or 1, 2, 3, ...
    numbered: HashSet<u64>,
}

impl Around {
    fn of(text: &str) -> Self {
        let fractions = text.lines().flat_map(words).filter(|word| read(word) == Reading::Fraction);
        Self { decimals: fractions.filter_map(decimals).collect(), numbered: numbered(text) }
    }

    /// Whether a number is written as the text's fractions are, such as `1.00` beside `0.97`.
    fn is_decimal(&self, word: &str) -> bool {
        decimals(word).is_some_and(|digits| self.decimals.contains(&digits))
    }
}

fn decimals(word: &str) -> Option<usize> {
    let (_, digits) = word.split_once('.')?;
    (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(digits.len())
}

fn numbered(text: &str) -> HashSet<u64> {
    let (mut lines, mut run) = (HashSet::new(), Vec::new());
    let mut next = None;
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let first = match words(line).as_slice() {
            [first, _, ..] => read(first),
            _ => Reading::Nothing,
        };
        match first {
            Reading::Whole(value) if next == Some(value) => next = Some(value + 1),
            Reading::Whole(value @ 0..=1) => {
                run.clear();
                next = Some(value + 1);
            }
            _ => {
                run.clear();
                next = None;
                continue;
            }
        }
        run.push(number);
        if run.len() > 1 {
            lines.extend(run.iter().copied());
        }
    }
    lines
}

/// The words of a line; times of day are none, nor is the number of a note, such as `[1]`, with which it begins.
fn words(line: &str) -> Vec<&str> {
    let line = line.trim_start();
    let note = line.strip_prefix('[').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let line = note.and_then(|rest| rest.strip_prefix("] ")).unwrap_or(line);
    let ends = |c: char| matches!(c, '=' | ':' | ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'');
    let pieces = line.split_whitespace().filter(|piece| !is_time(piece)).flat_map(|piece| piece.split(ends));
    pieces.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect()
}

/// Whether a piece of text is a time of day: `10:04` or `10:04:17`.
fn is_time(piece: &str) -> bool {
    let two = |digits: &str| digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let piece = piece.trim_matches(['[', ']', '(', ')', ',']);
    let parts: Vec<&str> = piece.split_once([',', '.']).map_or(piece, |(time, _)| time).split(':').collect();
    (2..=3).contains(&parts.len()) && parts.into_iter().all(two)
}

/// Whole numbers in a line: counts where the word before or after says so, else doubtful.
fn numbers(line: &str, number: u64, around: &Around, declared: &[String], tally: &mut Tally) {
    let words = words(line);
    for (place, text) in words.iter().enumerate() {
        if !matches!(read(text), Reading::Whole(_)) {
            continue;
        }
        let phrase = words.get(place.saturating_sub(PHRASE)..place).unwrap_or(&[]);
        // Of five folds the third is `fold 3 of 5`.
        let before = match phrase {
            [before, of, "of"] if matches!(read(of), Reading::Whole(_)) => before,
            _ => phrase.last().copied().unwrap_or(""),
        };
        let after = words.get(place + 1).copied().unwrap_or("");
        let spot = [Spot { row: number, column: before, text }];
        match (sense(before), sense(after)) {
            _ if declared.iter().any(|known| known == before) => tally.declared(&spot),
            (Sense::Count, _) | (_, Sense::Count) => tally.named(&spot),
            (Sense::Key, _) | (_, Sense::Key) => {}
            _ if around.is_decimal(text) || names::is_freedom(phrase.iter().copied()) => {}
            _ if place == 0 && around.numbered.contains(&number) => {}
            (sense, _) => tally.unknown(&spot, sense),
        }
    }
}
