//! Files that people got wrong: whatever was mistyped, a reader takes the file or says what is wrong and where.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "common/hostile.rs"]
mod hostile;

use hostile::{READERS, Reader, judge, reasons};
use proptest::prelude::*;
use semla_policy::text::{self, Problems};

const PERMIT: &str = r#"purpose = "who falls ill"
people = ["scientist"]
datasets = ["wdbc@1"]
up_to = "confidential/health"
until = 2027-06-30
"#;
const PERSON: &str = r#"roles = ["scientist", "checker"]
clearance = "internal"
ceiling = "confidential/health"
disabled = false
"#;
const CARD: &str = r#"title = "a registry"
unit = "patient"
id = "patient"
rows = 500

[[column]]
name = "patient"
type = "integer"
range = [1, 100_000]

[[column]]
name = "radius"
type = "number"
range = [0.5, 40]
decimals = 3

[[column]]
name = "site"
type = "code"
codes = ["A", "B"]

[[column]]
name = "note"
type = "text"
"#;
const JOB: &str = r#"permit = "P"
image = "sklearn"
code = "code"
run = ["python3", "train.py"]
data = { rows = "wdbc@1" }
env = { SEED = "1" }
needs = { cpus = 1.5, memory = "2G", time = "10m" }

[[output]]
path = "by_site.csv"
kind = "table"
counts = ["n"]
data = "by_site_data.csv"
about = "patients by site"
controls = "small groups merged"
"#;
const POLICY: &str = r#"preset = "ehds"
min_people = 12
categories = ["health", "genomics"]
audiences = ["LU"]
replies = ["merge small groups"]
tracebacks = ["ValueError"]

[[level]]
name = "public"

[[level]]
name = "internal"
keep_logs = "400d"

[[level]]
name = "confidential"
isolation = "gvisor"
owner_sees = "reason"
feedback = "notices"
budget = { bits = 64, per = "permit", every = "30d" }
ends = "fixed"
proof = "key"

[role.checker]
group = "output-checkers"
clearance = "confidential/health rel:LU"

[[release]]
from = "confidential/health"
to = "public"
reviewers = 2
who = ["checker"]
max_bytes = "1M"
max_rows = 100
answer_in = "5d"
excuse = { checks = ["T1", "T4"], reviewers = 3 }

[[share]]
labels = ["public", "internal"]
permits = "any"

[profile.standard]
min_people = 11
types = ["csv"]
"#;

const FILES: [(&str, Reader); 5] =
    [(PERMIT, READERS[0]), (PERSON, READERS[1]), (CARD, READERS[2]), (JOB, READERS[3]), (POLICY, READERS[4])];

/// What stands in for a word of a file.
const WORDS: [&str; 20] = [
    "",
    "-1",
    "0",
    "0x10",
    "2.5",
    "1e9",
    "nan",
    "inf",
    "true",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[[]]",
    "2027-02-30",
    "\"300d\"",
    "99999999999999999999",
    "\"confidental/health\"",
    "[1, \"a\"]",
    "\n",
];

/// A word left out, put in place of another, doubled, or cut in the middle.
fn mutate(source: &str, at: usize, how: usize) -> String {
    let mut words: Vec<&str> = source.split_inclusive([' ', '\n', ',', '[', ']', '=']).collect();
    let at = at % words.len();
    match how.checked_sub(3) {
        Some(word) => words[at] = WORDS[word % WORDS.len()],
        None if how == 0 => drop(words.remove(at)),
        None if how == 1 => words.insert(at, words[at]),
        None => words[at] = words[at].get(1..).unwrap_or(""),
    }
    words.concat()
}

#[test]
fn the_files_are_taken_as_they_are() {
    for (source, read) in FILES {
        assert_eq!(read(source).err(), None);
    }
}

#[test]
fn a_reader_that_gives_no_reason_is_found_out() {
    let say = |line, column, what: &str| text::Problem { line, column, what: what.to_owned() };
    assert!(judge("a = 1\n", |_| Err(Problems(Vec::new()))).is_err());
    for (wrong, twice) in [(say(9, 1, "x"), 1), (say(1, 9, "x"), 1), (say(1, 1, ""), 1), (say(1, 1, "x"), 2)] {
        let problems = vec![wrong.clone(); twice];
        assert!(reasons("a = 1\n", &problems).is_err(), "{wrong:?}");
    }
    assert!(reasons("a = 1\n", &[say(1, 5, "x"), say(1, 1, "x")]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50_000))]
    #[test]
    fn a_mistyped_file_is_taken_or_refused_with_reasons(
        file in 0..FILES.len(),
        changes in proptest::collection::vec((any::<usize>(), 0..WORDS.len() + 3), 1..4),
    ) {
        let (source, read) = FILES[file];
        let mutated = changes.into_iter().fold(source.to_owned(), |text, (at, how)| mutate(&text, at, how));
        prop_assert_eq!(judge(&mutated, read), Ok(()));
    }
}
