//! One file of an input, and its rows in what was gathered of an output.

use super::census::Census;
use super::decoys;
use super::lens::Lens;
use super::search::{Exhausted, Found, Search, Told};
use super::view::View;
use crate::evidence::Input;
use crate::inputs::{Index, Rows, RowsError};
use std::cell::OnceCell;
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
    #[error("it holds {0} bytes of which nobody knows what they are")]
    Bytes(u64),
    #[error("{0}")]
    Index(String),
}

/// How a view is looked at.
pub(crate) enum Sight<'a> {
    /// By its values alone.
    Bare(&'a View),
    /// By the names of columns, too.
    Named(&'a View),
    /// By its numbers, since it has nothing else.
    Numbers(&'a View),
    /// By its integers.
    Integers(&'a View),
}

/// One file of an input.
pub(crate) struct Source<'a> {
    pub(crate) input: &'a Input,
    pub(crate) path: &'a str,
    pub(crate) file: &'a File,
    index: OnceCell<Result<Index, String>>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(input: &'a Input, path: &'a str, file: &'a File) -> Self {
        Self { input, path, file, index: OnceCell::new() }
    }

    pub(crate) fn rows(&self) -> Result<Rows<'_>, RowsError> {
        Rows::open(self.path, self.file, &self.input.card)
    }

    /// The numbers of the file, read when somebody first asks.
    pub(crate) fn index(&self) -> Result<&Index, CompareError> {
        let build = || self.rows().and_then(Index::build).map_err(|error| error.to_string());
        self.index.get_or_init(build).as_ref().map_err(|error| CompareError::Index(error.clone()))
    }

    /// Two passes over the file, with all views at once. So many records were considered for each.
    pub(crate) fn search(
        &self,
        views: &[Sight<'_>],
        least: u32,
        considered: u64,
    ) -> Result<Option<Found>, CompareError> {
        let mut rows = self.rows()?;
        let id = self.input.card.id.as_ref().and_then(|id| rows.place(id));
        let mut lenses = Vec::new();
        for sight in views {
            lenses.push(match sight {
                Sight::Bare(view) => Lens::bare(view),
                Sight::Named(view) => Lens::named(view, rows.names()),
                Sight::Numbers(view) => Lens::numbers(view),
                Sight::Integers(view) => Lens::integers(view),
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
        let told: Vec<Told> = searches.iter().map(Search::told).collect();
        drop(searches);
        let mut found = None;
        for ((lens, census), told) in lenses.iter().zip(&censuses).zip(told) {
            let told = decoys::without(self, lens, census, told)?;
            found = found.into_iter().chain(told.found(lens.view)).reduce(both);
        }
        Ok(found)
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
