//! F2: as many bytes and rows as the profile says may leave, and not one more.

mod common;

use common::{evidence, outcome};
use semla_checks::Outcome::{self, Block, Pass};
use semla_checks::{Evidence, examine};

fn with_rows(name: &str, content: &str, max_rows: u64) -> Evidence {
    let mut evidence = evidence(name, content);
    evidence.profile.max_rows = max_rows;
    evidence
}

fn with_bytes(name: &str, content: &[u8], max_bytes: u64) -> Evidence {
    let mut evidence = evidence(name, content);
    evidence.profile.max_bytes = max_bytes;
    evidence
}

/// How content of `rows` rows comes out at bounds of one less, as many, and one more.
fn around(name: &str, content: &str, rows: u64) -> [Option<Outcome>; 3] {
    [rows - 1, rows, rows + 1].map(|bound| outcome("F2", &with_rows(name, content, bound)))
}

#[test]
fn bytes_up_to_the_bound_pass_and_one_more_blocks() {
    for (name, content) in
        [("a.csv", &b"metric,value\nauc,0.91\n"[..]), ("a.txt", b"0.91\n"), ("a.md", b"0.91\n"), ("a.json", b"[0.91]")]
    {
        let size = content.len() as u64;
        assert_eq!(outcome("F2", &with_bytes(name, content, size)), Some(Pass), "{name}");
        assert_eq!(outcome("F2", &with_bytes(name, content, size - 1)), Some(Block), "{name}");
    }
}

#[test]
fn bytes_are_bounded_whatever_the_file_is() {
    for (name, content) in [
        ("a.png", common::figure(8, 8, &[])),
        ("a.pkl", b"\x80\x04\x95 and more".to_vec()),
        ("a.csv", b"\xff\xfe and more".to_vec()),
        ("a.log", b"some text and more".to_vec()),
    ] {
        let size = content.len() as u64;
        assert_eq!(outcome("F2", &with_bytes(name, &content, size)), Some(Pass), "{name}");
        assert_eq!(outcome("F2", &with_bytes(name, &content, size - 1)), Some(Block), "{name}");
    }
}

#[test]
fn the_standard_bound_is_16_mib() {
    let bound = 16 << 20;
    let mut evidence = evidence("a.txt", vec![b'x'; bound]);
    assert_eq!(outcome("F2", &evidence), Some(Pass));
    evidence.file = common::file(&vec![b'x'; bound + 1]);
    assert_eq!(outcome("F2", &evidence), Some(Block));
}

#[test]
fn more_than_can_be_examined_blocks_whatever_the_profile_allows() {
    let mut evidence = with_bytes("a.txt", &vec![b'x'; (16 << 20) + 1], u64::MAX);
    evidence.profile.max_rows = u64::MAX;
    assert_eq!(outcome("F2", &evidence), Some(Block));
    evidence.file = common::file("1.5,".repeat((2 << 20) + 1).as_bytes());
    assert_eq!(outcome("F2", &evidence), Some(Block));
    evidence.file = common::file("1.5,".repeat(1 << 20).as_bytes());
    assert_eq!(outcome("F2", &evidence), Some(Pass));
}

#[test]
fn rows_of_a_table_are_those_below_its_header() {
    let rows = "auc,0.91\n".repeat(20);
    let expected = [Some(Block), Some(Pass), Some(Pass)];
    assert_eq!(around("a.csv", &format!("metric,value\n{rows}"), 20), expected);
    assert_eq!(around("a.csv", &format!("metric;value\n{}", rows.replace(',', ";")), 20), expected);
    assert_eq!(around("a.tsv", &format!("metric\tvalue\n{}", rows.replace(',', "\t")), 20), expected);
    assert_eq!(around("a.csv", &format!("metric,value\r\n{}", rows.replace('\n', "\r\n")), 20), expected);
}

#[test]
fn quoted_line_breaks_make_no_rows() {
    let rows = "\"auc\n(mean)\",0.91\n".repeat(20);
    assert_eq!(around("a.csv", &format!("metric,value\n{rows}"), 20), [Some(Block), Some(Pass), Some(Pass)]);
}

#[test]
fn rows_of_json_are_the_entries_of_its_longest_list_or_object() {
    let list = format!("[{}]", vec!["0.5"; 20].join(","));
    let members: Vec<String> = (0..20).map(|at| format!("\"{at}\":0.5")).collect();
    let object = format!("{{{}}}", members.join(","));
    for inner in [list, object] {
        for text in [inner.clone(), format!("{{\"a\":[0.5,{inner}],\"b\":0.5}}")] {
            assert_eq!(around("a.json", &text, 20), [Some(Block), Some(Pass), Some(Pass)], "{text}");
        }
    }
}

#[test]
fn rows_of_a_text_are_its_lines() {
    let text = "one line\n".repeat(20);
    for name in ["a.txt", "a.md"] {
        assert_eq!(around(name, &text, 20), [Some(Block), Some(Pass), Some(Pass)], "{name}");
        assert_eq!(around(name, text.trim_end(), 20), [Some(Block), Some(Pass), Some(Pass)], "{name}");
    }
}

#[test]
fn the_standard_bound_is_5000_rows() {
    let table = |rows| format!("metric,value\n{}", "auc,0.91\n".repeat(rows));
    assert_eq!(outcome("F2", &evidence("a.csv", table(5_000))), Some(Pass));
    let over = examine(&evidence("a.csv", table(5_001)));
    let found = common::finding("F2", &over);
    assert_eq!((found.outcome, &found.evidence["rows"]), (Block, &5_001.into()));
}
