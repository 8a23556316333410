//! F7: secrets block, what names a person goes to a person, and a list of people blocks.
#![allow(clippy::unwrap_used)]

mod common;

use common::{evidence, outcome};
use semla_checks::Outcome::{Block, Pass, Review};
use semla_checks::examine;

fn f7(name: &str, content: impl AsRef<[u8]>) -> semla_checks::Outcome {
    outcome("F7", &evidence(name, content)).unwrap()
}

/// A key of the form that its issuer gives it, made of nothing.
fn token() -> String {
    format!("ghp_{}", "aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6".chars().take(36).collect::<String>())
}

#[test]
fn results_hold_nothing_of_the_kind() {
    for (name, content) in [
        ("a.csv", "model,auc,seed\nforest,0.912345678901234,1234567890\n"),
        ("a.txt", "accuracy 0.91, 569 patients, 2026-11-28 10:31:02, sha256 9f86d081884c7d65\n"),
        ("a.json", r#"{"lr": 1e-5, "epochs": 20, "loss": [0.6931471805599453, 0.31]}"#),
    ] {
        assert_eq!(f7(name, content), Pass, "{name}");
    }
}

#[test]
fn one_address_is_for_a_person_to_see_and_a_list_blocks() {
    assert_eq!(f7("a.txt", "questions to anna.weber@clinic.example.org\n"), Review);
    let list = |count: usize| (0..count).map(|at| format!("p{at}.weber@clinic.example.org\n")).collect::<String>();
    assert_eq!(f7("a.txt", list(10)), Review);
    assert_eq!(f7("a.txt", list(11)), Block);
    assert_eq!(f7("a.csv", format!("contact\n{}", list(11))), Block);
    assert_eq!(f7("a.json", format!("{:?}", list(11).lines().collect::<Vec<_>>())), Block);
}

#[test]
fn a_secret_blocks_wherever_it_stands() {
    let token = token();
    for (name, content) in [
        ("a.txt", format!("pushed with {token}\n")),
        ("a.csv", format!("step,by\n1,{token}\n")),
        ("a.json", format!("{{\"by\": [\"{token}\"]}}")),
    ] {
        assert_eq!(f7(name, content), Block, "{name}");
    }
}

#[test]
fn the_finding_says_where_and_never_what() {
    let report = examine(&evidence("a.txt", format!("one\ntwo {}\n", token())));
    let found = common::finding("F7", &report);
    assert_eq!(found.place.lines, [2]);
    assert!(!serde_json::to_string(found).unwrap().contains("ghp_"));
}
