//! C6: what leaves of a dataset is added up, and people look at the sum.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{about_people, draw};
use semla_checks::Outcome::{Pass, Review};
use semla_checks::{Evidence, examine};

/// A text that can't be packed: so many hexadecimal digits.
fn noise(digits: usize) -> String {
    let mut draw = draw(5);
    (0..digits).map(|_| format!("{:x}", draw() % 16)).collect()
}

fn c6(evidence: &Evidence) -> Option<semla_checks::Outcome> {
    common::outcome("C6", evidence)
}

#[test]
fn a_small_file_passes_and_what_left_before_counts() {
    let mut evidence = about_people("a.txt", noise(20_000));
    evidence.profile.information = 64 << 10;
    assert_eq!(c6(&evidence), Some(Pass));
    evidence.released.insert("other".to_owned(), 60 << 13);
    assert_eq!(c6(&evidence), Some(Pass));
    evidence.released.insert(evidence.inputs[0].name.clone(), 60 << 13);
    assert_eq!(c6(&evidence), Some(Review));
}

#[test]
fn repetition_says_little_and_noise_says_what_it_is_long() {
    let said = |text: String| examine(&about_people("a.txt", text)).information;
    assert!(said("the same line\n".repeat(10_000)) < 20_000);
    let digits = said(noise(100_000));
    // Four bits each, and what Deflate loses.
    assert!((400_000..480_000).contains(&digits), "{digits}");
}

#[test]
fn rounded_numbers_say_less() {
    let mut draw = draw(9);
    let values: Vec<f64> =
        (0..5_000).map(|_| 1.0 + draw() as f64 / (1u64 << 31) as f64 + draw() as f64 / (1u64 << 53) as f64).collect();
    let said = |values: &[f64]| {
        let text = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({},), }}\n", values.len());
        let head = [b"\x93NUMPY\x01\x00".as_slice(), &(text.len() as u16).to_le_bytes(), text.as_bytes()].concat();
        let bytes: Vec<u8> = head.into_iter().chain(values.iter().flat_map(|value| value.to_le_bytes())).collect();
        examine(&about_people("a.npy", bytes)).information
    };
    let narrow: Vec<f64> = values.iter().map(|value| f64::from(half::bf16::from_f64(*value))).collect();
    assert!(said(&values) > 5_000 * 50, "{}", said(&values));
    assert!(said(&narrow) < 5_000 * 20, "{}", said(&narrow));
}

#[test]
fn without_inputs_nothing_is_counted() {
    assert_eq!(c6(&common::evidence("a.txt", noise(10_000_000 / 4))), None);
}
