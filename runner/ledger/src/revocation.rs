//! The list of bundles that were taken back: a note that the log's key signs, for whoever holds a bundle.

use crate::note::{self, NoteError, Signer, VerifierKey};
use std::collections::BTreeSet;

/// The first line. No origin has a space in it: the list can't be taken for a checkpoint.
const TITLE: &str = "semla revocations";

/// Which bundles were taken back, as of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocations {
    /// The day on which it was signed, in UTC. An old list may lack what was revoked since.
    pub day: String,
    /// The attestations' names ([`crate::bundle::name`]), in an order that says nothing.
    pub bundles: BTreeSet<String>,
}

/// A list that can't be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevocationError {
    /// The text isn't such a list.
    #[error("not a list of revoked bundles; ask the site that released the bundle")]
    Format,
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Revocations {
    pub(crate) fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        note::sign(&self.text(), &[signer])
    }

    /// Reads a list that the log with this key signed.
    pub fn open(note: &str, log: &VerifierKey) -> Result<Self, RevocationError> {
        let note = note::open(note, std::slice::from_ref(log))?;
        let mut lines = note.text.lines().map(str::to_owned);
        let (title, day) = (lines.next(), lines.next().ok_or(RevocationError::Format)?);
        let list = Self { day, bundles: lines.collect() };
        // One text for one list.
        match title.as_deref() == Some(TITLE) && list.text() == note.text {
            true => Ok(list),
            false => Err(RevocationError::Format),
        }
    }

    fn text(&self) -> String {
        let lines = [TITLE, &self.day].into_iter().chain(self.bundles.iter().map(String::as_str));
        lines.map(|line| format!("{line}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::hash::Hash;
    use crate::key::SigningKey;

    #[test]
    fn a_list_is_read_back_under_its_own_key_and_as_nothing_else() {
        let signer = |name| Signer::new(name, SigningKey::generate().unwrap()).unwrap();
        let (log, other) = (signer("semla.test/ledger"), signer("semla.test/ledger"));
        for bundles in [vec![], vec!["sha256:aa"], vec!["sha256:aa", "sha256:bb"]] {
            let bundles = bundles.into_iter().map(str::to_owned).collect();
            let list = Revocations { day: "2026-11-23".into(), bundles };
            let note = list.sign(&log).unwrap();
            assert_eq!(Revocations::open(&note, log.verifier()), Ok(list));
            assert!(Revocations::open(&note, other.verifier()).is_err());
            assert!(Revocations::open(&note.replace("-23", "-24"), log.verifier()).is_err());
            assert!(Checkpoint::open(&note, log.verifier()).is_err());
        }
        let checkpoint = Checkpoint { origin: "semla.test/ledger".into(), size: 0, root: Hash::of(b"") };
        let note = checkpoint.sign(&log).unwrap();
        assert!(Checkpoint::open(&note, log.verifier()).is_ok(), "the control");
        assert_eq!(Revocations::open(&note, log.verifier()), Err(RevocationError::Format));
    }
}
