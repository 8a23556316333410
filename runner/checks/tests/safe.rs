//! Alarms are a budget: of ordinary, safe exports hardly any is held up.
#![allow(clippy::unwrap_used)]

#[path = "safe/corpus.rs"]
mod corpus;

use corpus::{Told, all, evidence, folder, holding, is_blocked, rates};
use semla_checks::Outcome::Pass;
use semla_checks::examine;
use std::collections::BTreeSet;
use std::fs;

/// What was said of those that don't pass.
fn alarms(all: &[Told]) -> String {
    let of = |told: &Told| {
        let alarms = told.report.findings.iter().filter(|found| found.outcome != Pass);
        let lines = alarms.map(|found| format!("  {:?} {} {}\n", found.outcome, found.check, found.message));
        format!("{}\n{}", told.export.name, lines.collect::<String>())
    };
    all.iter().filter(|told| told.report.verdict != Pass).map(of).collect()
}

#[test]
fn of_a_hundred_safe_exports_one_is_blocked_and_of_twenty_tables_one_goes_to_people() {
    let all = all();
    assert!(all.len() >= 100, "{} exports", all.len());
    let (blocked, reviewed) = rates(&all);
    println!("{blocked:.4} of {} are blocked, {reviewed:.4} of the tables go to people", all.len());
    assert!(blocked <= 0.01 && reviewed <= 0.05, "{}", alarms(&all));
}

#[test]
fn rows_of_the_data_are_blocked_in_their_place() {
    let mut looked = BTreeSet::new();
    for Told { export, .. } in all().into_iter().filter(|told| told.export.name.ends_with(".csv")) {
        if looked.insert(export.data.clone()) {
            let data = fs::read_to_string(folder().join("data").join(format!("{}.csv", export.data))).unwrap();
            let rows: String = data.lines().take(30).map(|row| format!("{row}\n")).collect();
            assert!(is_blocked(&examine(&evidence(&export, holding(rows.as_bytes())))), "{}", export.data);
        }
    }
    assert!(looked.len() >= 10, "{looked:?}");
}
