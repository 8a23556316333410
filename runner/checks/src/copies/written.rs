//! Rows of an input in the values of texts: of whole files and of what stands in models.

use super::form::Form;
use super::gathered::{NAMELESS, name_key};
use super::hunt::Hunt;
use super::lens::Held;
use super::search::Found;
use super::series::{Group, Series};
use super::shown::Token;
use super::source::{CompareError, Source, both};
use super::weight::{self, Enough, Weight};
use super::work::Work;
use crate::inputs::Index;
use std::collections::HashSet;

/// Looks for rows in all records of some series: by their values alone, in each form, and by the names of columns.
pub(super) fn look(source: &Source<'_>, series: &[Series], least: u32) -> Result<Option<Found>, CompareError> {
    if series.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for (form, index) in [(Form::Same, Some(source.index()?)), (Form::Figures, source.figures()?)] {
        let Some(index) = index else { continue };
        let mut hunt = Hunt::new(source, least, Held::All, form);
        for series in series {
            bare(series, index, form, &source.work, &mut hunt)?;
        }
        found.push(hunt.end()?);
    }
    let mut hunt = Hunt::new(source, least, Held::Named, Form::Same);
    named(series, source, &mut hunt)?;
    found.push(hunt.end()?);
    Ok(found.into_iter().flatten().reduce(both))
}

/// Gathers the records of one series that may hold a row.
fn bare(series: &Series, index: &Index, form: Form, work: &Work, hunt: &mut Hunt<'_>) -> Result<(), CompareError> {
    let in_form = |token: &Token| match *token {
        Token::Number(grain, value) => Token::Number(form.grain(grain), form.of(value)),
        word @ Token::Word(_) => word,
    };
    let weigh = |token: &Token| weight::of_token(index, in_form(token));
    work.sift(series.len().into(), false)?;
    let weights: Vec<Weight> = (0..series.len())
        .map(|at| series.readings(at).iter().map(weigh).fold(Weight::default(), Weight::and))
        .collect();
    let enough = Enough::of(index, index.least.beside_words);
    let of = |at: u32| weights.get(at as usize).copied().unwrap_or_default();
    let note = |hunt: &mut Hunt<'_>, at: u32| {
        series.readings(at).iter().for_each(|token| hunt.gathered.note(NAMELESS, &[in_form(token)]));
    };
    hunt.considered += series.groups.len() as u64;
    for group in &series.groups {
        if enough.is(sum(group, &of)) {
            group.each(|at| note(hunt, at));
            hunt.close(group.spot)?;
        }
    }
    for (strand, lines) in series.guesses(index.columns.len() as u64) {
        work.sift(lines.count() * lines.len, true)?;
        hunt.considered += lines.count();
        for line in 0..lines.count() {
            let start = lines.first(line);
            let places = (0..lines.len).map(|at| strand.place(start + at * lines.step));
            let places = places.take_while(|at| *at < series.len());
            if enough.is(places.clone().map(of).fold(Weight::default(), Weight::and)) {
                places.for_each(|at| note(hunt, at));
                hunt.close(series.spot(strand.place(start)))?;
            }
        }
    }
    Ok(())
}

fn sum(group: &Group, of: &impl Fn(u32) -> Weight) -> Weight {
    let mut all = Weight::default();
    group.each(|at| all = all.and(of(at)));
    all
}

/// Gathers the records of values under names that columns of the input have.
fn named(series: &[Series], source: &Source<'_>, hunt: &mut Hunt<'_>) -> Result<(), CompareError> {
    let names: HashSet<u64> = source.rows()?.names().iter().map(|name| name_key(name)).collect();
    for series in series.iter().filter(|series| series.has_names()) {
        for group in &series.groups {
            series.named(group, |at, name| {
                if names.contains(&name) {
                    hunt.gathered.note(name, series.readings(at));
                }
            });
            hunt.close(group.spot)?;
        }
    }
    Ok(())
}
