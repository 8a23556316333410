use super::*;
use crate::testing::Folder;

/// A journal of three batches: two entries, one, three. With where each frame ends.
fn journal(folder: &Folder) -> Vec<usize> {
    create(&folder.at("openings"), folder.path()).unwrap();
    let mut journal = open(folder, 0).unwrap().0;
    let mut ends = vec![START as usize];
    for batch in [&[b"one".as_slice(), b"two"][..], &[b""], &[b"four", b"five", b"six"]] {
        journal.append(&batch.iter().map(|entry| ([7; 32], *entry)).collect::<Vec<_>>()).unwrap();
        ends.push(journal.end.unwrap() as usize);
    }
    ends
}

fn open(folder: &Folder, covered: u64) -> Result<(Journal, u64), JournalError> {
    Journal::open(&folder.at("openings"), covered, |_| ())
}

fn entries(folder: &Folder, covered: u64) -> Result<Vec<Vec<u8>>, JournalError> {
    let journal = open(folder, covered)?.0;
    (0..journal.count()).map(|index| Ok(journal.opening(index)?.entry)).collect()
}

const ALL: [&[u8]; 6] = [b"one", b"two", b"", b"four", b"five", b"six"];

#[test]
fn what_was_appended_is_read_back() {
    let folder = Folder::new();
    journal(&folder);
    assert_eq!(entries(&folder, 6).unwrap(), ALL);
    let mut seen = Vec::new();
    Journal::open(&folder.at("openings"), 0, |record| seen.push((record.index, record.commitment()))).unwrap();
    let wanted: Vec<_> = (0..).zip(ALL.map(|entry| crate::opening::commitment(&[7; 32], entry))).collect();
    assert_eq!(seen, wanted);
}

#[test]
fn a_file_cut_anywhere_has_every_whole_batch_and_nothing_else() {
    let folder = Folder::new();
    let ends = journal(&folder);
    let whole = std::fs::read(folder.at("openings")).unwrap();
    for length in START as usize..=whole.len() {
        std::fs::write(folder.at("openings"), &whole[..length]).unwrap();
        let batches = ends.iter().filter(|end| **end <= length).count() - 1;
        let left = [0, 2, 3, 6][batches];
        assert_eq!(open(&folder, 0).unwrap().1 as usize, length - ends[batches], "dropped of {length} bytes");
        assert_eq!(entries(&folder, left).unwrap(), ALL[..left as usize], "{length} bytes");
        // It goes on from there, and the torn end is gone for good.
        let mut journal = open(&folder, 0).unwrap().0;
        journal.append(&[([1; 32], b"more")]).unwrap();
        let (journal, dropped) = open(&folder, 0).unwrap();
        assert_eq!((journal.count(), dropped), (left + 1, 0));
    }
}

#[test]
fn a_cut_file_that_lacks_something_covered_is_refused() {
    let folder = Folder::new();
    let ends = journal(&folder);
    let whole = std::fs::read(folder.at("openings")).unwrap();
    for length in ends[2]..whole.len() {
        std::fs::write(folder.at("openings"), &whole[..length]).unwrap();
        // Cut at the end of a frame nothing is torn: the log itself compares the numbers.
        if length != ends[2] {
            assert!(matches!(open(&folder, 4), Err(JournalError::Damaged(3))), "{length} bytes");
        }
        assert_eq!(std::fs::read(folder.at("openings")).unwrap().len(), length, "a refused file isn't touched");
        assert_eq!(open(&folder, 3).unwrap().0.count(), 3, "control: not covered");
    }
}

