//! JSON as records: objects, lists, and the rows of a table that is written column by column.

use super::gathered::Gathered;
use super::view::{Place, Spot};
use crate::tree::Node;

/// Most values below one object or list for it to be a record as a whole.
const WHOLE: usize = 1024;

/// Adds all records of a tree, which is one part of a file.
pub(super) fn add(tree: &Node, part: u32, views: &mut Gathered) {
    if tree.scalar().is_none() {
        let below = of_tree(tree, part, &mut 0, views);
        keep(tree, &below, views);
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
fn of_tree(node: &Node, part: u32, number: &mut u64, views: &mut Gathered) -> Below {
    *number += 1;
    let mut below = Below { spot: Spot { part, place: Place::Line(*number) }, size: 0, kept: 0 };
    let mut whole = Vec::new();
    for (_, child) in node.children() {
        if child.scalar().is_some() {
            below.size += 1;
            continue;
        }
        let inner = of_tree(child, part, number, views);
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
