//! Verifying a bundle, with nothing but the log's key.

use super::folder::{Content, digest, text, walk};
use super::{ATTESTATION, CHECKPOINT, FILES, Logged, PROOF, binding, is_plain, name};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::dsse::{Envelope, EnvelopeError};
use crate::durable::FileError;
use crate::note::{self, VerifierKey};
use crate::opening::OpeningError;
use crate::statement::{PAYLOAD, Statement, StatementError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::slice::from_ref;

/// Why a bundle isn't believed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Not a regular file or a folder, or one that is too large, too deep or no text.
    #[error("`{}` has no place in a bundle: it is no regular file or folder, or too large; fetch the bundle again", .0.display())]
    Odd(PathBuf),
    /// Something that nobody attested.
    #[error("`{0}` isn't attested; remove it or fetch the bundle again")]
    Extra(String),
    /// Something that was attested.
    #[error("`{0}` is missing; fetch the bundle again")]
    Missing(String),
    /// A file isn't the one that was attested.
    #[error("`{0}` isn't the file that was attested; fetch the bundle again")]
    Changed(String),
    /// The statement names a file that can't be one, or one twice.
    #[error("the statement's subject `{0}` is no plain path or named twice; ask the log's operator")]
    Subject(String),
    /// The payload is something else.
    #[error("the attestation is of type `{0}` and no in-toto statement; ask the log's operator")]
    Payload(String),
    /// The proof file isn't as it was written.
    #[error("`{PROOF}` isn't a proof in canonical form; fetch the bundle again")]
    Proof,
    /// The entry is about something else.
    #[error("the logged entry {0} doesn't name this attestation; fetch the bundle again")]
    Unbound(u64),
    /// Signatures on the checkpoint besides the log's.
    #[error("the checkpoint has {0} signatures and not just the log's; fetch the bundle again")]
    Signatures(usize),
    /// The checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The opening and its proof.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// A file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Verifies the bundle in a folder: the log's signature, the proof, the attestation, and that the files are exactly those
/// attested. What the predicate says, the approvals in it above all, is for the caller to check.
pub fn verify(bundle: &Path, log: &VerifierKey) -> Result<Statement, VerifyError> {
    let beside = walk(bundle)?.beside();
    exactly(&beside.files, &[ATTESTATION, PROOF, CHECKPOINT].map(str::to_owned).into())?;
    exactly(&beside.folders, &[FILES.to_owned()].into())?;

    let checkpoint = checkpoint(&text(&bundle.join(CHECKPOINT))?, log)?;
    let proof = text(&bundle.join(PROOF))?;
    let logged: Logged = serde_json::from_str(&proof).map_err(|_| VerifyError::Proof)?;
    if serde_json::to_string(&logged).ok().as_ref() != Some(&proof) {
        return Err(VerifyError::Proof);
    }
    let (opening, proof) = logged.split();
    opening.verify(&proof, &checkpoint)?;
    let attestation = text(&bundle.join(ATTESTATION))?;
    if !binding::binds(&opening.entry, &name(&attestation)) {
        return Err(VerifyError::Unbound(opening.index));
    }
    let envelope = Envelope::parse(&attestation)?;
    envelope.verify(from_ref(log))?;
    if envelope.payload_type != PAYLOAD {
        return Err(VerifyError::Payload(envelope.payload_type));
    }
    let statement = Statement::parse(&envelope.payload)?;
    files(&bundle.join(FILES), &statement)?;
    Ok(statement)
}

impl Content {
    /// What isn't inside the folder of files.
    fn beside(mut self) -> Self {
        let beside = |path: &String| !path.strip_prefix(FILES).is_some_and(|rest| rest.starts_with('/'));
        self.files.retain(beside);
        self.folders.retain(beside);
        self
    }
}

/// The checkpoint, whose note has the log's signature and no other: of any other, a changed byte would go unnoticed.
fn checkpoint(text: &str, log: &VerifierKey) -> Result<Checkpoint, VerifyError> {
    let note = note::open(text, from_ref(log)).map_err(CheckpointError::from)?;
    match note.signatures {
        1 => Ok(Checkpoint::of(&note, log)?),
        more => Err(VerifyError::Signatures(more)),
    }
}

/// Whether the files are those of the statement, each with its digest, and there is nothing else.
fn files(root: &Path, statement: &Statement) -> Result<(), VerifyError> {
    let mut wanted = BTreeMap::new();
    for subject in &statement.subject {
        let again = wanted.insert(subject.name.clone(), &subject.digest.sha256).is_some();
        if again || !is_plain(&subject.name) {
            return Err(VerifyError::Subject(subject.name.clone()));
        }
    }
    let above = |path: &String| -> Vec<String> {
        path.match_indices('/').filter_map(|(at, _)| path.get(..at)).map(str::to_owned).collect()
    };
    let found = walk(root)?;
    exactly(&found.files, &wanted.keys().cloned().collect())?;
    exactly(&found.folders, &wanted.keys().flat_map(above).collect())?;
    for (name, sha256) in wanted {
        if digest(&root.join(&name))?.hex() != *sha256 {
            return Err(VerifyError::Changed(name));
        }
    }
    Ok(())
}

fn exactly(found: &BTreeSet<String>, wanted: &BTreeSet<String>) -> Result<(), VerifyError> {
    if let Some(missing) = wanted.difference(found).next() {
        return Err(VerifyError::Missing(missing.clone()));
    }
    match found.difference(wanted).next() {
        Some(extra) => Err(VerifyError::Extra(extra.clone())),
        None => Ok(()),
    }
}