#[test]
fn a_changed_byte_costs_the_last_batch_or_is_refused() {
    let folder = Folder::new();
    let ends = journal(&folder);
    let whole = std::fs::read(folder.at("openings")).unwrap();
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 0x20;
        std::fs::write(folder.at("openings"), &changed).unwrap();
        let opened = entries(&folder, 0);
        match place {
            _ if place < MAGIC.len() => assert!(matches!(opened, Err(JournalError::Format(_)))),
            // Another key: no frame is known any more. The log's checkpoint stands against it.
            _ if place < START as usize => assert_eq!(opened.unwrap(), [[0; 0]; 0]),
            _ if place < ends[1] => assert!(matches!(opened, Err(JournalError::Damaged(0))), "byte {place}"),
            _ if place < ends[2] => assert!(matches!(opened, Err(JournalError::Damaged(2))), "byte {place}"),
            _ => assert_eq!(opened.unwrap(), ALL[..3], "byte {place}"),
        }
    }
    std::fs::write(folder.at("openings"), &whole).unwrap();
    assert_eq!(entries(&folder, 0).unwrap(), ALL, "control");
}

#[test]
fn a_torn_batch_with_holes_is_dropped() {
    // The system may write a file's blocks in any order: the end can be there and the beginning not.
    let folder = Folder::new();
    let ends = journal(&folder);
    let whole = std::fs::read(folder.at("openings")).unwrap();
    // The first seven bytes are zero anyway.
    for hole in ends[2] + 7..whole.len() {
        let mut torn = whole.clone();
        torn[ends[2]..=hole].fill(0);
        std::fs::write(folder.at("openings"), &torn).unwrap();
        assert_eq!(entries(&folder, 3).unwrap(), ALL[..3]);
    }
}

#[test]
fn an_entry_that_looks_like_a_frame_isnt_one() {
    let folder = Folder::new();
    let ends = journal(&folder);
    let whole = std::fs::read(folder.at("openings")).unwrap();
    // The bytes of a frame of this very file, as an entry of a last batch that is then torn.
    let stolen = &whole[ends[2]..ends[3]];
    let mut journal = open(&folder, 6).unwrap().0;
    journal.append(&[([9; 32], stolen)]).unwrap();
    let with = std::fs::read(folder.at("openings")).unwrap();
    std::fs::write(folder.at("openings"), &with[..with.len() - 1]).unwrap();
    assert_eq!(entries(&folder, 6).unwrap(), ALL);
    // Control: a frame that was really begun behind a broken one is found, and then nothing is dropped.
    let mut broken = whole.clone();
    broken[ends[1] + 1] ^= 1;
    std::fs::write(folder.at("openings"), &broken).unwrap();
    assert!(matches!(entries(&folder, 0), Err(JournalError::Damaged(2))));
}

#[test]
fn a_batch_that_is_too_large_is_refused_whole() {
    let folder = Folder::new();
    journal(&folder);
    let mut journal = open(&folder, 6).unwrap().0;
    let large = vec![0; MOST];
    assert!(matches!(journal.append(&[([0; 32], b"x"), ([0; 32], &large)]), Err(JournalError::Large(_))));
    assert_eq!(entries(&folder, 6).unwrap(), ALL);
    journal.append(&[([0; 32], b"fine")]).unwrap();
    assert_eq!(journal.count(), 7);
}

#[test]
fn checking_names_the_first_entry_that_changed() {
    let folder = Folder::new();
    journal(&folder);
    let (journal, _) = open(&folder, 6).unwrap();
    let whole = std::fs::read(folder.at("openings")).unwrap();
    let same = |index: u64, found: Hash| found == crate::opening::commitment(&[7; 32], ALL[index as usize]);
    journal.check(same).unwrap();
    for (index, start) in journal.starts.iter().enumerate() {
        let mut changed = whole.clone();
        changed[*start as usize] ^= 1;
        std::fs::write(folder.at("openings"), &changed).unwrap();
        assert!(matches!(journal.check(same), Err(JournalError::Damaged(found)) if found == index as u64));
    }
    // What stands around the entries: their batch's first is named.
    for place in START as usize..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        std::fs::write(folder.at("openings"), &changed).unwrap();
        assert!(matches!(journal.check(same), Err(JournalError::Damaged(_))), "byte {place}");
    }
}
