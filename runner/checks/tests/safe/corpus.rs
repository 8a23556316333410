//! A hundred ordinary, safe exports, each with the data that it was made from (`make.py`), and how many of them are held up.
#![allow(dead_code, clippy::expect_used, clippy::indexing_slicing)]

use semla_checks::{Evidence, Input, Outcome, Report, examine};
use semla_policy::{Output, OutputKind, Profile};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Every type that a policy may let leave and that a check reads.
const TYPES: &str =
    "csv tsv parquet json jsonl txt log md ipynb xlsx png jpg pdf safetensors onnx npy npz pkl joblib pt";

/// One export.
pub struct Export {
    /// Its file's name.
    pub name: String,
    /// The data set that it was made from.
    pub data: String,
    /// What its job says that it is.
    pub kind: OutputKind,
}

/// What is said of one.
pub struct Told {
    pub export: Export,
    pub report: Report,
}

/// All exports, each with what is said of it under the `standard` profile.
pub fn all() -> Vec<Told> {
    let text = fs::read_to_string(folder().join("safe.tsv")).expect("the list of exports");
    let export = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let kind = match cells[2] {
            "table" => OutputKind::Table,
            "figure" => OutputKind::Figure,
            "model" => OutputKind::Model,
            _ => OutputKind::Text,
        };
        Export { name: cells[0].to_owned(), data: cells[1].to_owned(), kind }
    };
    text.lines().map(export).map(told).collect()
}

/// The part of all exports that is blocked, and the part of the tables among them that goes to people.
pub fn rates(all: &[Told]) -> (f64, f64) {
    let part = |some: usize, of: usize| some as f64 / of as f64;
    let tables: Vec<&Told> = all.iter().filter(|told| told.export.kind == OutputKind::Table).collect();
    let blocked = all.iter().filter(|told| is_blocked(&told.report)).count();
    let reviewed = tables.iter().filter(|told| told.report.verdict == Outcome::Review).count();
    (part(blocked, all.len()), part(reviewed, tables.len()))
}

/// Whether a file is blocked.
pub fn is_blocked(report: &Report) -> bool {
    report.verdict == Outcome::Block
}

/// What is said of an export; of a figure, of the copy that takes its place.
fn told(export: Export) -> Told {
    let file = File::open(folder().join("exports").join(&export.name)).expect("an export");
    let report = examine(&evidence(&export, file));
    let report = match &report.mended {
        Some(copy) => examine(&evidence(&export, holding(copy))),
        None => report,
    };
    Told { export, report }
}

/// A file as evidence, in an export's place.
pub fn evidence(export: &Export, file: File) -> Evidence {
    let data = folder().join("data").join(format!("{}.csv", export.data));
    Evidence {
        released: BTreeMap::new(),
        traceback: None,
        name: export.name.clone(),
        file,
        declaration: Output {
            path: export.name.clone(),
            kind: export.kind,
            counts: Vec::new(),
            data: None,
            about: String::new(),
            controls: String::new(),
        },
        profile: Profile {
            name: "standard".to_owned(),
            min_people: 10,
            max_bytes: 16 << 20,
            max_rows: 5_000,
            information: 1 << 20,
            weight_bits: None,
            types: TYPES.split(' ').map(str::to_owned).collect(),
        },
        inputs: vec![Input::at(&data, Some("person")).expect("the data")],
    }
}

/// An opened file of these bytes that has no name any more.
pub fn holding(bytes: &[u8]) -> File {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("semla-safe-{}-{number}", std::process::id()));
    let mut file = File::options().create(true).truncate(true).read(true).write(true).open(&path).expect("a file");
    fs::remove_file(&path).expect("the file");
    file.write_all(bytes).and_then(|()| file.rewind()).expect("room");
    file
}

/// Where they are, seen from whatever crate includes this.
pub fn folder() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.map(|folder| folder.join("runner/checks/tests/safe")).find(|folder| folder.is_dir()).expect("the exports")
}
