//! What every row of an input has at least: a record with less of it holds no row.

use super::value::{Value, is_whole};

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
}

impl Least {
    /// Looks at one row.
    pub(super) fn see(&mut self, row: &[Value]) {
        let (mut numbers, mut wholes, mut words) = (0, 0, 0);
        for value in row {
            match value {
                Value::Number(number) => {
                    numbers += 1;
                    wholes += usize::from(is_whole(*number));
                }
                Value::Word { .. } => words += 1,
                Value::Missing => {}
            }
        }
        let own = Self {
            any: true,
            beside_words: needed(numbers + words).saturating_sub(words),
            numbers: needed(numbers),
            wholes: needed(wholes),
        };
        *self = if self.any { self.with(own, usize::min) } else { own };
    }

    /// Leaves out so many columns that tell no rows apart.
    pub(super) fn without(&mut self, columns: usize) {
        let less = Self { any: true, beside_words: columns, numbers: columns, wholes: columns };
        *self = self.with(less, usize::saturating_sub);
    }

    fn with(self, other: Self, both: fn(usize, usize) -> usize) -> Self {
        Self {
            any: self.any,
            beside_words: both(self.beside_words, other.beside_words),
            numbers: both(self.numbers, other.numbers),
            wholes: both(self.wholes, other.wholes),
        }
    }
}
