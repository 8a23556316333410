//! The worker: one file in, four answers out, and no answer at all where something is amiss.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{COLUMNS, PEOPLE, csv, figure, fresh, people, put};
use semla_checks::worker::{WorkError, work};
use semla_checks::{Outcome, Report};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The two folders of a worker, gone when the test ends.
struct Bench {
    root: PathBuf,
    from: PathBuf,
    to: PathBuf,
}

impl Bench {
    /// A file of a job that read the dataset of people, whose rows lie in two files.
    fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let root = fresh();
        let bench = Self { from: root.join("in"), to: root.join("out"), root };
        fs::create_dir_all(&bench.to).unwrap();
        let card = common::card(&COLUMNS, Some("id"));
        bench.put("file", content.as_ref());
        bench.put("declaration.json", &serde_json::to_vec(&common::declaration(name)).unwrap());
        bench.put("profile.json", &serde_json::to_vec(&common::profile()).unwrap());
        bench.put("released.json", b"{}");
        bench.put("data/cohort/card.json", &serde_json::to_vec(&card).unwrap());
        bench.put("data/cohort/content/first.csv", csv(&COLUMNS, &people()[..150]).as_bytes());
        bench.put("data/cohort/content/more/deep/second.csv", csv(&COLUMNS, &people()[150..]).as_bytes());
        bench
    }

    fn put(&self, path: &str, content: &[u8]) {
        put(self.from.join(path), content);
    }

    fn work(&self) -> Result<(), WorkError> {
        work(&self.from, &self.to)
    }

    fn answer(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.to.join(name)).ok()
    }

    fn verdict(&self) -> String {
        self.work().unwrap();
        String::from_utf8(self.answer("verdict").unwrap()).unwrap()
    }

    /// Holds that there is an error, and nothing that could be taken for an answer.
    fn fails(&self, what: &str) -> WorkError {
        let error = self.work().expect_err(what);
        assert_eq!(self.answer("verdict"), None, "{what}");
        error
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.root).unwrap();
    }
}

const METRICS: &str = "model,auc\nlogistic,0.9134\n";

#[test]
fn a_harmless_table_passes() {
    let bench = Bench::new("a.csv", METRICS);
    assert_eq!(bench.verdict(), "pass");
    assert_eq!(bench.answer("mended"), None);
}

#[test]
fn the_verdict_is_the_worst_outcome() {
    for (name, content, expected) in [
        ("a.csv", METRICS.to_owned(), "pass"),
        ("a.csv", "site,z\nnorth,7\n".to_owned(), "review"),
        ("a.csv", "site,n\nnorth,7\n".to_owned(), "block"),
        ("a.pkl", METRICS.to_owned(), "block"),
        ("a.csv", csv(&COLUMNS, &people()[40..41]), "block"),
    ] {
        assert_eq!(Bench::new(name, content).verdict(), expected);
    }
}

#[test]
fn rows_in_folders_of_a_dataset_are_inputs_too() {
    let bench = Bench::new("a.csv", csv(&COLUMNS, &people()[PEOPLE - 1..]));
    assert_eq!(bench.verdict(), "block");
    fs::remove_dir_all(bench.from.join("data/cohort/content/more")).unwrap();
    assert_ne!(bench.verdict(), "block");
}

#[test]
fn notices_and_detail_are_what_the_daemon_reads() {
    let bench = Bench::new("deep/a.csv", "site,n\nnorth,7\n");
    bench.work().unwrap();
    let notices = String::from_utf8(bench.answer("notices").unwrap()).unwrap();
    assert_eq!(notices, "F1 pass\nF2 pass\nF7 pass\nT1 block\nC1 pass\nC3 pass\nC6 pass\n");
    let report: Report = serde_json::from_slice(&bench.answer("detail.json").unwrap()).unwrap();
    let told = semla_checks::notices(&report);
    assert!(
        told.iter().zip(notices.lines()).all(|(one, line)| line == format!("{} {}", one.check, one.outcome.word()))
    );
    assert_eq!((report.verdict, report.profile.as_str()), (Outcome::Block, "standard"));
    assert!(report.findings.iter().all(|finding| finding.path == "deep/a.csv"));
}

#[test]
fn a_mended_figure_lies_beside_the_answers() {
    let bench = Bench::new("a.png", figure(8, 8, &[("Comment", "hidden")]));
    assert_eq!(bench.verdict(), "block");
    let copy = bench.answer("mended").unwrap();
    assert_eq!(Bench::new("a.png", copy).verdict(), "review");
}

#[test]
fn a_job_without_inputs_has_no_folder_of_them() {
    let bench = Bench::new("a.csv", csv(&COLUMNS, &people()[..1]));
    fs::remove_dir_all(bench.from.join("data")).unwrap();
    assert_ne!(bench.verdict(), "block");
}

