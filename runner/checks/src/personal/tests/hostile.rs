//! Texts made to hurt: no panic, no endless work, no hit that cuts a character.

use super::{found, labelled};
use crate::busy::Busy;
use crate::personal::{column, scan};
use proptest::prelude::*;
use std::time::Duration;

/// Texts that make work: a byte again and again, and the beginnings of everything that is looked for.
const PIECES: [&str; 44] = [
    "@",
    "1",
    "a",
    " ",
    "password=",
    "a@",
    "a.",
    "a@b.",
    "1 ",
    "12 ",
    "1.",
    "1,",
    "00 ",
    "+",
    "+49",
    "(0)",
    "4111 1111 1111 1111 ",
    "943 476 5919 ",
    "A123456780 ",
    "DE89 3704 ",
    "-----BEGIN PRIVATE KEY-----",
    "Private-Lines: ",
    "eyJ.",
    "eyJhbGciOiJIUzI1NiJ9.",
    "://",
    "://a:b@",
    "Mr ",
    "Mr A ",
    "Herr Dr. ",
    "M. ",
    "Name: ",
    "name: A B ",
    "nom: ",
    "token=",
    "secret:",
    "Bearer ",
    "AKIA",
    "AKIAIOSFODNN7EXAMPLE",
    "sk-",
    "Tel 0",
    "tel tel ",
    "é",
    "password is ",
    "\n",
];

/// So many of them are repeated to the largest text that is examined, the others to a part of that.
const WHOLE: usize = 5;

#[test]
fn hostile_texts_take_no_longer_than_others() {
    // Quadratic work would take hours.
    let patience = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 3 });
    for (place, piece) in PIECES.into_iter().enumerate() {
        let size = if place < WHOLE { 16 << 20 } else { 1 << 20 };
        let text = piece.repeat(size / piece.len());
        let start = Busy::start();
        scan(&text, &mut |_| {});
        assert!(start.elapsed() < patience, "{piece} took {:?}", start.elapsed());
    }
}

/// Texts out of pieces that something begins with, and of any characters.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40).prop_map(|all| all.concat());
    let others =
        prop::collection::vec(prop_oneof![any::<String>(), "[0-9 +.,/()-]{0,30}", "[A-Za-z0-9+/=_.:@-]{0,80}"], 0..8);
    let mixed = (prop::collection::vec(prop::sample::select(PIECES.to_vec()), 8), others);
    prop_oneof![
        pieces,
        mixed.prop_map(|(pieces, others)| pieces.iter().zip(&others).map(|(a, b)| format!("{a}{b}")).collect())
    ]
}

/// A line of the corpus that goes on as another one, with some of its characters changed.
fn bent() -> impl Strategy<Value = String> {
    let lines: Vec<String> = labelled().into_iter().map(|(text, _)| text).collect();
    let line = prop::sample::select(lines);
    let changes = prop::collection::vec(
        (any::<prop::sample::Index>(), prop::sample::select(" .-,:=\n09(+é@\"A".chars().collect::<Vec<_>>())),
        0..5,
    );
    (line.clone(), line, any::<prop::sample::Index>(), any::<prop::sample::Index>(), changes).prop_map(
        |(one, other, from, to, changes)| {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            let cut = |line: &[char], at: prop::sample::Index| at.index(line.len() + 1);
            let mut text: Vec<char> = one[..cut(&one, from)].iter().chain(&other[cut(&other, to)..]).copied().collect();
            for (at, c) in changes {
                let at = at.index(text.len() + 1);
                text.insert(at, c);
            }
            text.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic_and_hits_stand_in_order(text in prop_oneof![texts(), bent()]) {
        let mut before = 0;
        scan(&text, &mut |hit| {
            assert!(before <= hit.start && hit.start < hit.end);
            assert!(text.get(hit.start..hit.end).is_some(), "characters are whole");
            before = hit.end;
        });
        column(&text, [text.as_str(), "7", ""].into_iter(), &mut |_, _| {});
    }

    #[test]
    fn what_stands_around_a_line_changes_nothing(before in "[a-z0-9 ,.@:=+-]{0,40}", after in "[a-z0-9 ,.@:=+-]{0,40}") {
        for line in ["mail to anna@example.org", "LU28 0019 4006 4475 0000 is theirs", "call +352 621 123 456 or so", "password='hunter22'"] {
            let text = format!("{before}\n\n{line}\n\n{after}");
            let alone = found(line);
            let all = found(&text);
            assert!(alone.iter().all(|hit| all.contains(hit)), "{text}");
        }
    }
}
