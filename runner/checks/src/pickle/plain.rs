//! Numbers and texts in lists, tuples, sets and dicts: in order, and as a table where each item of a list is a row.

use super::literal;
use super::pool::{Numbers, Texts};
use super::slot::{Slot, Value};
use super::walk::Walk;
use crate::anatomy::{Body, Fault};

/// Most bytes of an integer that is told as a number alone.
const WIDE: u64 = 16;
/// Most columns of a list of rows.
const COLUMNS: u64 = 4096;

/// What a column of rows holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Numbers,
    Texts,
    /// Nothing that is told: none, true and false.
    Words,
    Mixed,
}

impl Walk<'_, '_> {
    /// Tells the numbers and texts that lie directly in a container. The answer is nothing if that was all, and otherwise how many levels
    /// of it were told.
    pub(super) fn plain(&mut self, slot: Slot) -> Result<Option<u8>, Fault> {
        let dict = slot.as_dict().is_some();
        if !dict && let Some(columns) = self.columns(slot) {
            self.rows(slot, &columns)?;
            return Ok(columns.contains(&Column::Mixed).then_some(2));
        }
        let (mut numbers, mut texts, mut deep) = (0, 0, false);
        let mut items = self.scene.heap.items(slot);
        while let Some(item) = self.scene.heap.next(&mut items) {
            match kind(item) {
                Column::Numbers => numbers += 1,
                Column::Texts => texts += 1,
                Column::Words => {}
                Column::Mixed => deep = true,
            }
        }
        let (mut numbers, mut texts) = (self.numbers(numbers), self.texts_of(texts));
        let mut items = self.scene.heap.items(slot);
        while let Some(item) = self.scene.heap.next(&mut items) {
            match kind(item) {
                Column::Numbers => self.note_number(item, &mut numbers)?,
                Column::Texts => self.note_text_of(item, &mut texts)?,
                _ => {}
            }
        }
        self.tell_numbers(numbers, 1)?;
        self.tell_texts(texts)?;
        Ok(deep.then_some(1))
    }

    /// Notes a number that stands alone.
    pub(super) fn number_alone(&mut self, slot: Slot) -> Result<(), Fault> {
        self.note_number(slot, &mut Numbers::of_others())
    }

    fn note_number(&mut self, slot: Slot, numbers: &mut Numbers) -> Result<(), Fault> {
        let value = match slot.value() {
            Value::Int(value) => value as f64,
            Value::Float(value) => value,
            Value::Lone(_) => self.scene.lone(slot).map_or(Ok(f64::NAN), |lone| self.lone(lone))?,
            Value::Big(at) => self.big(at)?,
            _ => f64::NAN,
        };
        self.pool.note_number(value, numbers)
    }

    fn big(&mut self, at: u64) -> Result<f64, Fault> {
        // As a float it would lose most of its digits.
        if let Some(data) = literal::bytes(self.scene.data, at)?.filter(|data| data.len() > WIDE) {
            let place = self.place();
            self.anatomy.add(place, Body::Bytes(data))?;
        }
        Ok(literal::big(self.scene.data, at)?)
    }

    fn note_text_of(&mut self, slot: Slot, texts: &mut Texts) -> Result<(), Fault> {
        if let Value::Text(at) = slot.value() { self.note_text(at, texts) } else { Ok(()) }
    }

    /// The columns, if every item is a row of as many values: a tuple, a list, or a dict with the same keys.
    fn columns(&mut self, slot: Slot) -> Option<Vec<Column>> {
        let mut items = self.scene.heap.items(slot);
        let first = self.scene.heap.next(&mut items)?;
        let (dict, len) = (first.as_dict().is_some(), self.scene.heap.len(first));
        let row = matches!(first.value(), Value::Tuple(_) | Value::List(_) | Value::Dict(_));
        if !row || len == 0 || len > COLUMNS || self.scene.heap.len(slot) < 2 {
            return None;
        }
        let keys: Vec<Slot> =
            if dict { self.scene.heap.pairs(first).map(|(key, _)| key).collect() } else { Vec::new() };
        let mut columns: Vec<Column> = self.values(first).map(kind).collect();
        // Rows that are one and the same would be looked at more often than there are words.
        let mut left = self.scene.heap.words().len() as u64;
        while let Some(row) = self.scene.heap.next(&mut items) {
            let same = matches!(row.value(), Value::Tuple(_) | Value::List(_) | Value::Dict(_))
                && row.as_dict().is_some() == dict
                && self.scene.heap.len(row) == len;
            left = left.checked_sub(len).filter(|_| same)?;
            let mut cells = self.scene.heap.items(row);
            for (at, column) in columns.iter_mut().enumerate() {
                if dict {
                    let key = self.scene.heap.next(&mut cells)?;
                    if !self.peek.same(key, *keys.get(at)?) {
                        return None;
                    }
                }
                let cell = self.scene.heap.next(&mut cells)?;
                if kind(cell) != *column {
                    *column = Column::Mixed;
                }
            }
        }
        Some(columns)
    }

    fn values(&self, row: Slot) -> impl Iterator<Item = Slot> + '_ {
        let dict = row.as_dict().is_some();
        self.scene.heap.each(row).enumerate().filter(move |(at, _)| !dict || at % 2 == 1).map(|(_, cell)| cell)
    }

    /// Tells rows: the columns of numbers as one array, every column of texts by itself, and what is left of mixed ones value by value.
    fn rows(&mut self, slot: Slot, columns: &[Column]) -> Result<(), Fault> {
        let width = columns.iter().filter(|column| **column == Column::Numbers).count();
        let count = usize::try_from(self.scene.heap.len(slot)).unwrap_or(usize::MAX);
        let mut numbers = self.numbers(width.saturating_mul(count));
        let mut texts: Vec<Texts> = columns.iter().map(|_| self.texts_of(count)).collect();
        let mut odd = self.numbers(usize::MAX);
        let dict = self.scene.heap.first::<1>(slot).is_some_and(|[first]| first.as_dict().is_some());
        let mut rows = self.scene.heap.items(slot);
        while let Some(row) = self.scene.heap.next(&mut rows) {
            let mut cells = self.scene.heap.items(row);
            for (column, told) in columns.iter().zip(&mut texts) {
                if dict {
                    self.scene.heap.next(&mut cells);
                }
                let Some(cell) = self.scene.heap.next(&mut cells) else { break };
                match column {
                    Column::Numbers => self.note_number(cell, &mut numbers)?,
                    Column::Texts => self.note_text_of(cell, told)?,
                    Column::Words => {}
                    Column::Mixed => match kind(cell) {
                        Column::Numbers => self.note_number(cell, &mut odd)?,
                        Column::Texts => self.note_text_of(cell, told)?,
                        _ => {}
                    },
                }
            }
        }
        if dict && let Some([first]) = self.scene.heap.first::<1>(slot) {
            let keys: Vec<Slot> = self.scene.heap.pairs(first).map(|(key, _)| key).collect();
            for key in keys {
                self.attribute(key)?;
            }
        }
        self.tell_numbers(numbers, width)?;
        self.tell_numbers(odd, 1)?;
        texts.into_iter().try_for_each(|texts| self.tell_texts(texts))
    }
}

fn kind(slot: Slot) -> Column {
    match slot.value() {
        Value::Int(_) | Value::Float(_) | Value::Big(_) | Value::Lone(_) => Column::Numbers,
        Value::Text(_) => Column::Texts,
        Value::None | Value::Bool(_) => Column::Words,
        _ => Column::Mixed,
    }
}
