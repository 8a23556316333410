#![allow(clippy::unwrap_used)]

use super::{Entry, Index, List, PENDING};

fn index(columns: &[&[f64]]) -> Index {
    let mut lists: Vec<List> = Vec::new();
    for column in columns {
        let mut list = List::default();
        column.iter().for_each(|value| list.add(*value));
        lists.push(list);
    }
    let mut index = Index::default();
    index.order(lists);
    index
}

#[test]
fn a_number_is_found_with_its_columns_and_rows() {
    let index = index(&[&[3.0, -1.5, 3.0, 0.0], &[3.0, 1e300, -0.0, f64::MIN_POSITIVE]]);
    let entry = |value, column, rows| Entry { value, column, rows };
    assert_eq!(index.between(3.0, 3.0), [entry(3.0, 0, 2), entry(3.0, 1, 1)]);
    assert_eq!(index.between(-2.0, -1.0), [entry(-1.5, 0, 1)]);
    assert_eq!(index.between(0.0, 0.0), [entry(0.0, 0, 1), entry(0.0, 1, 1)]);
    assert_eq!(index.between(2.0, 2.9), []);
    assert_eq!(index.between(4.0, 1e301), [entry(1e300, 1, 1)]);
    assert_eq!(index.between(1e301, 1e302), []);
    assert_eq!(index.between(f64::NEG_INFINITY, f64::INFINITY).len(), 7);
}

#[test]
fn every_number_of_many_is_found_and_none_between_them() {
    let values: Vec<f64> = (0..3 * PENDING / 2).map(|at| ((at * 7919) % 50_000) as f64 / 8.0 - 100.0).collect();
    let index = index(&[&values]);
    let mut rows = 0;
    for at in 0..50_000 {
        let value = f64::from(at) / 8.0 - 100.0;
        let found = index.between(value, value);
        let [found] = found else { unreachable!("{value}") };
        rows += u64::from(found.rows);
        assert!(index.between(value + 0.01, value + 0.1).is_empty());
    }
    assert_eq!(rows, values.len() as u64);
}

#[test]
fn an_index_of_nothing_finds_nothing() {
    assert!(index(&[]).between(f64::NEG_INFINITY, f64::INFINITY).is_empty());
    assert!(index(&[&[]]).between(0.0, 1.0).is_empty());
    assert_eq!(index(&[&[5.0]]).between(5.0, 5.0).len(), 1);
}
