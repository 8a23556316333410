//! The rows of an input, streamed one at a time.

use super::value::Value;
use csv::ByteRecord;
use semla_policy::Card;
use std::fs::File;
use std::io::{BufReader, Read, Seek};

/// Most bytes of a header line.
const HEADER: u64 = 1 << 20;

/// Why an input can't be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowsError {
    #[error("only csv and tsv can be compared yet")]
    Type,
    #[error("its header names no column of the card")]
    Header,
    #[error("it can't be read")]
    Read(#[from] std::io::Error),
    #[error("it isn't a table")]
    Table(#[from] csv::Error),
}

/// A reader over one file of a dataset.
pub(crate) struct Rows<'a> {
    reader: csv::Reader<BufReader<&'a File>>,
    names: Vec<String>,
    record: ByteRecord,
    values: Vec<Value>,
}

impl<'a> Rows<'a> {
    /// Opens a file at its beginning. The separator is the one under which the header names most columns of the card.
    pub(crate) fn open(path: &str, mut file: &'a File, card: &Card) -> Result<Self, RowsError> {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if !matches!(ending.as_deref(), Some("csv" | "tsv")) {
            return Err(RowsError::Type);
        }
        let known = |names: &[String]| card.columns.iter().filter(|column| names.contains(&column.name)).count();
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
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .from_reader(BufReader::with_capacity(1 << 16, file));
        let names = trimmed(reader.byte_headers()?);
        Ok(Self { reader, names, record: ByteRecord::new(), values: Vec::new() })
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
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        self.values.clear();
        self.values.extend(self.record.iter().map(Value::read));
        Ok(Some(&self.values))
    }

    /// What stands in a column of the row that was read last.
    pub(crate) fn text(&self, column: usize) -> &[u8] {
        self.record.get(column).unwrap_or_default()
    }
}

/// The columns that a file names.
pub(crate) fn names(_path: &str, file: &File) -> Vec<String> {
    let headers = headers(file).unwrap_or_default();
    headers.into_iter().map(|(_, names)| names).max_by_key(Vec::len).unwrap_or_default()
}

/// The first line of a file, cut by each separator that there may be.
fn headers(mut file: &File) -> std::io::Result<Vec<(u8, Vec<String>)>> {
    file.rewind()?;
    let mut head = Vec::new();
    file.take(HEADER).read_to_end(&mut head)?;
    let cut = |separator: &u8| {
        let mut reader = csv::ReaderBuilder::new().delimiter(*separator).from_reader(head.as_slice());
        (*separator, reader.byte_headers().map(trimmed).unwrap_or_default())
    };
    Ok(b",;\t|".iter().map(cut).collect())
}

fn trimmed(header: &ByteRecord) -> Vec<String> {
    let text = |cell: &[u8]| {
        String::from_utf8_lossy(cell).trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
    };
    header.iter().map(text).collect()
}
