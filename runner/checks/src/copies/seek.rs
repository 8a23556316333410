//! Which records have most of a row's cells.

use super::census::Census;
use super::lens::{Cell, Lens};
use super::postings::{Postings, WORDS};
use super::search::Exhausted;
use super::view::View;
use crate::inputs::needed;

/// Comparisons of a row with a record that are afforded.
const COMPARISONS: u64 = 60_000_000;

/// A record that has most of a row's cells.
pub(super) struct Hit<'a, 'c> {
    pub(super) record: u32,
    /// The row, from 1.
    pub(super) row: u64,
    /// The cells of the row that tell it from others.
    pub(super) telling: &'a [&'c Cell],
    /// The places among these that the record hasn't.
    pub(super) missing: &'a [usize],
}

impl Hit<'_, '_> {
    /// How many cells are there.
    pub(super) fn columns(&self) -> usize {
        self.telling.len() - self.missing.len()
    }
}

/// Looks for rows, one after the other.
pub(super) struct Seeker<'a> {
    pub(super) view: &'a View,
    pub(super) census: &'a Census,
    /// So many columns make a row.
    fewest: usize,
    /// So many columns less are looked for as well.
    slack: usize,
    row: u64,
    budget: u64,
    /// The last row that was compared with each record.
    compared: Vec<u64>,
    /// The records of each value, without those that whole rows would match by chance alone: no match with them could ever tell.
    postings: Postings,
}

impl<'a> Seeker<'a> {
    /// In some of the records.
    pub(super) fn new(lens: &Lens<'a>, census: &'a Census, slack: usize, is_in: impl Fn(u32) -> bool) -> Self {
        let (view, fewest) = (lens.view, lens.fewest());
        let tells = |record: u32| view.records.get(record as usize).is_some_and(|record| census.tells(record, fewest));
        let telling: Vec<bool> = (0..view.records.len() as u32).map(|record| is_in(record) && tells(record)).collect();
        let postings = Postings::of(view, |record| telling.get(record as usize).is_some_and(|tells| *tells));
        let compared = vec![0; view.records.len()];
        Self { view, census, fewest, slack, row: 0, budget: COMPARISONS, compared, postings }
    }

    /// How many comparisons there were.
    pub(super) fn spent(&self) -> u64 {
        COMPARISONS - self.budget
    }

    /// Looks for one row, and hands out each record that has enough of it.
    pub(super) fn look(
        &mut self,
        cells: &[Cell],
        hit: &mut dyn FnMut(&Hit<'_, '_>) -> Result<(), Exhausted>,
    ) -> Result<(), Exhausted> {
        self.row += 1;
        let telling: Vec<&Cell> = cells.iter().filter(|cell| self.census.varies(cell.column)).collect();
        let needed = needed(telling.len()).max(self.fewest).saturating_sub(self.slack);
        let mut shown: Vec<(usize, &Cell)> = Vec::new();
        shown.extend(telling.iter().filter(|cell| !cell.values.is_empty()).map(|cell| (self.occurrences(cell), *cell)));
        if shown.len() < needed || self.is_common(&shown) {
            return Ok(());
        }
        shown.sort_unstable_by_key(|(occurrences, cell)| (*occurrences, cell.column));
        let spare = telling.len() - needed.min(telling.len());
        let mut missing = Vec::new();
        for record in self.candidates(&shown, needed)? {
            if self.compare(record, &telling, spare, &mut missing)? {
                hit(&Hit { record, row: self.row, telling: &telling, missing: &missing })?;
            }
        }
        Ok(())
    }

    /// All records with so many of these cells, and others. So many of the rarest cells are followed that none of them can be missed; where
    /// these aren't rare, all cells are counted.
    fn candidates(&mut self, shown: &[(usize, &Cell)], needed: usize) -> Result<Vec<u32>, Exhausted> {
        let followed = shown.get(..(shown.len() + 1).saturating_sub(needed).min(shown.len())).unwrap_or(&[]);
        let steps = followed.iter().map(|(occurrences, _)| occurrences).sum::<usize>();
        let count = self.postings.cost(shown.len()) / WORDS;
        if steps > count {
            self.spend(count as u64)?;
            return Ok(self.postings.with_most(shown.iter().map(|(_, cell)| *cell), needed.max(1)));
        }
        let mut records = Vec::with_capacity(steps);
        let values = followed.iter().flat_map(|(_, cell)| &cell.values);
        values.for_each(|value| records.extend_from_slice(self.postings.list(*value)));
        Ok(records)
    }

    fn occurrences(&self, cell: &Cell) -> usize {
        cell.values.iter().map(|value| self.postings.list(*value).len()).sum()
    }

    fn spend(&mut self, comparisons: u64) -> Result<(), Exhausted> {
        self.budget = self.budget.checked_sub(comparisons).ok_or(Exhausted)?;
        Ok(())
    }

    /// Whether rows like this are to be expected more than once anyway: no match could ever tell.
    fn is_common(&self, shown: &[(usize, &Cell)]) -> bool {
        let share =
            |cell: &Cell| cell.values.iter().map(|value| self.census.share(cell.column, *value)).fold(1.0, f64::min);
        shown.iter().map(|(_, cell)| share(cell)).product::<f64>() * self.census.rows as f64 >= 1.0
    }

    /// Whether a record that wasn't compared with this row has its cells but for a few, and which it hasn't.
    fn compare(
        &mut self,
        number: u32,
        telling: &[&Cell],
        spare: usize,
        missing: &mut Vec<usize>,
    ) -> Result<bool, Exhausted> {
        let (Some(record), Some(last)) =
            (self.view.records.get(number as usize), self.compared.get_mut(number as usize))
        else {
            return Ok(false);
        };
        if std::mem::replace(last, self.row) == self.row {
            return Ok(false);
        }
        self.spend(1)?;
        missing.clear();
        // Most comparisons fail: give up as soon as too many cells are missing.
        let absent = telling.iter().enumerate().filter(|(_, cell)| !record.has(&cell.values));
        missing.extend(absent.map(|(place, _)| place).take(spare + 1));
        Ok(missing.len() <= spare)
    }
}
