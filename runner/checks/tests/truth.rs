//! What is found in models is what they keep: every estimator of scikit-learn that fits a small table, results of statsmodels, and
//! states of PyTorch, held to a search through the live objects (`truth/make.py`, in `truth/models.tar.gz`).
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{draw, evidence, input};
use flate2::read::GzDecoder;
use semla_checks::Outcome::{Block, Pass, Review};
use semla_checks::{Finding, Report, examine};
use std::collections::BTreeMap;
use std::io::Read;

/// Positions that a finding lists at most.
const LISTED: usize = 50;
/// Fewer values of a column than these are no finding, ...
const ENOUGH: usize = 10;
/// ... and as many are one whatever chance may add.
const SURE: usize = 16;

/// Models whose rows aren't all found yet, and why.
const NOT_YET: [(&str, &str); 4] = [
    ("MiniBatchKMeans.", "a centre that is one row is the mean of it over and over, and off in its last bit"),
    ("SVR.onnx", "support vectors are one list, of which some rows of 32 bits aren't told from chance"),
    ("NuSVR.onnx", "likewise"),
    (
        "MinMaxScaler-",
        "in ONNX that scaler is a product and a sum of two nodes, and isn't undone; M1 knows the models by type",
    ),
];
/// Models that keep rows by their nature, and happen to have none: with these data no cluster has a core.
const EMPTY: [&str; 1] = ["DBSCAN."];

/// One line of `truth.tsv`.
struct Truth {
    file: String,
    /// Rows as they are, or as a scaler made them.
    rows: Vec<u64>,
    /// How many rows as another step made them.
    made: usize,
    /// How many values of one column, each beside another.
    values: usize,
}

struct Models {
    files: BTreeMap<String, Vec<u8>>,
    truths: Vec<Truth>,
    table: String,
}

impl Models {
    fn read() -> Self {
        let packed = &include_bytes!("truth/models.tar.gz")[..];
        let mut archive = tar::Archive::new(GzDecoder::new(packed));
        let mut files = BTreeMap::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().file_name().map(|name| name.to_string_lossy().into_owned());
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.extend(name.map(|name| (name, bytes)));
        }
        let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
        let table = text("table.csv");
        let people = table.lines().count() as u64 - 1;
        let truth = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            let rows = match cells[4] {
                "all" => (1..=people).collect(),
                listed => listed.split_whitespace().map(|row| row.parse().unwrap()).collect(),
            };
            Truth {
                file: cells[0].to_owned(),
                rows,
                made: cells[2].parse().unwrap(),
                values: cells[3].parse().unwrap(),
            }
        };
        let truths = text("truth.tsv").lines().skip(1).map(truth).collect();
        Self { files, truths, table }
    }

    /// What is said of a model, made from a table.
    fn examine(&self, name: &str, table: &str) -> Report {
        let mut evidence = evidence(name, &self.files[name]);
        evidence.profile.types = ["pkl", "joblib", "pt", "onnx"].map(str::to_owned).to_vec();
        let columns: Vec<&str> = table.lines().next().unwrap().split(',').collect();
        evidence.inputs.push(input(&columns, Some("id"), table));
        examine(&evidence)
    }
}

/// What was found of copies: rows, and values.
fn copies(report: &Report) -> (Vec<&Finding>, Vec<&Finding>) {
    let found =
        report.findings.iter().filter(|found| found.outcome == Block && ["C1", "C3", "C5"].contains(&&*found.check));
    found.partition(|found| !found.evidence.contains_key("needed"))
}

/// What is wrong with what is said of a model.
fn amiss(truth: &Truth, report: &Report) -> Vec<String> {
    let (rows, values) = copies(report);
    let is_keeper = common::worst("M1", report) == Some(Block);
    let mut wrong = Vec::new();
    match (rows.first(), truth.rows.len()) {
        (None, 0) => {}
        (None, kept) => wrong.push(format!("keeps {kept} rows, and none is found")),
        (Some(found), kept) => {
            let listed: Vec<u64> = truth.rows.iter().copied().take(LISTED).collect();
            if found.evidence["count"] != kept || found.evidence["input_rows"] != serde_json::json!(listed) {
                wrong.push(format!("keeps {kept} rows, and what is found is {:?}", found.evidence));
            }
        }
    }
    if truth.values < ENOUGH && !values.is_empty() {
        wrong.push(format!("keeps {} values, and it is said: {}", truth.values, values[0].message));
    }
    if truth.values >= SURE && rows.is_empty() && values.is_empty() {
        wrong.push(format!("keeps {} values, and none is found", truth.values));
    }
    let keeps = !truth.rows.is_empty() || truth.made > 0 || !values.is_empty();
    if is_keeper != keeps {
        wrong.push(format!("M1 blocks: {is_keeper}; it keeps rows or values: {keeps}"));
    }
    wrong.iter().map(|wrong| format!("{}: {wrong}", truth.file)).collect()
}

#[test]
fn what_is_found_is_what_models_keep() {
    let models = Models::read();
    let known = |file: &str| NOT_YET.iter().map(|(known, _)| known).chain(&EMPTY).any(|known| file.starts_with(known));
    let (mut wrong, mut keepers, mut others) = (Vec::new(), 0, 0);
    for truth in &models.truths {
        let report = models.examine(&truth.file, &models.table);
        let found = amiss(truth, &report);
        wrong.extend(found.into_iter().filter(|_| !known(&truth.file)));
        match truth.rows.is_empty() && truth.made == 0 && truth.values < ENOUGH {
            true => others += 1,
            false => keepers += 1,
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(keepers > 150 && others > 300, "{keepers} and {others} models");
}

#[test]
fn few_people_for_each_coefficient_and_small_groups_go_to_people() {
    let models = Models::read();
    let said = |model: &str| common::worst("M2", &models.examine(model, &models.table));
    for kind in ["joblib", "pkl"] {
        assert_eq!(said(&format!("LogisticRegression.{kind}")), Some(Pass), "11 coefficients, 50 people");
        assert_eq!(said(&format!("PolynomialFeatures-LogisticRegression.{kind}")), Some(Review), "67 coefficients");
        assert_eq!(said(&format!("GaussianNB.{kind}")), Some(Pass), "three classes of 16 and 17");
        assert_eq!(said(&format!("CategoricalNB.{kind}")), Some(Review), "categories of some, and of none");
    }
    assert_eq!(said("Ridge.onnx"), Some(Pass));
    assert_eq!(said("PolynomialFeatures-LogisticRegression.onnx"), Some(Review));
}

#[test]
fn of_other_people_nothing_is_found_in_them() {
    let models = Models::read();
    let mut draw = draw(11);
    let mut other = |cell: &str| match cell.parse::<f64>() {
        Ok(number) if cell.contains('.') => format!("{:.4}", number + 1e-4 * (1 + draw() % 2000) as f64),
        _ => cell.to_owned(),
    };
    let (header, rows) = models.table.split_once('\n').unwrap();
    let moved = rows.lines().map(|row| row.split(',').map(&mut other).collect::<Vec<_>>().join(",") + "\n");
    let table = format!("{header}\n{}", moved.collect::<String>());
    for truth in models.truths.iter().filter(|truth| !truth.rows.is_empty()) {
        let report = models.examine(&truth.file, &table);
        let (rows, values) = copies(&report);
        assert!(rows.is_empty() && values.is_empty(), "{}: {rows:?} {values:?}", truth.file);
    }
}
