//! What somebody changed.

use super::*;
use crate::journal;

/// A published log of this many entries, in batches of three.
fn published(folder: &Folder, batches: u64) -> Log {
    let mut log = folder.log();
    (0..batches).for_each(|_| fill(&mut log, 3));
    log.checkpoint().unwrap();
    log
}

/// The first entry that an error names.
fn named(error: &LogError) -> Option<u64> {
    match error {
        LogError::Journal(JournalError::Damaged(index)) | LogError::Audit(AuditError::Entry(index)) => Some(*index),
        _ => None,
    }
}

#[test]
fn every_changed_byte_of_any_file_is_found_and_wrong_entries_are_named() {
    let folder = Folder::new();
    let log = published(&folder, 2);
    let place = |name: &str| folder.at("log").join(name);
    for (path, whole) in files(&folder.at("log")) {
        if path == place("lock") {
            continue;
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            // The 16 bytes of format and the key aren't read again while the log is open.
            if path == place("openings") && at < 48 {
                continue;
            }
            let error = verify(&log).expect_err(&format!("byte {at} of {}", path.display()));
            if path == place("public/tile/entries/000.p/6") {
                assert_eq!(named(&error), Some(at as u64 / 34));
            }
            if path == place("public/tile/0/000.p/6") {
                assert_eq!(named(&error), Some(at as u64 / 32));
            }
        }
        std::fs::write(&path, &whole).unwrap();
        verify(&log).unwrap();
    }
}

#[test]
fn a_changed_entry_in_the_journal_is_named() {
    let folder = Folder::new();
    let log = published(&folder, 4);
    let path = folder.at("log/openings");
    let whole = std::fs::read(&path).unwrap();
    for index in [0, 1, 5, 11] {
        let needle = [[0, 0, 0, entry(index).len() as u8].as_slice(), &entry(index)].concat();
        let at = whole.windows(needle.len()).position(|window| window == needle).unwrap() + 4;
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert_eq!(named(&verify(&log).unwrap_err()), Some(index));
        assert!(matches!(log.opening(index), Err(LogError::Journal(JournalError::Damaged(found))) if found == index));
        std::fs::write(&path, &whole).unwrap();
        verify(&log).unwrap();
    }
}

#[test]
fn a_journal_rewritten_with_right_seals_is_refused_on_opening_and_the_entry_named() {
    let folder = Folder::new();
    let mut log = published(&folder, 3);
    fill(&mut log, 2);
    let openings: Vec<_> = (0..log.size()).map(|index| log.opening(index).unwrap()).collect();
    drop(log);
    let path = folder.at("log/openings");
    let whole = std::fs::read(&path).unwrap();
    let rewrite = |changed: Option<usize>, upto: usize| {
        journal::create(&path, folder.path()).unwrap();
        let mut journal = Journal::open(&path, 0, |_| ()).unwrap().0;
        for (index, opening) in openings[..upto].iter().enumerate() {
            let entry = if changed == Some(index) { b"another" } else { opening.entry.as_slice() };
            journal.append(&[(*opening.salt.as_bytes(), entry)]).unwrap();
        }
    };
    rewrite(None, openings.len());
    verify(&folder.log()).unwrap();
    for index in 0..9 {
        rewrite(Some(index), openings.len());
        assert_eq!(named(&open(&folder).unwrap_err()), Some(index as u64));
    }
    rewrite(None, 8);
    assert!(matches!(open(&folder), Err(LogError::Lost { have: 8, covered: 9 })));
    // Without the public tiles it is still refused, if not by name.
    rewrite(Some(3), openings.len());
    std::fs::remove_dir_all(folder.at("log/public/tile")).unwrap();
    assert!(open(&folder).is_err());
    std::fs::write(&path, whole).unwrap();
    assert_eq!(folder.log().size(), 11);
}

#[test]
fn an_older_checkpoint_in_place_of_the_last_is_found() {
    let folder = Folder::new();
    let mut log = published(&folder, 2);
    let old = log.published().unwrap().to_owned();
    fill(&mut log, 2);
    log.checkpoint().unwrap();
    verify(&log).unwrap();
    std::fs::write(folder.at("log/public/checkpoint"), old).unwrap();
    assert!(matches!(verify(&log), Err(LogError::Replaced)));
}

#[test]
fn a_snapshot_is_recomputed_while_the_log_goes_on() {
    let folder = Folder::new();
    let mut log = published(&folder, 2);
    fill(&mut log, 1);
    let (snapshot, root) = (log.snapshot().unwrap(), log.tree.root());
    // Past the end of a tile, so that the full one takes the place of the partial one.
    fill(&mut log, 300);
    log.checkpoint().unwrap();
    let then = snapshot.verify().unwrap();
    assert_eq!((then.size, then.root), (7, root));
    // What stands behind the last batch is a batch, or it is found.
    let path = folder.at("log/openings");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [whole.as_slice(), &[7; 200]].concat()).unwrap();
    assert!(matches!(verify(&log), Err(LogError::Journal(JournalError::Damaged(307)))));
    std::fs::write(&path, whole).unwrap();
    // And what stood before is damaged whenever it was read.
    let mut changed = std::fs::read(&path).unwrap();
    changed[100] ^= 1;
    std::fs::write(&path, changed).unwrap();
    assert!(snapshot.verify().is_err() && verify(&log).is_err());
}

#[test]
fn changed_tiles_are_mended_on_opening_and_said() {
    let folder = Folder::new();
    let log = published(&folder, 2);
    drop(log);
    let path = folder.at("log/public/tile/entries/000.p/6");
    let whole = std::fs::read(&path).unwrap();
    let mut changed = whole.clone();
    changed[40] ^= 1;
    std::fs::write(&path, changed).unwrap();
    let log = folder.log();
    assert_eq!(log.recovery().rewritten, std::slice::from_ref(&path));
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    verify(&log).unwrap();
}

#[test]
fn a_changed_checkpoint_keeps_the_log_from_opening() {
    let folder = Folder::new();
    drop(published(&folder, 2));
    let path = folder.at("log/public/checkpoint");
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert!(open(&folder).is_err(), "byte {at}");
    }
    std::fs::write(&path, whole).unwrap();
    folder.log();
}
