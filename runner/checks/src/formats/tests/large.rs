//! Files that are large, or claim to be: each takes bounded time and memory.

use super::{amiss, look, opened};
use crate::anatomy::Anatomy;
use crate::busy::Busy;
use crate::data::Data;
use crate::finding::Outcome;
use crate::formats::open;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 3 });

/// A file with a beginning and an end, and nothing but a hole of zeros between them.
fn sparse(start: &[u8], size: u64, end: &[u8]) -> File {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("semla-formats-{}-{number}", std::process::id()));
    let mut file = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    file.write_all(start).unwrap();
    file.seek(SeekFrom::Start(size - end.len() as u64)).unwrap();
    file.write_all(end).unwrap();
    file.set_len(size).unwrap();
    file
}

/// Holds that a file is blocked, and soon.
fn soon(name: &str, file: &File) {
    let mut anatomy = Anatomy::default();
    let start = Busy::start();
    let kind = open(&Data::of(file).unwrap(), name, "", &mut anatomy);
    assert!(start.elapsed() < PATIENCE, "{name}: {:?}", start.elapsed());
    assert!(kind.is_err() || anatomy.remarks.iter().any(|remark| remark.outcome == Outcome::Block), "{name}");
}

#[test]
fn ten_gigabytes_of_zeros_block_at_once() {
    const SIZE: u64 = 10 << 30;
    let zeros = sparse(b"", SIZE, b"");
    for ending in [
        "csv",
        "tsv",
        "json",
        "jsonl",
        "txt",
        "md",
        "log",
        "png",
        "jpg",
        "pdf",
        "parquet",
        "xlsx",
        "ipynb",
        "zip",
        "tar",
        "gz",
        "npy",
        "npz",
        "pkl",
        "joblib",
        "pt",
        "safetensors",
        "onnx",
        "h5",
        "exe",
        "",
    ] {
        soon(&format!("a.{ending}"), &zeros);
    }
    for (name, start, end) in [
        ("a.zip", &b"PK\x03\x04"[..], &b""[..]),
        ("a.zip", b"PK\x03\x04", b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\0\0\0\0\0\0"),
        ("a.csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b""),
        ("a.csv.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\x03aaaa", b""),
        ("a.npy", b"\x93NUMPY\x01\0", b""),
        ("a.safetensors", b"\x40\0\0\0\0\0\0\0{", b""),
        ("a.onnx", b"\x08\x08\x3a\xff\xff\xff\xff\x0f", b""),
        ("a.png", b"\x89PNG\r\n\x1a\n", b""),
        ("a.jpg", b"\xff\xd8\xff\xe0", b""),
        ("a.pdf", b"%PDF-1.7\n", b"%%EOF"),
        ("a.parquet", b"PAR1", b"\x10\0\0\0PAR1"),
        ("a.parquet", b"PAR1", b"\xff\xff\xff\x7fPAR1"),
    ] {
        soon(name, &sparse(start, SIZE, end));
    }
}

#[test]
fn a_large_array_is_read_where_it_lies() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }\n";
    let start = [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
    let file = sparse(&start, start.len() as u64 + 8_000_000_000, b"");
    let mut anatomy = Anatomy::default();
    let before = Busy::start();
    open(&Data::of(&file).unwrap(), "a.npy", "", &mut anatomy).unwrap();
    assert!(before.elapsed() < PATIENCE && anatomy.parts.len() == 1);
}

#[test]
fn one_line_of_a_hundred_megabytes_blocks() {
    for (name, piece) in [("a.csv", "7,"), ("a.csv", "x"), ("a.json", "["), ("a.jsonl", "x"), ("a.txt", "NaN ")] {
        let start = Busy::start();
        assert!(!amiss(name, piece.repeat((100 << 20) / piece.len())).is_empty(), "{name}");
        assert!(start.elapsed() < PATIENCE, "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn nan_in_every_cell_opens() {
    opened("a.csv", format!("a,b\n{}", "NaN,nan\n".repeat(1000)));
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (100,), }\n";
    let start = [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
    opened("a.npy", [start, f64::NAN.to_le_bytes().repeat(100)].concat());
    assert!(!amiss("a.json", "{\"auc\": NaN}").is_empty());
}

#[test]
fn text_that_isnt_utf_8_blocks() {
    for name in ["a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a.md", "a.log", "a.ipynb"] {
        for text in [&b"a,b\n\xff,1.5\n"[..], b"\xff\xfea\0", b"a\0b", b"\xed\xa0\x80", b"\xc0\x80"] {
            assert!(look(name, text).0.is_err(), "{name}: {text:?}");
        }
    }
}

#[test]
fn a_thousand_levels_block() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for name in ["a.json", "a.jsonl", "a.ipynb"] {
            assert!(!amiss(name, open.repeat(1000) + "1.5" + &close.repeat(1000)).is_empty(), "{name}");
        }
    }
}
