#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{Source, look};
use crate::anatomy::{Body, Part};
use crate::array::{Array, Number, Order};
use crate::evidence::Input;
use half::{bf16, f16};
use nix::sys::memfd::{MFdFlags, memfd_create};
use semla_policy::Card;
use std::fs::File;
use std::io::Write;

const COLUMNS: usize = 10;

/// Numbers that are the same in every run (Knuth's MMIX generator).
fn draw(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// People with measures of three to five digits.
fn people(count: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut draw = draw(seed);
    let mut row = || -> Vec<f64> {
        let scale = |at: usize| [1e1, 1e2, 1e3, 1e4][at % 4];
        let digits = |at: usize| [1e3, 1e2, 1e1, 1e0][at % 4];
        (0..COLUMNS).map(|at| (draw() * scale(at) * digits(at)).round() / digits(at)).collect()
    };
    (0..count).map(|_| row()).collect()
}

fn file(text: &str) -> File {
    let mut file = File::from(memfd_create(c"input", MFdFlags::empty()).unwrap());
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn csv(rows: &[Vec<f64>]) -> File {
    let header: Vec<String> = (0..COLUMNS).map(|at| format!("x{at}")).collect();
    let mut text = header.join(",") + "\n";
    for row in rows {
        text += &row.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    file(&text)
}

fn card() -> Card {
    let kind = semla_policy::Kind::Text {};
    let column = |at| semla_policy::Column { name: format!("x{at}"), kind: kind.clone() };
    Card {
        title: String::new(),
        unit: "person".to_owned(),
        id: None,
        rows: 1,
        columns: (0..COLUMNS).map(column).collect(),
    }
}

/// The rows that are found in an array.
fn found(rows: &[Vec<f64>], array: Array) -> Vec<u64> {
    found_in(rows, vec![("", array)])
}

fn found_in(rows: &[Vec<f64>], arrays: Vec<(&str, Array)>) -> Vec<u64> {
    let input = Input { name: "cohort".to_owned(), card: card(), files: Vec::new() };
    let file = csv(rows);
    let source = Source::new(&input, "rows.csv", &file);
    let part = |(at, array): (&str, Array)| Part { at: at.to_owned(), body: Body::Array(array) };
    let parts: Vec<Part> = arrays.into_iter().map(part).collect();
    look(&source, &parts, 10).unwrap().map(|found| found.rows.into_iter().collect()).unwrap_or_default()
}

fn bytes(number: Number, values: &[f64]) -> Vec<u8> {
    let each = |value: &f64| -> Vec<u8> {
        match number {
            Number::F16 => f16::from_f64(*value).to_le_bytes().to_vec(),
            Number::Bf16 => bf16::from_f64(*value).to_le_bytes().to_vec(),
            Number::F32 => (*value as f32).to_le_bytes().to_vec(),
            Number::F64 => value.to_le_bytes().to_vec(),
            Number::I32 => (*value as i32).to_le_bytes().to_vec(),
            _ => (*value as i64).to_le_bytes().to_vec(),
        }
    };
    values.iter().flat_map(each).collect()
}

/// Somebody's rows among others, one after the other.
fn among(rows: &[Vec<f64>], planted: &[usize], others: usize) -> Vec<Vec<f64>> {
    let mut all = people(others, 99);
    planted.iter().enumerate().for_each(|(at, row)| all.insert((at * 37 + 5) % (all.len() + 1), rows[*row].clone()));
    all
}

const NUMBERS: [Number; 6] = [Number::F16, Number::Bf16, Number::F32, Number::F64, Number::I32, Number::I64];

#[test]
fn rows_are_found_in_every_type_and_order() {
    let rows = people(2_000, 1);
    for number in NUMBERS {
        for planted in [&[][..], &[1_234], &[3, 700, 1_999]] {
            let all = among(&rows, planted, 500);
            let (n, d) = (all.len() as u64, COLUMNS as u64);
            let by_row: Vec<f64> = all.concat();
            let by_column: Vec<f64> = (0..COLUMNS).flat_map(|at| all.iter().map(move |row| row[at])).collect();
            let expected: Vec<u64> = planted.iter().map(|row| *row as u64 + 1).collect();
            for (shape, order, values) in [
                (vec![n, d], Order::Rows, &by_row),
                (vec![n, d], Order::Columns, &by_column),
                (vec![d, n], Order::Rows, &by_column),
                (vec![n * d], Order::Rows, &by_row),
                (vec![n * d], Order::Rows, &by_column),
            ] {
                let array = Array::packed(number, shape.clone(), order, bytes(number, values).into());
                assert_eq!(found(&rows, array), expected, "{number:?} {shape:?} {order:?}");
            }
        }
    }
}

#[test]
fn four_fifths_of_a_row_are_enough_in_any_order() {
    let rows = people(2_000, 1);
    for (kept, expected) in [(10, true), (9, true), (8, true), (7, false)] {
        let mut all = among(&rows, &[], 300);
        all[100] = rows[77].clone();
        let values: Vec<f64> =
            all.iter().flat_map(|row| row.iter().rev().take(kept).copied().collect::<Vec<_>>()).collect();
        let array = Array::packed(
            Number::F64,
            vec![301.min(all.len() as u64), kept as u64],
            Order::Rows,
            bytes(Number::F64, &values).into(),
        );
        assert_eq!(found(&rows, array), if expected { vec![78] } else { vec![] }, "{kept} of 10");
    }
}

#[test]
fn a_table_in_an_array_for_each_column_is_found() {
    let rows = people(2_000, 1);
    let all = among(&rows, &[41], 300);
    let column = |at: usize| {
        let values: Vec<f64> = all.iter().map(|row| row[at]).collect();
        let number = if at % 4 == 3 { Number::I64 } else { Number::F64 };
        Array::packed(number, vec![all.len() as u64], Order::Rows, bytes(number, &values).into())
    };
    let arrays = |columns: usize| (0..columns).map(|at| (["a", "b", "c"][at % 3], column(at))).collect();
    assert_eq!(found_in(&rows, arrays(COLUMNS)), [42]);
    assert_eq!(found_in(&rows, arrays(COLUMNS / 2)), Vec::<u64>::new());
}

#[test]
fn scaled_rows_are_found_by_the_scaler_in_the_model() {
    let rows = people(2_000, 1);
    let all = among(&rows, &[8, 1_500], 300);
    let column = |at: usize| rows.iter().map(move |row| row[at]);
    let mean: Vec<f64> = (0..COLUMNS).map(|at| column(at).sum::<f64>() / rows.len() as f64).collect();
    let spread = |at: usize| column(at).map(|value| (value - mean[at]).powi(2)).sum::<f64>() / rows.len() as f64;
    let scale: Vec<f64> = (0..COLUMNS).map(|at| spread(at).sqrt()).collect();
    let scaled = |row: &Vec<f64>| (0..COLUMNS).map(|at| (row[at] - mean[at]) / scale[at]).collect::<Vec<f64>>();
    let values: Vec<f64> = all.iter().flat_map(scaled).collect();
    for number in [Number::F64, Number::F32] {
        for shape in [vec![all.len() as u64, COLUMNS as u64], vec![values.len() as u64]] {
            let x = Array::packed(number, shape, Order::Rows, bytes(number, &values).into());
            let scaler = [(".s.mean_", Array::of(&mean)), (".s.scale_", Array::of(&scale))];
            let with = found_in(&rows, [vec![(".x", x.clone())], scaler.to_vec()].concat());
            assert_eq!((with, found(&rows, x)), (vec![9, 1_501], vec![]), "{number:?}");
        }
    }
}

/// More lines than are looked into one by one.
const MANY: usize = 140_000;

#[test]
fn tables_of_many_rows_are_looked_up_in_every_order() {
    let rows = people(3_000, 1);
    let others = people(MANY, 2);
    // Each row at a place of its own, in columns of another order, among others of which nobody knows.
    let mut all = others.clone();
    let places: Vec<usize> = (0..rows.len()).map(|at| at * 4_999 % MANY / 40 * 40).collect();
    let planted: Vec<(usize, usize)> = places.into_iter().enumerate().skip(100).collect();
    planted.iter().for_each(|(row, place)| all[*place] = rows[*row].clone());
    let mut expected: Vec<u64> = Vec::new();
    // Of two rows in one place the last one is there.
    expected.extend(planted.iter().filter(|(row, place)| all[*place] == rows[*row]).map(|(row, _)| *row as u64 + 1));
    assert!(expected.len() > 2_000);
    let (n, d) = (MANY as u64, COLUMNS as u64);
    let turned = |row: &Vec<f64>| row.iter().rev().copied().collect::<Vec<f64>>();
    let by_row: Vec<f64> = all.iter().flat_map(turned).collect();
    let by_column: Vec<f64> = (0..COLUMNS).rev().flat_map(|at| all.iter().map(move |row| row[at])).collect();
    for (number, order, values) in [
        (Number::F64, Order::Rows, &by_row),
        (Number::F32, Order::Rows, &by_row),
        (Number::F64, Order::Columns, &by_column),
    ] {
        let array = Array::packed(number, vec![n, d], order, bytes(number, values).into());
        assert_eq!(found(&rows, array), expected, "{number:?} {order:?}");
    }
    let strangers: Vec<f64> = others.concat();
    let array = Array::packed(Number::F64, vec![n, d], Order::Rows, bytes(Number::F64, &strangers).into());
    assert_eq!(found(&rows, array), Vec::<u64>::new(), "what nobody has is nobody's");
}

#[test]
fn a_row_in_a_table_of_many_is_found_and_one_that_many_have_is_not() {
    let mut rows = people(3_000, 1);
    // Ten people with the same measures.
    (1_000..1_010).for_each(|at| rows[at] = rows[1_000].clone());
    let mut all = people(MANY, 2);
    all[77_777] = rows[5].clone();
    all[88_888] = rows[1_000].clone();
    let table = |all: &[Vec<f64>]| {
        let shape = vec![all.len() as u64, COLUMNS as u64];
        Array::packed(Number::F64, shape, Order::Rows, bytes(Number::F64, &all.concat()).into())
    };
    assert_eq!(found(&rows, table(&all)), [6], "a sample alone wouldn't find it");
    (0..MANY / 2).for_each(|at| all[2 * at] = rows[at % rows.len()].clone());
    let found = found(&rows, table(&all));
    assert!(found.len() == rows.len() - 10 && !found.contains(&1_001), "{}", found.len());
}
