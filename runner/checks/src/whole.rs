//! Whole rows of inputs, two bytes each: for outputs too large to be searched for parts of rows.
//!
//! A row is the values that it has, in any order: 1, 1.0 and "1.00 " are the same, and so are words in any case. A binary fuse filter
//! (Graf and Lemire, ACM Journal of Experimental Algorithmics 27, 2022) tells that a row isn't among millions; of rows that aren't, it lets one in 65,536 pass.
//! What passes is looked for in the inputs themselves.

use crate::evidence::Input;
use crate::inputs::{Rows, RowsError, Separated, Value, mix};
use std::collections::HashMap;
use std::io::{self, Read};
use xorf::{BinaryFuse16, Filter};

/// Rows of one filter: what it takes to build one is several times its own size.
const ROWS: usize = 16 << 20;
/// Rows of an output that are looked for in the inputs.
const SUSPECTS: usize = 1 << 20;
/// Rows that are held to the filters together.
const AT_ONCE: usize = 256;

/// An index of the whole rows of some inputs.
pub struct WholeRows {
    filters: Vec<BinaryFuse16>,
}

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
pub enum WholeError {
    /// An input can't be read.
    #[error("an input can't be read: {0}")]
    Rows(String),
    /// Not enough memory, or bad luck: it can be tried again.
    #[error("no index can be built: {0}")]
    Filter(&'static str),
    /// The output can't be read.
    #[error("the output can't be read")]
    Output(#[from] io::Error),
    /// So many rows of the output are the inputs' that not all of them are looked for.
    #[error("more than {SUSPECTS} rows seem to be copied")]
    Many,
}

impl From<RowsError> for WholeError {
    fn from(error: RowsError) -> Self {
        Self::Rows(error.to_string())
    }
}

/// A row of an output that is a whole row of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its line among those that aren't empty, from 1.
    pub line: u64,
    /// Which input, and which of its rows, from 1: the first that is the same.
    pub input: usize,
    /// The row.
    pub row: u64,
}

impl std::fmt::Debug for WholeRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WholeRows").field("filters", &self.filters.len()).finish()
    }
}

impl WholeRows {
    /// Reads all rows of all inputs once.
    pub fn build(inputs: &[Input]) -> Result<Self, WholeError> {
        let (mut filters, mut keys) = (Vec::new(), Vec::new());
        each(inputs, |_, _, key| {
            keys.push(key);
            if keys.len() == ROWS { filter(&mut keys).map(|filter| filters.push(filter)) } else { Ok(()) }
        })?;
        if !keys.is_empty() {
            filters.push(filter(&mut keys)?);
        }
        Ok(Self { filters })
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.filters.iter().map(|filter| filter.fingerprints.len() * size_of::<u16>()).sum()
    }

    /// The lines of an output that seem to be rows of an input, with their keys.
    pub fn suspects(&self, output: impl Read, separator: u8) -> Result<Vec<(u64, u64)>, WholeError> {
        let mut rows = Separated::new(output, separator);
        let (mut line, mut found) = (0, Vec::new());
        // A filter is larger than a cache: many keys at once keep the processor busy while it waits for memory.
        let mut waiting: Vec<(u64, u64)> = Vec::with_capacity(AT_ONCE);
        loop {
            let more = rows.advance()?;
            if more {
                line += 1;
                let mut key = Key::default();
                rows.each(|value| key.add(value));
                waiting.extend(key.row().map(|key| (line, key)));
            }
            if waiting.len() == AT_ONCE || !more {
                for filter in &self.filters {
                    found.extend(waiting.iter().filter(|(_, key)| filter.contains(key)));
                }
                waiting.clear();
            }
            if found.len() > SUSPECTS {
                return Err(WholeError::Many);
            }
            if !more {
                found.sort_unstable();
                found.dedup();
                return Ok(found);
            }
        }
    }

    /// The lines of an output that are rows of an input of which fewer than `least` are the same.
    pub fn copied(
        &self,
        inputs: &[Input],
        output: impl Read,
        separator: u8,
        least: u32,
    ) -> Result<Vec<Copied>, WholeError> {
        let suspects = self.suspects(output, separator)?;
        let mut places: HashMap<u64, (u32, usize, u64)> = HashMap::with_capacity(suspects.len());
        places.extend(suspects.iter().map(|(_, key)| (*key, (0, 0, 0))));
        if !places.is_empty() {
            each(inputs, |input, row, key| {
                if let Some(place) = places.get_mut(&key) {
                    *place = if place.0 == 0 { (1, input, row) } else { (place.0.saturating_add(1), place.1, place.2) };
                }
                Ok(())
            })?;
        }
        let copied = |(line, key): (u64, u64)| {
            let (count, input, row) = *places.get(&key)?;
            (0 < count && count < least).then_some(Copied { line, input, row })
        };
        Ok(suspects.into_iter().filter_map(copied).collect())
    }
}

/// Hands out each row of each input: the input's number, the row's, and its key.
fn each(inputs: &[Input], mut take: impl FnMut(usize, u64, u64) -> Result<(), WholeError>) -> Result<(), WholeError> {
    for (number, input) in inputs.iter().enumerate() {
        for (path, file) in &input.files {
            let mut rows = Rows::open(path, file, &input.card)?;
            let mut row = 0;
            while let Some(values) = rows.next()? {
                row += 1;
                let mut key = Key::default();
                values.iter().for_each(|value| key.add(*value));
                if let Some(key) = key.row() {
                    take(number, row, key)?;
                }
            }
        }
    }
    Ok(())
}

fn filter(keys: &mut Vec<u64>) -> Result<BinaryFuse16, WholeError> {
    keys.sort_unstable();
    keys.dedup();
    let filter = BinaryFuse16::try_from(keys.as_slice()).map_err(WholeError::Filter);
    keys.clear();
    filter
}

/// The key of a row, whatever the order of its values.
#[derive(Default)]
struct Key {
    sum: u64,
    count: u64,
}

impl Key {
    #[inline]
    fn add(&mut self, value: Value) {
        if let Some(key) = value.key() {
            self.sum = self.sum.wrapping_add(key);
            self.count += 1;
        }
    }

    /// None for a row of fewer than two values, which is a value and no row.
    fn row(self) -> Option<u64> {
        (self.count > 1).then(|| mix(self.sum ^ self.count))
    }
}

#[cfg(test)]
mod tests;
