//! One file of an input, and its rows in what was gathered of an output.

use super::census::Census;
use super::lens::Lens;
use super::search::{Exhausted, Found, Search};
use super::view::View;
use crate::inputs::{Rows, RowsError};
use semla_policy::Card;
use std::fs::File;

/// Why rows can't be looked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    #[error(transparent)]
    Rows(#[from] RowsError),
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    #[error("the output can't be read ({0})")]
    Output(#[from] std::io::Error),
}

/// How a view is looked at.
pub(crate) enum Sight<'a> {
    /// By its values alone.
    Bare(&'a View),
    /// By the names of columns, too.
    Named(&'a View),
}

/// One file of an input.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) file: &'a File,
    pub(crate) card: &'a Card,
}

impl Source<'_> {
    pub(crate) fn rows(&self) -> Result<Rows<'_>, RowsError> {
        Rows::open(self.path, self.file, self.card)
    }

    /// Two passes over the file, with all views at once. So many records were considered for each.
    pub(crate) fn search(
        &self,
        views: &[Sight<'_>],
        least: u32,
        considered: u64,
    ) -> Result<Option<Found>, CompareError> {
        let mut rows = self.rows()?;
        let id = self.card.id.as_ref().and_then(|id| rows.place(id));
        let mut lenses = Vec::new();
        for sight in views {
            lenses.push(match sight {
                Sight::Bare(view) => Lens::bare(view),
                Sight::Named(view) => Lens::named(view, rows.names()),
            });
        }
        let mut censuses: Vec<_> = lenses.iter().map(|_| Census::default()).collect();
        let mut cells = Vec::new();
        while let Some(row) = rows.next()? {
            for (lens, census) in lenses.iter().zip(&mut censuses) {
                lens.cells(row, &mut cells);
                census.count(&cells);
            }
        }
        let mut rows = self.rows()?;
        let search = |(lens, census)| Search::new(lens, census, id, least, considered);
        let mut searches: Vec<_> = lenses.iter().zip(&censuses).map(search).collect();
        while let Some(row) = rows.next()? {
            for (lens, search) in lenses.iter().zip(&mut searches) {
                lens.cells(row, &mut cells);
                search.look(&cells)?;
            }
        }
        let found = searches.into_iter().map(Search::found).filter(|found| !found.rows.is_empty());
        Ok(found.reduce(both))
    }
}

/// What two searches found of the same rows.
pub(crate) fn both(mut one: Found, other: Found) -> Found {
    one.rows.extend(other.rows);
    one.spots.extend(other.spots);
    one.expected = one.expected.max(other.expected);
    one.columns = one.columns.min(other.columns);
    one
}
