//! Files as libraries write them: they open, and what they hold is found.

use super::{corpus, look, numbers, opened, sample, texts};
use crate::finding::Outcome;

#[test]
fn what_libraries_write_opens_without_a_block() {
    let mut blocked = Vec::new();
    for (name, bytes) in corpus() {
        let (kind, anatomy) = look(&name, bytes);
        let blocks: Vec<_> = anatomy.remarks.iter().filter(|remark| remark.outcome == Outcome::Block).collect();
        if kind.is_err() || !blocks.is_empty() {
            blocked.push(format!("{name}: {:?} {blocks:?}", kind.map(|kind| kind.name)));
        }
    }
    assert!(blocked.is_empty(), "{}", blocked.join("\n"));
}

#[test]
fn numbers_are_found_in_arrays_of_every_type() {
    for (name, expected) in [
        ("flags.npy", &[1.0, 0.0][..]),
        ("scalar.npy", &[0.91]),
        ("complex.npy", &[1.0, 2.0]),
        ("second.npy", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        ("third.npy", &[1.5]),
    ] {
        assert_eq!(numbers(&opened(name, sample(name))), expected, "{name}");
    }
    let records = opened("records.npy", sample("records.npy"));
    assert_eq!(numbers(&records), [f64::from(0.91f32), f64::from(0.88f32), 1.0, 3.0, 2.0, 4.0]);
    assert_eq!(texts(&records), ["auc", "recall", "metric", "value", "pair"]);
    assert_eq!(texts(&opened("texts.npy", sample("texts.npy"))), ["auc", "recall", "é"]);
}
