//! Rows of made-up tables are planted in made-up files, by every carrier and after every change to their values that is known here: all
//! are found, and none where none was planted.
//!
//! `PLANTED=10000 cargo test --release -p semla-checks --test planted` runs so many cases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod numbers;
mod packers;
mod table;
mod texts;

use semla_checks::{Evidence, Outcome, examine};
use semla_policy::OutputKind;
use std::collections::BTreeSet;
use table::{Draw, Table};

/// Cases in a run that says nothing of how many.
const CASES: u64 = 400;

/// One file, and which rows are in it.
struct Case {
    what: String,
    table: Table,
    planted: Vec<usize>,
    name: String,
    bytes: Vec<u8>,
}

/// The case of a number; none where it can't be found, with the reason in [`numbers::excluded`].
fn case(seed: u64) -> Option<Case> {
    let mut draw = Draw::new(seed);
    let table = table::table(&mut draw);
    let rows = (0..draw.below(6)).map(|_| draw.below(table.rows.len())).collect::<BTreeSet<usize>>();
    let planted: Vec<usize> = rows.into_iter().collect();
    if draw.below(2) == 0 {
        let (carrier, transform) = (*draw.one(&texts::CARRIERS), *draw.one(&texts::TRANSFORMS));
        let rows = texts::plant(&table, &planted, transform, &mut draw);
        let (name, bytes) = texts::write(&rows, carrier, &mut draw);
        return Some(Case { what: format!("{carrier}, {transform}"), table, planted, name, bytes });
    }
    let (carrier, transform) = (*draw.one(&numbers::CARRIERS), *draw.one(&numbers::TRANSFORMS));
    let kind = numbers::some_type(carrier, &mut draw);
    if numbers::excluded(&table, kind, transform, carrier).is_some() {
        return None;
    }
    let case = numbers::Case { table: &table, planted: &planted, carrier, transform, kind };
    let (name, bytes) = numbers::write(&case, &mut draw);
    Some(Case { what: format!("{carrier}, {transform}, {kind:?}"), table, planted, name, bytes })
}

/// The rows that are reported, from 0.
fn reported(case: &Case) -> BTreeSet<usize> {
    let mut evidence: Evidence = common::evidence(&case.name, &case.bytes);
    evidence.declaration.kind = OutputKind::Model;
    let header: Vec<&str> = case.table.names.iter().map(String::as_str).collect();
    evidence.inputs.push(common::input(&header, Some(header[0]), &common::csv(&header, &case.table.rows)));
    let report = examine(&evidence);
    let rows = report.findings.iter().filter(|finding| matches!(finding.check.as_str(), "C1" | "C5"));
    let blocked: Vec<_> = rows.filter(|finding| finding.outcome == Outcome::Block).collect();
    let listed = |finding: &&semla_checks::Finding| finding.evidence.get("input_rows").cloned().unwrap_or_default();
    let all = blocked.iter().flat_map(|finding| listed(finding).as_array().cloned().unwrap_or_default());
    let all: BTreeSet<usize> = all.map(|row| row.as_u64().unwrap() as usize - 1).collect();
    // What can't be ruled out is reported without rows.
    if all.is_empty() && !blocked.is_empty() { BTreeSet::from([usize::MAX]) } else { all }
}

#[test]
fn planted_rows_are_found_and_no_others() {
    let cases = std::env::var("PLANTED").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let first = std::env::var("PLANTED_FROM").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    let (mut tried, mut wrong) = (0, Vec::new());
    for seed in first..first + cases {
        let Some(case) = case(seed) else { continue };
        tried += 1;
        let (planted, found) = (case.planted.iter().copied().collect::<BTreeSet<_>>(), reported(&case));
        if planted != found {
            wrong.push(format!("case {seed}, {}: planted {planted:?}, found {found:?}", case.what));
        }
    }
    println!("{tried} cases, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}
