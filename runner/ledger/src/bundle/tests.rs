use super::*;
use crate::checkpoint::Checkpoint;
use crate::log::Log;
use crate::note::VerifierKey;
use crate::testing::{Folder, files as on_disk, restore};
use serde_json::json;
use std::path::Path;

mod flips;
mod shapes;

/// A released bundle at `bundle` in a folder, and the key of its log.
struct Released {
    folder: Folder,
    key: VerifierKey,
}

impl Released {
    fn new() -> Self {
        let folder = Folder::new();
        let mut log = folder.log();
        log.append(&[b"something before"]).unwrap();
        let key = log.verifier().clone();
        let parts = Parts::of(&mut log, &contents());
        parts.write(&folder.at("bundle")).unwrap();
        let released = Self { folder, key };
        released.verify().unwrap();
        released
    }

    fn verify(&self) -> Result<Statement, VerifyError> {
        verify(&self.folder.at("bundle"), &self.key)
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        self.folder.at("bundle").join(name)
    }

    /// Does something to the bundle, says what verifying says then, and mends it.
    fn after(&self, change: impl FnOnce(&Path)) -> VerifyError {
        let whole = on_disk(&self.folder.at("bundle"));
        change(&self.folder.at("bundle"));
        let refused = self.verify().unwrap_err();
        restore(&self.folder.at("bundle"), &whole);
        self.verify().unwrap();
        refused
    }
}

fn contents() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([
        ("by_site.csv".to_owned(), b"site,n\nnorth,12\nsouth,30\n".to_vec()),
        ("empty.txt".to_owned(), Vec::new()),
        ("models/weights.safetensors".to_owned(), (0..250u32).flat_map(|n| n.to_le_bytes()).collect()),
    ])
}

/// Everything that a bundle is written from.
struct Parts {
    files: BTreeMap<String, Vec<u8>>,
    attestation: String,
    opening: Opening,
    proof: Proof,
    checkpoint: String,
}

impl Parts {
    /// What a log says of these files.
    fn of(log: &mut Log, files: &BTreeMap<String, Vec<u8>>) -> Self {
        let attestation =
            log.attest(files, "https://example.com/release/v1", json!({ "approvals": ["a", "b"] })).unwrap();
        Self::logged(log, files, attestation)
    }

    fn logged(log: &mut Log, files: &BTreeMap<String, Vec<u8>>, attestation: String) -> Self {
        let entry = format!(r#"{{"event":"released","bundle":"{}"}}"#, name(&attestation));
        let index = log.append(&[entry, "something after".to_owned()]).unwrap().start;
        Self {
            files: files.clone(),
            attestation,
            opening: log.opening(index).unwrap(),
            proof: log.prove(index).unwrap(),
            checkpoint: log.checkpoint().unwrap(),
        }
    }

    fn write(&self, target: &Path) -> Result<(), WriteError> {
        let finish = |draft: Draft<'_>| draft.finish(&self.opening, &self.proof, &self.checkpoint);
        let written = Draft::begin(target, &self.files, &self.attestation).and_then(finish);
        // What can't be finished is thrown away, where it was begun.
        if written.is_err()
            && let Ok(draft) = Draft::of(target)
        {
            draft.discard()?;
        }
        written
    }
}

#[test]
fn a_bundle_verifies_with_the_logs_key_and_gives_back_what_was_said() {
    let released = Released::new();
    let statement = released.verify().unwrap();
    let names: Vec<_> = statement.subject.iter().map(|subject| subject.name.as_str()).collect();
    assert_eq!(names, ["by_site.csv", "empty.txt", "models/weights.safetensors"]);
    assert_eq!(statement.predicate, json!({ "approvals": ["a", "b"] }));
    let other = crate::testing::signer(released.key.name());
    assert!(matches!(verify(&released.folder.at("bundle"), other.verifier()), Err(VerifyError::Checkpoint(_))));
}

#[test]
fn nothing_but_the_bundle_is_left_behind() {
    let released = Released::new();
    let mut names: Vec<_> =
        std::fs::read_dir(released.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["bundle", "key", "log"]);
}

#[test]
fn writing_refuses_a_target_that_is_there_and_leaves_it_alone() {
    let folder = Folder::new();
    let parts = Parts::of(&mut folder.log(), &contents());
    std::fs::create_dir(folder.at("folder")).unwrap();
    std::fs::write(folder.at("file"), b"something").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.at("link")).unwrap();
    for name in ["folder", "file", "link"] {
        assert!(matches!(parts.write(&folder.at(name)), Err(WriteError::Exists(_))), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.at("folder")).unwrap().count(), 0);
    assert_eq!(std::fs::read(folder.at("file")).unwrap(), b"something");
    parts.write(&folder.at("free")).unwrap();
}

#[test]
fn writing_refuses_names_that_lead_elsewhere_and_parts_that_dont_belong_together() {
    let folder = Folder::new();
    let mut log = folder.log();
    for name in ["", "..", "../x", "/x", "a/../x", "a//b", "a/", ".hidden", "a\nb", "a\\b"] {
        let parts = Parts::of(&mut log, &BTreeMap::from([(name.to_owned(), Vec::new())]));
        assert!(matches!(parts.write(&folder.at("bundle")), Err(WriteError::Name(odd)) if odd == name));
    }
    let (one, mut two) = (Parts::of(&mut log, &contents()), Parts::of(&mut log, &BTreeMap::new()));
    two.attestation = one.attestation;
    assert!(matches!(two.write(&folder.at("bundle")), Err(WriteError::Mixed(_))));
    two.opening = one.opening;
    assert!(matches!(two.write(&folder.at("bundle")), Err(WriteError::Mixed(_))));
    two.proof = one.proof;
    two.write(&folder.at("bundle")).unwrap();
}

#[test]
fn what_a_crash_left_of_an_earlier_try_is_replaced() {
    let folder = Folder::new();
    let parts = Parts::of(&mut folder.log(), &contents());
    std::fs::create_dir_all(folder.at(".bundle.new/files")).unwrap();
    std::fs::write(folder.at(".bundle.new/files/stray"), b"stray").unwrap();
    parts.write(&folder.at("bundle")).unwrap();
    assert!(!folder.at("bundle/files/stray").exists() && !folder.at(".bundle.new").exists());
}
