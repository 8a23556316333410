//! Rows of an input in arrays of numbers, of any size.

use super::gathered::Gathered;
use super::lines::{Lines, lines, scaled};
use super::scalers::{Undo, scalers};
use super::search::Found;
use super::sift::Sift;
use super::source::{CompareError, Sight, Source, both};
use super::stacks::stacks;
use super::view::Spot;
use crate::anatomy::{Body, Part};
use crate::array::Array;
use crate::inputs::Index;

/// Values of lines that are searched at once.
const BATCH: usize = 4 << 20;
/// The number of a part that is several ones side by side.
pub(crate) const STACK: u32 = u32::MAX;

/// Looks for rows in all arrays among some parts: in each alone, in those of one length side by side, and in what they were before
/// the scalers among them went over them.
pub(crate) fn look(source: &Source<'_>, parts: &[Part], least: u32) -> Result<Option<Found>, CompareError> {
    let array = |(number, part): (u32, &'_ Part)| match &part.body {
        Body::Array(array) => Some((number, array.clone())),
        _ => None,
    };
    let mut arrays: Vec<(u32, Array)> = (0..).zip(parts).filter_map(array).collect();
    if arrays.is_empty() {
        return Ok(None);
    }
    let alone: Vec<Array> = arrays.iter().map(|(_, array)| array.clone()).collect();
    arrays.extend(stacks(&alone)?.into_iter().map(|stack| (STACK, stack)));
    let index = Index::build(source.rows()?)?;
    let undos = scalers(parts);
    let ways: Vec<Way<'_>> = arrays.iter().flat_map(|(part, array)| ways(*part, array, &index, &undos)).collect();
    let considered = ways.iter().map(|way| way.lines.count()).sum();
    let (mut gathered, mut found) = (Gathered::default(), None);
    let search = |gathered: &mut Gathered, found: &mut Option<Found>| -> Result<(), CompareError> {
        let views = std::mem::take(gathered).views();
        let more = source.search(&[Sight::Bare(&views.bare)], least, considered)?;
        *found = found.take().into_iter().chain(more).reduce(both);
        Ok(())
    };
    for way in &ways {
        way.sift.lines(&way.lines, &mut |first, values| {
            gathered.add_numbers(Spot::Numbers(way.part, first), values);
            if gathered.len() < BATCH { Ok(()) } else { search(&mut gathered, &mut found) }
        })?;
    }
    if gathered.len() > 0 {
        search(&mut gathered, &mut found)?;
    }
    Ok(found)
}

/// One way to look at an array.
struct Way<'a> {
    part: u32,
    lines: Lines,
    sift: Sift<'a>,
}

fn ways<'a>(part: u32, array: &'a Array, index: &'a Index, undos: &'a [Undo]) -> Vec<Way<'a>> {
    let columns = index.columns.len() as u64;
    let plain = lines(array, columns).into_iter().map(|lines| Way { part, lines, sift: Sift::new(array, index) });
    let unscaled = undos.iter().flat_map(|undo| {
        let ways = scaled(array, columns, undo.by.len() as u64).into_iter();
        ways.map(move |(lines, first)| Way { part, lines, sift: Sift::unscaled(array, index, undo, first) })
    });
    plain.chain(unscaled).collect()
}

#[cfg(test)]
mod tests;
