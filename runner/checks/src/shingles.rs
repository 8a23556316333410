//! C4: runs of text that an output shares with the free texts of an input.
//!
//! Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of every [`WINDOW`] neighbouring runs of [`RUN`] letters the one with the
//! least hash is kept, on both sides. Whatever the two share that is as long as both together is found; what is shorter than a run
//! never is. Letters and digits count, in any case; what stands between them doesn't. What many rows have is a phrase, and nobody's.

use crate::anatomy::{Body, Part};
use crate::copies::Source;
use crate::decimal::Decimal;
use crate::finding::{Finding, LISTED};
use crate::inputs::{Rows, RowsError, mix};
use crate::say::{many, quoted};
use crate::subject::Subject;
use crate::tree::Node;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// Letters of a run (k).
const RUN: usize = 16;
/// Runs of a window (w).
const WINDOW: usize = 32;
/// The base of the rolling hash: odd, with its bits spread.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Looks for runs of the texts of all inputs.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let shingles = Shingles::of(&subject.anatomy.parts);
    if shingles.kept.is_empty() {
        return Vec::new();
    }
    let least = subject.evidence.profile.min_people;
    let look = |source: &Source<'_>| match source.rows().and_then(|rows| shingles.rows(rows, least)) {
        Ok(rows) => (!rows.is_empty()).then(|| told(&source.input.name, &rows)),
        Err(error) => {
            let (path, input) = (quoted(source.path), quoted(&source.input.name));
            let message = format!("shared words of {path} in {input} can't be ruled out: {error}");
            Some(Finding::block(message, "ask the data's steward to mend the input"))
        }
    };
    let mut findings: Vec<Finding> = subject.sources.iter().filter_map(look).collect();
    if findings.is_empty() {
        findings.push(Finding::pass("no words of an input's texts appear"));
    }
    findings
}

/// What is kept of an output's texts.
#[derive(Default)]
pub(crate) struct Shingles {
    kept: HashSet<u64>,
}

impl Shingles {
    /// Keeps runs of all texts among some parts. A table's row, and the scalars of a tree, are one text each.
    pub(crate) fn of(parts: &[Part]) -> Self {
        let mut shingles = Self::default();
        for part in parts {
            match &part.body {
                Body::Words(text) => shingles.add(text.as_bytes()),
                Body::Texts(texts) => texts.iter().for_each(|text| shingles.add(text.as_bytes())),
                Body::Tables(tables) => {
                    let rows = tables.iter().take(1).flat_map(|table| &table.rows);
                    rows.for_each(|row| shingles.add(row.cells.join(" ").as_bytes()));
                }
                Body::Tree(tree) => shingles.add_tree(tree),
                Body::Array(_) | Body::Bytes(_) | Body::Figure(_) => {}
            }
        }
        shingles
    }

    fn add(&mut self, text: &[u8]) {
        winnow(text, |run| {
            self.kept.insert(run);
        });
    }

    fn add_tree(&mut self, tree: &Node) {
        if let Some(text) = tree.scalar() {
            self.add(text.as_bytes());
        }
        for (name, child) in tree.children() {
            self.add(name.as_bytes());
            self.add_tree(child);
        }
    }

    /// The rows of a file of which it has runs that fewer than `least` rows share.
    pub(crate) fn rows(&self, mut rows: Rows<'_>, least: u32) -> Result<BTreeSet<u64>, RowsError> {
        let mut found: HashMap<u64, Vec<u64>> = HashMap::new();
        let mut number = 0;
        while rows.next()?.is_some() {
            number += 1;
            // A number of many digits is no word: whether numbers are shared is for C1 and C3 to say.
            let is_text = |text: &Vec<u8>| text.len() >= RUN && Decimal::read(text.trim_ascii()).is_none();
            for text in rows.texts().into_iter().filter(is_text) {
                winnow(&text, |run| {
                    if self.kept.contains(&run) {
                        let rows = found.entry(run).or_default();
                        if rows.len() < least as usize && rows.last() != Some(&number) {
                            rows.push(number);
                        }
                    }
                });
            }
        }
        Ok(found.into_values().filter(|rows| rows.len() < least as usize).flatten().collect())
    }
}

/// What is said of rows whose texts are shared.
fn told(input: &str, rows: &BTreeSet<u64>) -> Finding {
    let message = format!(
        "at least {RUN} letters in a row are the same as in the texts of {} of {}",
        many(rows.len(), "row"),
        quoted(input)
    );
    let listed: Vec<u64> = rows.iter().copied().take(LISTED).collect();
    Finding::review(message, "leave the words of notes out, or show that the phrase is nobody's")
        .with("input", input)
        .with("input_rows", listed)
        .with("count", rows.len())
}

/// Hands out the runs of a text that are kept.
fn winnow(text: &[u8], mut keep: impl FnMut(u64)) {
    let lead = (1..RUN).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut letters: VecDeque<u64> = VecDeque::with_capacity(RUN);
    // The runs of a window of which each is smaller than all that follow it, with their places.
    let mut least: VecDeque<(usize, u64)> = VecDeque::new();
    let (mut hash, mut runs, mut last) = (0u64, 0usize, None);
    for byte in text.iter().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()) {
        let letter = u64::from(byte.to_ascii_lowercase()) + 1;
        if letters.len() == RUN {
            hash = hash.wrapping_sub(letters.pop_front().unwrap_or_default().wrapping_mul(lead));
        }
        letters.push_back(letter);
        hash = hash.wrapping_mul(BASE).wrapping_add(letter);
        if letters.len() < RUN {
            continue;
        }
        let run = mix(hash);
        while least.pop_back_if(|(_, kept)| *kept >= run).is_some() {}
        least.push_back((runs, run));
        while least.pop_front_if(|(place, _)| *place + WINDOW <= runs).is_some() {}
        runs += 1;
        if runs >= WINDOW
            && let Some((place, run)) = least.front()
            && last.replace(*place) != Some(*place)
        {
            keep(*run);
        }
    }
    // A text shorter than a window is told by its least run.
    if runs < WINDOW
        && let Some((_, run)) = least.front()
    {
        keep(*run);
    }
}

#[cfg(test)]
mod tests;
