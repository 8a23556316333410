//! Rows of an input in arrays of numbers, of any size.

use super::form::Form;
use super::gathered::NAMELESS;
use super::hunt::Hunt;
use super::lens::Held;
use super::lines::{Lines, lines, scaled};
use super::raw;
use super::scalers::{Undo, scalers};
use super::search::Found;
use super::sift::Sift;
use super::source::{CompareError, Source, both};
use super::stacks::{stacks, strung};
use super::view::{Place, Spot};
use crate::anatomy::{Body, Part};
use crate::array::{Array, Number};

/// In more numbers, figures are looked for along rows alone.
const LONG: u64 = 1 << 18;
/// The number of a part that is several ones side by side.
pub(crate) const STACK: u32 = u32::MAX;

/// Looks for rows in all arrays among some parts: in each alone, in those of one length side by side, and in what they were before
/// the scalers among them went over them.
pub(crate) fn look(source: &Source<'_>, parts: &[Part], least: u32) -> Result<Option<Found>, CompareError> {
    let mut arrays: Vec<(u32, Array)> = Vec::new();
    for (number, part) in (0..).zip(parts) {
        match &part.body {
            Body::Array(array) => arrays.push((number, array.clone())),
            Body::Bytes(data) => arrays.extend(raw::arrays(data).into_iter().map(|array| (number, array))),
            _ => {}
        }
    }
    if arrays.is_empty() {
        return Ok(None);
    }
    let known = |part: &Part| if let Body::Array(array) = &part.body { Some(array.clone()) } else { None };
    let alone: Vec<Array> = parts.iter().filter_map(known).collect();
    arrays.extend(stacks(&alone)?.into_iter().chain(strung(&alone)?).map(|stack| (STACK, stack)));
    let undos = scalers(parts);
    let mut hunts = Hunts {
        numbers: Hunt::new(source, least, Held::Numbers, Form::Same),
        integers: Hunt::new(source, least, Held::Integers, Form::Same),
        figures: Hunt::new(source, least, Held::Numbers, Form::Figures),
    };
    for (part, array) in &arrays {
        // What bytes may be numbers of isn't known: nobody knows of a scaler that went over it, or of figures that were moved.
        let is_raw = parts.get(*part as usize).is_some_and(|part| matches!(part.body, Body::Bytes(_)));
        hunts.of_array(*part, array, source, is_raw)?;
        if !is_raw {
            hunts.of_unscaled(*part, array, source, &undos)?;
            hunts.of_figures(*part, array, source)?;
        }
    }
    let Hunts { numbers, integers, figures } = hunts;
    let found = [numbers.end()?, integers.end()?, figures.end()?];
    Ok(found.into_iter().flatten().reduce(both))
}

/// What is looked for at once.
struct Hunts<'a> {
    numbers: Hunt<'a>,
    integers: Hunt<'a>,
    figures: Hunt<'a>,
}

impl Hunts<'_> {
    /// Looks into an array as it is.
    fn of_array(&mut self, part: u32, array: &Array, source: &Source<'_>, is_raw: bool) -> Result<(), CompareError> {
        let index = source.index()?;
        let mut all = lines(array, index.columns.len() as u64, index.numbers());
        if is_raw && array.data.len() > raw::LARGE {
            all.retain(|lines| lines.step == 1);
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
        if array.len() > LONG {
            all.retain(|lines| lines.step == 1);
        }
        let mut sift = Sift::new(array, index, Form::Figures, &source.work);
        of_lines(part, &mut sift, &all, &mut self.figures)
    }
}

/// Gathers all lines that may hold a row.
fn of_lines(part: u32, sift: &mut Sift<'_>, all: &[Lines], hunt: &mut Hunt<'_>) -> Result<(), CompareError> {
    hunt.considered += all.iter().map(Lines::count).sum::<u64>();
    if !sift.tells()? {
        return Ok(());
    }
    all.iter().try_for_each(|lines| {
        sift.lines(lines, &mut |first, values| {
            hunt.gathered.note(NAMELESS, values);
            hunt.close(Spot { part, place: Place::Number(first) })
        })
    })
}

#[cfg(test)]
mod tests;
