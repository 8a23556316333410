//! What a crash leaves behind.

use super::*;

/// A log with a published beginning of four entries and a last batch of three that isn't covered.
fn begun(folder: &Folder) -> Log {
    let mut log = folder.log();
    fill(&mut log, 4);
    log.checkpoint().unwrap();
    fill(&mut log, 3);
    log
}

#[test]
fn a_journal_cut_at_any_byte_of_its_last_batch_has_all_of_it_or_nothing() {
    let folder = Folder::new();
    let log = begun(&folder);
    let (with, without) = (log.tree.root(), merkle::root(&log.tree, 4).unwrap());
    drop(log);
    let whole = std::fs::read(folder.at("log/openings")).unwrap();
    let start = frame(&whole);
    for length in start..=whole.len() {
        std::fs::write(folder.at("log/openings"), &whole[..length]).unwrap();
        let log = folder.log();
        let wanted = if length == whole.len() { (7, with) } else { (4, without) };
        assert_eq!((log.size(), log.tree.root()), wanted, "{length} bytes");
        assert_eq!(log.recovery().dropped, if length < whole.len() { (length - start) as u64 } else { 0 });
        verify(&log).unwrap();
    }
}

/// Where the batch of three that starts with entry 4 starts in the file.
fn frame(whole: &[u8]) -> usize {
    let start = [4u64.to_be_bytes().as_slice(), &3u32.to_be_bytes()].concat();
    whole.windows(start.len()).position(|window| window == start).unwrap()
}

#[test]
fn a_journal_cut_where_a_checkpoint_covers_it_is_refused() {
    let folder = Folder::new();
    let mut log = begun(&folder);
    log.checkpoint().unwrap();
    drop(log);
    let whole = std::fs::read(folder.at("log/openings")).unwrap();
    let start = frame(&whole);
    for length in start..whole.len() {
        std::fs::write(folder.at("log/openings"), &whole[..length]).unwrap();
        match open(&folder).unwrap_err() {
            LogError::Journal(JournalError::Damaged(4)) => assert_ne!(length, start),
            LogError::Lost { have: 4, covered: 7 } => assert_eq!(length, start),
            other => panic!("{length} bytes: {other}"),
        }
    }
    std::fs::write(folder.at("log/openings"), &whole).unwrap();
    verify(&folder.log()).unwrap();
    std::fs::remove_file(folder.at("log/openings")).unwrap();
    assert!(matches!(open(&folder), Err(LogError::Lost { have: 0, covered: 7 })));
}

#[test]
fn a_crash_while_publishing_leaves_the_last_checkpoint_or_the_next() {
    for (first, second) in [(4, 3), (250, 20), (256, 256), (500, 300)] {
        let folder = Folder::new();
        let mut log = folder.log();
        fill(&mut log, first);
        let old = log.checkpoint().unwrap();
        let before = files(&folder.at("log"));
        fill(&mut log, second);
        let journal = std::fs::read(folder.at("log/openings")).unwrap();
        let new = log.checkpoint().unwrap();
        drop(log);
        let after = files(&folder.at("log"));
        // Tiles in the order in which they are placed, the checkpoint last: cut after each of them.
        let mut placed: Vec<_> =
            between(first, first + second).iter().map(|tile| folder.at("log/public").join(tile.path())).collect();
        placed.push(folder.at("log/public/checkpoint"));
        for cut in 0..=placed.len() {
            let mut state = before.clone();
            state.insert(folder.at("log/openings"), journal.clone());
            state.insert(folder.at("log/aside/0"), b"half a ti".to_vec());
            placed[..cut].iter().for_each(|path| drop(state.insert(path.clone(), after[path].clone())));
            restore(&folder.at("log"), &state);
            let mut log = folder.log();
            assert_eq!(log.published(), Some(if cut < placed.len() { old.as_str() } else { &new }));
            assert_eq!(log.recovery(), &Recovery::default(), "cut at {cut}: nothing to mend");
            verify(&log).unwrap();
            audit(&folder.at("log/public"), log.verifier()).unwrap();
            assert_eq!(log.checkpoint().unwrap(), new);
            assert_eq!(audit(&folder.at("log/public"), log.verifier()).unwrap().size, first + second);
        }
    }
}

#[test]
fn public_files_that_are_lost_are_derived_again() {
    let folder = Folder::new();
    let mut log = folder.log();
    fill(&mut log, 600);
    log.checkpoint().unwrap();
    let key = log.verifier().clone();
    drop(log);
    let whole = files(&folder.at("log/public"));
    std::fs::remove_dir_all(folder.at("log/public/tile")).unwrap();
    assert!(audit(&folder.at("log/public"), &key).is_err(), "control");
    let log = folder.log();
    assert_eq!(log.recovery().rewritten.len(), whole.len() - 1);
    assert_eq!(files(&folder.at("log/public")), whole);
    audit(&folder.at("log/public"), &key).unwrap();
}
