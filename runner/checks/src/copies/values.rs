//! C3: single values that few people share, in an array or a column of numbers.
//!
//! A value counts when it is given together with a neighbour so near that fewer people than the profile says lie between them: a
//! median, a quantile or a bin's edge rests on more. From that comes what chance explains: on a grid of few decimals a number equals
//! some value by nature, as often as the points around it are taken.

use super::grain::Grain;
use super::shown::Token;
use super::view::{KeyMap, join};
use crate::inputs::{Column, Entry, Index};
use std::collections::{BTreeMap, HashSet};

/// Values of an output that are told apart.
const DISTINCT: usize = 1 << 20;
/// Points of a grid on either side of a number that tell how many are taken.
const AROUND: i64 = 8;
/// Numbers that end with more zeros are none of a kind.
const COARSEST: f64 = 1.0;
/// Digits of a number that equals another one on no grid.
const DIGITS: u32 = 7;
/// Deviations that chance may add to what is expected of it.
const DEVIATIONS: f64 = 3.0;

/// What one column of an input has in common with an array.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) column: u16,
    /// The values, in order.
    pub(crate) values: Vec<f64>,
    /// How many would be there by chance.
    pub(crate) expected: f64,
}

/// The numbers of one array or column of an output, each once.
#[derive(Default)]
pub(crate) struct Values {
    distinct: HashSet<(Grain, u64)>,
}

impl Values {
    pub(crate) fn add(&mut self, token: Token) {
        if let Token::Number(grain, value) = token
            && self.distinct.len() < DISTINCT
        {
            self.distinct.insert((grain, value.to_bits()));
        }
    }

    fn all(&self) -> impl Iterator<Item = (Grain, f64)> {
        self.distinct.iter().map(|(grain, bits)| (*grain, f64::from_bits(*bits)))
    }

    /// The columns of which at least `enough` values that fewer than `least` rows share are here by more than chance.
    pub(crate) fn told(&self, index: &Index, least: u32, enough: usize) -> Vec<Told> {
        let mut columns: BTreeMap<u16, Vec<Entry>> = BTreeMap::new();
        let mut seen: KeyMap<()> = KeyMap::default();
        for (grain, value) in self.all() {
            for entry in equal(index, grain, value) {
                let key = join(entry.column.into(), entry.value.to_bits());
                let is_few = entry.rows < least
                    && index.columns.get(usize::from(entry.column)).is_some_and(is_between(entry.value));
                if is_few && seen.insert(key, ()).is_none() {
                    columns.entry(entry.column).or_default().push(*entry);
                }
            }
        }
        let told = |(number, entries): (u16, Vec<Entry>)| {
            let values = close(entries, least);
            let column = index.columns.get(usize::from(number)).filter(|_| values.len() >= enough)?;
            let by_chance = self.by_chance(index, number, column, &values);
            let between = self.between_equals(index, number, &values);
            let most = |(expected, variance): (f64, f64)| expected + DEVIATIONS * variance.sqrt();
            let excess = values.len() as f64 - most(by_chance).max(most(between));
            let expected = by_chance.0.max(between.0);
            (excess >= enough as f64).then_some(Told { column: number, values, expected })
        };
        columns.into_iter().filter_map(told).collect()
    }

    /// How many of a column's values are to be expected if all numbers here lie between two neighbours in its order, as quantiles and edges
    /// of bins do, and the variance: those of which both neighbours are the same.
    fn between_equals(&self, index: &Index, number: u16, values: &[f64]) -> (f64, f64) {
        let (Some(least), Some(most)) = (values.first(), values.last()) else { return (0.0, 0.0) };
        let entries = index.between(*least, *most).iter().filter(|entry| entry.column == number);
        let (distinct, rows) =
            entries.fold((0.0, 0.0), |(distinct, rows), entry| (distinct + 1.0, rows + f64::from(entry.rows)));
        let equal = if rows > 0.0 { (rows - distinct) / rows } else { 0.0 };
        let points = self.all().filter(|(_, value)| (*least..=*most).contains(value)).count() as f64;
        (points * equal, points * equal * (1.0 - equal))
    }

