//! In-toto statements (version 1): what is said about which files.

use crate::hash::Hash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a statement calls itself.
pub const TYPE: &str = "https://in-toto.io/Statement/v1";

/// The media type of a statement in an envelope.
pub const PAYLOAD: &str = "application/vnd.in-toto+json";

/// Something said about files, named by their digests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Always [`TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// The files.
    pub subject: Vec<Subject>,
    /// What the predicate is: a URI.
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// What is said.
    pub predicate: serde_json::Value,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its path, relative to the folder of the files.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
}

/// The digest of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// The SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A payload that isn't a statement.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// Not JSON of that shape.
    #[error("the statement can't be read; fetch the attestation again")]
    Shape(#[source] serde_json::Error),
    /// Another kind or version.
    #[error("`{0}` is no statement of version 1; use a program that knows it")]
    Type(String),
}

impl Statement {
    /// A statement about these files.
    pub fn new(files: &BTreeMap<String, Vec<u8>>, predicate_type: &str, predicate: serde_json::Value) -> Self {
        let subject = |(name, bytes): (&String, &Vec<u8>)| Subject {
            name: name.clone(),
            digest: Digest { sha256: Hash::of(bytes).hex() },
        };
        Self {
            kind: TYPE.to_owned(),
            subject: files.iter().map(subject).collect(),
            predicate_type: predicate_type.to_owned(),
            predicate,
        }
    }

    /// Reads a payload.
    pub fn parse(payload: &[u8]) -> Result<Self, StatementError> {
        let statement: Self = serde_json::from_slice(payload).map_err(StatementError::Shape)?;
        match statement.kind == TYPE {
            true => Ok(statement),
            false => Err(StatementError::Type(statement.kind)),
        }
    }

    /// The payload: compact JSON.
    pub fn payload(&self) -> Result<Vec<u8>, StatementError> {
        serde_json::to_vec(self).map_err(StatementError::Shape)
    }
}

#[cfg(test)]
mod tests;
