//! Tables of many rows in arrays: a sample of the lines says which columns of the input they hold, and then all rows are looked up at once.
//!
//! Where a sample holds rows, the file is blocked in any case; this says of how many rows it holds copies.

use super::exact::grain;
use super::form::Form;
use super::gathered::NAMELESS;
use super::grain::Grain;
use super::hunt::Hunt;
use super::lens::{FEWEST, Held};
use super::lines::{Lines, lines};
use super::sample::Sample;
use super::search::Found;
use super::shown::Token;
use super::source::{CompareError, Source};
use super::view::{Place, Spot, join};
use crate::array::{Array, Number};
use crate::inputs::{Value, is_whole};
use std::collections::BTreeMap;

/// Lines from which on a table is looked through in bulk, and up to which their keys are held.
const MANY: u64 = 1 << 17;
const MOST: u64 = 16 << 20;
/// Lines of the sample; and of these the lines, and of the rows in them the rows, by which the columns are told.
const SAMPLE: u64 = 1000;
const TOLD: usize = 64;
/// Numbers that are read at once.
const AT_ONCE: u64 = 1 << 16;
/// Most rows that are told.
const ROWS: usize = 4 << 20;

/// Looks for rows in an array that is a table of many lines.
pub(super) fn look(source: &Source<'_>, part: u32, array: &Array, least: u32) -> Result<Option<Found>, CompareError> {
    if matches!(array.number, Number::F16 | Number::Bf16 | Number::Bool) {
        return Ok(None);
    }
    let index = source.index()?;
    let is_table = |lines: &Lines| {
        let is_one = lines.step == 1 || lines.blocks == 1;
        is_one && lines.is_whole() && (MANY..=MOST).contains(&lines.count())
    };
    for lines in lines(array, index.columns.len() as u64, index.numbers()).iter().filter(|lines| is_table(lines)) {
        let table = Table { array, lines };
        let Some(sample) = table.sample(source, part, least)? else { continue };
        let columns = table.columns(source, &sample)?;
        let fewest = if array.number.is_float() { index.least.numbers } else { index.least.wholes };
        if columns.len() >= fewest.max(FEWEST) {
            let found = table.rows(source, least, &columns, sample)?;
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// An array, taken for a table.
struct Table<'a> {
    array: &'a Array,
    lines: &'a Lines,
}

impl Table<'_> {
    /// The rows that some of the lines hold.
    fn sample(&self, source: &Source<'_>, part: u32, least: u32) -> Result<Option<Found>, CompareError> {
        let held = if self.array.number.is_float() { Held::Numbers } else { Held::Integers };
        let mut hunt = Hunt::new(source, least, held, Form::Same);
        let apart = self.lines.count() / SAMPLE;
        let first = Sample::of(apart).seed() % apart;
        for line in (first..self.lines.count()).step_by(apart as usize) {
            let tokens: Vec<Token> = self.line(line)?.into_iter().filter_map(|value| self.token(value)).collect();
            hunt.considered += 1;
            hunt.gathered.note(NAMELESS, &tokens);
            hunt.close(Spot { part, place: Place::Number(self.lines.first(line)) })?;
        }
        hunt.end()
    }

    fn token(&self, value: f64) -> Option<Token> {
        value.is_finite().then(|| Token::Number(grain(self.array.number, value), value + 0.0))
    }

    /// The values of one line.
    fn line(&self, line: u64) -> Result<Vec<f64>, CompareError> {
        let (first, mut values) = (self.lines.first(line), Vec::new());
        match self.lines.step {
            1 => self.array.read(first, self.lines.len as usize, &mut values)?,
            step => (0..self.lines.len).try_for_each(|at| self.array.read(first + at * step, 1, &mut values))?,
        }
        Ok(values)
    }

    /// The columns of the input that the lines hold, each with its place in a line: that at which most rows of the sample have their values.
    fn columns(&self, source: &Source<'_>, sample: &Found) -> Result<Vec<(usize, usize)>, CompareError> {
        let place = |spot: &Spot| if let Place::Number(first) = spot.place { Some(first) } else { None };
        let mut held: Vec<Vec<f64>> = Vec::new();
        for first in sample.spots.iter().filter_map(place).take(TOLD) {
            held.push(self.line(first / self.lines.apart * self.lines.lines + first % self.lines.apart)?);
        }
        let mut votes: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let (mut rows, mut number, mut compared, mut pairs) = (source.rows()?, 0, 0, 0);
        while let Some(row) = rows.next()? {
            number += 1;
            if compared < TOLD && sample.rows.contains(&number) {
                compared += 1;
                for line in &held {
                    source.work.take((row.len() * line.len()) as u64)?;
                    let same = self.same(row, line);
                    let mut columns: Vec<usize> = same.iter().map(|(column, _)| *column).collect();
                    columns.dedup();
                    if columns.len() >= sample.columns {
                        pairs += 1;
                        same.into_iter().for_each(|pair| *votes.entry(pair).or_default() += 1);
                    }
                }
            }
        }
        let mut votes: Vec<(usize, (usize, usize))> =
            votes.into_iter().filter(|(_, count)| 2 * count > pairs).map(|(pair, count)| (count, pair)).collect();
        votes.sort_unstable_by_key(|(count, pair)| (usize::MAX - count, *pair));
        let mut columns: Vec<(usize, usize)> = Vec::new();
        for (_, (column, at)) in votes {
            if !columns.iter().any(|(known, place)| *known == column || *place == at) {
                columns.push((column, at));
            }
        }
        Ok(columns)
    }

    /// Which columns of a row stand where in a line.
    fn same(&self, row: &[Value], line: &[f64]) -> Vec<(usize, usize)> {
        let mut same = Vec::new();
        for (column, value) in row.iter().enumerate() {
            let Value::Number(value) = value else { continue };
            for (at, there) in line.iter().enumerate() {
                let (least, most) = grain(self.array.number, *there).becomes(*value);
                if (least..=most).contains(there) {
                    same.push((column, at));
                }
            }
        }
        same
    }

    /// All rows that have these columns as some line has them.
    fn rows(
        &self,
        source: &Source<'_>,
        least: u32,
        columns: &[(usize, usize)],
        sample: Found,
    ) -> Result<Found, CompareError> {
        source.work.sift(self.lines.count().saturating_mul(self.lines.len), true)?;
        let keys = self.keys(columns)?;
        let is_float = self.array.number.is_float();
        let (mut rows, mut number) = (source.rows()?, 0);
        let id = source.input.card.id.as_ref().and_then(|id| rows.place(id));
        let mut found: Vec<(u64, u64, u64)> = Vec::new();
        while let Some(row) = rows.next()? {
            number += 1;
            let values = columns.iter().map(|(column, _)| match row.get(*column) {
                Some(Value::Number(value)) if is_float || is_whole(*value) => Some(*value),
                _ => None,
            });
            let Some(values) = values.collect::<Option<Vec<f64>>>() else { continue };
            let single = values.iter().map(|value| Grain::Single.becomes(*value).0);
            let own = [key(values.iter().copied()), key(single)];
            if let Some(known) = own.into_iter().find(|own| keys.binary_search(own).is_ok()) {
                let person = id.and_then(|id| row.get(id)?.key()).unwrap_or(number);
                found.push((known, person, number));
                if found.len() == ROWS {
                    break;
                }
            }
        }
        found.sort_unstable();
        let people = |same: &[(u64, u64, u64)]| same.chunk_by(|one, other| one.1 == other.1).count();
        let own = found.chunk_by(|one, other| one.0 == other.0).filter(|same| people(same) < least as usize);
        let mut all = sample;
        all.rows.extend(own.flatten().map(|(_, _, number)| number));
        all.columns = all.columns.min(columns.len());
        Ok(all)
    }

    /// The key of each line, in order.
    fn keys(&self, columns: &[(usize, usize)]) -> Result<Vec<u64>, CompareError> {
        let mut keys = Vec::with_capacity(self.lines.count() as usize);
        let at_once = (AT_ONCE / self.lines.len.max(1)).max(1);
        for from in (0..self.lines.count()).step_by(at_once as usize) {
            let count = at_once.min(self.lines.count() - from);
            let block = self.block(from, count)?;
            let at = |line: u64, place: usize| match self.lines.step {
                1 => line as usize * self.lines.len as usize + place,
                _ => place * count as usize + line as usize,
            };
            let value = |line: u64, place: usize| block.get(at(line, place)).copied().unwrap_or(f64::NAN);
            keys.extend((0..count).map(|line| key(columns.iter().map(|(_, place)| value(line, *place)))));
        }
        keys.sort_unstable();
        Ok(keys)
    }

    /// The values of some lines, one line after the other where these lie so, and one column after the other where those do.
    fn block(&self, from: u64, count: u64) -> Result<Vec<f64>, CompareError> {
        let mut values = Vec::new();
        match self.lines.step {
            1 => self.array.read(self.lines.first(from), (count * self.lines.len) as usize, &mut values)?,
            step => (0..self.lines.len)
                .try_for_each(|at| self.array.read(self.lines.first(from) + at * step, count as usize, &mut values))?,
        }
        Ok(values)
    }
}

/// The key of some values.
fn key(values: impl Iterator<Item = f64>) -> u64 {
    values.fold(0, |key, value| join(key, (value + 0.0).to_bits()))
}