    /// How many of a column's values are to be expected between the least and the greatest of these, and the variance.
    fn by_chance(&self, index: &Index, number: u16, column: &Column, values: &[f64]) -> (f64, f64) {
        let (Some(grid), Some(least), Some(most)) = (column.grid, values.first(), values.last()) else {
            return (0.0, 0.0);
        };
        let points: HashSet<(u64, i64)> = self
            .all()
            .filter(|(grain, value)| (*least..=*most).contains(value) && is_on(grid, *grain, *value))
            .map(|(_, value)| {
                let own = own_grid(grid, value);
                (own.to_bits(), (value / own).round() as i64)
            })
            .collect();
        // A number of few digits meets others of few digits, of which there may be many more than of all: each is held to its own kind.
        let taken = |(own, point): (u64, i64)| {
            let own = f64::from_bits(own);
            let is_taken = |away: &i64| {
                let at = (point + away) as f64 * own;
                let near = index.between(at - grid / 4.0, at + grid / 4.0);
                near.iter().any(|entry| entry.column == number)
            };
            (-AROUND..=AROUND).filter(is_taken).count() as f64 / (2 * AROUND + 1) as f64
        };
        points
            .into_iter()
            .map(taken)
            .fold((0.0, 0.0), |(sum, variance), p| (sum + p, variance + p * (1.0 - p).max(0.0)))
    }
}

/// The coarsest decimal grid on which a number lies, not finer than its column's.
fn own_grid(grid: f64, value: f64) -> f64 {
    let is_on = |own: f64| ((value / own).round() * own - value).abs() <= grid / 4.0;
    let mut own = grid;
    while own < COARSEST && is_on(own * 10.0) {
        own *= 10.0;
    }
    own
}

/// Whether a value isn't the least or the greatest of its column.
fn is_between(value: f64) -> impl Fn(&Column) -> bool {
    move |column| column.range.is_some_and(|(least, most)| least < value && value < most)
}

/// The values that can be nothing else than a number of an output.
fn equal(index: &Index, grain: Grain, value: f64) -> impl Iterator<Item = &Entry> {
    let grain = if grain == Grain::Whole { Grain::Exact } else { grain };
    let (least, most) = grain.comes_from(value);
    let found = match grain {
        Grain::Exact | Grain::Single if !index.may_have(value) => &[],
        _ => index.between(least, most),
    };
    found.iter().filter(move |entry| {
        let (least, most) = grain.becomes(entry.value);
        let column = index.columns.get(usize::from(entry.column));
        (least..=most).contains(&value) && column.is_some_and(|column| is_sharp(column, grain, value))
    })
}

/// Whether a number tells one value of a column from its neighbours.
fn is_sharp(column: &Column, grain: Grain, value: f64) -> bool {
    let (least, most) = grain.comes_from(value);
    match (column.grid, grain) {
        (Some(grid), _) => most - least < grid,
        (None, Grain::Exact | Grain::Single) => true,
        (None, Grain::Digits(digits)) => digits >= DIGITS,
        (None, _) => false,
    }
}

/// Whether a number is a point of a grid.
fn is_on(grid: f64, grain: Grain, value: f64) -> bool {
    let (least, most) = grain.becomes((value / grid).round() * grid);
    let slack = value.abs() * 1e-12;
    (least - slack..=most + slack).contains(&value)
}

/// The values that have a neighbour fewer than `least` rows away, in order.
fn close(mut entries: Vec<Entry>, least: u32) -> Vec<f64> {
    entries.sort_unstable_by_key(|entry| entry.before);
    let near = |a: &Entry, b: &Entry| b.before.saturating_sub(a.before) < least;
    let mut kept: Vec<f64> = Vec::new();
    for pair in entries.windows(2) {
        let [a, b] = pair else { continue };
        if near(a, b) {
            kept.extend(kept.last().is_none_or(|last| *last != a.value).then_some(a.value));
            kept.push(b.value);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
