#![allow(clippy::unwrap_used)]

use super::{Copied, WholeRows};
use crate::evidence::Input;
use semla_policy::{Card, Column, Kind};
use std::fs::File;
use std::io::Write;

fn input(text: &str) -> Input {
    use nix::sys::memfd::{MFdFlags, memfd_create};
    let mut file = File::from(memfd_create(c"input", MFdFlags::empty()).unwrap());
    file.write_all(text.as_bytes()).unwrap();
    let column = |name: &str| Column { name: name.to_owned(), kind: Kind::Text {} };
    let columns = ["id", "age", "site", "bmi"].map(column).to_vec();
    let card = Card { title: String::new(), unit: "person".to_owned(), id: None, rows: 1, columns };
    Input { name: "cohort".to_owned(), card, files: vec![("rows.csv".to_owned(), file)] }
}

fn rows(count: u64) -> String {
    let row = |at: u64| {
        format!(
            "P{at},{},{},{}.{:02}\n",
            20 + at % 70,
            ["north", "south"][(at % 2) as usize],
            17 + at % 20,
            at * 7 % 100
        )
    };
    "id,age,site,bmi\n".to_owned() + &(0..count).map(row).collect::<String>()
}

#[test]
fn a_whole_row_is_found_in_any_order_and_writing() {
    let inputs = [input(&rows(10_000))];
    let index = WholeRows::build(&inputs).unwrap();
    assert!(index.bytes() < 3 * 10_000);
    let output = "bmi,site,id,age\n17.0,NORTH,P0,20.0\n1.5,north,P1,21\n\" 19.14 \",north,p2,\"22\"\n";
    let found = index.copied(&inputs, output.as_bytes(), b',', 10).unwrap();
    assert_eq!(found, [Copied { line: 2, input: 0, row: 1 }, Copied { line: 4, input: 0, row: 3 }]);
}

#[test]
fn others_rows_are_none() {
    let inputs = [input(&rows(10_000))];
    let index = WholeRows::build(&inputs).unwrap();
    let others: String = (0..100_000).map(|at| format!("Q{at},1,north,2\n")).collect();
    assert!(index.suspects(others.as_bytes(), b',').unwrap().len() < 20);
    assert!(index.copied(&inputs, others.as_bytes(), b',', 10).unwrap().is_empty());
}

#[test]
fn rows_that_many_share_are_nobodys() {
    for (times, expected) in [(9, 1), (10, 0)] {
        let inputs = [input(&("id,age,site,bmi\n".to_owned() + &",50,north,20\n".repeat(times)))];
        let index = WholeRows::build(&inputs).unwrap();
        assert_eq!(index.copied(&inputs, &b"50,north,20\n"[..], b',', 10).unwrap().len(), expected, "{times}");
    }
}
