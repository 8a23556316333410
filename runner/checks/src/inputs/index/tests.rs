#![allow(clippy::unwrap_used)]

use super::{Entry, Index, PENDING};

#[test]
fn a_number_is_found_with_its_columns_and_rows() {
    let index = Index::of(&[&[3.0, -1.5, 3.0, 0.0], &[3.0, 1e300, -0.0, f64::MIN_POSITIVE]]);
    let entry = |value, column, rows, before| Entry { value, column, rows, before };
    assert_eq!(index.between(3.0, 3.0), [entry(3.0, 0, 2, 2), entry(3.0, 1, 1, 2)]);
    assert_eq!(index.between(-2.0, -1.0), [entry(-1.5, 0, 1, 0)]);
    assert_eq!(index.between(0.0, 0.0), [entry(0.0, 0, 1, 1), entry(0.0, 1, 1, 0)]);
    assert_eq!(index.between(2.0, 2.9), []);
    assert_eq!(index.between(4.0, 1e301), [entry(1e300, 1, 1, 3)]);
    assert_eq!(index.between(1e301, 1e302), []);
    assert_eq!(index.between(f64::NEG_INFINITY, f64::INFINITY).len(), 7);
}

#[test]
fn every_number_of_many_is_found_and_none_between_them() {
    let values: Vec<f64> = (0..3 * PENDING / 2).map(|at| ((at * 7919) % 50_000) as f64 / 8.0 - 100.0).collect();
    let index = Index::of(&[&values]);
    let mut rows = 0;
    for at in 0..50_000 {
        let value = f64::from(at) / 8.0 - 100.0;
        let found = index.between(value, value);
        assert!(index.may_have(value));
        let [found] = found else { unreachable!("{value}") };
        rows += u64::from(found.rows);
        assert!(index.between(value + 0.01, value + 0.1).is_empty());
    }
    assert_eq!(rows, values.len() as u64);
}

#[test]
fn an_index_of_nothing_finds_nothing() {
    assert!(Index::of(&[]).between(f64::NEG_INFINITY, f64::INFINITY).is_empty());
    assert!(Index::of(&[&[]]).between(0.0, 1.0).is_empty());
    assert_eq!(Index::of(&[&[5.0]]).between(5.0, 5.0).len(), 1);
}

#[test]
fn a_sieve_lets_little_through_that_is_not_there() {
    let values: Vec<f64> = (0..10_000).map(|at| f64::from(at) * 0.37 + 0.011).collect();
    let index = Index::of(&[&values]);
    assert!(values.iter().all(|value| index.may_have(*value) && index.may_have(f64::from(*value as f32))));
    let others = (0..10_000).filter(|at| index.may_have(f64::from(*at) * 0.37 + 0.2)).count();
    assert!(others < 1_000, "{others}");
}

#[test]
fn numbers_of_few_decimals_lie_on_a_grid() {
    let grid = |values: &[f64]| super::grid(&values.iter().map(|value| (*value, 1)).collect::<Vec<_>>());
    assert_eq!(grid(&[1.0, 17.0, -3.0]), Some(1.0));
    assert_eq!(grid(&[17.99, 20.5]), Some(0.01));
    assert_eq!(grid(&[0.1184, 0.3]), Some(0.0001));
    assert_eq!(grid(&[1.0 / 3.0]), None);
}
