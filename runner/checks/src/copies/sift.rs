//! Which lines of an array may hold a row of an input: those whose values, taken together, few rows have.
//!
//! This only leaves lines out. A line that holds a row with at least so many bits as it takes to tell one row from all others stays
//! in; whether it is a copy is for the search to say.

use super::chance;
use super::exact::{figures, grain, short, spread};
use super::form::Form;
use super::grain::Grain;
use super::known::Known;
use super::lens::FEWEST;
use super::lines::Lines;
use super::scalers::Undo;
use super::shown::Token;
use super::source::CompareError;
use super::weight::{self, Enough, Weight};
use super::work::Work;
use crate::array::{Array, Number};
use crate::inputs::Index;
use std::cell::RefCell;

/// Values that are looked at together.
const CHUNK: u64 = 1 << 16;
/// Most numbers of an array whose weights are kept.
const KEPT: u64 = 4 << 20;

/// Most columns of which the chance of some is reckoned.
const SUMMED: usize = 64;

/// Takes a line.
pub(crate) type Take<'a> = dyn FnMut(Line<'_>) -> Result<(), CompareError> + 'a;

/// A line that may hold a row.
pub(crate) struct Line<'a> {
    /// The place of its first value.
    pub(crate) first: u64,
    pub(crate) values: &'a [Token],
    /// How many rows it would hold by chance at least, if it holds one.
    pub(crate) expected: f64,
}

/// An array that is looked through for rows of one input.
pub(crate) struct Sift<'a> {
    array: &'a Array,
    index: &'a Index,
    work: &'a Work,
    form: Form,
    /// A scaler to undo, and the place of its first column in a line.
    scaler: Option<(&'a Undo, usize)>,
    enough: Enough,
    /// The fewest columns of a row, and the most.
    columns: (usize, usize),
    /// The fewest different numbers of a row.
    different: usize,
    /// Whether what isn't among an input's numbers, as they are in 32-bit floating point, can be none of a row.
    is_sieved: bool,
    known: RefCell<Known>,
    /// The weights of all numbers, if they are few and don't depend on where they stand.
    weights: Vec<Weight>,
}

/// Room for one line.
#[derive(Default)]
struct Room {
    distinct: Vec<(u64, Weight)>,
    /// Of each column, the rows that have one of the values.
    rows: Vec<u64>,
    tokens: Vec<Token>,
}

impl<'a> Sift<'a> {
    pub(crate) fn new(array: &'a Array, index: &'a Index, form: Form, work: &'a Work) -> Self {
        let least =
            if array.number.is_float() || form == Form::Figures { index.least.numbers } else { index.least.wholes };
        let (enough, is_float) = (Enough::of(index, least.max(FEWEST)), array.number.is_float());
        let all = index.columns.len();
        let (most, different) =
            if is_float || form == Form::Figures { (all, index.least.different) } else { (index.least.most_wholes, 0) };
        let is_long = matches!(array.number, Number::F32 | Number::F64);
        let is_sieved = is_long && form == Form::Same && !index.is_dense();
        Self {
            array,
            index,
            work,
            form,
            scaler: None,
            enough,
            columns: (least.max(FEWEST), most),
            different,
            is_sieved,
            known: RefCell::default(),
            weights: Vec::new(),
        }
    }

    /// The same array, as it was before a scaler went over it whose first column is at a place of each line.
    pub(crate) fn unscaled(array: &'a Array, index: &'a Index, undo: &'a Undo, first: usize, work: &'a Work) -> Self {
        let least = index.least.numbers.max(FEWEST);
        let new = Self::new(array, index, Form::Same, work);
        // Each is held in its own column, so that two of one value may have been two.
        Self { scaler: Some((undo, first)), enough: Enough::of(index, least), different: 0, is_sieved: false, ..new }
    }

    /// Whether its numbers are looked at as integers alone.
    pub(crate) fn holds_integers(&self) -> bool {
        !self.array.number.is_float() && self.scaler.is_none() && self.form == Form::Same
    }

    /// Whether all numbers together may tell a row from all others: mostly they don't, and no line of theirs does.
    pub(crate) fn tells(&mut self) -> Result<bool, CompareError> {
        // What a scaled number was depends on its column.
        if self.scaler.is_some() {
            return Ok(true);
        }
        let is_kept = self.array.len() <= KEPT;
        let (mut values, mut at, mut all) = (Vec::new(), 0, Weight::default());
        let mut weights = Vec::new();
        while at < self.array.len() {
            let count = CHUNK.min(self.array.len() - at);
            values.clear();
            self.array.read(at, count as usize, &mut values)?;
            self.work.sift(count, self.is_quick())?;
            at += count;
            for value in &values {
                let weight = self.weight(0, *value);
                all = all.and(weight);
                if is_kept {
                    weights.push(weight);
                }
            }
            if !is_kept && self.enough.is(all) {
                return Ok(true);
            }
        }
        self.weights = weights;
        Ok(self.enough.is(all))
    }

