//! JSON as records: objects, lists, and the rows of a table that is written column by column.

use super::pages::{self, LONGEST};
use super::series::Series;
use super::shown::Token;
use super::spelled;
use super::view::Place;
use crate::tree::Node;

/// Most values below one object or list for it to be a record as a whole.
const WHOLE: u32 = 1024;

/// Adds all values of a tree, which is one part of a file.
pub(super) fn add(tree: &Node, part: u32, all: &mut Vec<Series>) {
    let mut walk = Walk { series: Series::of(part), number: 0, long: Vec::new(), readings: Vec::new() };
    match tree.scalar() {
        Some(text) => walk.value(text, ""),
        None => {
            let below = walk.of_node(tree, "");
            walk.keep(&below);
        }
    }
    let Walk { series, long, .. } = walk;
    all.push(series);
    all.extend(pages::of_lines(long.into_iter(), part));
}

/// A walk through a tree.
struct Walk<'a> {
    series: Series,
    /// How many objects and lists began.
    number: u64,
    /// Lines of long texts.
    long: Vec<(&'a str, u64)>,
    readings: Vec<Token>,
}

/// What lies below a node.
struct Below {
    place: Place,
    /// The first value, and the one behind the last.
    from: u32,
    to: u32,
    /// The values that lie directly below.
    values: Vec<u32>,
    /// Values of the largest record that was made of it, or of something in it.
    kept: u32,
}

impl Below {
    fn size(&self) -> u32 {
        self.to - self.from
    }
}

impl<'a> Walk<'a> {
    /// Objects and lists as records, each with all that is below it unless that is too much; and the columns of a list of columns.
    ///
    /// A record that is hardly larger than one inside it is left to the next larger one, which holds it all. So each value is in few
    /// records, however deep it lies.
    fn of_node(&mut self, node: &'a Node, name: &'a str) -> Below {
        self.number += 1;
        let (place, from) = (Place::Line(self.number), self.series.len());
        let mut below = Below { place, from, to: from, values: Vec::new(), kept: 0 };
        let (mut inside, mut own) = (Vec::new(), Vec::new());
        for (own_name, child) in node.children() {
            // A value may stand as a name.
            if !own_name.is_empty() {
                own.push(self.series.len());
                self.value(own_name, "");
            }
            let name = if own_name.is_empty() { name } else { own_name };
            match child.scalar() {
                Some(text) => {
                    below.values.push(self.series.len());
                    self.value(text, name);
                }
                None => inside.push(self.of_node(child, name)),
            }
        }
        below.to = self.series.len();
        below.kept = inside.iter().map(|inner| inner.kept).max().unwrap_or(0);
        self.across(&inside, place);
        if inside.is_empty() && matches!(node, Node::List(_)) {
            self.series.single(from, below.to);
        }
        if below.size() > WHOLE {
            own.extend(&below.values);
            self.series.pick(place, own);
            // Nothing larger will hold these.
            inside.iter().for_each(|inner| self.keep(inner));
        } else if 2 * below.size() > 3 * below.kept {
            self.keep(&below);
            below.kept = below.size();
        }
        below
    }

    /// Adds a value under a name or none.
    fn value(&mut self, text: &'a str, name: &str) {
        if text.len() > LONGEST {
            self.long.extend(text.lines().map(|line| (line, self.number)));
        }
        self.readings.clear();
        spelled::all(text, &mut self.readings);
        self.series.push(&self.readings, self.number, pages::key(name));
    }

    /// Makes a record of all that is below a node, unless there is one already or it is too much.
    fn keep(&mut self, below: &Below) {
        if below.kept < below.size() && below.size() <= WHOLE {
            self.series.pick(below.place, (below.from..below.to).collect());
        }
    }

    /// The n-th values of all children: the rows of a table that is written column by column. Each value is looked at once, however
    /// uneven the columns are.
    fn across(&mut self, columns: &[Below], place: Place) {
        let mut rows: Vec<Vec<u32>> = Vec::new();
        for (number, value) in columns.iter().flat_map(|column| column.values.iter().enumerate()) {
            match rows.get_mut(number) {
                Some(row) => row.push(*value),
                None => rows.push(vec![*value]),
            }
        }
        // A single column, and a single row, are looked at as what they are.
        if rows.len() > 1 && rows.first().is_some_and(|row| row.len() > 1) {
            rows.into_iter().for_each(|row| self.series.pick(place, row));
        }
    }
}
