//! The registry on disk: the founding, then one signed record a line, folded from the start at every start.

use crate::durable;
use crate::house::House;
use semla_policy::{Digest, Record, Refusal, Registry, Signed};
use std::collections::BTreeMap;

/// Records that can't be folded.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The disk.
    #[error("failed to read the registry")]
    Disk(#[from] std::io::Error),
    /// A line that isn't a record.
    #[error("line {line} of the registry can't be read")]
    Shape {
        /// From 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// A record that doesn't follow from those before it.
    #[error("line {line} of the registry doesn't hold")]
    Broken {
        /// From 1; 0 is the founding.
        line: usize,
        /// Why.
        source: Refusal,
    },
}

/// The registry, and where the content of datasets lies.
#[derive(Clone, Debug)]
pub struct Facts {
    registry: Registry,
    /// The digest of the record that each dataset was enacted by.
    contents: BTreeMap<String, Digest>,
}

impl Facts {
    /// Folds what is on disk.
    pub fn read(house: &House) -> Result<Self, FactsError> {
        let genesis = std::fs::read(house.genesis())?;
        let genesis = serde_json::from_slice(&genesis).map_err(|source| FactsError::Shape { line: 0, source })?;
        let registry = Registry::found(genesis).map_err(|source| FactsError::Broken { line: 0, source })?;
        let mut facts = Self { registry, contents: BTreeMap::new() };
        let records = match std::fs::read_to_string(house.records()) {
            Ok(records) => records,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(facts),
            Err(error) => return Err(error.into()),
        };
        // A last line that a power cut tore was never said to be in force.
        let whole = records.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        for (number, text) in whole.enumerate() {
            let line = number + 1;
            let signed = serde_json::from_str(text).map_err(|source| FactsError::Shape { line, source })?;
            facts.fold(&signed).map_err(|source| FactsError::Broken { line, source })?;
        }
        Ok(facts)
    }

    /// All records that hold.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Where the content of a dataset lies.
    pub fn content(&self, dataset: &str) -> Option<&Digest> {
        self.contents.get(dataset)
    }

    /// Puts a record in force: judged on a copy, written, and only then believed.
    pub(crate) fn enact(&mut self, house: &House, signed: &Signed) -> Result<(), Refusal> {
        let mut next = self.clone();
        next.fold(signed)?;
        let full = |error: &dyn std::fmt::Display| {
            Refusal::new(8, format!("the record couldn't be written: {error}"), "free some disk, and try again")
        };
        let line = serde_json::to_string(signed).map_err(|error| full(&error))?;
        durable::append(&house.records(), &line, 0o644).map_err(|error| full(&error))?;
        *self = next;
        Ok(())
    }

    /// Folds one record more, as the launcher has done already.
    pub fn fold(&mut self, signed: &Signed) -> Result<(), Refusal> {
        if let Record::Dataset(dataset) = self.registry.enact(signed)? {
            self.contents.insert(dataset.name.clone(), Digest::of(signed.payload.as_bytes()));
        }
        Ok(())
    }
}
