#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod archives;
mod arrays;
mod benign;
mod bent;
mod books;
mod figures;
mod large;
mod models;
mod papers;
mod tables;
mod work;

use super::{Kind, open};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Outcome;
use std::fs;
use std::path::PathBuf;

/// Opens bytes under a name.
fn look(name: &str, bytes: impl Into<Vec<u8>>) -> (Result<&'static Kind, Fault>, Anatomy) {
    let mut anatomy = Anatomy::default();
    let kind = open(&Data::from(bytes.into()), name, "", &mut anatomy);
    (kind, anatomy)
}

/// Why a file is blocked: its fault, and the remarks that block.
fn amiss(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let (kind, anatomy) = look(name, bytes);
    let blocks = anatomy.remarks.into_iter().filter(|remark| remark.outcome == Outcome::Block);
    let remarks = blocks.map(|remark| format!("{}: {}", remark.check, remark.message));
    kind.err().map(|fault| fault.what).into_iter().chain(remarks).collect()
}

/// All that a harmless file holds.
fn opened(name: &str, bytes: impl Into<Vec<u8>>) -> Anatomy {
    let (kind, anatomy) = look(name, bytes);
    assert!(
        kind.is_ok() && anatomy.remarks.iter().all(|remark| remark.outcome != Outcome::Block),
        "{name}: {kind:?}, {:?}",
        anatomy.remarks
    );
    anatomy
}

/// Every number that a file holds.
fn numbers(anatomy: &Anatomy) -> Vec<f64> {
    let mut all = Vec::new();
    for part in &anatomy.parts {
        if let Body::Array(array) = &part.body {
            array.read(0, array.len() as usize, &mut all).unwrap();
        }
    }
    all
}

/// Every text that a file holds.
fn texts(anatomy: &Anatomy) -> Vec<String> {
    let of = |body: &Body| match body {
        Body::Texts(texts) => texts.iter().map(str::to_owned).collect(),
        Body::Words(text) => vec![text.clone()],
        Body::Tables(tables) => tables.iter().flat_map(|table| &table.rows).flat_map(|row| row.cells.clone()).collect(),
        _ => Vec::new(),
    };
    anatomy.parts.iter().flat_map(|part| of(&part.body)).collect()
}

/// The harmless files, by name.
fn corpus() -> Vec<(String, Vec<u8>)> {
    files_of("benign")
}

fn files_of(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus")).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// One file, harmless or not.
fn sample(name: &str) -> Vec<u8> {
    corpus()
        .into_iter()
        .chain(files_of("hostile"))
        .find(|(known, _)| known == name)
        .unwrap_or_else(|| panic!("{name} is missing"))
        .1
}

/// A source of numbers that are the same in every run (Knuth's MMIX generator).
fn draw(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    }
}
