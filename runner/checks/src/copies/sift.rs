//! Which lines of an array may hold a row of an input: those whose values, taken together, few rows have.
//!
//! This only leaves lines out. A line that holds a row with at least so many bits as it takes to tell one row from all others stays
//! in; whether it is a copy is for the search to say.

use super::grain::{Grain, is_whole};
use super::lines::Lines;
use super::scalers::Undo;
use super::shown::Token;
use super::source::CompareError;
use crate::array::{Array, Number};
use crate::inputs::Index;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Values that are looked at together.
const CHUNK: u64 = 1 << 16;
/// Coarse values whose weights are remembered: as many as 16 bits tell apart, and as many integers.
const KNOWN: usize = 1 << 17;

/// Takes a line: the place of its first value, and its values.
pub(crate) type Take<'a> = dyn FnMut(u64, &[Token]) -> Result<(), CompareError> + 'a;

/// An array that is looked through for rows of one input.
pub(crate) struct Sift<'a> {
    array: &'a Array,
    index: &'a Index,
    /// A scaler to undo, and the place of its first column in a line.
    scaler: Option<(&'a Undo, usize)>,
    known: RefCell<HashMap<u64, Weight>>,
    /// The value that was weighed last.
    last: Cell<(f64, Weight)>,
}

/// Room for one line.
#[derive(Default)]
struct Room {
    distinct: Vec<(u64, Weight)>,
    tokens: Vec<Token>,
}

/// What one value says at most: in bits, if a row has it.
#[derive(Clone, Copy, Debug, Default)]
struct Weight(f32);

impl<'a> Sift<'a> {
    pub(crate) fn new(array: &'a Array, index: &'a Index) -> Self {
        Self { array, index, scaler: None, known: RefCell::default(), last: Cell::new((f64::NAN, Weight::default())) }
    }

    /// The same array, as it was before a scaler went over it whose first column is at a place of each line.
    pub(crate) fn unscaled(array: &'a Array, index: &'a Index, undo: &'a Undo, first: usize) -> Self {
        Self { scaler: Some((undo, first)), ..Self::new(array, index) }
    }

    /// Whether its numbers are integers.
    pub(crate) fn holds_integers(&self) -> bool {
        !self.array.number.is_float() && self.scaler.is_none()
    }

