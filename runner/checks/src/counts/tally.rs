//! What was found in cells that are counts, or may be.

use super::cell::{Reading, is_mean, is_part, read};
use super::names::Sense;
use crate::finding::Cell;

/// A cell with its place.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'a> {
    pub(crate) row: u64,
    pub(crate) column: &'a str,
    pub(crate) text: &'a str,
}

/// The cells that a finding is made of.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Counts of too few.
    pub(crate) small: Vec<Cell>,
    /// Declared counts that can't be counts.
    pub(crate) contrary: Vec<Cell>,
    /// What stands in a column of counts and can't be read as one.
    pub(crate) unread: Vec<Cell>,
    /// Small whole numbers that may be counts.
    pub(crate) unsure: Vec<Cell>,
    /// How many cells were taken for counts.
    pub(crate) counts: usize,
    /// The fewest people that a count may rest on.
    pub(crate) least: u64,
}

impl Tally {
    pub(crate) fn new(least: u32) -> Self {
        Self { least: least.into(), ..Self::default() }
    }

    /// Cells that the job declared to be counts.
    pub(crate) fn declared(&mut self, spots: &[Spot<'_>]) {
        for spot in spots {
            match read(spot.text) {
                Reading::Negative | Reading::Fraction => self.contrary.push(cell(spot)),
                reading => self.count(spot, reading, true),
            }
        }
    }

    /// Cells that look like counts. A column with fractions may be something else, and its small numbers are doubtful.
    pub(crate) fn named(&mut self, spots: &[Spot<'_>]) {
        let sure = !spots.iter().any(|spot| matches!(read(spot.text), Reading::Negative | Reading::Fraction));
        for spot in spots {
            self.count(spot, read(spot.text), sure);
        }
    }

    /// Cells of which nobody said what they are. Among fractions and negative numbers, what is written as one is no count, such as
    /// `2.0`; nor is a 1 among parts of one, or a whole number of a measure.
    pub(crate) fn unknown(&mut self, spots: &[Spot<'_>], sense: Sense) {
        let readings: Vec<_> = spots.iter().map(|spot| read(spot.text)).collect();
        let broken = readings.iter().any(|reading| matches!(reading, Reading::Negative | Reading::Fraction));
        let parts = broken && spots.iter().all(|spot| read(spot.text) == Reading::Nothing || is_part(spot.text));
        let is_none = |text: &str| sense == Sense::Measure || parts || broken && text.contains('.');
        for (spot, reading) in spots.iter().zip(readings) {
            let small = match reading {
                Reading::Whole(_) if is_none(spot.text) => false,
                Reading::Whole(value) => self.is_small(value),
                Reading::Below(bound) => bound > 1 && bound < self.least,
                Reading::Words(Some(value)) => {
                    self.is_small(value) && spot.text.contains(['(', '%', '/']) && !is_mean(spot.text)
                }
                _ => false,
            };
            if small {
                self.unsure.push(cell(spot));
            }
        }
    }

    fn count(&mut self, spot: &Spot<'_>, reading: Reading, sure: bool) {
        let small = match reading {
            Reading::Whole(value) => self.is_small(value),
            Reading::Below(bound) => bound > 1 && bound < self.least,
            Reading::Words(value) => {
                self.unread.push(cell(spot));
                value.is_some_and(|value| self.is_small(value))
            }
            Reading::Nothing | Reading::Negative | Reading::Fraction => return,
        };
        self.counts += 1;
        match (small, sure) {
            (true, true) => self.small.push(cell(spot)),
            (true, false) => self.unsure.push(cell(spot)),
            (false, _) => {}
        }
    }

    pub(crate) fn is_small(&self, value: u64) -> bool {
        value > 0 && value < self.least
    }
}

fn cell(spot: &Spot<'_>) -> Cell {
    const SHOWN: usize = 40;
    let short = |text: &str| text.chars().take(SHOWN).collect();
    Cell { row: spot.row, column: short(spot.column), value: short(spot.text) }
}
