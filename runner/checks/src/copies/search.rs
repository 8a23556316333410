//! The second pass over an input: which rows are in which records, and whether chance explains that.
//!
//! A row is found by its rarest values and then compared. It is a copy when nearly all of its columns are there, when few people
//! share what is there, and when rows of independent columns, or rows that miss by one column, wouldn't come out so.

use super::census::Census;
use super::chance;
use super::lens::{Cell, Lens};
use super::view::{KeyMap, Spot, View, join};
use crate::inputs::needed;
use std::collections::{BTreeMap, BTreeSet};

/// Comparisons of a row with a record that are afforded.
const COMPARISONS: u64 = 60_000_000;
/// Matches that are kept.
const MATCHES: usize = 2 << 20;
/// More rows resemble the output than can be compared.
#[derive(Debug, thiserror::Error)]
#[error("more rows resemble the output than can be compared")]
pub(crate) struct Exhausted;

/// Copies.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Rows of the input, from 1.
    pub(crate) rows: BTreeSet<u64>,
    /// Where they are in the output.
    pub(crate) spots: BTreeSet<Spot>,
    /// How many records would seem copied by chance.
    pub(crate) expected: f64,
    /// The fewest columns of one row that are there.
    pub(crate) columns: usize,
}

struct Match {
    record: u32,
    row: u64,
    columns: usize,
    people: u64,
    has_id: bool,
}

/// The state of a search.
pub(crate) struct Search<'a> {
    /// How many records were considered, with those that were left out because they tell too little.
    considered: u64,
    view: &'a View,
    census: &'a Census,
    /// The place of the column that identifies a person.
    id: Option<usize>,
    /// So many people make a row nobody's.
    least: usize,
    /// So many columns make a row.
    fewest: usize,
    row: u64,
    budget: u64,
    /// The last row that was compared with each record.
    compared: Vec<u64>,
    /// The records of each value, without those that whole rows would match by chance alone: no match with them could ever tell.
    places: Vec<Vec<u32>>,
    /// By record and number of columns: the rows that match in so many, weighed by the odds of one column more.
    near: KeyMap<f64>,
    matches: Vec<Match>,
    /// The people behind each set of matched values, at most as many as make it nobody's.
    people: KeyMap<Vec<u64>>,
}

impl<'a> Search<'a> {
    /// A search in some records alone.
    pub(crate) fn within(lens: &Lens<'a>, census: &'a Census, records: &BTreeMap<u32, Vec<(u64, usize)>>) -> Self {
        let mut search = Self::new(lens, census, None, 0, 0);
        search.places.iter_mut().for_each(|places| places.retain(|record| records.contains_key(record)));
        search
    }

    pub(crate) fn new(lens: &Lens<'a>, census: &'a Census, id: Option<usize>, least: u32, considered: u64) -> Self {
        let telling: Vec<bool> = lens.view.records.iter().map(|record| census.tells(record)).collect();
        let tells = |record: &&u32| telling.get(**record as usize).is_some_and(|tells| *tells);
        let places = lens.view.places.iter().map(|places| places.iter().filter(tells).copied().collect()).collect();
        Self {
            considered: considered.max(lens.view.records.len() as u64),
            view: lens.view,
            census,
            id,
            least: least as usize,
            fewest: lens.fewest(),
            row: 0,
            budget: COMPARISONS,
            compared: vec![0; lens.view.records.len()],
            places,
            near: KeyMap::default(),
            matches: Vec::new(),
            people: KeyMap::default(),
        }
    }

    /// Looks for one row. Of the cells that occur in the output at all, so many of the rarest are followed that a record with
    /// enough of them, less one, can't be missed.
    pub(crate) fn look(&mut self, cells: &[Cell]) -> Result<(), Exhausted> {
        self.row += 1;
        let telling: Vec<&Cell> = cells.iter().filter(|cell| self.census.varies(cell.column)).collect();
        let needed = needed(telling.len()).max(self.fewest);
        let mut shown: Vec<(usize, &Cell)> = Vec::new();
        shown.extend(telling.iter().filter(|cell| !cell.values.is_empty()).map(|cell| (self.occurrences(cell), *cell)));
        // Rows that miss by one column can't be copies, and tell how common such a record is.
        if shown.len() + 1 < needed || self.is_common(&shown) {
            return Ok(());
        }
        shown.sort_unstable_by_key(|(occurrences, cell)| (*occurrences, cell.column));
        let followed = (shown.len() + 2 - needed).min(shown.len());
        for (_, cell) in shown.iter().take(followed) {
            for value in &cell.values {
                let places = self.places.get(*value as usize).map_or(0, Vec::len);
                for place in 0..places {
                    let record = self.places.get(*value as usize).and_then(|places| places.get(place)).copied();
                    self.compare(record.unwrap_or_default(), &telling, needed)?;
                }
            }
        }
        Ok(())
    }

    fn occurrences(&self, cell: &Cell) -> usize {
        cell.values.iter().filter_map(|value| self.places.get(*value as usize)).map(Vec::len).sum()
    }

    /// Whether rows like this are to be expected more than once anyway: no match could ever tell.
    fn is_common(&self, shown: &[(usize, &Cell)]) -> bool {
        let share =
            |cell: &Cell| cell.values.iter().map(|value| self.census.share(cell.column, *value)).fold(1.0, f64::min);
        shown.iter().map(|(_, cell)| share(cell)).product::<f64>() * self.census.rows as f64 >= 1.0
    }