    /// Whether most numbers are sifted without being looked up.
    fn is_quick(&self) -> bool {
        !self.weights.is_empty() || self.form == Form::Same && self.scaler.is_none()
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
            self.work.sift(to - from, self.is_quick())?;
            let weights: Vec<Weight> = match self.weights.get(from as usize..to as usize) {
                Some(known) => known.to_vec(),
                None => (0..).zip(&values).map(|(at, value)| self.weight(column(at), *value)).collect(),
            };
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
                let mut weights: Vec<Weight> = Vec::new();
                for at in 0..lines.len {
                    let start = first + at * lines.step;
                    let before = values.len();
                    self.array.read(start, run, &mut values)?;
                    match self.weights.get(start as usize..start as usize + run) {
                        Some(known) => weights.extend_from_slice(known),
                        None => {
                            let read = values.get(before..).unwrap_or(&[]);
                            weights.extend(read.iter().map(|value| self.weight(at as usize, *value)));
                        }
                    }
                }
                self.work.sift(values.len() as u64, self.is_quick())?;
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
        let sum = |weights: &mut dyn Iterator<Item = Weight>| weights.fold(Weight::default(), Weight::and);
        if !self.enough.is(sum(&mut values.clone().map(|(_, weight)| weight))) {
            return Ok(());
        }
        room.distinct.clear();
        let telling = values.clone().filter(|(_, weight)| weight.columns > 0);
        room.distinct.extend(telling.map(|(value, weight)| (value.to_bits(), weight)));
        let shown = |value: u64| self.form.of(f64::from_bits(value)).to_bits();
        room.distinct.sort_unstable_by_key(|(value, _)| shown(*value));
        room.distinct.dedup_by_key(|(value, _)| shown(*value));
        if room.distinct.len() < self.different
            || !self.enough.is(sum(&mut room.distinct.iter().map(|(_, weight)| *weight)))
        {
            return Ok(());
        }
        let expected = self.expected(room);
        if expected >= 1.0 {
            return Ok(());
        }
        room.tokens.clear();
        room.tokens.extend((0..).zip(values).filter_map(|(column, (value, _))| self.token(column, value)));
        take(Line { first, values: &room.tokens, expected })
    }

    /// How many rows these values would hold by chance, of as many columns as have one of them: no row in them is less likely. What was
    /// scaled was another number in each column, and may tell.
    fn expected(&self, room: &mut Room) -> f64 {
        if self.scaler.is_some() {
            return 0.0;
        }
        room.rows.clear();
        room.rows.resize(self.index.columns.len(), 0);
        let mut known = self.known.borrow_mut();
        for (value, _) in &room.distinct {
            let value = f64::from_bits(*value);
            for (column, rows) in known.rows(value, || self.rows(value)) {
                if let Some(all) = room.rows.get_mut(usize::from(*column)) {
                    *all += rows;
                }
            }
        }
        let others = self.index.rows.saturating_sub(1).max(1) as f64;
        let there = room.rows.iter().filter(|rows| **rows > 0);
        let chances = there.map(|rows| ((*rows - 1) as f64 / others).min(1.0));
        let (fewest, most) = self.columns;
        let chance = match chances.clone().count() {
            count if count < fewest => return f64::INFINITY,
            count if count > most && count <= SUMMED => chance::at_least(&chances.collect::<Vec<_>>(), most),
            _ => chances.product(),
        };
        chance * self.index.rows as f64
    }

    /// The columns that may have become a value, and how many rows of each.
    fn rows(&self, value: f64) -> Box<[(u16, u64)]> {
        let mut all = Vec::new();
        if let Some(Token::Number(grain, value)) = self.token(0, value) {
            weight::rows_of_number(self.index, grain, value, &mut |column, rows| all.push((column, rows)));
        }
        all.into()
    }

    #[inline]
    fn weight(&self, column: usize, value: f64) -> Weight {
        if self.is_sieved && !self.index.may_have(value) {
            return Weight::default();
        }
        let Some(Token::Number(grain, shown)) = self.token(column, value) else { return Weight::default() };
        match grain {
            Grain::Exact | Grain::Single | Grain::Near(_) => return weight::of_number(self.index, grain, shown),
            _ => {}
        }
        let short = short(self.array.number, value);
        let before = self.known.borrow().get(short, value);
        before.unwrap_or_else(|| {
            let weight = weight::of_number(self.index, grain, shown);
            self.known.borrow_mut().add(short, value, weight);
            weight
        })
    }

    /// What a value says, at a place in its line.
    fn token(&self, column: usize, value: f64) -> Option<Token> {
        let scaled = self.scaler.and_then(|(undo, first)| undo.undone(column.checked_sub(first)?, value));
        let number = self.array.number;
        let (grain, value) = match scaled {
            Some(value) => (Grain::Near(spread(number)), value),
            None if self.form == Form::Same => (grain(number, value), value),
            None => (figures(number, value), self.form.of(value)),
        };
        value.is_finite().then_some(Token::Number(grain, value + 0.0))
    }
}
