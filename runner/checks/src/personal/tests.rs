mod hostile;

use super::*;
use std::collections::BTreeSet;

/// What is found in a text, in order.
pub(super) fn found(text: &str) -> Vec<(Kind, &str)> {
    let mut hits = Vec::new();
    scan(text, &mut |hit| hits.push((hit.kind, &text[hit.start..hit.end])));
    hits
}

/// Holds that nothing is found.
pub(super) fn nothing(text: &str) {
    assert_eq!(found(text), [], "{text}");
}

/// A source of numbers that are the same in every run (Knuth's MMIX generator).
pub(super) fn draw(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) % below
    }
}

/// The lines of the corpus, with the kinds that each of them has.
fn labelled() -> Vec<(String, Vec<&'static str>)> {
    let lines = include_str!("../../tests/personal/labelled.txt").lines().filter(|line| !line.starts_with("# "));
    let parts = lines.map(|line| line.split_once('\t').unwrap());
    let labels = |labels: &'static str| labels.split(", ").filter(|label| !label.is_empty()).collect();
    parts.map(|(text, kinds)| (text.replace('¦', "").replace('⏎', "\n"), labels(kinds))).collect()
}

#[test]
fn everything_that_is_labelled_is_found_and_nothing_else() {
    let (mut right, mut missed, mut false_alarms, mut wrong) = (0, 0, 0, Vec::new());
    for (text, labels) in labelled() {
        let mut kinds: Vec<String> = found(&text).iter().map(|(kind, _)| format!("{kind:?}")).collect();
        if kinds != labels {
            wrong.push(format!("{text}\n    labelled {labels:?}, found {kinds:?}"));
        }
        for label in labels {
            match kinds.iter().position(|kind| kind == label) {
                Some(place) => {
                    right += 1;
                    kinds.remove(place);
                }
                None => missed += 1,
            }
        }
        false_alarms += kinds.len();
    }
    let share = |part: usize, rest: usize| part as f64 / (part + rest) as f64;
    let (recall, precision) = (share(right, missed), share(right, false_alarms));
    assert!(wrong.is_empty(), "recall {recall:.3}, precision {precision:.3}:\n{}", wrong.join("\n"));
}

#[test]
fn lines_together_have_what_each_of_them_has() {
    let lines: Vec<String> = labelled().into_iter().map(|(text, _)| text).collect();
    let each: Vec<(Kind, &str)> = lines.iter().flat_map(|line| found(line)).collect();
    let text = lines.join("\n\n");
    let all = found(&text);
    let differs = all.iter().zip(&each).find(|(one, other)| one != other);
    assert_eq!((differs, all.len()), (None, each.len()));
}

#[test]
fn every_kind_is_in_the_corpus_and_has_a_name_of_its_own() {
    let kinds: BTreeSet<Kind> = labelled().iter().flat_map(|(text, _)| found(text)).map(|(kind, _)| kind).collect();
    assert_eq!(kinds.len(), Kind::PersonName as usize + 1, "{kinds:?}");
    let names: BTreeSet<&str> = kinds.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), kinds.len());
    assert!(names.iter().all(|name| name.starts_with("a ") || name.starts_with("an ")));
    let secrets = kinds.iter().filter(|kind| kind.sort() == Sort::Secret).count();
    assert_eq!(kinds.iter().position(|kind| kind.sort() == Sort::Personal), Some(secrets), "secrets come first");
}
