use super::*;
use crate::audit::{AuditError, audit};
use crate::key::SigningKey;
use crate::testing::{Folder, ORIGIN, files, restore};
use crate::tiles::between;

mod crash;
mod process;
mod tamper;

fn open(folder: &Folder) -> Result<Log, LogError> {
    Log::open(folder.at("log"), ORIGIN, folder.key())
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// Recomputes the log as it is.
fn verify(log: &Log) -> Result<Checkpoint, LogError> {
    log.snapshot()?.verify()
}

fn fill(log: &mut Log, count: u64) {
    let entries: Vec<_> = (log.size()..log.size() + count).map(entry).collect();
    log.append(&entries).unwrap();
}

#[test]
fn what_was_appended_is_proved_opened_and_still_there_after_reopening() {
    let folder = Folder::new();
    let mut log = folder.log();
    assert_eq!(log.append(&[b"entry 0"]).unwrap(), 0..1);
    assert_eq!(log.append(&[entry(1), entry(2)]).unwrap(), 1..3);
    assert_eq!(log.append::<&[u8]>(&[]).unwrap(), 3..3);
    fill(&mut log, 600);
    let note = log.checkpoint().unwrap();
    drop(log);
    let mut log = folder.log();
    assert_eq!((log.size(), log.published()), (603, Some(note.as_str())));
    assert_eq!(log.recovery(), &Recovery::default());
    let checkpoint = Checkpoint::open(&note, log.verifier()).unwrap();
    for index in [0, 1, 2, 255, 256, 602] {
        let opening = log.opening(index).unwrap();
        assert_eq!(opening.entry, entry(index));
        opening.verify(&log.prove(index).unwrap(), &checkpoint).unwrap();
        assert!(log.opening(0).unwrap().verify(&log.prove(1).unwrap(), &checkpoint).is_err());
    }
    assert!(matches!(log.opening(603), Err(LogError::Proof(ProofError::Index { .. }))));
    assert!(matches!(log.prove(603), Err(LogError::Proof(ProofError::Index { .. }))));
    assert_eq!(verify(&log).unwrap(), checkpoint);
    assert_eq!(log.checkpoint().unwrap(), note, "nothing new, nothing signed");
}

#[test]
fn checkpoints_grow_from_one_another() {
    let folder = Folder::new();
    let (mut log, mut notes) = (folder.log(), Vec::new());
    for count in [0, 1, 3, 252, 1, 300] {
        fill(&mut log, count);
        notes.push(log.checkpoint().unwrap());
        assert_eq!(audit(&folder.at("log/public"), log.verifier()).unwrap().size, log.size());
    }
    let open = |note: &String| Checkpoint::open(note, log.verifier()).unwrap();
    for pair in notes.windows(2) {
        let (old, new) = (open(&pair[0]), open(&pair[1]));
        log.consistency(old.size, new.size).unwrap().verify(&old.root, &new.root).unwrap();
    }
    let (old, new) = (open(&notes[1]), open(&notes[5]));
    let opening = log.opening(0).unwrap();
    opening.verify(&log.prove_at(0, old.size).unwrap(), &old).unwrap();
    opening.verify(&log.prove_at(0, new.size).unwrap(), &new).unwrap();
}

#[test]
fn nothing_public_changes_between_checkpoints() {
    let folder = Folder::new();
    let mut log = folder.log();
    log.checkpoint().unwrap();
    let before = files(&folder.at("log/public"));
    fill(&mut log, 300);
    log.pad().unwrap();
    assert_eq!(files(&folder.at("log/public")), before);
    log.checkpoint().unwrap();
    assert_ne!(files(&folder.at("log/public")), before);
}

#[test]
fn padding_looks_like_an_entry_and_opens_as_nothing() {
    let folder = Folder::new();
    let mut log = folder.log();
    fill(&mut log, 1);
    assert_eq!(log.pad().unwrap(), 1);
    assert_eq!(log.pad().unwrap(), 2);
    let checkpoint = Checkpoint::open(&log.checkpoint().unwrap(), log.verifier()).unwrap();
    let opening = log.opening(1).unwrap();
    assert!(opening.entry.is_empty());
    opening.verify(&log.prove(1).unwrap(), &checkpoint).unwrap();
    let public = std::fs::read(folder.at("log/public/tile/entries/000.p/3")).unwrap();
    assert_eq!(public.len(), 3 * 34);
    assert_ne!(public[34..68], public[68..], "two paddings differ");
}

#[test]
fn no_public_byte_tells_an_entry() {
    let folder = Folder::new();
    let mut log = folder.log();
    let secret = b"a sentence that must not be seen";
    log.append(&[secret]).unwrap();
    log.checkpoint().unwrap();
    let shows = |bytes: &Vec<u8>| bytes.windows(secret.len()).any(|window| window == secret);
    let everything = files(&folder.at("log"));
    assert!(shows(&everything[&folder.at("log/openings")]), "control");
    assert!(!files(&folder.at("log/public")).values().any(shows));
    // Without the salt nobody can try out what the entry may be.
    let tile = &everything[&folder.at("log/public/tile/entries/000.p/1")];
    assert_ne!(tile[2..], *Hash::of(secret).as_bytes());
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(folder.at("log/openings").metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn one_process_has_the_log() {
    let folder = Folder::new();
    let log = folder.log();
    assert!(matches!(open(&folder), Err(LogError::Busy(_))));
    drop(log);
    open(&folder).unwrap();
}

#[test]
fn a_log_opens_with_its_own_key_and_origin_alone() {
    let folder = Folder::new();
    let mut log = folder.log();
    fill(&mut log, 3);
    log.checkpoint().unwrap();
    drop(log);
    let other = Log::open(folder.at("log"), ORIGIN, SigningKey::generate().unwrap());
    assert!(matches!(other, Err(LogError::Checkpoint(_))));
    let other = Log::open(folder.at("log"), "other.example", folder.key());
    assert!(matches!(other, Err(LogError::Checkpoint(_))));
    assert!(matches!(Log::open(folder.at("new"), "two words", folder.key()), Err(LogError::Note(_))));
    folder.log();
}
