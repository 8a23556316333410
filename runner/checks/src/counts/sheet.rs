//! Counts in a table: in columns, in rows with a label, and in matrices.

use super::cell::{Reading, is_mean, read};
use super::labels::{self, Rows};
use super::names::{self, Sense, sense};
use super::tally::{Spot, Tally};
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Fewest rows for which 1, 2, 3, ... in any but the first column is taken for a numbering.
const NUMBERED: usize = 5;

/// Looks through one table. What the columns of the inputs are called tells by what its rows are grouped.
pub(crate) fn look(table: &Table, declared: &[String], keys: &HashSet<&str>, tally: &mut Tally) {
    let header = &labels::columns(table.header());
    let counts: Vec<bool> = header.iter().map(|name| sense(name) == Sense::Count || declared.contains(name)).collect();
    let rows = Rows::of(table, &counts);
    pairs(&rows.labels, &rows.values, Sense::Unknown, tally);
    let columns = columns(header, &rows.left);
    if let [labels, values] = columns.as_slice()
        && labels.iter().all(is_word)
        && labels.len() == values.len()
        && !declared.contains(&header.get(1).cloned().unwrap_or_default())
    {
        let name = header.get(1).map_or("", String::as_str);
        let all = if sense(name) == Sense::Key && names::groups(name) && !is_key(values) {
            Sense::Unknown
        } else {
            sense(name)
        };
        return pairs(labels, values, all, tally);
    }
    let mut others = Vec::new();
    let leading = leading(header, &columns, keys);
    for (place, (name, spots)) in header.iter().zip(&columns).enumerate() {
        match sense(name) {
            _ if declared.contains(name) => tally.declared(spots),
            _ if place < leading && sense(name) != Sense::Count => {}
            _ if is_numbering(spots, place) || (place == 0 && is_index(name, spots)) => {}
            Sense::Count => tally.named(spots),
            // A setting may have any value; what names groups numbers them, or a person looks at it.
            Sense::Key if !names::groups(name) || is_key(spots) => {}
            Sense::Key => others.push((spots, Sense::Unknown)),
            sense => others.push((spots, sense)),
        }
    }
    let matrix = is_matrix(&others);
    for (spots, sense) in &others {
        match matrix && !is_binary(spots) {
            true => tally.named(spots),
            false => tally.unknown(spots, *sense),
        }
    }
    if !matrix {
        labelled(columns.first().map_or(&[], Vec::as_slice), &others, tally);
    }
}

