//! Rows that miss by one column: they can't be copies, and tell how common a record is that holds a row.

use super::chance;
use super::lens::{Cell, Lens};
use super::search::Exhausted;
use super::seek::{Hit, Seeker};
use super::view::{KeyMap, join};
use super::{census::Census, search::Told};

/// By record and number of columns: the rows that match in so many, weighed by the odds of one column more.
pub(super) struct Near<'a> {
    seeker: Seeker<'a>,
    census: &'a Census,
    odds: KeyMap<f64>,
}

impl<'a> Near<'a> {
    /// Of the records that seem to hold rows.
    pub(super) fn new(lens: &Lens<'a>, census: &'a Census, told: &Told) -> Self {
        let seeker = Seeker::new(lens, census, 1, |record| told.rows.contains_key(&record));
        Self { seeker, census, odds: KeyMap::default() }
    }

    /// Looks at one row.
    pub(super) fn look(&mut self, cells: &[Cell]) -> Result<(), Exhausted> {
        let Self { seeker, census, odds } = self;
        let view = seeker.view;
        seeker.look(cells, &mut |hit: &Hit<'_, '_>| {
            let Some(record) = view.records.get(hit.record as usize) else { return Ok(()) };
            let chances = census.chances(record);
            let chance = |place: &usize| {
                hit.telling.get(*place).and_then(|cell| chances.get(cell.column)).copied().flatten().unwrap_or(0.0)
            };
            let own = hit.missing.iter().map(|place| chance::odds(chance(place))).sum::<f64>();
            *odds.entry(key(hit.record, hit.columns())).or_default() += own;
            Ok(())
        })
    }

    /// How many rows would match a record in so many columns by chance, by those that match in one less.
    pub(super) fn expected(&self, record: u32, columns: usize) -> f64 {
        self.odds.get(&key(record, columns - 1)).copied().unwrap_or(0.0)
    }

    pub(super) fn spent(&self) -> u64 {
        self.seeker.spent()
    }
}

fn key(record: u32, columns: usize) -> u64 {
    join(record.into(), columns as u64)
}
