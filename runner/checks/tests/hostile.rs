//! Files made to hurt: no panic, no endless work, no long report, and never a milder answer for what can't be read.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../src/busy.rs"]
mod busy;
mod common;

use busy::Busy;
use common::{about_people, evidence, figure};
use proptest::prelude::*;
use semla_checks::Outcome::{Block, Pass};
use semla_checks::{Evidence, Report, examine};
use std::time::Duration;

/// Most bytes of a report.
const REPORT: usize = 1 << 20;
/// Longest that any of these files may take; quadratic work would take hours.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 10 });
const ENDINGS: [&str; 9] = ["csv", "tsv", "json", "txt", "md", "png", "pkl", "html", ""];

/// Examines, and holds what is true of every report.
fn look(evidence: &Evidence) -> Report {
    let start = Busy::start();
    let report = examine(evidence);
    assert!(start.elapsed() < PATIENCE, "{} took {:?}", evidence.name, start.elapsed());
    let text = report.to_json().unwrap();
    assert!(text.len() <= REPORT, "{} bytes", text.len());
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!((read.verdict, read.findings.len() + read.omitted), (report.verdict, report.findings.len()));
    assert_eq!(Some(report.verdict), report.findings.iter().map(|finding| finding.outcome).max());
    assert_eq!(Some(report.verdict), semla_checks::notices(&report).iter().map(|notice| notice.outcome).max());
    for check in ["F1", "F2"] {
        assert!(common::worst(check, &report).is_some(), "{check} looks at every file");
    }
    report
}

/// Bytes that look like files: arbitrary ones, and pieces that parsers trip over.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r\n",
        "\r",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\\u",
        "n",
        "7",
        "-",
        ".",
        "1e999",
        "<5",
        "null",
        "\u{200b}",
        "é",
        " ",
        "P10000",
        "\u{0}",
        "9999999999999999999999",
        "| n |",
        "---",
        "0x1p3",
        "e",
    ];
    let pieces =
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60).prop_map(|all| all.concat().into_bytes());
    let starts = [&b"\x89PNG\r\n\x1a\n"[..], b"\x80\x04", b"PK\x03\x04", b"\x40\0\0\0\0\0\0\0{", b"{\"n\":", b"n,m\n"];
    let bytes = prop::collection::vec(any::<u8>(), 0..400);
    let signed =
        (prop::sample::select(starts.to_vec()), bytes.clone()).prop_map(|(start, rest)| [start, &rest].concat());
    prop_oneof![bytes, pieces, signed]
}

/// A figure with some of its bytes changed.
fn bent() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6).prop_map(|changes| {
        let mut bytes = figure(9, 9, &[("Comment", "x")]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_content_makes_a_check_panic(content in content()) {
        for ending in ENDINGS {
            look(&evidence(&format!("a.{ending}"), &content));
        }
    }

    #[test]
    fn no_name_and_no_declaration_makes_a_check_panic(name in any::<String>(), counts in any::<Vec<String>>()) {
        for content in ["n,z\n7,7\n", "{\"n\": 7}"] {
            for name in [name.clone(), format!("{name}.csv"), format!("{name}.json")] {
                let mut evidence = evidence(&name, content);
                evidence.declaration.counts.clone_from(&counts);
                evidence.profile.types.push(name);
                look(&evidence);
            }
        }
    }

    #[test]
    fn no_input_makes_a_check_panic(rows in content()) {
        let mut evidence = evidence("a.csv", "id,n\nP10000,7\n");
        evidence.inputs.push(common::input(&["id", "n"], Some("id"), "id,n\n"));
        evidence.inputs[0].files[0].1 = common::file(&[b"id,n\n".as_slice(), &rows].concat());
        look(&evidence);
    }

    #[test]
    fn a_bent_figure_never_passes(bytes in bent()) {
        for name in ["a.png", "a.csv"] {
            prop_assert_ne!(look(&evidence(name, &bytes)).verdict, Pass);
        }
    }
}

#[test]
fn deep_nesting_blocks() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| open.repeat(depth) + "0.5" + &close.repeat(depth);
        assert_eq!(look(&about_people("a.json", nested(100))).verdict, Pass);
        for depth in [200, 100_000] {
            assert_eq!(look(&about_people("a.json", nested(depth))).verdict, Block);
            assert_eq!(look(&about_people("a.json", open.repeat(depth))).verdict, Block);
        }
    }
}

#[test]
fn huge_texts_take_bounded_time() {
    const MANY: usize = 1 << 18;
    let texts = [
        ("one line", "x".repeat(15 << 20)),
        ("one line of digits", "7".repeat(15 << 20)),
        ("quotation marks", "\"".repeat(15 << 20)),
        ("commas", ",".repeat(2 << 20)),
        ("line breaks", "\n".repeat(MANY)),
        ("spaces", " ".repeat(MANY)),
        ("separators in turn", ",;\t|".repeat(MANY)),
        ("counts", "7,".repeat(MANY)),
        ("counts in lines", "n,7\n".repeat(MANY)),
        ("counts in rows", "n,7,8,\n".repeat(MANY)),
        ("codes", "f,north,43\n".repeat(MANY)),
        ("bars", "|7|\n".repeat(MANY)),
        ("a wide list", format!("[{}7]", "7,".repeat(MANY))),
        ("many lists", format!("[{}[]]", "[7],".repeat(MANY))),
        ("many objects", format!("[{}0]", "{\"n\":7},".repeat(MANY))),
    ];
    for (what, text) in texts {
        for ending in ["csv", "json", "txt"] {
            let mut evidence = about_people(&format!("{what}.{ending}"), &text);
            evidence.profile.max_rows = u64::MAX;
            look(&evidence);
        }
    }
}

#[test]
fn nested_lists_take_bounded_time() {
    // At every depth a list of values, so that what is below is looked at again and again.
    let deep =
        |values: usize| (0..100).fold("0.5".to_owned(), |inner, _| format!("[{inner},{}0.5]", "43,".repeat(values)));
    look(&about_people("a.json", deep(10_000)));
    look(&about_people("a.json", format!("[{}0.5]", (deep(9) + ",").repeat(2_000))));
}

#[test]
fn a_report_stays_short_however_much_is_found() {
    let name = "n".repeat(200_000);
    let mut evidence = evidence("a.csv", format!("{name},n\n{}", "7,7\n".repeat(4_000)));
    evidence.name = format!("{}.csv", "deep/".repeat(100_000));
    let report = look(&evidence);
    assert_eq!(report.verdict, Block);
    let many = |at: usize| semla_checks::Input {
        name: format!("{at}{}", "x".repeat(60)),
        card: common::card(&["id"], Some("id")),
        files: vec![],
    };
    evidence.name = "a.csv".to_owned();
    evidence.inputs = (0..8_000).map(many).collect();
    let report = look(&evidence);
    let read: Report = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    assert!(read.omitted > 0 && read.verdict == Block, "{} omitted", read.omitted);
}
