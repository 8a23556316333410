//! Harmless files with a few bytes changed, left out or put in: no reader panics, hangs or takes what a header claims for granted.

use super::{amiss, corpus, draw, look, sample};
use crate::busy::Busy;
use std::time::Duration;

/// Changed files of each sample.
const EACH: usize = if cfg!(debug_assertions) { 20 } else { 3000 };
/// Longest that any of them may take.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });

/// One of the ways in which a file can be bent.
fn bend(bytes: &mut Vec<u8>, draw: &mut impl FnMut() -> usize) {
    for _ in 0..=draw() % 3 {
        let at = draw() % bytes.len().max(1);
        match draw() % 8 {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), draw() as u8),
            2 => {
                let end = (at + draw() % 16).min(bytes.len());
                bytes.drain(at.min(end)..end);
            }
            3 => {
                let copied = bytes[at.min(bytes.len())..(at + draw() % 32).min(bytes.len())].to_vec();
                let to = draw() % (bytes.len() + 1);
                bytes.splice(to..to, copied);
            }
            kind => {
                let values = [0, 1, 0x7f, 0x80, 0xff, draw() as u8];
                let count = if kind < 6 { 1 } else { 4 };
                let value = values[draw() % values.len()];
                bytes.iter_mut().skip(at).take(count).for_each(|byte| *byte = value);
            }
        }
    }
}

#[test]
fn no_bent_file_makes_a_reader_panic_or_hang() {
    for (seed, (name, bytes)) in corpus().into_iter().enumerate() {
        let mut draw = draw(seed as u64);
        for round in 0..EACH {
            let mut bent = bytes.clone();
            bend(&mut bent, &mut draw);
            let start = Busy::start();
            drop(look(&name, bent));
            assert!(start.elapsed() < PATIENCE, "{name}, round {round}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn every_cut_of_a_binary_file_blocks() {
    for (name, bytes) in corpus() {
        let text =
            ["csv", "tsv", "jsonl", "txt", "md", "log"].iter().any(|ending| name.ends_with(&format!(".{ending}")));
        if text {
            continue;
        }
        for len in (0..bytes.len()).step_by(1 + bytes.len() / 300) {
            // What was cut off may be nothing: filling behind an archive's end, or the last of a message's fields.
            let filling = (name.ends_with(".tar") || bytes[len..] == *b"\n")
                && bytes[len..].iter().all(|byte| matches!(byte, 0 | b'\n'));
            if !filling && !name.ends_with(".onnx") {
                assert!(!amiss(&name, &bytes[..len]).is_empty(), "{name} cut at {len}");
            }
        }
    }
}

#[test]
fn every_file_under_the_name_of_another_kind_blocks() {
    let files = corpus();
    let endings = [
        "csv",
        "json",
        "png",
        "zip",
        "tar",
        "npy",
        "npz",
        "onnx",
        "safetensors",
        "pkl",
        "gz",
        "pdf",
        "xlsx",
        "exe",
        "",
    ];
    let texts = ["csv", "tsv", "json", "jsonl", "txt", "md", "log", "ipynb"];
    // A pickle of protocol 0 is a text, too, and its only sign is its name.
    for (name, bytes) in files.iter().filter(|(name, _)| !name.ends_with("-p0.pkl")) {
        let own = name.rsplit('.').next().unwrap();
        // Any text is a text, and what a text is called decides what it is read as.
        let pickles = ["pkl", "joblib"];
        let alike = |ending: &str| [&texts[..], &pickles].iter().any(|all| all.contains(&own) && all.contains(&ending));
        for ending in endings.iter().filter(|ending| **ending != own && !alike(ending)) {
            assert!(!amiss(&format!("a.{ending}"), bytes.clone()).is_empty(), "{name} called {ending}");
        }
    }
}

#[test]
fn a_file_that_is_two_at_once_blocks() {
    let (pdf, tar) = (b"%PDF-1.7\n".to_vec(), sample("ustar.tar"));
    let zip = sample("stored.zip");
    for name in ["plain.csv", "plain.txt", "plain.json", "floats.npy", "plain.safetensors", "svc.onnx"] {
        let bytes = sample(name);
        assert!(!amiss(name, [&bytes[..], &zip].concat()).is_empty(), "{name} and zip");
        assert!(!amiss(name, [&bytes[..], &pdf].concat()).is_empty(), "{name} and pdf");
        let mut archive = tar.clone();
        let len = bytes.len().min(90);
        archive[..len].copy_from_slice(&bytes[..len]);
        assert!(!amiss(name, archive).is_empty(), "{name} and tar");
    }
    let text = b"The end.\n".to_vec();
    for (what, bytes) in [
        ("a script", [b"#!/bin/sh\n".to_vec(), text.clone()].concat()),
        ("a page", [b" \n<html>".to_vec(), text.clone()].concat()),
        ("a page behind a mark", [b"\xef\xbb\xbf<script>".to_vec(), text.clone()].concat()),
        ("a drawing", b"<svg xmlns='x'></svg>".to_vec()),
        ("rtf", b"{\\rtf1 x}".to_vec()),
        ("postscript", b"%!PS-Adobe\n".to_vec()),
        ("gif and script", b"GIF89a/*\n*/=1;alert(1)".to_vec()),
        ("a key", b"-----BEGIN RSA PRIVATE KEY-----\n".to_vec()),
        ("lightgbm", b"tree\nversion=v4\n".to_vec()),
    ] {
        assert!(!amiss("a.txt", bytes).is_empty(), "{what}");
    }
    let mut array = sample("floats.npy");
    let at = array.len() - 20;
    array[at..at + 8].copy_from_slice(b"<script>");
    assert!(!amiss("a.npy", array).is_empty(), "an array and a page");
    assert!(!amiss("a.json", b"{\"learner\": {}, \"version\": [2, 0, 0]}".to_vec()).is_empty(), "xgboost");
    assert!(!amiss("a.pt", b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.".to_vec()).is_empty());
}

#[test]
fn texts_that_only_begin_like_something_else_open() {
    for (name, text) in [
        ("a.csv", "ID3,value\nauc,0.91\n"),
        ("a.csv", "MZ,value\nauc,0.91\n"),
        ("a.csv", "BM,value\nauc,0.91\n"),
        ("a.txt", "ORCID and RIFF\n"),
        ("a.txt", "x % and PK are letters\n"),
    ] {
        super::opened(name, text);
    }
}
