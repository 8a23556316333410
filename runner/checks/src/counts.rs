//! T1: no count of too few people.
//!
//! Counts are told by declaration, by name, or by standing in a table of whole numbers; other small whole numbers are shown to
//! a person. Zero is no group, and fractions are no counts.

mod cell;
mod labels;
mod names;
mod people;
mod sheet;
mod tally;
mod tree;
mod words;

use crate::anatomy::Body;
use crate::finding::{Cell, Finding};
use crate::say::{many, quoted};
use crate::subject::Subject;
use std::collections::HashSet;
use tally::Tally;

/// Looks for counts of 1 to one below the profile's `min_people`.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let evidence = subject.evidence;
    if evidence.traceback.is_some() {
        return vec![Finding::pass("a line's number counts nobody")];
    }
    let declared = &evidence.declaration.counts;
    let keys: HashSet<&str> =
        evidence.inputs.iter().flat_map(|input| &input.card.columns).map(|column| column.name.as_str()).collect();
    let mut tally = Tally::new(evidence.profile.min_people);
    let mut header: Vec<String> = Vec::new();
    let mut looked = false;
    for part in subject.plain() {
        match &part.body {
            Body::Tables(tables) => {
                for table in tables {
                    header.extend_from_slice(table.header());
                    sheet::look(table, declared, &keys, &mut tally);
                }
            }
            Body::Tree(node) => tree::look(node, declared, &mut tally),
            Body::Words(text) => words::look(text, declared, &keys, &mut tally),
            _ => continue,
        }
        looked = true;
    }
    if !looked {
        return Vec::new();
    }
    let mut findings = told(&tally);
    let absent = declared.iter().find(|name| !header.is_empty() && !header.contains(name));
    if let Some(name) = absent {
        let message = format!("{} was declared a column of counts, and there is no such column", quoted(name));
        findings.push(Finding::review(message, "mend `counts` in the job file"));
    }
    if tally.counts > 0 {
        findings.extend(people::doubts(&evidence.inputs));
    }
    if findings.is_empty() {
        let message = match tally.counts {
            0 => "no counts were found".to_owned(),
            counts => format!("{}, none below {} people", many(counts, "count"), tally.least),
        };
        findings.push(Finding::pass(message));
    }
    findings
}

fn told(tally: &Tally) -> Vec<Finding> {
    let least = tally.least;
    let mut findings = Vec::new();
    if let [first, ..] = tally.small.as_slice() {
        let message = format!(
            "{}: fewer than {least} people; whoever knows one of them could learn what else the row says",
            among(first, tally.small.len())
        );
        let remedy =
            format!("merge groups until each has at least {least} people; a blank cell may follow from the totals");
        findings.push(Finding::block(message, remedy).at(&tally.small).with("min_people", least));
    }
    if let [first, ..] = tally.contrary.as_slice() {
        let message =
            format!("{}: declared a count, and no count is negative or broken", among(first, tally.contrary.len()));
        findings.push(Finding::block(message, "mend `counts` in the job file, or the table").at(&tally.contrary));
    }
    if let [first, ..] = tally.unread.as_slice() {
        let message = format!("{}: can't be read as a count", among(first, tally.unread.len()));
        findings.push(Finding::review(message, "write one whole number in each cell of counts").at(&tally.unread));
    }
    if let [first, ..] = tally.unsure.as_slice() {
        let message = format!("{}: may be a count of fewer than {least} people", among(first, tally.unsure.len()));
        let remedy = "declare counts in `counts`; write other numbers with a decimal point";
        findings.push(Finding::review(message, remedy).at(&tally.unsure).with("min_people", least));
    }
    findings
}

/// `row 2, `n` = 7`, and how many cells more.
fn among(first: &Cell, all: usize) -> String {
    let more = if all > 1 { format!(" and {} more", many(all - 1, "cell")) } else { String::new() };
    format!("row {}, {} = {}{more}", first.row, quoted(&first.column), quoted(&first.value).replace('`', ""))
}

impl Finding {
    /// The cells that a finding is about, and their number.
    fn at(self, cells: &[Cell]) -> Self {
        self.at_cells(cells.iter().cloned()).with("cells", cells.len())
    }
}
