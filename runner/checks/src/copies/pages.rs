//! From a file to records: rows, columns, lines, and runs of lines.

use super::gathered::{Gathered, Views};
use super::view::Spot;
use crate::subject::Content;
use crate::table::Table;
use crate::tree::Node;

/// Lines in a run: a row that is written over at most half as many is inside one run.
const RUN: usize = 128;
/// Most values below one object or list for it to be a record as a whole.
const WHOLE: usize = 1024;

/// All records of a text; none of other content.
pub(crate) fn records(content: &Content) -> Option<Views> {
    let mut views = Gathered::default();
    match content {
        Content::Tables(tables) => tables.iter().for_each(|table| of_table(table, &mut views)),
        Content::Tree(tree) if tree.scalar().is_none() => {
            let below = of_tree(tree, &mut 0, &mut views);
            keep(tree, &below, &mut views);
        }
        Content::Tree(_) => {}
        Content::Words(text) => of_words(text, &mut views),
        _ => return None,
    }
    Some(views.views())
}

fn of_table(table: &Table, views: &mut Gathered) {
    let header = table.header();
    for row in &table.rows {
        let names = header.iter().map(String::as_str);
        views.add(Spot::Line(row.line), names.zip(row.cells.iter().map(String::as_str)));
    }
    for place in 0..table.width() {
        let cells =
            table.rows.iter().filter_map(|row| Some((row.cells.first()?.as_str(), row.cells.get(place)?.as_str())));
        views.add(Spot::Column(place as u64 + 1), cells);
    }
    let lines: Vec<_> =
        table.rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect();
    runs(&lines, views);
}

fn of_words(text: &str, views: &mut Gathered) {
    let ends = |c: char| c.is_whitespace() || "=:;|()[]{}<>\"'`*".contains(c);
    let mut lines: Vec<(u64, Vec<&str>)> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        // A comma may end a value, or stand in a number: both readings count.
        let words = line.split(ends).flat_map(|word| word.split(',').chain(word.contains(',').then_some(word)));
        let words: Vec<&str> = words.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect();
        views.add(Spot::Line(number), words.iter().map(|word| ("", *word)));
        lines.push((number, words));
    }
    runs(&lines, views);
}

/// Overlapping runs of lines, for rows that are written over several.
fn runs(lines: &[(u64, Vec<&str>)], views: &mut Gathered) {
    for start in (0..lines.len()).step_by(RUN / 2) {
        let run = lines.get(start..lines.len().min(start + RUN)).unwrap_or(&[]);
        if let [(line, _), _, ..] = run {
            views.add(Spot::Line(*line), run.iter().flat_map(|(_, cells)| cells.iter().map(|cell| ("", *cell))));
        }
    }
}

/// What lies below a node.
struct Below {
    spot: Spot,
    /// Values.
    size: usize,
    /// Values of the largest record that was made of it, or of something in it.
    kept: usize,
}

/// Objects and lists as records, each with all that is below it unless that is too much; and the columns of a list of columns.
///
/// A record that is hardly larger than one inside it is left to the next larger one, which holds it all. So each value is in few
/// records, however deep it lies.
fn of_tree(node: &Node, number: &mut u64, views: &mut Gathered) -> Below {
    *number += 1;
    let mut below = Below { spot: Spot::Line(*number), size: 0, kept: 0 };
    let mut whole = Vec::new();
    for (_, child) in node.children() {
        if child.scalar().is_some() {
            below.size += 1;
            continue;
        }
        let inner = of_tree(child, number, views);
        below.size += inner.size;
        below.kept = below.kept.max(inner.kept);
        whole.push((child, inner));
    }
    across(node, below.spot, views);
    if below.size > WHOLE {
        let own = node.children().into_iter().filter_map(|(name, child)| Some((name, child.scalar()?)));
        views.add(below.spot, own);
        // Nothing larger will hold these.
        whole.iter().for_each(|(child, inner)| keep(child, inner, views));
    } else if 2 * below.size > 3 * below.kept {
        keep(node, &below, views);
        below.kept = below.size;
    }
    below
}

/// Makes a record of all that is below a node, unless there is one already or it is too much.
fn keep(node: &Node, below: &Below, views: &mut Gathered) {
    if below.kept < below.size && below.size <= WHOLE {
        let mut values = Vec::new();
        gather(node, "", &mut values);
        views.add(below.spot, values.into_iter());
    }
}

fn gather<'a>(node: &'a Node, name: &'a str, values: &mut Vec<(&'a str, &'a str)>) {
    match node.scalar() {
        Some(text) => values.push((name, text)),
        None => node
            .children()
            .into_iter()
            .for_each(|(own, child)| gather(child, if own.is_empty() { name } else { own }, values)),
    }
}

/// The n-th values of all children: the rows of a table that is written column by column. Each value is looked at once, however
/// uneven the columns are.
fn across(node: &Node, spot: Spot, views: &mut Gathered) {
    let mut rows: Vec<Vec<(&str, &str)>> = Vec::new();
    for (name, child) in node.children() {
        for (place, value) in child.children().into_iter().filter_map(|(_, value)| value.scalar()).enumerate() {
            match rows.get_mut(place) {
                Some(row) => row.push((name, value)),
                None => rows.push(vec![(name, value)]),
            }
        }
    }
    // A single column, and a single row, are looked at as what they are.
    if rows.len() < 2 || rows.first().is_none_or(|row| row.len() < 2) {
        return;
    }
    rows.into_iter().for_each(|row| views.add(spot, row.into_iter()));
}
