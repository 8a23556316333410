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
    /// None was begun.
    #[error("no bundle was begun for `{}`", .0.display())]
    Unbegun(PathBuf),
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

/// A bundle of which all is on the disk but what says that the ledger tells of it.
///
/// It is begun before the entry that names its attestation is made, so that what can fail for want of room fails before; and it is found
/// again after a crash between the two.
#[derive(Debug)]
pub struct Draft<'t> {
    target: &'t Path,
    draft: PathBuf,
    aside: PathBuf,
}

impl<'t> Draft<'t> {
    /// Writes files and attestation beside `target`, which must not be there yet. What an earlier try left there goes.
    pub fn begin(target: &'t Path, files: &BTreeMap<String, Vec<u8>>, attestation: &str) -> Result<Self, WriteError> {
        if let Some(odd) = files.keys().find(|path| !is_plain(path)) {
            return Err(WriteError::Name(odd.clone()));
        }
        let begun = Self::at(target)?;
        if target.symlink_metadata().is_ok() {
            return Err(WriteError::Exists(target.to_owned()));
        }
        let attestation = [(begun.draft.join(ATTESTATION), attestation.as_bytes().to_vec())];
        let files = files.iter().map(|(name, bytes)| (begun.draft.join(FILES).join(name), bytes.clone()));
        let files: Vec<_> = attestation.into_iter().chain(files).collect();
        let written = begun.fill(&files);
        if written.is_err() {
            clear(&begun.draft)?;
        }
        written.map(|()| begun)
    }

    /// The one that was begun there.
    pub fn of(target: &'t Path) -> Result<Self, WriteError> {
        let begun = Self::at(target)?;
        match begun.draft.join(ATTESTATION).is_file() {
            true => Ok(begun),
            false => Err(WriteError::Unbegun(target.to_owned())),
        }
    }

    fn at(target: &'t Path) -> Result<Self, WriteError> {
        let (Some(above), Some(last)) = (target.parent(), target.file_name()) else {
            return Err(WriteError::Place(target.to_owned()));
        };
        let mut hidden = OsString::from(".");
        hidden.push(last);
        let named = |extension| above.join(&hidden).with_added_extension(extension);
        Ok(Self { target, draft: named("new"), aside: named("part") })
    }

    /// Writes everything into a new folder.
    fn fill(&self, files: &[(PathBuf, Vec<u8>)]) -> Result<(), WriteError> {
        clear(&self.draft)?;
        self.place(files, Some(FILES))
    }

    fn place(&self, files: &[(PathBuf, Vec<u8>)], folder: Option<&str>) -> Result<(), WriteError> {
        clear(&self.aside)?;
        make_folder(&self.aside)?;
        folder.map_or(Ok(()), |folder| make_folder(&self.draft.join(folder)))?;
        let placed = place(&self.aside, 0o644, files);
        clear(&self.aside)?;
        Ok(placed?)
    }

    /// Writes the rest, and gives the bundle its place, where it appears whole. The opened entry has to name the attestation (see [`name`]),
    /// and proof and checkpoint have to be for the same number of entries.
    pub fn finish(self, opening: &Opening, proof: &Proof, checkpoint: &str) -> Result<(), WriteError> {
        let written = self.draft.join(ATTESTATION);
        let attestation = std::fs::read_to_string(&written).map_err(at("read", &written))?;
        if opening.index != proof.index || !binding::binds(&opening.entry, &name(&attestation)) {
            return Err(WriteError::Mixed(opening.index));
        }
        let logged = serde_json::to_vec(&Logged::new(opening, proof)).map_err(WriteError::Proof)?;
        let parts = [(PROOF, logged), (CHECKPOINT, checkpoint.as_bytes().to_vec())];
        let parts: Vec<_> = parts.into_iter().map(|(name, bytes)| (self.draft.join(name), bytes)).collect();
        self.place(&parts, None)?;
        settle(&self.draft, self.target)
    }

    /// Throws it away.
    pub fn discard(self) -> Result<(), WriteError> {
        Ok(clear(&self.draft)?)
    }
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
