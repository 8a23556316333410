//! The registry on disk: the founding, then one [kept](Signed::kept) record a line, folded from the start at every start.

use crate::durable;
use crate::house::House;
use semla_policy::{Digest, Refusal, Registry, Signed};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::sync::Arc;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 18;

/// Records that can't be folded.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The disk.
    #[error("failed to read the registry")]
    Disk(#[from] std::io::Error),
    /// The founding isn't what it should be.
    #[error("the registry's founding can't be read")]
    Shape(#[source] serde_json::Error),
    /// A record that doesn't follow from those before it.
    #[error("line {line} of the registry doesn't hold")]
    Broken {
        /// From 1; 0 is the founding.
        line: usize,
        /// Why.
        source: Refusal,
    },
}

/// The registry as it is on disk.
#[derive(Clone, Debug)]
pub struct Facts {
    registry: Arc<Registry>,
}

impl Facts {
    /// Folds what is on disk.
    pub fn read(house: &House) -> Result<Self, FactsError> {
        let genesis = std::fs::read(house.genesis())?;
        let genesis = serde_json::from_slice(&genesis).map_err(FactsError::Shape)?;
        let registry = Registry::found(genesis).map_err(|source| FactsError::Broken { line: 0, source })?;
        let mut facts = Self { registry: Arc::new(registry) };
        let mut records = match File::open(house.records()) {
            Ok(records) => BufReader::with_capacity(BUFFER, records),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(facts),
            Err(error) => return Err(error.into()),
        };
        let (mut text, mut line) = (String::new(), 0);
        // A last line that a power cut tore was never said to be in force.
        while records.read_line(&mut text)? > 0 && text.ends_with('\n') {
            line += 1;
            let kept = text.trim_end_matches('\n');
            facts.change().restore(kept).map_err(|source| FactsError::Broken { line, source })?;
            text.clear();
        }
        Ok(facts)
    }

    /// All records that hold.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The same, for whoever looks into them for longer: what comes in force meanwhile isn't in there.
    pub fn shared(&self) -> Arc<Registry> {
        Arc::clone(&self.registry)
    }

    /// What may be changed: a copy, where somebody still looks into the records as they were.
    fn change(&mut self) -> &mut Registry {
        Arc::make_mut(&mut self.registry)
    }

    /// Where the content of a dataset lies: under the digest of the record that registered it.
    pub fn content(&self, dataset: &str) -> Option<&Digest> {
        self.registry.dataset(dataset).map(|_| self.registry.head("dataset", dataset))
    }

    /// Puts a record in force once it is on disk.
    pub(crate) fn enact(&mut self, house: &House, signed: &Signed) -> Result<(), Refusal> {
        let full = |error: &dyn std::fmt::Display| {
            Refusal::new(8, format!("the record couldn't be written: {error}"), "free some disk, and try again")
        };
        let line = signed.kept().map_err(|error| full(&error))?;
        let write = || durable::append(&house.records(), &line, 0o644).map_err(|error| full(&error));
        self.change().enact_after(signed, write).map(drop)
    }

    /// Folds one record more, as the launcher has done already.
    pub fn fold(&mut self, signed: &Signed) -> Result<(), Refusal> {
        self.change().enact(signed).map(drop)
    }
}
