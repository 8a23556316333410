//! Rows of an input in arrays of numbers, of any size.

use super::gathered::Gathered;
use super::lines::{Lines, lines, scaled};
use super::raw;
use super::scalers::{Undo, scalers};
use super::search::Found;
use super::sift::Sift;
use super::source::{CompareError, Sight, Source, both};
use super::stacks::stacks;
use super::view::{Place, Spot};
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
    let mut arrays: Vec<(u32, Array)> = Vec::new();
    for (number, part) in (0..).zip(parts) {
        match &part.body {
            Body::Array(array) => arrays.push((number, array.clone())),
            Body::Bytes(data) => arrays.extend(raw::arrays(data)?.into_iter().map(|array| (number, array))),
            _ => {}
        }
    }
    if arrays.is_empty() {
        return Ok(None);
    }
    let known = |part: &Part| if let Body::Array(array) = &part.body { Some(array.clone()) } else { None };
    let alone: Vec<Array> = parts.iter().filter_map(known).collect();
    arrays.extend(stacks(&alone)?.into_iter().map(|stack| (STACK, stack)));
    let index = source.index()?;
    let undos = scalers(parts);
    // What bytes may be numbers of isn't known, so no scaler went over it that anybody knows of.
    let is_raw = |part: &u32| parts.get(*part as usize).is_some_and(|part| matches!(part.body, Body::Bytes(_)));
    let of = |part: &u32| if is_raw(part) { &[][..] } else { undos.as_slice() };
    let ways: Vec<Way<'_>> = arrays.iter().flat_map(|(part, array)| ways(*part, array, index, of(part))).collect();
    let considered = ways.iter().flat_map(|way| &way.lines).map(Lines::count).sum();
    let mut found = None;
    for integers in [false, true] {
        let mut gathered = Gathered::default();
        for way in ways.iter().filter(|way| way.sift.holds_integers() == integers) {
            if !way.sift.tells()? {
                continue;
            }
            for lines in &way.lines {
                way.sift.lines(lines, &mut |first, values| {
                    gathered.add_numbers(Spot { part: way.part, place: Place::Number(first) }, values);
                    let is_full = gathered.len() >= BATCH;
                    if is_full {
                        search(source, &mut gathered, integers, least, considered, &mut found)
                    } else {
                        Ok(())
                    }
                })?;
            }
        }
        search(source, &mut gathered, integers, least, considered, &mut found)?;
    }
    Ok(found)
}

/// Looks for rows in what was gathered, and adds what is found to the rest.
fn search(
    source: &Source<'_>,
    gathered: &mut Gathered,
    integers: bool,
    least: u32,
    considered: u64,
    found: &mut Option<Found>,
) -> Result<(), CompareError> {
    if gathered.len() == 0 {
        return Ok(());
    }
    let view = std::mem::take(gathered).views().bare;
    let sight = if integers { Sight::Integers(&view) } else { Sight::Numbers(&view) };
    *found = found.take().into_iter().chain(source.search(&[sight], least, considered)?).reduce(both);
    Ok(())
}

/// One way to read the numbers of an array, and the lines through it.
struct Way<'a> {
    part: u32,
    sift: Sift<'a>,
    lines: Vec<Lines>,
}

/// As they are, and as they were before each scaler.
fn ways<'a>(part: u32, array: &'a Array, index: &'a Index, undos: &'a [Undo]) -> Vec<Way<'a>> {
    let columns = index.columns.len() as u64;
    let mut ways = vec![Way { part, sift: Sift::new(array, index), lines: lines(array, columns) }];
    for undo in undos {
        for (lines, first) in scaled(array, columns, undo.by.len() as u64) {
            ways.push(Way { part, sift: Sift::unscaled(array, index, undo, first), lines: vec![lines] });
        }
    }
    ways
}

#[cfg(test)]
mod tests;