#[test]
fn what_is_missing_or_garbled_is_an_error() {
    for path in ["file", "declaration.json", "profile.json", "data/cohort/card.json"] {
        let missing = Bench::new("a.csv", METRICS);
        fs::remove_file(missing.from.join(path)).unwrap();
        assert!(matches!(missing.fails(path), WorkError::Read(..)), "{path}");
    }
    for path in ["declaration.json", "profile.json", "data/cohort/card.json"] {
        for content in ["", "{}", "[", "{\"name\": 1}"] {
            let garbled = Bench::new("a.csv", METRICS);
            garbled.put(path, content.as_bytes());
            assert!(matches!(garbled.fails(path), WorkError::Understand(..)), "{path}: {content}");
        }
    }
    let empty = Bench::new("a.csv", METRICS);
    fs::remove_dir_all(empty.from.join("data/cohort/content")).unwrap();
    empty.fails("no content");
}

#[test]
fn a_profile_with_a_word_too_many_is_an_error() {
    let bench = Bench::new("a.csv", METRICS);
    let mut profile = serde_json::to_value(common::profile()).unwrap();
    profile["lenient"] = true.into();
    bench.put("profile.json", profile.to_string().as_bytes());
    assert!(matches!(bench.fails("an unknown word"), WorkError::Understand(..)));
}

#[test]
fn links_and_pipes_among_the_inputs_are_errors() {
    let content = |bench: &Bench| bench.from.join("data/cohort/content");
    let link = |target: &Path, bench: &Bench| symlink(target, content(bench).join("link.csv")).unwrap();
    let to_file = Bench::new("a.csv", METRICS);
    link(&content(&to_file).join("first.csv"), &to_file);
    let to_folder = Bench::new("a.csv", METRICS);
    link(&content(&to_folder).join("more"), &to_folder);
    let to_nothing = Bench::new("a.csv", METRICS);
    link(Path::new("/nothing/there"), &to_nothing);
    let pipe = Bench::new("a.csv", METRICS);
    assert!(Command::new("mkfifo").arg(content(&pipe).join("pipe.csv")).status().unwrap().success());
    for bench in [to_file, to_folder, to_nothing, pipe] {
        assert!(matches!(bench.fails("a link or pipe"), WorkError::Strange(_)));
    }
}

#[test]
fn a_dataset_in_another_ones_folder_is_an_error_and_not_overlooked() {
    let bench = Bench::new("a.csv", METRICS);
    bench.put("data/cohort/other@1/content/rows.csv", csv(&COLUMNS, &people()[..10]).as_bytes());
    assert!(
        matches!(bench.fails("a folder beside the content"), WorkError::Strange(path) if path.ends_with("other@1"))
    );
    let bench = Bench::new("a.csv", METRICS);
    bench.put("data/other/content/rows.csv", csv(&COLUMNS, &people()[..9]).as_bytes());
    assert!(matches!(bench.fails("a dataset without a card"), WorkError::Read(..)));
}

#[test]
fn folders_too_deep_are_errors() {
    let folders = |depth: usize| format!("data/cohort/content/{}rows.csv", "d/".repeat(depth));
    let bench = Bench::new("a.csv", METRICS);
    bench.put(&folders(8), csv(&COLUMNS, &people()[..9]).as_bytes());
    assert_eq!(bench.verdict(), "pass");
    let bench = Bench::new("a.csv", METRICS);
    bench.put(&folders(9), csv(&COLUMNS, &people()[..9]).as_bytes());
    assert!(matches!(bench.fails("too deep"), WorkError::Strange(_)));
}

#[test]
fn without_room_for_the_answers_there_is_no_verdict() {
    for taken in ["notices", "detail.json", "mended"] {
        let bench = Bench::new("a.png", figure(8, 8, &[("Comment", "hidden")]));
        fs::create_dir(bench.to.join(taken)).unwrap();
        assert!(matches!(bench.fails(taken), WorkError::Write(..)), "{taken}");
    }
}

#[test]
fn the_program_ends_well_only_with_an_answer() {
    let program = |bench: &Bench| {
        Command::new(env!("CARGO_BIN_EXE_semla-checks-worker")).args([&bench.from, &bench.to]).output().unwrap()
    };
    let bench = Bench::new("a.csv", METRICS);
    assert!(program(&bench).status.success());
    assert_eq!(bench.answer("verdict").as_deref(), Some(&b"pass"[..]));
    let bench = Bench::new("a.csv", METRICS);
    fs::remove_file(bench.from.join("declaration.json")).unwrap();
    let ended = program(&bench);
    assert_eq!((ended.status.code(), ended.stdout.as_slice(), bench.answer("verdict")), (Some(1), &b""[..], None));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("declaration.json"));
}

#[test]
fn inputs_that_cannot_be_listed_are_not_taken_for_none() {
    let bench = Bench::new("a.csv", METRICS);
    fs::remove_dir_all(bench.from.join("data")).unwrap();
    assert_eq!(bench.verdict(), "pass", "a job without inputs");
    let bench = Bench::new("a.csv", METRICS);
    fs::remove_dir_all(bench.from.join("data")).unwrap();
    bench.put("data", b"no folder");
    assert!(matches!(bench.fails("a file in the place of the inputs"), WorkError::Read(..)));
}
