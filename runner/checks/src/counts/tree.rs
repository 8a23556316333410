//! Counts in JSON: under names, in lists under names, and in lists of lists.

use super::cell::{Reading, read};
use super::names::{Sense, sense};
use super::tally::{Spot, Tally};
use crate::tree::Node;
use std::collections::BTreeMap;

/// The values of one name, and whether they stand below a name of counts.
type Series<'a> = BTreeMap<(&'a str, bool), Vec<Spot<'a>>>;

/// Looks through one document. The "row" of a value is its number among those of its name.
pub(crate) fn look(tree: &Node, declared: &[String], tally: &mut Tally) {
    let mut series = Series::new();
    walk(tree, "", false, &mut series, tally);
    for ((name, counted), spots) in series {
        match sense(name) {
            _ if declared.iter().any(|known| known == name) => tally.declared(&spots),
            Sense::Count => tally.named(&spots),
            Sense::Key => {}
            Sense::Unknown if counted => tally.named(&spots),
            sense => tally.unknown(&spots, sense),
        }
    }
}

fn walk<'a>(node: &'a Node, name: &'a str, counted: bool, series: &mut Series<'a>, tally: &mut Tally) {
    if let Some(text) = node.scalar() {
        // Strings hold numbers too; what doesn't begin with one is no count.
        if !matches!(read(text), Reading::Nothing | Reading::Words(None)) {
            let spots = series.entry((name, counted)).or_default();
            spots.push(Spot { row: spots.len() as u64 + 1, column: name, text });
        }
        return;
    }
    if let Some(cells) = matrix(node) {
        let spots = (1..).zip(cells).map(|(row, text)| Spot { row, column: name, text });
        return tally.named(&spots.collect::<Vec<_>>());
    }
    for (own, child) in node.children() {
        // A list's items, and the numbered members that pandas writes, go by the name of what holds them.
        let own = if own.is_empty() || own.bytes().all(|byte| byte.is_ascii_digit()) { name } else { own };
        walk(child, own, counted || sense(name) == Sense::Count, series, tally);
    }
}

/// The cells of a list of lists of whole numbers, unless they are only zeros and ones.
fn matrix(node: &Node) -> Option<Vec<&str>> {
    let Node::List(rows) = node else { return None };
    let mut cells = Vec::new();
    for row in rows {
        let Node::List(row) = row else { return None };
        if row.len() < 2 {
            return None;
        }
        cells.extend(row.iter().map(Node::scalar).collect::<Option<Vec<_>>>()?);
    }
    let whole = cells.iter().all(|cell| matches!(read(cell), Reading::Whole(_)));
    let counts = cells.iter().any(|cell| matches!(read(cell), Reading::Whole(2..)));
    (rows.len() >= 2 && whole && counts).then_some(cells)
}
