//! Evidence made of text: a dataset of people, files to examine, and short names for what comes out.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use semla_checks::{Evidence, Finding, Input, Outcome, Report, examine};
use semla_policy::{Card, Column, Kind, Output, OutputKind, Profile};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// The columns of [`people`].
pub const COLUMNS: [&str; 8] = ["id", "age", "sex", "site", "bmi", "glucose", "income", "visit"];
/// How many rows [`people`] has.
pub const PEOPLE: usize = 300;

/// The thresholds of the `standard` profile.
pub fn profile() -> Profile {
    let types = ["csv", "tsv", "json", "txt", "md", "png"];
    Profile {
        name: "standard".to_owned(),
        min_people: 10,
        max_bytes: 16 << 20,
        max_rows: 5_000,
        information: 1 << 20,
        weight_bits: None,
        types: types.map(str::to_owned).to_vec(),
    }
}

/// A file with this name and content, of a job without inputs.
pub fn evidence(name: &str, content: impl AsRef<[u8]>) -> Evidence {
    Evidence {
        traceback: None,
        name: name.to_owned(),
        file: file(content.as_ref()),
        declaration: declaration(name),
        profile: profile(),
        inputs: Vec::new(),
        released: BTreeMap::new(),
    }
}

/// What a job says of a table.
pub fn declaration(name: &str) -> Output {
    Output {
        path: name.to_owned(),
        kind: OutputKind::Table,
        counts: Vec::new(),
        data: None,
        about: String::new(),
        controls: String::new(),
    }
}

/// An opened file that has no name any more.
pub fn file(content: &[u8]) -> File {
    let path = fresh();
    fs::write(&path, content).unwrap();
    let opened = File::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    opened
}

/// A path under the temporary folder that nothing else has.
pub fn fresh() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("semla-checks-{}-{number}", std::process::id()))
}

/// The rows of a dataset of people: no two alike, and the same in every run.
pub fn people() -> Vec<Vec<String>> {
    let mut draw = draw(7);
    let row = |person: usize| {
        let mut below = |bound: u64| draw() % bound;
        vec![
            format!("P{:05}", 10_000 + person * 37),
            (18 + below(70)).to_string(),
            ["f", "m"][below(2) as usize].to_owned(),
            ["north", "south", "east"][below(3) as usize].to_owned(),
            format!("{}.{:02}", 17 + below(22), below(100)),
            format!("{}.{:03}", 3 + below(9), 1 + below(999)),
            (12_000 + below(90_000)).to_string(),
            format!("20{:02}-{:02}-{:02}", 10 + below(15), 1 + below(12), 1 + below(28)),
        ]
    };
    (0..PEOPLE).map(row).collect()
}

/// A source of numbers that are the same in every run (Knuth's MMIX generator).
pub fn draw(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    }
}

/// A table as csv.
pub fn csv<T: AsRef<str>>(header: &[&str], rows: &[Vec<T>]) -> String {
    let mut text = header.join(",") + "\n";
    for row in rows {
        text += &row.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    text
}

/// A dataset of one csv file.
pub fn input(header: &[&str], id: Option<&str>, text: &str) -> Input {
    Input {
        name: "cohort".to_owned(),
        card: card(header, id),
        files: vec![("rows.csv".to_owned(), file(text.as_bytes()))],
    }
}

/// A card that names these columns.
pub fn card(header: &[&str], id: Option<&str>) -> Card {
    let column = |name: &&str| Column { name: (*name).to_owned(), kind: Kind::Text {} };
    Card {
        title: "a cohort".to_owned(),
        unit: "person".to_owned(),
        id: id.map(str::to_owned),
        rows: 10,
        columns: header.iter().map(column).collect(),
    }
}

/// A file of a job that read [`people`].
pub fn about_people(name: &str, content: impl AsRef<[u8]>) -> Evidence {
    let mut evidence = evidence(name, content);
    evidence.inputs.push(input(&COLUMNS, Some("id"), &csv(&COLUMNS, &people())));
    evidence
}

/// The worst that a check says of some evidence.
pub fn outcome(check: &str, evidence: &Evidence) -> Option<Outcome> {
    worst(check, &examine(evidence))
}

/// The worst that a check says in a report.
pub fn worst(check: &str, report: &Report) -> Option<Outcome> {
    report.findings.iter().filter(|finding| finding.check == check).map(|finding| finding.outcome).max()
}

/// A check's worst finding in a report.
pub fn finding<'a>(check: &str, report: &'a Report) -> &'a Finding {
    let of_check = report.findings.iter().filter(|finding| finding.check == check);
    of_check.max_by_key(|finding| finding.outcome).unwrap()
}

/// A figure's pixels in the one way in which they may leave.
pub fn packed(figure: &[u8]) -> Vec<u8> {
    examine(&evidence("a.png", figure)).mended.unwrap_or_else(|| figure.to_vec())
}

/// A figure of so many pixels, and the parts that the caller puts before its pixels.
pub fn figure(width: u32, height: u32, texts: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    for (name, text) in texts {
        encoder.add_text_chunk((*name).to_owned(), (*text).to_owned()).unwrap();
    }
    let pixels: Vec<u8> = (0..width * height * 3).map(|at| (at * 7 % 251) as u8).collect();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Writes a file, and the folders above it.
pub fn put(path: PathBuf, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().write_all(content).unwrap();
}
