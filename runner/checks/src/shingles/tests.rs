#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{RUN, Shingles, WINDOW, winnow};
use crate::anatomy::{Body, Part};
use crate::inputs::Rows;
use nix::sys::memfd::{MFdFlags, memfd_create};
use semla_policy::{Card, Column, Kind};
use std::collections::HashSet;
use std::fs::File;
use std::io::Write;

/// A note that no other is like.
fn note(row: u64) -> String {
    let word = |at: u64| {
        let mut seed = row * 1_000 + at;
        (0..4 + at % 5)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b'a' + (seed >> 40) as u8 % 26)
            })
            .collect::<String>()
    };
    (0..30).map(word).collect::<Vec<_>>().join(" ")
}

fn found(notes: &[String], text: &str) -> Vec<u64> {
    let mut file = File::from(memfd_create(c"input", MFdFlags::empty()).unwrap());
    let rows: String = notes.iter().zip(0..).map(|(note, row)| format!("{row},\"{note}\"\n")).collect();
    file.write_all(format!("id,note\n{rows}").as_bytes()).unwrap();
    let column = |name: &str| Column { name: name.to_owned(), kind: Kind::Text {} };
    let columns = vec![column("id"), column("note")];
    let card = Card { title: String::new(), unit: "person".to_owned(), id: None, rows: 1, columns };
    let parts = [Part { at: String::new(), body: Body::Words(text.to_owned()) }];
    let rows = Shingles::of(&parts).rows(Rows::open("rows.csv", &file, &card).unwrap(), 10).unwrap();
    rows.into_iter().collect()
}

#[test]
fn a_stretch_of_a_note_is_found_wherever_it_begins() {
    let notes: Vec<String> = (0..50).map(note).collect();
    let long = RUN + WINDOW + 12;
    for row in [0, 17, 49] {
        for from in 0..60 {
            let text = format!("and then: {} - so we saw", &notes[row][from..from + long].to_uppercase());
            assert_eq!(found(&notes, &text), [row as u64 + 1], "from {from}");
        }
    }
    assert!(found(&notes, &note(77)).is_empty());
    assert!(found(&notes, "an ordinary sentence about a model that was trained on many people").is_empty());
}

#[test]
fn a_phrase_that_many_have_is_nobodys() {
    let phrase = "the chest is clear and there is no sign of any further abnormality in the lungs";
    let with = |many: usize| -> Vec<String> {
        (0..50)
            .map(|row| if row < many { format!("{} {phrase}", note(row as u64)) } else { note(row as u64) })
            .collect()
    };
    assert_eq!(found(&with(9), phrase).len(), 9);
    assert!(found(&with(10), phrase).is_empty());
}

#[test]
fn the_same_runs_are_kept_of_a_stretch_in_any_text() {
    let all = |text: &str| {
        let mut runs = HashSet::new();
        winnow(text.as_bytes(), |run| {
            runs.insert(run);
        });
        runs
    };
    let text = note(3);
    let (whole, part) = (all(&text), all(&text[40..40 + RUN + WINDOW + 20]));
    assert!(!part.is_disjoint(&whole));
    assert!(whole.len() * 4 < text.len() && all("short").is_empty());
}
