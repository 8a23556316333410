//! Writing a bundle: aside, then renamed.

use super::{ATTESTATION, CHECKPOINT, FILES, Logged, PROOF, binding, is_plain, name};
use crate::durable::{FileError, at, clear, make_folder, place, sync_folder};
use crate::merkle::Proof;
use crate::opening::Opening;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Why no bundle was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is something already.
    #[error("`{}` is there already; write to another place or remove it", .0.display())]
    Exists(PathBuf),
    /// No place for a folder.
    #[error("`{}` can't be made: it has no name; give the bundle's own path", .0.display())]
    Place(PathBuf),
    /// A file's name isn't plain.
    #[error("`{0}` is no plain relative path; rename the file")]
    Name(String),
    /// The parts aren't about the same attestation.
    #[error("entry {0} doesn't name this attestation, or the proof is of another entry; ask for all of them together")]
    Mixed(u64),
    /// The proof file.
    #[error("failed to write the proof down")]
    Proof(#[source] serde_json::Error),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Writes a bundle to `target`, which must not be there yet and appears whole. The opened entry has to name the attestation
/// (see [`name`]), and proof and checkpoint have to be for the same number of entries.
pub fn write(
    target: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    attestation: &str,
    opening: &Opening,
    proof: &Proof,
    checkpoint: &str,
) -> Result<(), WriteError> {
    if let Some(odd) = files.keys().find(|path| !is_plain(path)) {
        return Err(WriteError::Name(odd.clone()));
    }
    if opening.index != proof.index || !binding::binds(&opening.entry, &name(attestation)) {
        return Err(WriteError::Mixed(opening.index));
    }
    let logged = serde_json::to_vec(&Logged::new(opening, proof)).map_err(WriteError::Proof)?;
    let (Some(above), Some(last)) = (target.parent(), target.file_name()) else {
        return Err(WriteError::Place(target.to_owned()));
    };
    if target.symlink_metadata().is_ok() {
        return Err(WriteError::Exists(target.to_owned()));
    }
    let mut hidden = OsString::from(".");
    hidden.push(last);
    let (draft, aside) =
        (above.join(&hidden).with_added_extension("new"), above.join(hidden).with_added_extension("part"));
    let parts = [(ATTESTATION, attestation.as_bytes()), (PROOF, &logged), (CHECKPOINT, checkpoint.as_bytes())];
    let written = fill(&draft, &aside, files, &parts).and_then(|()| settle(&draft, target));
    clear(&aside)?;
    if written.is_err() {
        clear(&draft)?;
    }
    written
}

/// Writes everything into a new folder.
fn fill(
    draft: &Path,
    aside: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    parts: &[(&str, &[u8])],
) -> Result<(), WriteError> {
    // What an earlier try left behind.
    clear(draft)?;
    clear(aside)?;
    make_folder(aside)?;
    make_folder(&draft.join(FILES))?;
    let parts = parts.iter().map(|(name, bytes)| (draft.join(name), bytes.to_vec()));
    let files = files.iter().map(|(name, bytes)| (draft.join(FILES).join(name), bytes.clone()));
    Ok(place(aside, 0o644, &parts.chain(files).collect::<Vec<_>>())?)
}

/// Gives the folder its name. Making the empty target first refuses whatever got there before; the rename then replaces it.
fn settle(draft: &Path, target: &Path) -> Result<(), WriteError> {
    std::fs::create_dir(target).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => WriteError::Exists(target.to_owned()),
        _ => at("create", target)(error).into(),
    })?;
    std::fs::rename(draft, target).map_err(at("put in place", target))?;
    Ok(target.parent().map_or(Ok(()), sync_folder)?)
}
