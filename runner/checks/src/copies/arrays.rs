//! Rows of an input in arrays of numbers, of any size.

use super::bulk;
use super::form::Form;
use super::lens::Held;
use super::lines::{Lines, lines, scaled};
use super::raw;
use super::sample::{Sample, Sampled};
use super::scalers::{Undo, scalers};
use super::search::Found;
use super::sift::Sift;
use super::source::{CompareError, Source, both};
use super::stacks::{stacks, strung};
use crate::anatomy::{Body, Part};
use crate::array::{Array, Number};

/// In an array of more numbers, and in arrays of so many in all, figures are looked for along rows, and in stretches of two rows, alone;
/// nor are other numbers looked for in tighter ones where there are so many in all.
const LONG: u64 = 1 << 18;
const LONG_IN_ALL: u64 = 1 << 22;
/// The number of a part that is several ones side by side.
pub(crate) const STACK: u32 = u32::MAX;

/// Looks for rows in all arrays among some parts: in each alone, in those of one length side by side, and in what they were before
/// the scalers among them went over them.
pub(crate) fn look(source: &Source<'_>, parts: &[Part], least: u32) -> Result<Option<Found>, CompareError> {
    let mut arrays: Vec<(u32, Array)> = Vec::new();
    let bytes = |part: &Part| if let Body::Bytes(data) = &part.body { data.len() } else { 0 };
    let all_bytes = parts.iter().map(bytes).sum();
    for (number, part) in (0..).zip(parts) {
        match &part.body {
            Body::Array(array) => arrays.push((number, array.clone())),
            Body::Bytes(data) => arrays.extend(raw::arrays(data, all_bytes).into_iter().map(|array| (number, array))),
            _ => {}
        }
    }
    if arrays.is_empty() {
        return Ok(None);
    }
    let known = |part: &Part| if let Body::Array(array) = &part.body { Some(array.clone()) } else { None };
    let alone: Vec<Array> = parts.iter().filter_map(known).collect();
    arrays.extend(stacks(&alone)?.into_iter().chain(strung(&alone)?).map(|stack| (STACK, stack)));
    for (part, array) in arrays.iter().filter(|(part, _)| is_known(parts, *part)) {
        if let Some(found) = bulk::look(source, *part, array, least)? {
            return Ok(Some(found));
        }
    }
    let undos = scalers(parts);
    let index = source.index()?;
    let all = |array: &Array| lines(array, index.columns.len() as u64, index.numbers());
    let sample = Sample::of(arrays.iter().flat_map(|(_, array)| all(array)).map(|lines| lines.count()).sum());
    let hunt = |held, form| Sampled::new(source, least, held, form, &sample);
    let is_long = alone.iter().map(Array::len).sum::<u64>() > LONG_IN_ALL;
    let mut hunts = Hunts {
        is_long,
        is_large: all_bytes > raw::LARGE,
        numbers: hunt(Held::Numbers, Form::Same),
        integers: hunt(Held::Integers, Form::Same),
        figures: hunt(Held::Numbers, Form::Figures),
    };
    for (part, array) in &arrays {
        // What bytes may be numbers of isn't known: nobody knows of a scaler that went over it, or of figures that were moved.
        let is_raw = !is_known(parts, *part);
        hunts.of_array(*part, array, source, is_raw)?;
        if !is_raw {
            hunts.of_unscaled(*part, array, source, &undos)?;
            hunts.of_figures(*part, array, source)?;
        }
    }
    let Hunts { numbers, integers, figures, .. } = hunts;
    let found = [numbers.end()?, integers.end()?, figures.end()?];
    Ok(found.into_iter().flatten().reduce(both))
}

/// Whether it is known of what kind the numbers of a part are.
fn is_known(parts: &[Part], part: u32) -> bool {
    parts.get(part as usize).is_none_or(|part| !matches!(part.body, Body::Bytes(_)))
}

/// What is looked for at once.
struct Hunts<'a> {
    /// Whether there are many numbers in all.
    is_long: bool,
    /// Whether there are many bytes of which nobody knows what they are.
    is_large: bool,
    numbers: Sampled<'a>,
    integers: Sampled<'a>,
    figures: Sampled<'a>,
}

impl Hunts<'_> {
    /// Looks into an array as it is.
    fn of_array(&mut self, part: u32, array: &Array, source: &Source<'_>, is_raw: bool) -> Result<(), CompareError> {
        let index = source.index()?;
        let mut all = lines(array, index.columns.len() as u64, index.numbers());
        if is_raw && self.is_large {
            all.retain(|lines| lines.step == 1);
        }
        if self.is_long {
            all.retain(|lines| !lines.is_tight());
        }
        let mut sift = Sift::new(array, index, Form::Same, &source.work);
        let hunt = if sift.holds_integers() { &mut self.integers } else { &mut self.numbers };
        of_lines(part, &mut sift, &all, hunt)
    }

    /// Looks into it as it was before each scaler went over it.
    fn of_unscaled(
        &mut self,
        part: u32,
        array: &Array,
        source: &Source<'_>,
        undos: &[Undo],
    ) -> Result<(), CompareError> {
        let index = source.index()?;
        for undo in undos {
            for (lines, first) in scaled(array, index.columns.len() as u64, undo.by.len() as u64) {
                let mut sift = Sift::unscaled(array, index, undo, first, &source.work);
                of_lines(part, &mut sift, &[lines], &mut self.numbers)?;
            }
        }
        Ok(())
    }

    /// Looks at the figures of its numbers; those of two bytes have too few.
    fn of_figures(&mut self, part: u32, array: &Array, source: &Source<'_>) -> Result<(), CompareError> {
        let is_short = matches!(array.number, Number::F16 | Number::Bf16 | Number::Bool);
        let Some(index) = source.figures()?.filter(|_| !is_short) else { return Ok(()) };
        let mut all = lines(array, index.columns.len() as u64, index.numbers());
        if self.is_long || array.len() > LONG {
            all.retain(|lines| lines.step == 1 && !lines.is_tight());
        }
        let mut sift = Sift::new(array, index, Form::Figures, &source.work);
        of_lines(part, &mut sift, &all, &mut self.figures)
    }
}

/// Gathers all lines that may hold a row.
fn of_lines(part: u32, sift: &mut Sift<'_>, all: &[Lines], hunt: &mut Sampled<'_>) -> Result<(), CompareError> {
    hunt.consider(all.iter().map(Lines::count).sum());
    if !sift.tells()? {
        return Ok(());
    }
    all.iter().try_for_each(|lines| sift.lines(lines, &mut |line| hunt.line(part, &line)))
}

#[cfg(test)]
mod tests;
