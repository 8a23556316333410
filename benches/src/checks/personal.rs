//! Secrets and personal data in texts: bytes a second on one core, and how much of what is there is found, beside Presidio.

mod prose;

use super::examined::{Examined, Peak, evidence};
use super::median;
use super::peer::{Peer, Peers, target};
use semla_checks::CHECKS;
use serde_json::Value;
use std::fs;

const PRESIDIO: &str = include_str!("peers/presidio.py");
/// Lines, and what is to be found in each.
const LABELLED: &str = include_str!("../../../runner/checks/tests/personal/labelled.txt");
/// The kinds that both know: as the lines are labelled, as a finding calls them, and as Presidio does.
const KINDS: [(&str, &str, &str); 9] = [
    ("Email", "an e-mail address", "EMAIL_ADDRESS"),
    ("Phone", "a telephone number", "PHONE_NUMBER"),
    ("Iban", "an IBAN", "IBAN_CODE"),
    ("Card", "a payment card's number", "CREDIT_CARD"),
    ("NhsNumber", "an NHS number", "UK_NHS"),
    ("Nino", "a British National Insurance number", "UK_NINO"),
    ("TaxId", "a German tax number", "DE_TAX_ID"),
    ("PensionNumber", "a German pension insurance number", "DE_SOCIAL_SECURITY"),
    ("HealthNumber", "a German health insurance number", "DE_HEALTH_INSURANCE"),
];
/// Megabytes of text, and so many bytes of it for the peer, at about the length of text on which it is fastest.
const OURS: usize = 15;
const THEIRS: usize = 32 << 10;
const ROUNDS: usize = 5;

/// `checks.pii_mb_s`, and `checks.pii_vs_presidio`, ours by theirs: Presidio has no language model, which could only slow it, and looks for nine kinds. Of these on the
/// same lines `checks.pii_recall` and `checks.presidio_recall`.
pub(super) fn run(peers: &Peers, peak: &mut Peak, put: &mut impl FnMut(&str, f64)) {
    let folder = target("bench-personal");
    fs::create_dir_all(&folder).expect("a folder");
    let (long, short) = (folder.join("long.txt"), folder.join("short.txt"));
    let text = prose::text(OURS);
    fs::write(&long, &text).expect("room");
    let end = text.floor_char_boundary(THEIRS);
    fs::write(&short, &text[..end]).expect("room");
    let mut presidio = peers.start(PRESIDIO);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(text.len() as f64 / 1e6 / Examined::by("F7", &long, None, peak).busy);
        theirs.push(end as f64 / 1e6 / presidio.seconds(&format!("time {}", short.display())));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    eprintln!("  {ours:.0} MB/s, presidio {theirs:.3} MB/s");
    put("pii_mb_s", ours);
    put("pii_vs_presidio", ours / theirs);
    let lines = labelled();
    let (ours, theirs) = (found(&lines, &folder.join("line.txt")), found_by(&mut presidio, &lines));
    put("pii_recall", recall("ours", &lines, &ours));
    put("presidio_recall", recall("presidio", &lines, &theirs));
    fs::remove_dir_all(folder).expect("the folder");
}

/// Each line with what is to be found in it.
type Line = (String, Vec<usize>);

/// The lines, and which kinds that both know are in each; a broken bar stands where a token would be taken for a leak, and an arrow for the end of a line.
fn labelled() -> Vec<Line> {
    let lines = LABELLED.lines().filter(|line| !line.starts_with("# "));
    let line = |line: &str| {
        let (text, labels) = line.split_once('\t').expect("a label");
        let kind = |label: &str| KINDS.iter().position(|(known, _, _)| *known == label);
        (text.replace('¦', "").replace('⏎', "\n"), labels.split(", ").filter_map(kind).collect())
    };
    lines.map(line).collect()
}

/// What F7 finds in each line.
fn found(lines: &[Line], file: &std::path::Path) -> Vec<Vec<usize>> {
    let check = CHECKS.iter().find(|check| check.id == "F7").expect("F7");
    let each = lines.iter().map(|(text, _)| {
        fs::write(file, text).expect("room");
        let findings = check.alone(&evidence(file, None));
        let each = findings.iter().flat_map(|finding| {
            let kind = finding.evidence.get("kind").and_then(Value::as_str);
            let kind = KINDS.iter().position(|(_, known, _)| Some(*known) == kind);
            let count = finding.evidence.get("count").and_then(Value::as_u64).unwrap_or(0);
            kind.into_iter().flat_map(move |kind| std::iter::repeat_n(kind, count as usize))
        });
        each.collect()
    });
    each.collect()
}

/// What Presidio finds in each line.
fn found_by(presidio: &mut Peer, lines: &[Line]) -> Vec<Vec<usize>> {
    let texts: Vec<&str> = lines.iter().map(|(text, _)| text.as_str()).collect();
    let answer = presidio.ask(&serde_json::to_string(&texts).expect("texts"));
    let found: Vec<Vec<String>> = serde_json::from_str(&answer).expect("kinds");
    let kind = |name: &String| KINDS.iter().position(|(_, _, known)| known == name);
    found.iter().map(|names| names.iter().filter_map(kind).collect()).collect()
}

/// The share of what is labelled that was found.
fn recall(whose: &str, lines: &[Line], found: &[Vec<usize>]) -> f64 {
    let (mut all, mut right) = ([0; KINDS.len()], [0; KINDS.len()]);
    for ((_, labels), found) in lines.iter().zip(found) {
        for (kind, (all, right)) in all.iter_mut().zip(&mut right).enumerate() {
            let count = |kinds: &[usize]| kinds.iter().filter(|one| **one == kind).count();
            *all += count(labels);
            *right += count(labels).min(count(found));
        }
    }
    let each: Vec<String> =
        KINDS.iter().zip(all).zip(right).map(|(((name, _, _), all), right)| format!("{name} {right}/{all}")).collect();
    eprintln!("  {whose}: {}", each.join(", "));
    right.iter().sum::<usize>() as f64 / all.iter().sum::<usize>() as f64
}
