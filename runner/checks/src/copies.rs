//! C1: no input row, whole or nearly so, in the output.
//!
//! The output is cut into records (rows, columns, lines, runs of lines, objects), and each row of each input is looked for in
//! them: in any order, among other values, and with numbers written or rounded otherwise. Rows that many people share are
//! nobody's, and rows that chance would bring about are no copies. What is said of a copy is where it is, never what.

mod arrays;
mod census;
mod chance;
mod gathered;
mod grain;
mod lens;
mod lines;
mod pages;
mod scalers;
mod search;
mod shown;
mod sift;
mod source;
mod stacks;
mod values;
mod view;

use crate::evidence::Input;
use crate::finding::{Finding, LISTED};
use crate::say::{many, quoted};
use crate::subject::Subject;
use gathered::Views;
use search::Found;
use source::{CompareError, Sight, Source};
use std::fs::File;
use view::Spot;

const REMEDY: &str = "release aggregates, and leave examples out; whoever knows a person could find their row";

/// Looks for the rows of all inputs.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(views) = pages::records(&subject.content) else { return Vec::new() };
    let least = subject.evidence.profile.min_people;
    let inputs = &subject.evidence.inputs;
    let mut findings: Vec<Finding> = inputs.iter().flat_map(|input| of_input(input, &views, least)).collect();
    if findings.is_empty() {
        let message = match inputs.len() {
            0 => "the job had no input".to_owned(),
            count => format!("no row of {} appears", many(count, "input")),
        };
        findings.push(Finding::pass(message));
    }
    findings
}

fn of_input(input: &Input, views: &Views, least: u32) -> Vec<Finding> {
    let sights = [Sight::Bare(&views.bare), Sight::Named(&views.named)];
    each_file(input, |source| source.search(&sights, least, 0))
}

/// Looks into each file of an input, and says what was found of it or why nothing could be.
fn each_file(input: &Input, look: impl Fn(&Source<'_>) -> Result<Option<Found>, CompareError>) -> Vec<Finding> {
    if input.files.is_empty() {
        let message = format!("{} holds no file: copies of its rows can't be ruled out", quoted(&input.name));
        return vec![Finding::block(message, "ask the data's steward to register the dataset anew")];
    }
    let look = |(path, file): &(String, File)| match look(&Source { path, file, card: &input.card }) {
        Ok(found) => found.map(|found| told(input, path, &found)),
        Err(error) => {
            let message =
                format!("copies of rows of {} in {} can't be ruled out: {error}", quoted(path), quoted(&input.name));
            Some(Finding::block(message, "release a smaller file, or ask the data's steward to mend the input"))
        }
    };
    input.files.iter().filter_map(look).collect()
}

fn told(input: &Input, path: &str, found: &Found) -> Finding {
    let message = format!(
        "{} of {} appear{} in the file, with at least {} of {} columns each",
        many(found.rows.len(), "row"),
        quoted(&input.name),
        if found.rows.len() == 1 { "s" } else { "" },
        found.columns,
        input.card.columns.len()
    );
    let line = |spot: &Spot| if let Spot::Line(line) = spot { Some(*line) } else { None };
    let column = |spot: &Spot| if let Spot::Column(column) = spot { Some(*column) } else { None };
    let columns: Vec<u64> = found.spots.iter().filter_map(column).take(LISTED).collect();
    let rows: Vec<u64> = found.rows.iter().copied().take(LISTED).collect();
    Finding::block(message, REMEDY)
        .at_lines(found.spots.iter().filter_map(line))
        .with("input", input.name.as_str())
        .with("file", path)
        .with("input_rows", rows)
        .with("count", found.rows.len())
        .with("output_columns", columns)
        .with("expected_by_chance", found.expected)
}
