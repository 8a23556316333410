//! What is said of copies: where they are, and never what.

use super::numbers::Shared;
use super::search::Found;
use super::source::{CompareError, Source};
use super::view::{Place, Spot};
use super::{arrays::STACK, numbers};
use crate::anatomy::{Body, Part};
use crate::finding::{Finding, LISTED};
use crate::say::{many, quoted};
use std::collections::BTreeSet;

const ROWS: &str = "release aggregates, and leave examples out; whoever knows a person could find their row";
const MODELS: &str = "release a model that keeps no rows: no neighbours, kernels or Gaussian processes, and pipelines whose every \
                      step is one; or release its scores";
/// Columns that a message names.
const NAMED: usize = 3;
const VALUES: &str = "round to fewer digits, or release quantiles that rest on enough people each";

/// Rows of an input.
pub(super) fn rows(source: &Source<'_>, parts: &[Part], found: &Found) -> Finding {
    let input = source.input;
    let message = format!(
        "{} of {} appear{} in the file, with at least {} of {} columns each",
        many(found.rows.len(), "row"),
        quoted(&input.name),
        if found.rows.len() == 1 { "s" } else { "" },
        found.columns,
        input.card.columns.len()
    );
    let line = |spot: &Spot| if let Place::Line(line) = spot.place { Some(line) } else { None };
    let column = |spot: &Spot| if let Place::Column(column) = spot.place { Some(column) } else { None };
    let columns: Vec<u64> = found.spots.iter().filter_map(column).take(LISTED).collect();
    let listed: Vec<u64> = found.rows.iter().copied().take(LISTED).collect();
    let in_numbers = found.spots.iter().any(|spot| matches!(spot.place, Place::Number(_)));
    let finding = Finding::block(message, if in_numbers { MODELS } else { ROWS });
    finding
        .at_lines(found.spots.iter().filter_map(line))
        .at_parts(found.spots.iter().filter_map(|spot| written(spot, parts)))
        .with("input", input.name.as_str())
        .with("file", source.path)
        .with("input_rows", listed)
        .with("count", found.rows.len())
        .with("output_columns", columns)
        .with("expected_by_chance", found.expected)
}

/// Where something is, if not in the file itself.
fn written(spot: &Spot, parts: &[Part]) -> Option<String> {
    let part = match spot.part {
        STACK => "arrays of one length, side by side",
        number => parts.get(number as usize).map(|part| part.at.as_str()).filter(|at| !at.is_empty())?,
    };
    Some(match spot.place {
        Place::Number(first) => match row(first, parts.get(spot.part as usize)) {
            Some(row) => format!("{part}[{row}]"),
            None => format!("{part}, from number {first} on"),
        },
        Place::Line(_) | Place::Column(_) => part.to_owned(),
    })
}

/// The row of a matrix that begins with a number, if one does.
fn row(first: u64, part: Option<&Part>) -> Option<u64> {
    let Body::Array(array) = &part?.body else { return None };
    let [_, width] = array.shape.as_slice() else { return None };
    (array.order == crate::array::Order::Rows && *width > 0 && first.is_multiple_of(*width)).then(|| first / width)
}

/// Values of columns of an input, all in one place of the output.
pub(super) fn values(source: &Source<'_>, found: &[Shared<'_>]) -> Option<Finding> {
    let first = found.first()?;
    let count: usize = found.iter().map(|shared| shared.told.values.len()).sum();
    let mut columns: Vec<String> = found.iter().map(|shared| quoted(&shared.column)).collect();
    let more = columns.len().saturating_sub(NAMED);
    columns.truncate(NAMED);
    let message = format!(
        "{} of {}{} of {}, each shared by few people and beside others, {}",
        many(count, "value"),
        columns.join(", "),
        if more > 0 { format!(" and {}", many(more, "column")) } else { String::new() },
        quoted(&source.input.name),
        match first.name {
            "" => "stand in the file".to_owned(),
            name => format!("stand in {}", quoted(name)),
        }
    );
    let rows: BTreeSet<u64> = found.iter().flat_map(|shared| &shared.rows).copied().collect();
    let finding = Finding::block(message, VALUES)
        .at_parts((!first.name.is_empty()).then(|| first.name.to_owned()))
        .with("input", source.input.name.as_str())
        .with("file", source.path)
        .with("input_rows", rows.into_iter().take(LISTED).collect::<Vec<_>>())
        .with("count", count)
        .with("expected_by_chance", found.iter().map(|shared| shared.told.expected).sum::<f64>())
        .with("needed", numbers::ENOUGH);
    Some(finding)
}

/// Why nothing can be said.
pub(super) fn unsure(source: &Source<'_>, error: &CompareError) -> Finding {
    let (path, input) = (quoted(source.path), quoted(&source.input.name));
    let message = format!("copies of rows of {path} in {input} can't be ruled out: {error}");
    Finding::block(message, "release a smaller file, or ask the data's steward to mend the input")
}

/// Something that is wrapped up and can't be opened.
pub(super) fn closed(what: &str) -> Finding {
    Finding::block(format!("{what}: copies of rows in it can't be ruled out"), "write results in the open")
}
