//! The second pass over an input: which rows are in which records, and whether chance explains that.
//!
//! A row is found by its rarest values and then compared. It is a copy when nearly all of its columns are there, when few people
//! share what is there, and when rows of independent columns, or rows that miss by one column, wouldn't come out so.

use super::census::Census;
use super::chance;
use super::lens::{Cell, Lens};
use super::near::Near;
use super::seek::{Hit, Seeker};
use super::view::{KeyMap, Spot, View, join};
use std::collections::{BTreeMap, BTreeSet};

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
    seeker: Seeker<'a>,
    /// The place of the column that identifies a person.
    id: Option<usize>,
    /// So many people make a row nobody's.
    least: usize,
    /// Of each record, the fewest columns that tell, once it is asked for.
    bars: Option<KeyMap<usize>>,
    matches: Vec<Match>,
    /// The people behind each set of matched values, at most as many as make it nobody's.
    people: KeyMap<Vec<u64>>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(lens: &Lens<'a>, census: &'a Census, id: Option<usize>, least: u32, considered: u64) -> Self {
        let considered = considered.max(lens.view.records.len() as u64);
        let bars = Some(KeyMap::default());
        Self { considered, id, least: least as usize, bars, ..Self::within(lens, census, |_| true) }
    }

    /// A search in some records alone, for whatever matches.
    pub(crate) fn within(lens: &Lens<'a>, census: &'a Census, is_in: impl Fn(u32) -> bool) -> Self {
        let seeker = Seeker::new(lens, census, 0, is_in);
        Self { considered: 0, seeker, id: None, least: 0, bars: None, matches: Vec::new(), people: KeyMap::default() }
    }

    /// Looks for one row.
    pub(crate) fn look(&mut self, cells: &[Cell]) -> Result<(), Exhausted> {
        let Self { seeker, id, least, bars, matches, people, .. } = self;
        let (view, census) = (seeker.view, seeker.census);
        seeker.look(cells, &mut |hit: &Hit<'_, '_>| {
            let record = view.records.get(hit.record as usize);
            let bar = |bars: &mut KeyMap<usize>| {
                *bars.entry(hit.record.into()).or_insert_with(|| record.map_or(0, |record| census.bar(record)))
            };
            if bars.as_mut().map(bar).is_some_and(|bar| hit.columns() < bar) {
                return Ok(());
            }
            if matches.len() == MATCHES {
                return Err(Exhausted);
            }
            let own = matched(hit, *id);
            let known = people.entry(own.people).or_default();
            let person = hit.telling.iter().find(|cell| Some(cell.column) == *id).map_or(hit.row, |cell| cell.key);
            if known.len() < *least && !known.contains(&person) {
                known.push(person);
            }
            matches.push(own);
            Ok(())
        })
    }

    /// The matches that are no chance by the frequencies of values and, once these are known, by the rows that miss by one column.
    pub(crate) fn told(&self, near: Option<&Near<'_>>) -> Told {
        let shared = |found: &Match| self.people.get(&found.people).is_some_and(|people| people.len() >= self.least);
        let own = self.matches.iter().filter(|found| found.has_id || !shared(found));
        let by_chance = |found: &Match| {
            near.map_or(0.0, |near| near.expected(found.record, found.columns)).max(self.by_chance(found))
        };
        let matches: Vec<(f64, &Match)> = own.map(|found| (by_chance(found), found)).collect();
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
    pub(crate) fn spent(&self) -> u64 {
        self.seeker.spent()
    }

    /// How many rows matched each record.
    pub(crate) fn counts(&self) -> BTreeMap<u32, u32> {
        let mut counts = BTreeMap::new();
        self.matches.iter().for_each(|found| *counts.entry(found.record).or_default() += 1);
        counts
    }

    /// How many rows of independent columns would match the record of a match by chance.
    fn by_chance(&self, found: &Match) -> f64 {
        let (view, census) = (self.seeker.view, self.seeker.census);
        let chances = view.records.get(found.record as usize).map(|record| census.chances(record));
        let chances: Vec<f64> = chances.into_iter().flatten().flatten().collect();
        census.rows as f64 * chance::at_least(&chances, found.columns)
    }
}

/// What is kept of a record that holds a row.
fn matched(hit: &Hit<'_, '_>, id: Option<usize>) -> Match {
    let there = hit.telling.iter().enumerate().filter(|(place, _)| !hit.missing.contains(place)).map(|(_, cell)| cell);
    let is_id = |cell: &Cell| Some(cell.column) == id;
    let has_id = there.clone().any(|cell| is_id(cell));
    let others = there.filter(|cell| !is_id(cell));
    let people = others.fold(0, |key, cell| join(key, join(cell.column as u64, cell.key)));
    Match { record: hit.record, row: hit.row, columns: hit.columns(), people, has_id }
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
