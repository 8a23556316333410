//! A search in records as they are gathered: whenever there are many, they are searched at once.

use super::form::Form;
use super::gathered::Gathered;
use super::lens::{Held, Sight};
use super::search::Found;
use super::source::{CompareError, Source, both};
use super::view::Spot;

/// Readings of records that are searched at once.
const BATCH: usize = 2 << 20;

/// Work that a reading is until it can be searched.
const READING: u64 = 100;

/// The state of a search.
pub(super) struct Hunt<'a> {
    source: &'a Source<'a>,
    /// So many people make a row nobody's.
    least: u32,
    held: Held,
    form: Form,
    /// How many records were considered, with those that were left out because they tell too little.
    pub(super) considered: u64,
    pub(super) gathered: Gathered,
    found: Option<Found>,
}

impl<'a> Hunt<'a> {
    pub(super) fn new(source: &'a Source<'a>, least: u32, held: Held, form: Form) -> Self {
        Self { source, least, held, form, considered: 0, gathered: Gathered::default(), found: None }
    }

    /// Makes a record of what was noted, and searches if there is enough.
    pub(super) fn close(&mut self, spot: Spot) -> Result<(), CompareError> {
        self.gathered.close(spot);
        if self.gathered.len() >= BATCH { self.go() } else { Ok(()) }
    }

    fn go(&mut self) -> Result<(), CompareError> {
        if self.gathered.len() > 0 {
            self.source.work.take(READING * self.gathered.len() as u64)?;
            let view = std::mem::take(&mut self.gathered).view();
            let sight = Sight { view: &view, held: self.held, form: self.form };
            let more = self.source.search(&[sight], self.least, self.considered)?;
            self.found = self.found.take().into_iter().chain(more).reduce(both);
        }
        Ok(())
    }

    /// What was found.
    pub(super) fn end(mut self) -> Result<Option<Found>, CompareError> {
        self.go()?;
        Ok(self.found)
    }
}
