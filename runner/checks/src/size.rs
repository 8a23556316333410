//! F2: no more bytes and rows than may leave.

use crate::anatomy::{Body, Part};
use crate::finding::Finding;
use crate::subject::Subject;

const REMEDY: &str = "release a summary, or split the work into smaller files that each make sense";

/// Holds the file to the profile's `max_bytes` and `max_rows`.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let profile = &subject.evidence.profile;
    let rows = subject.plain().iter().filter_map(rows).max();
    let mut findings = Vec::new();
    if subject.size > profile.max_bytes {
        let message = format!("the file has {} bytes, and at most {} may leave", subject.size, profile.max_bytes);
        findings.push(Finding::block(message, REMEDY));
    }
    if let Some(rows) = rows.filter(|rows| *rows > profile.max_rows) {
        let message = format!("the file has {rows} rows, and at most {} may leave", profile.max_rows);
        findings.push(Finding::block(message, REMEDY).with("rows", rows));
    }
    if let Err(fault) = &subject.kind
        && fault.is_large
        && findings.is_empty()
    {
        findings.push(Finding::block(format!("{}, and what isn't examined isn't released", fault.what), REMEDY));
    }
    if findings.is_empty() {
        let rows = rows.map_or(String::new(), |rows| format!(", {rows} rows"));
        findings.push(Finding::pass(format!("{} bytes{rows}", subject.size)));
    }
    findings
}

/// Rows of a table, entries of the longest list, lines of a text.
fn rows(part: &Part) -> Option<u64> {
    let rows = match &part.body {
        Body::Tables(tables) => tables.iter().map(|table| table.body().len()).max().unwrap_or(0),
        Body::Tree(tree) => tree.widest(),
        Body::Words(text) => text.lines().count(),
        _ => return None,
    };
    Some(rows as u64)
}
