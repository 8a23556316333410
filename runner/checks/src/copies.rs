//! C1 and C5: no input row, whole or nearly so, in the output; C3: no values that few people share.
//!
//! The output is cut into records (rows, columns, lines, runs of lines, objects, lines through arrays), and each row of each input is
//! looked for in them: in any order, among other values, and with numbers written, rounded or held otherwise. Rows that many people
//! share are nobody's, and rows that chance would bring about are no copies. What is said of a copy is where it is, never what.

mod arrays;
mod branches;
mod bulk;
mod census;
mod chance;
mod decoys;
mod digits;
mod exact;
mod form;
mod gathered;
mod grain;
mod hunt;
mod known;
mod lens;
mod lines;
mod near;
mod numbers;
mod pages;
mod postings;
mod raw;
mod sample;
mod scalers;
mod search;
mod seek;
mod series;
mod shown;
mod sift;
mod source;
mod spelled;
mod stacks;
mod told;
mod values;
mod view;
mod weight;
mod work;
mod written;

pub(crate) use source::Source;

use crate::anatomy::{Body, Part};
use crate::finding::Finding;
use crate::say::{many, quoted};
use crate::subject::Subject;
use search::Found;
use source::CompareError;

/// C1: rows in tables, trees and texts.
pub(crate) fn in_texts(subject: &Subject<'_>) -> Vec<Finding> {
    let is_text = |part: &Part| matches!(part.body, Body::Tables(_) | Body::Tree(_) | Body::Words(_));
    if !subject.plain().iter().any(is_text) {
        return Vec::new();
    }
    let series = pages::series(subject.plain(), |_, part| is_text(part));
    let least = subject.evidence.profile.min_people;
    let findings = each_source(subject, |source| written::look(source, &series, least));
    or_nothing(findings, subject, "row")
}

/// C3: values in tables, trees and texts.
pub(crate) fn of_few(subject: &Subject<'_>) -> Vec<Finding> {
    let columns = numbers::in_texts(subject.plain());
    if columns.is_empty() {
        return Vec::new();
    }
    or_nothing(values_in(subject, &columns), subject, "value that few people share")
}

/// C5: both in arrays, in what is wrapped up in texts, and in bytes.
pub(crate) fn in_wrappings(subject: &Subject<'_>) -> Vec<Finding> {
    subject.deep().to_vec()
}

/// Looks through all that isn't plain text.
pub(crate) fn look_deep(subject: &Subject<'_>) -> Vec<Finding> {
    let is_deep = |number: usize, part: &Part| match part.body {
        Body::Array(_) | Body::Bytes(_) | Body::Texts(_) => true,
        Body::Tables(_) | Body::Tree(_) | Body::Words(_) => number >= subject.plain().len(),
        Body::Figure(_) => false,
    };
    let parts = &subject.anatomy.parts;
    let mut findings: Vec<Finding> = subject.closed.iter().map(|fault| told::closed(&fault.what)).collect();
    if findings.is_empty() && !parts.iter().enumerate().any(|(number, part)| is_deep(number, part)) {
        return Vec::new();
    }
    let least = subject.evidence.profile.min_people;
    let series = pages::series(parts, is_deep);
    findings.extend(each_source(subject, |source| {
        let in_texts = written::look(source, &series, least)?;
        let in_arrays = arrays::look(source, parts, least)?;
        Ok(in_texts.into_iter().chain(in_arrays).reduce(source::both))
    }));
    findings.extend(values_in(subject, &numbers::in_arrays(parts)));
    or_nothing(findings, subject, "row or value")
}

/// Looks for values in columns of the output, and says of each what was found in it.
fn values_in(subject: &Subject<'_>, columns: &[numbers::Column<'_>]) -> Vec<Finding> {
    let look = |source: &Source<'_>| numbers::look(source, columns, subject.evidence.profile.min_people);
    let told = |source: &Source<'_>| match look(source) {
        Ok(found) => {
            let places = found.chunk_by(|one, other| std::ptr::eq(one.name, other.name));
            places.filter_map(|found| told::values(source, found)).collect()
        }
        Err(error) => vec![told::unsure(source, &error)],
    };
    subject.sources.iter().flat_map(told).collect()
}

/// Looks into each file of each input, and says what was found of it or why nothing could be.
fn each_source(
    subject: &Subject<'_>,
    look: impl Fn(&Source<'_>) -> Result<Option<Found>, CompareError>,
) -> Vec<Finding> {
    let empty = subject.evidence.inputs.iter().filter(|input| input.files.is_empty()).map(|input| {
        let message = format!("{} holds no file: copies of its rows can't be ruled out", quoted(&input.name));
        Finding::block(message, "ask the data's steward to register the dataset anew")
    });
    let found = subject.sources.iter().filter_map(|source| match look(source) {
        Ok(found) => found.map(|found| told::rows(source, &subject.anatomy.parts, &found)),
        Err(error) => Some(told::unsure(source, &error)),
    });
    empty.chain(found).collect()
}

/// The findings, or that there are none.
fn or_nothing(mut findings: Vec<Finding>, subject: &Subject<'_>, what: &str) -> Vec<Finding> {
    if findings.is_empty() {
        findings.push(Finding::pass(match subject.evidence.inputs.len() {
            0 => "the job had no input".to_owned(),
            count => format!("no {what} of {} appears", many(count, "input")),
        }));
    }
    findings
}
