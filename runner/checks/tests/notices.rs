//! What somebody may be told who isn't cleared: fixed words, and nothing of the data.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{COLUMNS, about_people, csv, evidence, figure, people};
use semla_checks::texts::{notice, traceback};
use semla_checks::{CHECKS, Evidence, Finding, Notice, Outcome, Report, examine, notices};

/// Files of which each check blocks one.
fn leaks() -> Vec<(&'static str, Evidence)> {
    let mut long = evidence("secret-name.csv", "metric,value\nauc,0.91\nrecall,0.88\n");
    long.profile.max_rows = 1;
    vec![
        ("F1", evidence("secret-name.csv", b"\x80\x04P10037")),
        ("F6", evidence("secret-name.png", figure(8, 8, &[("Comment", "P10037")]))),
        ("F2", long),
        ("T1", evidence("secret-name.csv", "hospital,n\nP10037,7\n")),
        ("T1", evidence("secret-name.json", r#"{"P10037": {"n": 7}}"#)),
        ("C1", about_people("secret-name.csv", csv(&COLUMNS, &people()[1..2]))),
        ("C1", about_people("secret-name.txt", people()[1].join(" "))),
    ]
}

#[test]
fn every_leak_is_told_by_its_check_alone() {
    for (check, evidence) in leaks() {
        let told = notices(&examine(&evidence));
        let blocked: Vec<&str> =
            told.iter().filter(|notice| notice.outcome == Outcome::Block).map(|notice| notice.check.as_str()).collect();
        assert_eq!(blocked, [check], "{}", evidence.name);
    }
}

#[test]
fn a_notice_holds_nothing_of_the_file_its_name_or_the_data() {
    let outcomes = ["pass", "review", "block"];
    for (_, evidence) in leaks() {
        let text = serde_json::to_string(&notices(&examine(&evidence))).unwrap();
        for cell in
            people()[1].iter().filter(|cell| cell.len() > 1).map(String::as_str).chain(["secret", "hospital", "37"])
        {
            assert!(!text.contains(cell), "{cell} in {text}");
        }
        let entries: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&text).unwrap();
        for entry in entries {
            assert_eq!(entry.keys().collect::<Vec<_>>(), ["check", "outcome"]);
            assert!(CHECKS.iter().any(|check| entry["check"] == check.id));
            assert!(outcomes.iter().any(|outcome| entry["outcome"] == *outcome));
        }
    }
}

#[test]
fn notices_do_not_tell_how_much_was_found() {
    let told = |evidence: &Evidence| notices(&examine(evidence));
    let rows = |count: usize| about_people("a.csv", csv(&COLUMNS, &people()[..count]));
    assert_eq!(told(&rows(1)), told(&rows(200)));
    let counts = |rows: &str| evidence("a.csv", format!("site,n\nnorth,120\n{rows}"));
    assert_eq!(told(&counts("south,1\n")), told(&counts("south,9\neast,3\nwest,few\n")));
}

#[test]
fn the_detail_says_where_a_copy_is_and_never_what() {
    for (check, evidence) in leaks().into_iter().filter(|(check, _)| *check == "C1") {
        let report = examine(&evidence);
        let text = serde_json::to_string(common::finding(check, &report)).unwrap();
        for cell in people()[1].iter().filter(|cell| cell.len() > 4) {
            assert!(!text.contains(cell.as_str()), "{cell} in {text}");
        }
    }
}

#[test]
fn notices_come_in_the_order_of_the_battery() {
    assert_eq!(
        CHECKS.iter().map(|check| check.id).collect::<Vec<_>>(),
        ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "T1", "C1", "C3", "C4", "C5", "C6", "M1", "M2", "M6"]
    );
    for (_, evidence) in leaks() {
        let told: Vec<String> = notices(&examine(&evidence)).into_iter().map(|notice| notice.check).collect();
        let known: Vec<&str> =
            CHECKS.iter().map(|check| check.id).filter(|id| told.iter().any(|told| told == id)).collect();
        assert_eq!(told, known);
    }
}

#[test]
fn every_notice_has_words_and_a_remedy() {
    for check in CHECKS {
        for outcome in [Outcome::Pass, Outcome::Review, Outcome::Block] {
            let words = notice(check.id, outcome).unwrap();
            assert_eq!(words.title, check.title);
            assert!(!words.message.is_empty());
            assert_eq!(words.remedy.is_empty(), outcome == Outcome::Pass, "{} {outcome:?}", check.id);
        }
    }
}

#[test]
fn where_a_job_stopped_is_told_in_words_of_its_own() {
    for outcome in [Outcome::Review, Outcome::Block] {
        let (own, general) = (traceback("F1", outcome).unwrap(), notice("F1", outcome).unwrap());
        assert!(own.message.contains("traceback") && own != general, "{own:?}");
    }
    assert_eq!(traceback("T1", Outcome::Block), notice("T1", Outcome::Block));
    assert_eq!(traceback("F9", Outcome::Block), None);
}

#[test]
fn a_check_that_nobody_knows_has_no_words() {
    for id in ["", "F9", "f1", "T1 ", "row 7 of P10037"] {
        assert_eq!(notice(id, Outcome::Pass), None, "{id}");
        assert_eq!(notice(id, Outcome::Block), None, "{id}");
    }
}

#[test]
fn a_notice_with_more_in_it_is_not_read() {
    let read = |text: &str| serde_json::from_str::<Notice>(text).is_ok();
    assert!(read(r#"{"check": "T1", "outcome": "block"}"#));
    assert!(!read(r#"{"check": "T1", "outcome": "block", "value": 7}"#));
    assert!(!read(r#"{"check": "T1", "outcome": "7"}"#));
}

#[test]
fn a_report_is_bounded_and_counts_what_it_leaves_out() {
    let all = 4_000;
    let report = examine(&about_people("a.csv", csv(&COLUMNS, &people())));
    let one = report.findings[0].clone();
    let long = |number: usize| Finding { message: format!("{number} {}", "x".repeat(1_000)), ..one.clone() };
    let large = Report { findings: (0..all).map(long).collect(), ..report.clone() };
    let text = large.to_json().unwrap();
    assert!(text.len() <= 1 << 20 && text.len() > 900 << 10, "{} bytes", text.len());
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(read.findings.len() + read.omitted, all);
    assert_eq!((read.verdict, &read.findings[0].message), (report.verdict, &large.findings[0].message));
    assert!(!report.to_json().unwrap().contains("omitted"));
}
