#![allow(clippy::unwrap_used)]

use super::{Data, FEW, KEPT, PAGE};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

#[test]
fn a_stretch_is_what_it_was_cut_from_and_no_more() {
    let whole = Data::from((0..=99).collect::<Vec<u8>>());
    let part = whole.part(10, 20).unwrap();
    assert_eq!(part.bytes().unwrap(), (10..30).collect::<Vec<u8>>());
    assert_eq!(part.part(5, 5).unwrap().bytes().unwrap(), [15, 16, 17, 18, 19]);
    let mut buffer = [0; 8];
    assert_eq!(part.read_at(18, &mut buffer).unwrap(), 2);
    assert_eq!(part.read_at(99, &mut buffer).unwrap(), 0);
    assert_eq!(part.read_at(u64::MAX, &mut buffer).unwrap(), 0);
    for (start, len) in [(0, 21), (21, 0), (20, 1), (u64::MAX, 1), (1, u64::MAX)] {
        assert!(part.part(start, len).is_none(), "{start} {len}");
    }
}

#[test]
fn much_is_unpacked_out_of_memory_and_too_much_not_at_all() {
    let bytes: Vec<u8> = (0..3 * KEPT).map(|at| (at % 251) as u8).collect();
    for size in [0, 1, KEPT - 1, KEPT, KEPT + 1, bytes.len()] {
        let part = bytes.get(..size).unwrap();
        let unpacked = Data::unpacked(part, size as u64).unwrap().unwrap();
        assert!(unpacked.bytes().unwrap() == part, "{size}");
        if size > 0 {
            assert!(Data::unpacked(part, size as u64 - 1).unwrap().is_none(), "{size}");
        }
    }
}

#[test]
fn few_bytes_of_a_file_are_what_many_are() {
    let bytes: Vec<u8> = (0..3 * PAGE).map(|at| (at * at % 251) as u8).collect();
    let data = Data::of(&file(&bytes)).unwrap();
    // Forwards, backwards, and across the ends of what is read at a time.
    let places = (0..bytes.len()).step_by(97).chain((0..bytes.len()).rev().step_by(101)).chain(PAGE - 9..PAGE + 9);
    for at in places {
        for len in [1, 9, FEW - 1, FEW] {
            let mut buffer = vec![0; len];
            let read = data.read_at(at as u64, &mut buffer).unwrap();
            let end = (at + len).min(bytes.len());
            assert_eq!(buffer.get(..read), bytes.get(at..end), "{len} from {at}");
        }
    }
}

/// A file without a name.
fn file(bytes: &[u8]) -> File {
    let mut file = super::nameless().unwrap();
    file.write_all(bytes).unwrap();
    file
}

#[test]
fn a_reader_goes_to_any_place() {
    let data = Data::from(b"abcdef".to_vec());
    let mut reader = data.reader();
    let mut rest = String::new();
    assert_eq!(reader.seek(SeekFrom::End(-2)).unwrap(), 4);
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "ef");
    assert_eq!(reader.seek(SeekFrom::Current(-5)).unwrap(), 1);
    assert!(reader.seek(SeekFrom::Current(-2)).is_err());
}
