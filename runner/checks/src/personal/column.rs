//! The cells of one column of a table: what its name says holds for each of them, and so does what most of them are.

use super::kind::{Kind, Kinds};
use super::name::{self, Says};
use super::value::{is_key, is_password};
use super::{Hit, assigned, context, look, person, phone};
use std::collections::{BTreeMap, BTreeSet};

/// How many cells are looked at to tell what a column is.
const SAMPLE: usize = 200;
/// Fewest different cells that show it. Where 1 of 10 random numbers fits, 5 of 5 do once in 100,000 columns.
const NUMBERS: usize = 5;
const NAMES: usize = 3;
/// The share of the cells that has to fit, in percent.
const SHARE: usize = 80;

/// Looks through the cells of a column, and tells in which of them something is, counted from 0.
pub(crate) fn column<'a>(
    header: &str,
    cells: impl Iterator<Item = &'a str> + Clone,
    found: &mut impl FnMut(usize, Hit),
) {
    let sample = || cells.clone().filter(|cell| !cell.trim().is_empty()).take(SAMPLE);
    let topics = shown(sample(), topics(header));
    let secrets = assigned::announces(header);
    let persons = match name::says(header) {
        Some(Says::Person) => 1,
        Some(Says::Something) if are_names(sample()) => 2,
        _ => usize::MAX,
    };
    for (place, cell) in cells.enumerate() {
        let mut empty = true;
        look(cell, topics, &mut |hit| {
            empty = false;
            found(place, hit);
        });
        let (start, text) = trimmed(cell);
        let whole = |kind| Hit { kind, start, end: start + text.len() };
        if empty && secrets && (is_password(text) || is_key(text)) {
            found(place, whole(Kind::Password));
        } else if empty && names(text) >= persons {
            found(place, whole(Kind::PersonName));
        }
    }
}

/// What a header says that numbers below it are.
fn topics(header: &str) -> Kinds {
    let topics = context::topics(header);
    if phone::is_called(header) { topics.with(Kind::Phone) } else { topics }
}

/// The kinds of number that most of the cells are, whatever the header says, and what it says.
fn shown<'a>(cells: impl Iterator<Item = &'a str>, header: Kinds) -> Kinds {
    let (mut all, mut fitting) = (BTreeSet::new(), BTreeMap::<Kind, usize>::new());
    for cell in cells.filter(|cell| cell.contains(|c: char| c.is_ascii_digit())) {
        if all.insert(cell) {
            // A telephone number has no checksum: nearly every number would be one.
            look(cell, Kinds::ALL.without(Kind::Phone), &mut |hit| *fitting.entry(hit.kind).or_default() += 1);
        }
    }
    let most = |count: usize| count >= NUMBERS && count * 100 >= all.len() * SHARE;
    fitting.into_iter().filter(|(_, count)| most(*count)).fold(header, |kinds, (kind, _)| kinds.with(kind))
}

/// Whether most cells are names of at least two words.
fn are_names<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let different: BTreeSet<&str> = cells.collect();
    let named = different.iter().filter(|cell| names(trimmed(cell).1) > 1).count();
    different.len() >= NAMES && named * 100 >= different.len() * SHARE
}

/// How many words of a name a cell is; 0 where it is something else. Below a header that speaks of persons, names may be written small.
fn names(cell: &str) -> usize {
    match person::read(cell) {
        Some(name) if name.length == cell.len() => name.words,
        _ => usize::from(person::is_small(cell)),
    }
}

fn trimmed(cell: &str) -> (usize, &str) {
    (cell.len() - cell.trim_start().len(), cell.trim())
}

#[cfg(test)]
mod tests;
