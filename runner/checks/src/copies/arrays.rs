//! Rows of an input in arrays of numbers, of any size.

use super::gathered::Gathered;
use super::lines::lines;
use super::search::Found;
use super::sift::Sift;
use super::source::{CompareError, Sight, Source, both};
use super::view::Spot;
use crate::anatomy::{Body, Part};
use crate::array::Array;
use crate::inputs::Index;

/// Values of lines that are searched at once.
const BATCH: usize = 4 << 20;

/// Looks for rows in all arrays among some parts.
pub(crate) fn look(source: &Source<'_>, parts: &[Part], least: u32) -> Result<Option<Found>, CompareError> {
    let array = |(number, part): (u32, &'_ Part)| match &part.body {
        Body::Array(array) => Some((number, array.clone())),
        _ => None,
    };
    let arrays: Vec<(u32, Array)> = (0..).zip(parts).filter_map(array).collect();
    if arrays.is_empty() {
        return Ok(None);
    }
    let index = Index::build(source.rows()?)?;
    let columns = index.columns.len() as u64;
    let considered = arrays.iter().flat_map(|(_, array)| lines(array, columns)).map(|lines| lines.count()).sum();
    let (mut gathered, mut found) = (Gathered::default(), None);
    let search = |gathered: &mut Gathered, found: &mut Option<Found>| -> Result<(), CompareError> {
        let views = std::mem::take(gathered).views();
        let more = source.search(&[Sight::Bare(&views.bare)], least, considered)?;
        *found = found.take().into_iter().chain(more).reduce(both);
        Ok(())
    };
    for (part, array) in &arrays {
        let sift = Sift::new(array, &index);
        for lines in lines(array, columns) {
            sift.lines(&lines, &mut |first, values| {
                gathered.add_numbers(Spot::Numbers(*part, first), values);
                if gathered.len() < BATCH { Ok(()) } else { search(&mut gathered, &mut found) }
            })?;
        }
    }
    if gathered.len() > 0 {
        search(&mut gathered, &mut found)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
