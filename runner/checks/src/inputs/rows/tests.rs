#![allow(clippy::unwrap_used)]

use super::{Rows, RowsError, names};
use crate::inputs::Value;
use nix::sys::memfd::{MFdFlags, memfd_create};
use semla_policy::{Card, Column, Kind};
use std::fs::File;
use std::io::Write;
use std::path::Path;

fn file(bytes: &[u8]) -> File {
    let mut file = File::from(memfd_create(c"input", MFdFlags::empty()).unwrap());
    file.write_all(bytes).unwrap();
    file
}

fn card(names: &[String]) -> Card {
    let column = |name: &String| Column { name: name.clone(), kind: Kind::Text {} };
    Card {
        title: String::new(),
        unit: "person".to_owned(),
        id: None,
        rows: 0,
        columns: names.iter().map(column).collect(),
    }
}

fn read(path: &str, file: &File) -> Result<Vec<Vec<Value>>, RowsError> {
    let mut rows = Rows::open(path, file, &card(&names(path, file)))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row.to_vec());
    }
    Ok(all)
}

/// A matrix of 64-bit numbers as numpy writes it.
fn npy(rows: usize, columns: usize, by_column: bool) -> Vec<u8> {
    let order = if by_column { "True" } else { "False" };
    let header = format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': ({rows}, {columns}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\0".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    let value = |row: usize, column: usize| (row * 10 + column) as f64;
    let all: Vec<f64> = match by_column {
        false => (0..rows).flat_map(|row| (0..columns).map(move |column| value(row, column))).collect(),
        true => (0..columns).flat_map(|column| (0..rows).map(move |row| value(row, column))).collect(),
    };
    bytes.extend(all.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

#[test]
fn the_rows_of_a_matrix_are_read_in_both_orders() {
    for by_column in [false, true] {
        for rows in [1, 3, 4095, 4096, 4097, 9000] {
            let read = read("x.npy", &file(&npy(rows, 3, by_column))).unwrap();
            assert_eq!(read.len(), rows);
            for (number, row) in read.iter().enumerate() {
                let expected: Vec<Value> = (0..3).map(|column| Value::Number((number * 10 + column) as f64)).collect();
                assert_eq!(row, &expected, "row {number} of {rows}");
            }
        }
    }
}

#[test]
fn tables_of_other_formats_are_read_as_separated_values_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/benign");
    let file = File::open(folder.join("fast.parquet")).unwrap();
    let columns = names("fast.parquet", &file);
    let rows = read("fast.parquet", &file).unwrap();
    assert!(columns.len() > 1 && !rows.is_empty() && rows.iter().all(|row| row.len() == columns.len()), "{columns:?}");
}

#[test]
fn what_holds_no_table_is_an_error() {
    for (path, bytes) in [("a.npy", &b"no array"[..]), ("a.png", b"x"), ("a.txt", b"words\n"), ("a", b"")] {
        assert!(read(path, &file(bytes)).is_err(), "{path}");
    }
}
