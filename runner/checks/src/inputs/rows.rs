//! The rows of an input, streamed one at a time.

use super::held::Held;
use super::separated::Separated;
use super::value::Value;
use semla_policy::Card;
use std::fs::File;
use std::io::{Read, Seek};

/// Most bytes of a header line.
const HEADER: u64 = 1 << 20;

/// Why an input can't be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowsError {
    #[error("it holds no table")]
    Type,
    #[error("it isn't what its name says: {0}")]
    Format(String),
    #[error("its header names no column of the card")]
    Header,
    #[error("it can't be read")]
    Read(#[from] std::io::Error),
}

/// A reader over one file of a dataset.
pub(crate) struct Rows<'a> {
    reader: Reader<'a>,
    names: Vec<String>,
}

enum Reader<'a> {
    Separated(Separated<&'a File>),
    Held(Held),
}

impl<'a> Rows<'a> {
    /// Opens a file at its beginning. The separator is the one under which the header names most columns of the card.
    pub(crate) fn open(path: &str, mut file: &'a File, card: &Card) -> Result<Self, RowsError> {
        let known = |names: &[String]| card.columns.iter().filter(|column| names.contains(&column.name)).count();
        if !is_separated(path) {
            let held = Held::open(path, file)?;
            let names = held.names.clone();
            return match known(&names) {
                0 => Err(RowsError::Header),
                _ => Ok(Self { reader: Reader::Held(held), names }),
            };
        }
        let headers = headers(file)?;
        let (known, separator) = headers
            .iter()
            .map(|(separator, names)| (known(names), *separator))
            .max_by_key(|(known, _)| *known)
            .unwrap_or((0, b','));
        if known == 0 {
            return Err(RowsError::Header);
        }
        file.rewind()?;
        let mut reader = Separated::new(file, separator);
        let names = if reader.advance()? { named(reader.cells()) } else { Vec::new() };
        Ok(Self { reader: Reader::Separated(reader), names })
    }

    /// The columns' names.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Where a column stands.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The next row: a value for each column that it has.
    pub(crate) fn next(&mut self) -> Result<Option<&[Value]>, RowsError> {
        match &mut self.reader {
            Reader::Separated(reader) => Ok(if reader.advance()? { Some(reader.values()) } else { None }),
            Reader::Held(held) => held.next(),
        }
    }

    /// What stands in the cells of the row that was read last.
    pub(crate) fn texts(&self) -> Vec<Vec<u8>> {
        match &self.reader {
            Reader::Separated(reader) => reader.cells(),
            Reader::Held(held) => held.texts(),
        }
    }
}

fn is_separated(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("csv" | "tsv"))
}

/// The columns that a file names.
pub(crate) fn names(path: &str, file: &File) -> Vec<String> {
    if !is_separated(path) {
        return Held::open(path, file).map(|held| held.names).unwrap_or_default();
    }
    let headers = headers(file).unwrap_or_default();
    headers.into_iter().map(|(_, names)| names).max_by_key(Vec::len).unwrap_or_default()
}

/// The first line of a file, cut by each separator that there may be.
fn headers(mut file: &File) -> std::io::Result<Vec<(u8, Vec<String>)>> {
    file.rewind()?;
    let mut head = Vec::new();
    file.take(HEADER).read_to_end(&mut head)?;
    let cut = |separator: &u8| {
        let mut reader = Separated::new(head.as_slice(), *separator);
        let first = reader.advance().unwrap_or(false).then(|| reader.cells());
        (*separator, named(first.unwrap_or_default()))
    };
    Ok(b",;\t|".iter().map(cut).collect())
}

fn named(cells: Vec<Vec<u8>>) -> Vec<String> {
    let text = |cell: Vec<u8>| {
        String::from_utf8_lossy(&cell).trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
    };
    cells.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests;
