//! Whole rows: bytes of an output that are looked through in a second, on one core, and bytes of index for a row of the inputs.

use super::examined::busy;
use super::median;
use semla_checks::Input;
use semla_checks::whole::WholeRows;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Rows of the inputs.
const ROWS: u64 = 10_000_000;
/// Rows of the output, of which one in so many is a row of the inputs.
const OUTPUT: u64 = 3_000_000;
const COPIED: u64 = 100_000;
const ROUNDS: usize = 5;

pub(super) fn run(put: &mut impl FnMut(&str, f64)) {
    let folder = std::env::current_dir().expect("a folder").join("target/bench-rows");
    fs::create_dir_all(&folder).expect("a folder");
    let (input, output) = (folder.join("cohort.csv"), folder.join("output.csv"));
    write(&input, 0, ROWS, |_| false);
    write(&output, ROWS, OUTPUT, |row| row.is_multiple_of(COPIED));
    let inputs = [Input::at(&input, Some("id")).expect("an input")];
    let index = WholeRows::build(&inputs).expect("an index");
    put("index_bytes_per_row", index.bytes() as f64 / ROWS as f64);
    let size = fs::metadata(&output).expect("the output").len() as f64;
    let round = |_| {
        let before = busy();
        let found = index.suspects(File::open(&output).expect("the output"), b',').expect("an answer");
        let taken = busy() - before;
        let copied = OUTPUT / COPIED;
        assert!((copied..copied + 400).contains(&(found.len() as u64)), "{} rows", found.len());
        size / taken / 1e9
    };
    put("copyout_gb_s", median((0..ROUNDS).map(round).collect()));
    fs::remove_dir_all(folder).expect("the folder");
}

/// Rows of eight columns: an id, a date, codes and measures, as registries have them. Those that are copied are rows of the inputs.
pub(super) fn write(path: &Path, from: u64, rows: u64, copied: impl Fn(u64) -> bool) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    writeln!(file, "id,sex,site,born,bmi,glucose,pressure,weight").expect("room");
    for row in 0..rows {
        let id = if copied(row) { row } else { from + row };
        let mut state = id;
        let mut below = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let sex = ["f", "m"][below(2) as usize];
        let site = ["north", "south", "east", "west"][below(4) as usize];
        let born = (1930 + below(80), 1 + below(12), 1 + below(28));
        writeln!(
            file,
            "{id},{sex},{site},{}-{:02}-{:02},{}.{:02},{}.{:03},{},{}.{}",
            born.0,
            born.1,
            born.2,
            17 + below(20),
            below(100),
            3 + below(9),
            below(1000),
            90 + below(90),
            45 + below(80),
            below(10)
        )
        .expect("room");
    }
    file.flush().expect("room");
}