    /// Whether all numbers together may tell a row from all others: mostly they don't, and no line of theirs does.
    pub(crate) fn tells(&self) -> Result<bool, CompareError> {
        // What a scaled number was depends on its column.
        if self.scaler.is_some() {
            return Ok(true);
        }
        let (mut values, mut at, mut bits) = (Vec::new(), 0, 0.0);
        while at < self.array.len() {
            let count = CHUNK.min(self.array.len() - at);
            values.clear();
            self.array.read(at, count as usize, &mut values)?;
            at += count;
            bits += values.iter().map(|value| self.weight(0, *value).0).sum::<f32>();
            if self.is_enough(bits) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hands out each line that may hold a row: the place of its first value, and its values.
    pub(crate) fn lines(&self, lines: &Lines, take: &mut Take<'_>) -> Result<(), CompareError> {
        match lines.apart <= CHUNK {
            true => self.by_blocks(lines, take),
            false => self.by_runs(lines, take),
        }
    }

    /// Lines that lie close together: several blocks of them are read at once.
    fn by_blocks(&self, lines: &Lines, take: &mut Take<'_>) -> Result<(), CompareError> {
        let (at_once, all) = ((CHUNK / lines.apart.max(1)).max(1), self.array.len());
        let (mut values, mut room) = (Vec::new(), Room::default());
        let mut block = 0;
        while block < lines.blocks {
            let (from, last) = (block * lines.apart, (block + at_once).min(lines.blocks) - 1);
            let to = (last * lines.apart + lines.lines + (lines.len - 1) * lines.step).min(all);
            values.clear();
            self.array.read(from, (to - from) as usize, &mut values)?;
            let column = |at: usize| at % lines.apart as usize / lines.step as usize;
            let weights: Vec<Weight> = (0..).zip(&values).map(|(at, value)| self.weight(column(at), *value)).collect();
            for line in block * lines.lines..(last + 1) * lines.lines {
                let first = (lines.first(line) - from) as usize;
                let places = (first..values.len()).step_by(lines.step as usize).take(lines.len as usize);
                let own = places.filter_map(|at| Some((*values.get(at)?, *weights.get(at)?)));
                self.line(lines.first(line), own, &mut room, take)?;
            }
            block = last + 1;
        }
        Ok(())
    }

    /// Lines whose values lie far apart: the first values of many lines, then their second ones, and so on.
    fn by_runs(&self, lines: &Lines, take: &mut Take<'_>) -> Result<(), CompareError> {
        let (mut values, mut room) = (Vec::new(), Room::default());
        let at_once = (CHUNK / lines.len).max(64);
        for block in 0..lines.blocks {
            for from in (0..lines.lines).step_by(at_once as usize) {
                let run = at_once.min(lines.lines - from) as usize;
                let first = block * lines.apart + from;
                values.clear();
                for at in 0..lines.len {
                    self.array.read(first + at * lines.step, run, &mut values)?;
                }
                let weights: Vec<Weight> =
                    (0..).zip(&values).map(|(at, value)| self.weight(at / run, *value)).collect();
                for line in 0..run {
                    let own = values.iter().copied().zip(weights.iter().copied()).skip(line).step_by(run);
                    self.line(first + line as u64, own, &mut room, take)?;
                }
            }
        }
        Ok(())
    }

    /// Hands a line out if it may hold a row; a value that it has several times says no more than once.
    fn line(
        &self,
        first: u64,
        values: impl Iterator<Item = (f64, Weight)> + Clone,
        room: &mut Room,
        take: &mut Take<'_>,
    ) -> Result<(), CompareError> {
        if !self.is_enough(values.clone().map(|(_, weight)| weight.0).sum()) {
            return Ok(());
        }
        room.distinct.clear();
        room.distinct.extend(values.clone().map(|(value, weight)| (value.to_bits(), weight)));
        room.distinct.sort_unstable_by_key(|(value, _)| *value);
        room.distinct.dedup_by_key(|(value, _)| *value);
        if !self.is_enough(room.distinct.iter().map(|(_, weight)| weight.0).sum()) {
            return Ok(());
        }
        room.tokens.clear();
        room.tokens.extend((0..).zip(values).filter_map(|(column, (value, _))| self.token(column, value)));
        take(first, &room.tokens)
    }

    /// Whether a row with so many bits is told from all others.
    fn is_enough(&self, bits: f32) -> bool {
        f64::from(bits) >= (self.index.rows.max(2) as f64).log2()
    }

    fn weight(&self, column: usize, value: f64) -> Weight {
        let Some(Token::Number(grain, value)) = self.token(column, value) else { return Weight::default() };
        match grain {
            Grain::Exact | Grain::Single if !self.index.is_dense() && !self.index.may_have(value) => {
                return Weight::default();
            }
            Grain::Exact | Grain::Single | Grain::Near(_) => return self.weigh(grain, value),
            _ => {}
        }
        let (last, weight) = self.last.get();
        if last == value {
            return weight;
        }
        if let Some(known) = self.known.borrow().get(&value.to_bits()) {
            self.last.set((value, *known));
            return *known;
        }
        let weight = self.weigh(grain, value);
        self.last.set((value, weight));
        let mut known = self.known.borrow_mut();
        if known.len() < KNOWN {
            known.insert(value.to_bits(), weight);
        }
        weight
    }

    /// For each column that may have become the value: how rare that is.
    fn weigh(&self, grain: Grain, value: f64) -> Weight {
        let (least, most) = grain.comes_from(value);
        let all = self.index.rows.max(2) as f32;
        let bits = |rows: u64| (all / rows.max(1) as f32).max(1.0).log2();
        let varies = |column: u16| self.index.columns.get(usize::from(column)).is_some_and(|column| column.varies);
        let found = self.index.between(least, most).iter().filter(|entry| varies(entry.column));
        let is_in = |(from, to): (f64, f64)| least <= to && from <= most;
        let dense = self.index.columns.iter().filter(|column| column.dense && column.range.is_some_and(is_in)).count();
        let found: f32 = match grain {
            Grain::Exact | Grain::Single => found.map(|entry| bits(entry.rows.into())).sum(),
            _ => {
                let mut rows = vec![0u64; self.index.columns.len()];
                for entry in found.filter(|entry| grain != Grain::Whole || is_whole(entry.value)) {
                    if let Some(rows) = rows.get_mut(usize::from(entry.column)) {
                        *rows += u64::from(entry.rows);
                    }
                }
                rows.into_iter().filter(|rows| *rows > 0).map(bits).sum()
            }
        };
        Weight(found + dense as f32 * all.log2())
    }

    /// What a value says, at a place in its line.
    fn token(&self, column: usize, value: f64) -> Option<Token> {
        let scaled = self.scaler.and_then(|(undo, first)| undo.undone(column.checked_sub(first)?, value));
        let number = self.array.number;
        let (grain, value) = match scaled {
            Some(value) => (Grain::Near(spread(number)), value),
            None => (grain(number, value), value),
        };
        value.is_finite().then_some(Token::Number(grain, value + 0.0))
    }
}

pub(super) fn grain(number: Number, value: f64) -> Grain {
    match number {
        Number::F16 => Grain::Half,
        Number::Bf16 => Grain::Brain,
        Number::F32 => Grain::Single,
        Number::F64 if f64::from(value as f32) == value => Grain::Single,
        Number::F64 => Grain::Exact,
        _ => Grain::Whole,
    }
}

/// How far off a number may be that was scaled, held in a type and scaled back: some of the type's last bits, in units of 2^-40.
fn spread(number: Number) -> u32 {
    match number {
        Number::F64 => 1 << 8,
        Number::F32 => 1 << 20,
        _ => 1 << 31,
    }
}
