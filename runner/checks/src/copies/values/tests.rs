#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{Told, Values};
use crate::copies::grain::Grain;
use crate::copies::shown::Token;
use crate::inputs::Index;

/// Numbers that are the same in every run (Knuth's MMIX generator).
fn draw(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// A column of so many decimals, between 0 and 100.
fn column(rows: usize, decimals: i32) -> Vec<f64> {
    let mut draw = draw(5);
    (0..rows).map(|_| (draw() * 100.0 * 10f64.powi(decimals)).round() / 10f64.powi(decimals)).collect()
}

fn told(column: &[f64], output: &[f64]) -> Vec<Told> {
    let mut values = Values::default();
    output.iter().for_each(|value| values.add(Token::Number(Grain::Exact, *value)));
    values.told(&Index::of(&[column]), 10, 10)
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

#[test]
fn a_stretch_of_somebodys_values_is_told() {
    let column = column(2_000, 2);
    let some = &sorted(column.clone())[300..340];
    let found = told(&column, some);
    assert_eq!((found.len(), found[0].column), (1, 0));
    assert!(found[0].values.len() > 30 && found[0].expected < 12.0, "{found:?}");
    assert!(told(&column, &some[..9]).is_empty(), "fewer than ten");
}

#[test]
fn numbers_on_the_same_grid_meet_values_by_nature() {
    for decimals in 0..4 {
        let column = column(2_000, decimals);
        let mut draw = draw(77);
        let others: Vec<f64> =
            (0..1_000).map(|_| (draw() * 100.0 * 10f64.powi(decimals)).round() / 10f64.powi(decimals)).collect();
        assert!(told(&column, &others).is_empty(), "{decimals} decimals");
    }
}

#[test]
fn quantiles_that_rest_on_enough_people_are_nobodys() {
    let column = column(2_000, 3);
    let all = sorted(column.clone());
    for (apart, expected) in [(1, 1), (5, 1), (20, 0), (100, 0)] {
        let quantiles: Vec<f64> = all.iter().skip(1).step_by(apart).copied().collect();
        assert_eq!(told(&column, &quantiles).len(), expected, "each {apart}th");
    }
}

#[test]
fn thresholds_of_splits_are_nobodys() {
    for decimals in 0..4 {
        let column = column(2_000, decimals);
        let all = sorted(column.clone());
        let halfway: Vec<f64> =
            all.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).filter(|half| !all.contains(half)).collect();
        let apart: Vec<f64> = all.windows(4).step_by(3).map(|four| (four[0] + four[3]) / 2.0).collect();
        assert!(told(&column, &halfway).is_empty() && told(&column, &apart).is_empty(), "{decimals} decimals");
    }
}

#[test]
fn values_that_many_share_are_nobodys() {
    let column: Vec<f64> = (0..2_000).map(|row| f64::from(row % 90)).collect();
    assert!(told(&column, &column).is_empty());
}

#[test]
fn the_sorted_values_of_a_column_are_told_in_every_type() {
    let column = column(500, 2);
    for (grain, become_) in [
        (Grain::Exact, (|value| value) as fn(f64) -> f64),
        (Grain::Single, |value| f64::from(value as f32)),
        (Grain::Digits(4), |value| value),
    ] {
        let mut values = Values::default();
        column.iter().for_each(|value| values.add(Token::Number(grain, become_(*value))));
        assert_eq!(values.told(&Index::of(&[&column]), 10, 10).len(), 1, "{grain:?}");
    }
}

#[test]
fn whole_numbers_meet_values_by_nature_where_large_ones_have_no_fraction() {
    // Measures of four digits: above a thousand they are whole, and below they aren't.
    let mut draw = draw(9);
    let four = |value: f64| if value < 1000.0 { (value * 10.0).round() / 10.0 } else { value.round() };
    let column: Vec<f64> = (0..2_000).map(|_| four(100.0 + draw() * 2_400.0)).collect();
    let whole: Vec<f64> = (0..5_000).map(f64::from).collect();
    assert!(told(&column, &whole).is_empty());
    let some = &sorted(column.clone())[800..1_200];
    assert_eq!(told(&column, some).len(), 1, "a stretch of them is told all the same");
}

#[test]
fn quantiles_between_equal_neighbours_are_nobodys() {
    // On a grid of a hundred points each value has a few rows, and what lies between two neighbours often equals both.
    let mut draw = draw(21);
    let column: Vec<f64> = (0..450).map(|_| ((draw() + draw() + draw()) * 40.0).round()).collect();
    let all = sorted(column.clone());
    let between = |points: usize| -> Vec<f64> {
        let at = |point: usize| point as f64 * 449.0 / points as f64 + 0.31;
        let value = |at: f64| all[at as usize] + at.fract() * (all[(at as usize + 1).min(449)] - all[at as usize]);
        (0..points).map(|point| value(at(point))).collect()
    };
    for points in [60, 100, 200] {
        assert!(told(&column, &between(points)).is_empty(), "{points} points");
    }
    let singles: Vec<f64> = (0..450).map(|at| (at as f64 * 0.7919).fract()).collect();
    assert_eq!(told(&singles, &sorted(singles.clone())[100..140]).len(), 1, "values of one row each are told");
}
