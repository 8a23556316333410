//! Lines of which one copy tells nothing: among so many, chance fills one. Many copies in such lines tell, and show in a part of them as well.
//!
//! Which part that is isn't known to who wrote the file.

use super::form::Form;
use super::gathered::NAMELESS;
use super::hunt::Hunt;
use super::lens::Held;
use super::search::Found;
use super::sift::Line;
use super::source::{CompareError, Source, both};
use super::view::{Place, Spot, join};
use crate::inputs::mix;
use std::hash::{BuildHasher, RandomState};

/// Lines that are looked at, if there are more.
const LINES: u64 = 1 << 20;

/// A part of some lines.
pub(super) struct Sample {
    /// How many there are.
    lines: u64,
    seed: u64,
}

impl Sample {
    pub(super) fn of(lines: u64) -> Self {
        Self { lines, seed: RandomState::new().hash_one(lines) }
    }

    /// A number that nobody knows.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Which share of the lines it is.
    pub(super) fn share(&self) -> f64 {
        (LINES as f64 / self.lines.max(1) as f64).min(1.0)
    }

    /// Whether a line is looked at, in which so many rows are to be expected by chance.
    pub(super) fn takes(&self, line: u64) -> bool {
        (mix(self.seed ^ line) as f64) < self.share() * u64::MAX as f64
    }

    /// Whether one copy tells, in a line in which so many rows are to be expected by chance.
    pub(super) fn tells_alone(&self, expected: f64) -> bool {
        self.lines <= LINES || expected * (self.lines as f64) < 1.0
    }
}

/// Two searches: in the lines of which each may tell, and in a sample of the others.
pub(super) struct Sampled<'a> {
    sample: &'a Sample,
    telling: Hunt<'a>,
    others: Hunt<'a>,
}

impl<'a> Sampled<'a> {
    pub(super) fn new(source: &'a Source<'a>, least: u32, held: Held, form: Form, sample: &'a Sample) -> Self {
        let hunt = || Hunt::new(source, least, held, form);
        Self { sample, telling: hunt(), others: hunt() }
    }

    /// Considers so many lines more.
    pub(super) fn consider(&mut self, lines: u64) {
        self.telling.considered += lines;
        self.others.considered = (self.telling.considered as f64 * self.sample.share()) as u64;
    }

    /// Looks into a line of a part.
    pub(super) fn line(&mut self, part: u32, line: &Line<'_>) -> Result<(), CompareError> {
        let hunt = match self.sample.tells_alone(line.expected) {
            true => &mut self.telling,
            false if self.sample.takes(join(part.into(), line.first)) => &mut self.others,
            false => return Ok(()),
        };
        hunt.gathered.note(NAMELESS, line.values);
        hunt.close(Spot { part, place: Place::Number(line.first) })
    }

    /// What was found.
    pub(super) fn end(self) -> Result<Option<Found>, CompareError> {
        let found = [self.telling.end()?, self.others.end()?];
        Ok(found.into_iter().flatten().reduce(both))
    }
}

#[cfg(test)]
mod tests {
    use super::{LINES, Sample};

    #[test]
    fn of_few_lines_each_is_looked_at() {
        let sample = Sample::of(LINES);
        assert!((0..10_000).all(|line| sample.takes(line) && sample.tells_alone(0.9)));
    }

    #[test]
    fn of_many_lines_a_share_is_looked_at_and_each_that_tells() {
        let (one, other) = (Sample::of(10 * LINES), Sample::of(10 * LINES));
        let taken = (0..100_000).filter(|line| one.takes(*line)).count();
        assert!((9_000..11_000).contains(&taken), "{taken}");
        assert!((0..1000).any(|line| one.takes(line) != other.takes(line)), "nobody knows which");
        assert!(one.tells_alone(1e-8) && !one.tells_alone(1e-6));
    }
}
