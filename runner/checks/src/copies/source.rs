//! One file of an input, and its rows in what was gathered of an output.

use super::census::Census;
use super::decoys;
use super::form::Form;
use super::lens::{Lens, Sight};
use super::near::Near;
use super::search::{Exhausted, Found, Search, Told};
use super::work::Work;
use crate::evidence::Input;
use crate::inputs::{Index, Rows, RowsError};
use std::cell::OnceCell;
use std::fs::File;
use std::rc::Rc;

/// Why rows can't be looked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    #[error(transparent)]
    Rows(#[from] RowsError),
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    #[error("the output can't be read ({0})")]
    Output(#[from] std::io::Error),
    #[error("{0}")]
    Index(String),
    #[error("looking for them would take longer than a check may")]
    Work,
}

/// Most distinct numbers of an input whose figures are looked at.
const FIGURES: usize = 4 << 20;
/// Work that it is to look one cell of an input up, and to compare a row with a record.
const CELL: u64 = 50;
const COMPARISON: u64 = 40;

/// One file of an input.
pub(crate) struct Source<'a> {
    pub(crate) input: &'a Input,
    pub(crate) path: &'a str,
    pub(crate) file: &'a File,
    /// Of its numbers in each form.
    same: OnceCell<Result<Index, String>>,
    figures: OnceCell<Result<Index, String>>,
    /// What is left of the work for the output, whatever is compared with it.
    pub(crate) work: Rc<Work>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(input: &'a Input, path: &'a str, file: &'a File) -> Self {
        Self { input, path, file, same: OnceCell::new(), figures: OnceCell::new(), work: Rc::default() }
    }

    /// The same, with what is left of some work.
    pub(crate) fn sharing(self, work: &Rc<Work>) -> Self {
        Self { work: Rc::clone(work), ..self }
    }

    pub(crate) fn rows(&self) -> Result<Rows<'_>, RowsError> {
        Rows::open(self.path, self.file, &self.input.card)
    }

    /// The numbers of the file, read when somebody first asks.
    pub(crate) fn index(&self) -> Result<&Index, CompareError> {
        known(self.same.get_or_init(|| self.build(|value| value)))
    }

    /// The figures of the numbers; none where there are so many numbers that figures are as good as all, and tell nothing.
    pub(crate) fn figures(&self) -> Result<Option<&Index>, CompareError> {
        match self.index()?.len() <= FIGURES {
            true => known(self.figures.get_or_init(|| self.build(|value| Form::Figures.of(value)))).map(Some),
            false => Ok(None),
        }
    }

    fn build(&self, form: fn(f64) -> f64) -> Result<Index, String> {
        self.rows().and_then(|rows| Index::build(rows, form)).map_err(|error| error.to_string())
    }

    /// Passes over the file, with all sights at once. So many records were considered for each.
    pub(crate) fn search(
        &self,
        sights: &[Sight<'_>],
        least: u32,
        considered: u64,
    ) -> Result<Option<Found>, CompareError> {
        let mut rows = self.rows()?;
        let id = self.input.card.id.as_ref().and_then(|id| rows.place(id));
        let lenses: Vec<_> = sights.iter().map(|sight| Lens::new(*sight, rows.names())).collect();
        let mut censuses: Vec<_> = lenses.iter().map(|_| Census::default()).collect();
        let mut cells = Vec::new();
        let mut rows_read = 0u64;
        while let Some(row) = rows.next()? {
            rows_read += 1;
            for (lens, census) in lenses.iter().zip(&mut censuses) {
                lens.cells(row, &mut cells);
                census.count(&cells);
            }
        }
        let looked_up = rows_read.saturating_mul(2 * rows.names().len() as u64 * lenses.len() as u64);
        self.work.take(looked_up.saturating_mul(CELL))?;
        let mut rows = self.rows()?;
        let search = |(lens, census)| Search::new(lens, census, id, least, considered);
        let mut searches: Vec<_> = lenses.iter().zip(&censuses).map(search).collect();
        while let Some(row) = rows.next()? {
            for (lens, search) in lenses.iter().zip(&mut searches) {
                lens.cells(row, &mut cells);
                search.look(&cells)?;
            }
        }
        let mut found = None;
        for ((lens, census), search) in lenses.iter().zip(&censuses).zip(searches) {
            self.work.take(search.spent().saturating_mul(COMPARISON))?;
            let told = self.without_near(lens, census, &search)?;
            drop(search);
            let told = decoys::without(self, lens, census, told)?;
            found = found.into_iter().chain(told.found(lens.view)).reduce(both);
        }
        Ok(found)
    }

    /// What a search tells that rows which miss by one column don't explain: these are looked for where there is something to explain.
    fn without_near(&self, lens: &Lens<'_>, census: &Census, search: &Search<'_>) -> Result<Told, CompareError> {
        let told = search.told(None);
        if told.rows.is_empty() {
            return Ok(told);
        }
        let mut near = Near::new(lens, census, &told);
        let (mut rows, mut cells) = (self.rows()?, Vec::new());
        while let Some(row) = rows.next()? {
            lens.cells(row, &mut cells);
            near.look(&cells)?;
        }
        self.work.take(near.spent().saturating_mul(COMPARISON))?;
        Ok(search.told(Some(&near)))
    }
}
/// An index, or why there is none.
fn known(index: &Result<Index, String>) -> Result<&Index, CompareError> {
    index.as_ref().map_err(|error| CompareError::Index(error.clone()))
}

/// What two searches found of the same rows.
pub(crate) fn both(mut one: Found, other: Found) -> Found {
    one.rows.extend(other.rows);
    one.spots.extend(other.spots);
    one.expected = one.expected.max(other.expected);
    one.columns = one.columns.min(other.columns);
    one
}