    fn compare(&mut self, number: u32, telling: &[&Cell], needed: usize) -> Result<(), Exhausted> {
        let (Some(record), Some(last)) =
            (self.view.records.get(number as usize), self.compared.get_mut(number as usize))
        else {
            return Ok(());
        };
        if std::mem::replace(last, self.row) == self.row {
            return Ok(());
        }
        self.budget = self.budget.checked_sub(1).ok_or(Exhausted)?;
        // Most comparisons fail: give up as soon as too many cells are missing.
        let spare = telling.len() - needed.saturating_sub(1);
        let mut missing = Vec::new();
        for (place, cell) in telling.iter().enumerate() {
            if !record.has(&cell.values) {
                missing.push(place);
                if missing.len() > spare {
                    return Ok(());
                }
            }
        }
        let columns = telling.len() - missing.len();
        let chances = self.census.chances(record);
        let odds = |place: &usize| {
            chance::odds(telling.get(*place).and_then(|cell| chances.get(cell.column)).copied().unwrap_or(0.0))
        };
        *self.near.entry(join(number.into(), columns as u64)).or_default() += missing.iter().map(odds).sum::<f64>();
        match columns < needed {
            true => Ok(()),
            false => self.keep(number, telling, &missing),
        }
    }

    fn keep(&mut self, record: u32, telling: &[&Cell], missing: &[usize]) -> Result<(), Exhausted> {
        if self.matches.len() == MATCHES {
            return Err(Exhausted);
        }
        let matched = telling.iter().enumerate().filter(|(place, _)| !missing.contains(place)).map(|(_, cell)| cell);
        let is_id = |cell: &Cell| Some(cell.column) == self.id;
        let has_id = matched.clone().any(|cell| is_id(cell));
        let people =
            matched.filter(|cell| !is_id(cell)).fold(0, |key, cell| join(key, join(cell.column as u64, cell.key)));
        let person = telling.iter().find(|cell| is_id(cell)).map_or(self.row, |cell| cell.key);
        let known = self.people.entry(people).or_default();
        if known.len() < self.least && !known.contains(&person) {
            known.push(person);
        }
        let columns = telling.len() - missing.len();
        self.matches.push(Match { record, row: self.row, columns, people, has_id });
        Ok(())
    }

    /// The matches that are no chance by the frequencies of values, once all rows were looked for.
    pub(crate) fn told(&self) -> Told {
        let shared = |found: &Match| self.people.get(&found.people).is_some_and(|people| people.len() >= self.least);
        let own = self.matches.iter().filter(|found| found.has_id || !shared(found));
        let matches: Vec<(f64, &Match)> = own.map(|found| (self.by_chance(found), found)).collect();
        let mut best: BTreeMap<u32, f64> = BTreeMap::new();
        for (expected, found) in &matches {
            best.entry(found.record).and_modify(|best| *best = best.min(*expected)).or_insert(*expected);
        }
        let mut expected: Vec<f64> = best.into_values().collect();
        expected.sort_by(f64::total_cmp);
        let telling = chance::telling(&expected, self.considered);
        let Some(bound) = telling.checked_sub(1).and_then(|last| expected.get(last)) else { return Told::default() };
        let mut rows: BTreeMap<u32, Vec<(u64, usize)>> = BTreeMap::new();
        for (_, found) in matches.iter().filter(|(expected, _)| expected <= bound) {
            rows.entry(found.record).or_default().push((found.row, found.columns));
        }
        Told { rows, expected: bound * self.considered as f64 }
    }

    /// How many comparisons there were.
    pub(crate) fn compared(&self) -> u64 {
        COMPARISONS - self.budget
    }

    /// How many rows matched each record.
    pub(crate) fn counts(&self) -> BTreeMap<u32, u32> {
        let mut counts = BTreeMap::new();
        self.matches.iter().for_each(|found| *counts.entry(found.record).or_default() += 1);
        counts
    }

    /// How many rows would match the record of a match by chance: rows of independent columns, or rows that miss by one.
    fn by_chance(&self, found: &Match) -> f64 {
        let chances = self.view.records.get(found.record as usize).map(|record| self.census.chances(record));
        let independent = self.census.rows as f64 * chance::at_least(&chances.unwrap_or_default(), found.columns);
        let near = self.near.get(&join(found.record.into(), found.columns as u64 - 1)).copied().unwrap_or(0.0);
        independent.max(near)
    }
}

/// Matches, by record: the rows, and how many of their columns are there.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) rows: BTreeMap<u32, Vec<(u64, usize)>>,
    expected: f64,
}

impl Told {
    /// What was found. Of the records that hold a row, the shortest says where it is.
    pub(crate) fn found(self, view: &View) -> Option<Found> {
        let mut best: BTreeMap<u64, (usize, Spot)> = BTreeMap::new();
        let mut columns = usize::MAX;
        for (record, rows) in &self.rows {
            let Some(record) = view.records.get(*record as usize) else { continue };
            let here = (record.values.len(), record.spot);
            for (row, there) in rows {
                best.entry(*row).and_modify(|shortest| *shortest = here.min(*shortest)).or_insert(here);
                columns = columns.min(*there);
            }
        }
        let found = Found {
            spots: best.values().map(|(_, spot)| *spot).collect(),
            rows: best.into_keys().collect(),
            expected: self.expected,
            columns,
        };
        (!found.rows.is_empty()).then_some(found)
    }
}