/// The cells below each name. A header with numbers may be a first row, unless they number classes.
fn columns<'a>(header: &'a [String], rows: &[Vec<&'a str>]) -> Vec<Vec<Spot<'a>>> {
    let classes = numbers_classes(header);
    let column = |(place, name): (usize, &'a String)| {
        let cells = rows.iter().zip(1..).filter_map(|(row, number)| Some((number, *row.get(place)?)));
        let is_number = !classes && !matches!(read(name), Reading::Words(_) | Reading::Nothing);
        let cells = is_number.then_some((0, name.as_str())).into_iter().chain(cells);
        cells.map(|(row, text)| Spot { row, column: name, text }).collect()
    };
    header.iter().enumerate().map(column).collect()
}

/// Rows whose label says that they hold counts.
fn labelled(labels: &[Spot<'_>], others: &[(&Vec<Spot<'_>>, Sense)], tally: &mut Tally) {
    let counts = labels.iter().filter(|label| is_word(label) && sense(label.text) == Sense::Count);
    let mut rows: BTreeMap<u64, (&str, Vec<Spot<'_>>)> =
        counts.map(|label| (label.row, (label.text, Vec::new()))).collect();
    for spot in others.iter().flat_map(|(spots, _)| spots.iter()).filter(|spot| !is_word(spot)) {
        if let Some(&mut (column, ref mut row)) = rows.get_mut(&spot.row) {
            row.push(Spot { column, ..spot.clone() });
        }
    }
    rows.values().for_each(|(_, row)| tally.named(row));
}

/// A table of names and values: each row is a column of its own.
fn pairs(labels: &[Spot<'_>], values: &[Spot<'_>], all: Sense, tally: &mut Tally) {
    if let Sense::Count = all {
        return tally.named(values);
    }
    let broken = values.iter().any(|value| matches!(read(value.text), Reading::Negative | Reading::Fraction));
    for (label, value) in labels.iter().zip(values) {
        let spot = [Spot { column: label.text, ..value.clone() }];
        match sense(label.text) {
            Sense::Count => tally.named(&spot),
            Sense::Key => {}
            // Among fractions it is one of them where it is written like one.
            _ if broken && value.text.contains('.') => {}
            Sense::Measure => tally.unknown(&spot, Sense::Measure),
            Sense::Unknown if all == Sense::Key => {}
            Sense::Unknown => tally.unknown(&spot, all),
        }
    }
}

fn is_word(spot: &Spot<'_>) -> bool {
    matches!(read(spot.text), Reading::Words(_) | Reading::Nothing)
}

fn is_binary(spots: &[Spot<'_>]) -> bool {
    spots.iter().all(|spot| !matches!(read(spot.text), Reading::Whole(2..)))
}

/// Whether a header is that of classes: 0, 1, 2, ... or 1, 2, 3, ..., with or without a name for the rows before it, and for all of
/// them together behind.
fn numbers_classes(header: &[String]) -> bool {
    let header = match header {
        [classes @ .., last] if read(last) == Reading::Words(None) => classes,
        all => all,
    };
    let numbers: Vec<_> = header.iter().skip_while(|name| !matches!(read(name), Reading::Whole(_))).collect();
    let counts_from =
        |start: u64| (start..).zip(&numbers).all(|(expected, name)| read(name) == Reading::Whole(expected));
    header.len() <= numbers.len() + 1 && (counts_from(0) || counts_from(1))
}

/// Whether a column numbers its rows: it says nothing that their order doesn't say.
fn is_numbering(spots: &[Spot<'_>], place: usize) -> bool {
    let counts_from =
        |start: u64| (start..).zip(spots).all(|(expected, spot)| read(spot.text) == Reading::Whole(expected));
    (place == 0 || spots.len() >= NUMBERED) && (counts_from(0) || counts_from(1))
}

/// Whether whole numbers name things: they are 0, 1, 2, ... or 1, 2, 3, ... in some order, each as often as it may be, or aren't
/// numbers at all.
fn is_key(spots: &[Spot<'_>]) -> bool {
    let numbers: BTreeSet<u64> = spots
        .iter()
        .filter_map(|spot| match read(spot.text) {
            Reading::Whole(number) => Some(number),
            _ => None,
        })
        .collect();
    let counts_from = |start: u64| (start..).zip(&numbers).all(|(expected, number)| expected == *number);
    counts_from(0) || counts_from(1)
}

/// How many columns, from the first on, it takes to tell the rows apart, if they are called as columns of the inputs: by these the
/// rows were grouped.
fn leading(header: &[String], columns: &[Vec<Spot<'_>>], keys: &HashSet<&str>) -> usize {
    let named = header.iter().take_while(|name| keys.contains(name.as_str())).count();
    let rows = columns.first().map_or(0, Vec::len);
    let mut groups = vec![0; rows];
    for leading in 1..=named.min(header.len().saturating_sub(1)) {
        let mut seen = HashMap::new();
        for (row, group) in groups.iter_mut().enumerate() {
            let text = columns.get(leading - 1).and_then(|spots| spots.get(row)).map(|spot| spot.text);
            let next = seen.len();
            *group = *seen.entry((*group, text)).or_insert(next);
        }
        if seen.len() == rows {
            return leading;
        }
    }
    0
}

/// Whether a first column without a name tells the rows apart, as the index does that pandas writes.
fn is_index(name: &str, spots: &[Spot<'_>]) -> bool {
    let distinct: BTreeSet<&str> = spots.iter().map(|spot| spot.text).collect();
    name.trim().is_empty() && distinct.len() == spots.len()
}

/// Whether what is left of a table is whole numbers in at least two rows and columns: a cross table or a confusion matrix.
fn is_matrix(columns: &[(&Vec<Spot<'_>>, Sense)]) -> bool {
    let numeric = columns.iter().filter(|(spots, _)| !spots.iter().all(is_word));
    let mut wide = 0;
    for (spots, _) in numeric {
        let is_broken =
            |spot: &Spot<'_>| matches!(read(spot.text), Reading::Negative | Reading::Fraction) || is_mean(spot.text);
        if spots.len() < 2 || spots.iter().any(is_broken) {
            return false;
        }
        wide += 1;
    }
    wide >= 2
}
