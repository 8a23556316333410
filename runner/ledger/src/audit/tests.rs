use super::*;
use crate::checkpoint::CheckpointError;
use crate::testing::{Folder, files, signer};

/// A log of this many entries, published in three steps, and its public folder.
fn published(folder: &Folder, size: usize) -> (PathBuf, VerifierKey) {
    let mut log = folder.log();
    for some in [size / 3, size / 3, size - 2 * (size / 3)] {
        log.append(&vec![b"entry"; some]).unwrap();
        log.checkpoint().unwrap();
    }
    (folder.at("log/public"), log.verifier().clone())
}

#[test]
fn a_mirror_of_any_size_agrees_with_its_checkpoint() {
    for size in [0, 1, 2, 255, 256, 257, 511, 512, 700, 1000] {
        let folder = Folder::new();
        let (public, key) = published(&folder, size);
        assert_eq!(audit(&public, &key).unwrap().size, size as u64);
        assert!(matches!(audit(&public, signer("other").verifier()), Err(AuditError::Checkpoint(_))));
    }
}

#[test]
fn every_changed_byte_of_a_small_mirror_is_found() {
    let folder = Folder::new();
    let (public, key) = published(&folder, 5);
    // Partial tiles of earlier checkpoints aren't part of this one.
    let now = |path: &Path| path == public.join(CHECKPOINT) || path.ends_with("5");
    for (path, whole) in files(&public).iter().filter(|(path, _)| now(path)) {
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            std::fs::write(path, &changed).unwrap();
            let refused = audit(&public, &key).unwrap_err();
            let entry = match path.strip_prefix(&public).unwrap().to_str().unwrap() {
                "tile/entries/000.p/5" => Some(place / 34),
                "tile/0/000.p/5" => Some(place / 32),
                _ => None,
            };
            match (refused, entry) {
                (AuditError::Entry(found), Some(entry)) => assert_eq!(found, entry as u64),
                (AuditError::Checkpoint(_) | AuditError::File(_), None) => {}
                (refused, _) => panic!("byte {place} of {}: {refused}", path.display()),
            }
        }
        std::fs::write(path, whole).unwrap();
        audit(&public, &key).unwrap();
    }
}

#[test]
fn an_entry_that_was_changed_with_its_hash_is_found_by_the_hash_above_or_the_root() {
    let folder = Folder::new();
    let (public, key) = published(&folder, 700);
    let forge = |tile: &str, place: usize| {
        let (entries, leaves) = (public.join(format!("tile/entries/{tile}")), public.join(format!("tile/0/{tile}")));
        let (mut entry, mut leaf) = (std::fs::read(&entries).unwrap(), std::fs::read(&leaves).unwrap());
        entry[34 * place + 2] ^= 1;
        leaf[32 * place..32 * (place + 1)]
            .copy_from_slice(Hash::leaf(&entry[34 * place + 2..34 * (place + 1)]).as_bytes());
        std::fs::write(entries, entry).unwrap();
        std::fs::write(leaves, leaf).unwrap();
    };
    audit(&public, &key).unwrap();
    forge("001", 3);
    assert!(matches!(audit(&public, &key), Err(AuditError::Entries { first: 256, last: 511, .. })));
    forge("001", 3);
    audit(&public, &key).unwrap();
    forge("002.p/188", 3);
    assert!(matches!(audit(&public, &key), Err(AuditError::Root(700))));
}

#[test]
fn missing_and_overlong_tiles_are_found() {
    let folder = Folder::new();
    let (public, key) = published(&folder, 300);
    for name in ["tile/entries/000", "tile/0/001.p/44", "tile/1/000.p/1"] {
        let path = public.join(name);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [whole.as_slice(), &[0]].concat()).unwrap();
        assert!(matches!(audit(&public, &key), Err(AuditError::Length { .. })), "{name}");
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(audit(&public, &key), Err(AuditError::File(_))), "{name}");
        std::fs::write(&path, whole).unwrap();
        audit(&public, &key).unwrap();
    }
}

#[test]
fn a_full_tile_stands_in_for_the_partial_one_of_an_older_checkpoint() {
    let folder = Folder::new();
    let mut log = folder.log();
    log.append(&[b"entry"; 100]).unwrap();
    let old = log.checkpoint().unwrap();
    log.append(&[b"entry"; 200]).unwrap();
    log.checkpoint().unwrap();
    let public = folder.at("log/public");
    assert!(!public.join("tile/0/000.p").exists(), "partial states of a full tile are removed");
    std::fs::write(public.join(CHECKPOINT), &old).unwrap();
    assert_eq!(audit(&public, log.verifier()).unwrap().size, 100);
}

#[test]
fn a_checkpoint_of_another_log_is_refused() {
    let (folder, other) = (Folder::new(), Folder::new());
    let (public, key) = published(&folder, 3);
    let (strange, _) = published(&other, 3);
    std::fs::copy(strange.join(CHECKPOINT), public.join(CHECKPOINT)).unwrap();
    assert!(matches!(audit(&public, &key), Err(AuditError::Checkpoint(CheckpointError::Note(_)))));
}

#[test]
fn the_entries_are_given_as_they_were_logged_or_not_at_all() {
    let folder = Folder::new();
    let mut log = folder.log();
    log.append(&["one", "two"]).unwrap();
    log.checkpoint().unwrap();
    log.append(&["three"]).unwrap();
    let all = |key: &VerifierKey| {
        let mut found = Vec::new();
        let head = entries(&folder.at("log"), key, |index, entry| found.push((index, entry.to_vec())));
        head.map(|head| (head.size, found))
    };
    let key = log.verifier().clone();
    let texts = [(0, b"one".to_vec()), (1, b"two".to_vec()), (2, b"three".to_vec())];
    assert_eq!(all(&key).unwrap(), (2, texts.to_vec()));
    assert!(matches!(all(signer("other").verifier()), Err(AuditError::Checkpoint(_))));

    // Whoever writes the openings anew writes others than those that were published.
    let other = Folder::new();
    other.log().append(&["one", "two"]).unwrap();
    std::fs::copy(other.at("log").join(OPENINGS), folder.at("log").join(OPENINGS)).unwrap();
    assert!(matches!(all(&key), Err(AuditError::Entry(0))));
    std::fs::write(folder.at("log").join(OPENINGS), b"nothing").unwrap();
    assert!(matches!(all(&key), Err(AuditError::Openings(_))));
}
