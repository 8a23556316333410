//! F1: the content is what the name says, of a type that may leave, and shows everything that it holds.
#![allow(clippy::unwrap_used)]

mod common;

use common::{evidence, outcome};
use semla_checks::Outcome::{Block, Pass, Review};
use semla_checks::examine;
use semla_policy::OutputKind;

const TABLE: &str = "metric,value\nauc,0.91\nrecall,0.88\n";

fn f1(name: &str, content: impl AsRef<[u8]>) -> semla_checks::Outcome {
    outcome("F1", &evidence(name, content)).unwrap()
}

#[test]
fn plain_files_of_every_readable_type_pass() {
    for (name, content) in [
        ("a.csv", TABLE),
        ("deep/down/A.CSV", TABLE),
        ("a.csv", "metric;value\nauc;0.91\n"),
        ("a.csv", "auc\n0.91\n"),
        ("a.csv", "group,\"mean, sd\"\r\n\"a \"\"quoted\"\" one\",\"1.5, 0.2\"\r\n"),
        ("a.tsv", "metric\tvalue\nauc\t0.91\n"),
        ("a.json", r#"{"auc": 0.91, "site": "Gr\u00e4nna"}"#),
        ("a.txt", "The area under the curve is 0.91.\n"),
        ("a.md", "# Results\n\nÄtna, Ωmega, 東京\n"),
    ] {
        assert_eq!(f1(name, content), Pass, "{name}: {content}");
    }
}

#[test]
fn tables_under_a_title_are_looked_at_one_by_one() {
    let page = "Results\nModel:,OLS,AIC:,488.5\nDate:,Sat, 28 Nov 2026,BIC:,491.5\nDf Model:,4,,\n,coef,p\nage,0.13,0.04\n\nNotes, if any\n";
    assert_eq!(f1("a.csv", page), Pass);
    assert_eq!(outcome("T1", &evidence("a.csv", page)), Some(Pass));
    // What stands in one of them is a count by its column's name, also in a row that is longer than the others.
    for row in ["south,7", "south,7,", "south,7,,"] {
        let page = format!("Results\nsite,n\nnorth,120\n{row}\neast,33\n\n,coef,p\nage,0.13,0.04\n");
        assert_eq!(f1("a.csv", &page), Pass, "{page}");
        assert_eq!(outcome("T1", &evidence("a.csv", &page)), Some(Block), "{page}");
        assert_eq!(outcome("T1", &evidence("a.csv", page.replace('7', "70"))), Some(Pass), "{page}");
    }
    // A title has words, and no more.
    for text in ["1.5\na,b\n1.5,2.5\n", "Results,\na,b,c\n", "Results\n\"a,b\n"] {
        assert_eq!(f1("a.csv", text), Block, "{text}");
    }
    let wide = format!("Results\n{}\n{}", ",".repeat(5000), "a\n".repeat(4000));
    assert_eq!(f1("a.csv", wide), Block);
}

#[test]
fn what_has_a_signature_blocks_under_every_name() {
    let signed: [(&str, &[u8]); 15] = [
        ("pickle", b"\x80\x04\x95\x1a\0\0\0\0\0\0\0}\x94."),
        ("pickle", b"\x80\x02}q\x00."),
        ("joblib", b"\x78\x9c\x63\x00\x01\x00\x00\x05"),
        ("zip", b"PK\x03\x04\x14\0\0\0"),
        ("zip", b"PK\x05\x06\0\0\0\0"),
        ("gzip", b"\x1f\x8b\x08\0"),
        ("elf", b"\x7fELF\x02\x01\x01\0"),
        ("hdf5", b"\x89HDF\r\n\x1a\n"),
        ("parquet", b"PAR1\x15\x04"),
        ("npy", b"\x93NUMPY\x01\0"),
        ("safetensors", b"\x40\0\0\0\0\0\0\0{\"a\":1}"),
        ("script", b"#!/bin/sh\nmetric,value\n"),
        ("markup", b"\n  <HTML><body>0.91</body></HTML>"),
        ("markup", b"<svg xmlns='x'></svg>"),
        ("pdf", b"%PDF-1.7\n"),
    ];
    for (what, content) in signed {
        for name in ["a.csv", "a.tsv", "a.json", "a.txt", "a.md", "a.png", "a.pkl", "a.zip", "a.html", "a"] {
            let mut evidence = evidence(name, content);
            // Not even a policy that lists the type makes a machine read it.
            evidence.profile.types.extend(["pkl", "zip", "html", ""].map(str::to_owned));
            let report = examine(&evidence);
            let found = common::finding("F1", &report);
            // What goes by its own name is read.
            if ![("pickle", "a.pkl"), ("zip", "a.zip")].contains(&(what, name)) {
                assert_eq!(
                    (found.outcome, found.evidence.get("type")),
                    (Block, Some(&what.into())),
                    "{what} as {name}"
                );
            }
        }
    }
}

#[test]
fn a_page_behind_a_text_blocks() {
    for name in ["a.csv", "a.txt", "a.json", "a.png", "a.pdf"] {
        assert_eq!(f1(name, b"metric,value\nauc,0.91\n%PDF-1.7\n"), Block, "{name}");
    }
}

#[test]
fn content_is_held_to_the_name() {
    let figure = common::packed(&common::figure(4, 4, &[]));
    assert_eq!(f1("a.png", &figure), Review);
    for name in ["a.csv", "a.txt", "a.json", "a.png.md"] {
        assert_eq!(f1(name, &figure), Block, "a figure as {name}");
    }
    assert_eq!(f1("a.png", TABLE), Block);
    assert_eq!(f1("a.json", TABLE), Block);
    assert_eq!(f1("a.tsv", "one,two\nthree\n\"four"), Block);
}

#[test]
fn the_profile_says_which_types_may_leave() {
    let mut narrow = evidence("a.csv", TABLE);
    assert_eq!(outcome("F1", &narrow), Some(Pass));
    narrow.profile.types.retain(|kind| kind != "csv");
    assert_eq!(outcome("F1", &narrow), Some(Block));
    for name in ["a", "a.", ".csv/a", "a.log", "csv", "a.csv.py"] {
        assert_eq!(f1(name, TABLE), Block, "{name}");
    }
}

#[test]
fn a_type_that_no_check_reads_blocks_even_if_listed() {
    let mut listed = evidence("a.yaml", "auc: 0.91\n");
    listed.profile.types.push("yaml".to_owned());
    assert_eq!(outcome("F1", &listed), Some(Block));
    listed.name = "a.txt".to_owned();
    assert_eq!(outcome("F1", &listed), Some(Pass));
}

#[test]
fn characters_that_nobody_sees_block() {
    for c in [
        '\u{0}',
        '\u{7}',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{2003}',
        '\u{2009}',
        '\u{200b}',
        '\u{200d}',
        '\u{200e}',
        '\u{202e}',
        '\u{2028}',
        '\u{2060}',
        '\u{2066}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{e000}',
        '\u{e0041}',
        '\u{e0100}',
        '\u{10fffd}',
    ] {
        for (name, content) in [
            ("a.csv", format!("metric,value\nau{c}c,0.91\n")),
            ("a.txt", format!("The area{c} is 0.91.\n")),
            ("a.json", format!("{{\"au{c}c\": 0.91}}")),
        ] {
            assert_eq!(f1(name, content), Block, "U+{:04X} in {name}", u32::from(c));
        }
    }
    assert_eq!(f1("a.csv", "\u{feff}metric,value\nauc,0.91\n"), Block);
    assert_eq!(f1("a.txt", "over\rwritten\n"), Block);
    assert_eq!(f1("a.txt", b"\xe9t\xe9\n"), Block);
}

#[test]
fn escapes_in_json_hide_nothing() {
    assert_eq!(f1("a.json", r#"{"note": "a\u2013b\n"}"#), Pass);
    for text in [
        r#"{"note": "a\u200bb"}"#,
        r#"{"no\u202ete": 1.5}"#,
        r#"[["\u0000"]]"#,
        r#"{"auc": 0.9, "auc": 0.8}"#,
        r#"{"auc": 0.9, "\u0061uc": 0.8}"#,
        r#"{"auc": NaN}"#,
        r#"{"auc": 0.9} {"auc": 0.8}"#,
        "",
    ] {
        assert_eq!(f1("a.json", text), Block, "{text}");
    }
}

#[test]
fn tables_that_readers_disagree_on_block() {
    for text in ["", "a,b\n1.5\n", "a,b\n1.5,2.5,3.5\n", "a,b\n\"1.5\"x,2.5\n", "a,b\n1\"5,2.5\n", "a,b\n\"1.5,2.5\n"] {
        assert_eq!(f1("a.csv", text), Block, "{text:?}");
    }
    assert_eq!(f1("a.txt", ""), Block);
}

#[test]
fn a_declaration_never_makes_f1_milder() {
    let mut table = evidence("a.csv", TABLE);
    for (kind, expected) in [(OutputKind::Table, Pass), (OutputKind::Figure, Review), (OutputKind::Model, Review)] {
        table.declaration.kind = kind;
        assert_eq!(outcome("F1", &table), Some(expected), "{kind:?}");
    }
    let mut pickle = evidence("a.csv", b"\x80\x04\x95.");
    for kind in [OutputKind::Table, OutputKind::Figure, OutputKind::Model] {
        pickle.declaration.kind = kind;
        assert_eq!(outcome("F1", &pickle), Some(Block), "{kind:?}");
    }
}

#[test]
fn a_type_under_its_own_name_is_told_from_one_under_another() {
    let said = |name: &str| {
        let mut evidence = evidence(name, b"\x89HDF\r\n\x1a\n");
        evidence.profile.types.push("h5".to_owned());
        common::finding("F1", &examine(&evidence)).message.clone()
    };
    assert!(said("model.h5").starts_with("no check reads hdf5: "), "{}", said("model.h5"));
    assert!(said("a.csv").ends_with(": it is called `csv` and holds hdf5"), "{}", said("a.csv"));
}

#[test]
fn lines_in_quoted_cells_count() {
    let lines = |text: &str| common::finding("F1", &examine(&evidence("a.csv", text))).place.lines.clone();
    assert_eq!(lines("a,b\n\"one\ntwo\",3\n4,\"five\n"), [4]);
}

#[test]
fn the_finding_names_the_line_and_not_the_character() {
    let report = examine(&evidence("a.txt", "one\ntwo\nthr\u{200b}ee\n"));
    let found = common::finding("F1", &report);
    assert_eq!(found.place.lines, [3]);
    assert!(found.message.contains("U+200B") && found.message.is_ascii(), "{}", found.message);
}
