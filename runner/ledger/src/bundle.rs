//! Release bundles: files, what is attested about them, and the proof that it was logged.

mod binding;
mod folder;
#[cfg(test)]
mod tests;
mod verify;
mod write;

pub use verify::{VerifyError, verify};
pub use write::{Draft, WriteError};

use crate::dsse::{Envelope, EnvelopeError};
use crate::hash::Hash;
use crate::merkle::Proof;
use crate::note::Signer;
use crate::opening::Opening;
use crate::statement::{PAYLOAD, Statement, StatementError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const FILES: &str = "files";
/// The file that says what a bundle is; a bundle that has it is whole.
pub const ATTESTATION: &str = "attestation.json";
const PROOF: &str = "proof.json";
const CHECKPOINT: &str = "checkpoint";

/// Why an attestation can't be made.
#[derive(Debug, thiserror::Error)]
pub enum AttestError {
    /// The statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The envelope around it.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

/// The text of a signed envelope over a statement about these files.
pub fn attest(
    signer: &Signer,
    files: &BTreeMap<String, Vec<u8>>,
    predicate_type: &str,
    predicate: serde_json::Value,
) -> Result<String, AttestError> {
    let payload = Statement::new(files, predicate_type, predicate).payload()?;
    Ok(Envelope::sign(PAYLOAD, payload, &[signer]).text()?)
}

/// How an entry names an attestation: `sha256:` and the digest of its text in hexadecimal digits.
pub fn name(attestation: &str) -> String {
    format!("sha256:{}", Hash::of(attestation.as_bytes()).hex())
}

/// The proof file: an opening and where its leaf is. What both know is said once.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Logged {
    index: u64,
    salt: Hash,
    #[serde(with = "crate::base")]
    entry: Vec<u8>,
    size: u64,
    path: Vec<Hash>,
}

impl Logged {
    fn new(opening: &Opening, proof: &Proof) -> Self {
        let Opening { index, salt, entry } = opening.clone();
        Self { index, salt, entry, size: proof.size, path: proof.path.clone() }
    }

    fn split(self) -> (Opening, Proof) {
        let Self { index, salt, entry, size, path } = self;
        (Opening { index, salt, entry }, Proof { index, size, path })
    }
}

/// Whether every part of this path is a plain name: not hidden, no way up, nothing that a terminal or another system reads
/// differently.
fn is_plain(path: &str) -> bool {
    let plain = |c: char| !c.is_control() && c != '\\';
    let name = |name: &str| !name.is_empty() && name.len() <= 255 && !name.starts_with('.') && name.chars().all(plain);
    path.len() <= 1024 && path.split('/').all(name)
}
