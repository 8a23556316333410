//! What every row of an input has at least: a record with less of it holds no row.

use super::value::{Value, is_whole};

/// Numbers that differ by less, in parts of them, may be one number of an output.
const APART: f64 = 0.01;
/// Of so many columns, ...
const OF: usize = 5;
/// ... so many make a copy (80 %).
const NEEDED: usize = 4;

/// So many of a row's columns make a copy of it.
pub(crate) fn needed(columns: usize) -> usize {
    (columns * NEEDED).div_ceil(OF)
}

/// The fewest columns with numbers by which a row can be told, over all rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Least {
    any: bool,
    /// Where all of its words may be there, too.
    pub(crate) beside_words: usize,
    /// Where there are numbers alone.
    pub(crate) numbers: usize,
    /// Where there are integers alone.
    pub(crate) wholes: usize,
    /// Different numbers.
    pub(crate) different: usize,
    /// The most integers that a row has.
    pub(crate) most_wholes: usize,
}

impl Least {
    /// Looks at one row, whose numbers are kept in a form.
    pub(super) fn see(&mut self, row: &[Value], form: fn(f64) -> f64) {
        let (mut numbers, mut wholes, mut words) = (Vec::new(), 0, 0);
        for value in row {
            match value {
                Value::Number(number) => {
                    numbers.push(form(*number));
                    wholes += usize::from(is_whole(*number));
                }
                Value::Word { .. } => words += 1,
                Value::Missing => {}
            }
        }
        numbers.sort_unstable_by(f64::total_cmp);
        let more = numbers.array_windows().filter(|[a, b]| b - a > APART * a.abs().max(b.abs())).count();
        let (different, numbers) = (more + usize::from(!numbers.is_empty()), numbers.len());
        let own = Self {
            any: true,
            beside_words: needed(numbers + words).saturating_sub(words),
            numbers: needed(numbers),
            wholes: needed(wholes),
            different: different.saturating_sub(numbers - needed(numbers)),
            most_wholes: wholes,
        };
        *self = if self.any { self.with(own, usize::min) } else { own };
    }

    /// Leaves out so many columns that tell no rows apart.
    pub(super) fn without(&mut self, columns: usize) {
        let less = Self {
            any: true,
            beside_words: columns,
            numbers: columns,
            wholes: columns,
            different: columns,
            most_wholes: 0,
        };
        *self = self.with(less, usize::saturating_sub);
    }

    fn with(self, other: Self, both: fn(usize, usize) -> usize) -> Self {
        Self {
            any: self.any,
            beside_words: both(self.beside_words, other.beside_words),
            numbers: both(self.numbers, other.numbers),
            wholes: both(self.wholes, other.wholes),
            different: both(self.different, other.different),
            most_wholes: self.most_wholes.max(other.most_wholes),
        }
    }
}
