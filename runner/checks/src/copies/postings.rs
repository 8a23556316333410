//! Which records have each value (an inverted index): as a list, and as a bitmap where that is shorter.
//!
//! Lists are followed for rows of rare values. Where all values of a row are common, bitmaps tell at once which records have most of them.

use super::lens::Cell;
use super::view::View;

/// Records of one word of a bitmap.
const BITS: usize = 64;
/// Words that are counted together.
const BLOCK: usize = 32;
/// Words that are counted in the time that it takes to compare a row with a record.
pub(super) const WORDS: usize = 64;

/// The records of each value.
pub(super) struct Postings {
    lists: Vec<Vec<u32>>,
    /// Of values that many records have.
    bitmaps: Vec<Option<Bitmap>>,
    /// Words of a bitmap.
    words: usize,
}

/// A bit for each record, and a bit for each word that isn't zero: records that follow each other are much alike.
struct Bitmap {
    words: Vec<u64>,
    summary: Vec<u64>,
}

impl Postings {
    /// Of some of a view's records.
    pub(super) fn of(view: &View, is_in: impl Fn(u32) -> bool) -> Self {
        let own = |records: &Vec<u32>| records.iter().copied().filter(|record| is_in(*record)).collect();
        let lists: Vec<Vec<u32>> = view.places.iter().map(own).collect();
        let words = view.records.len().div_ceil(BITS);
        let is_long = |list: &&Vec<u32>| list.len() >= words.max(BLOCK);
        let bitmaps = lists.iter().map(|list| Some(list).filter(is_long).map(|list| Bitmap::of(list, words))).collect();
        Self { lists, bitmaps, words }
    }

    /// The records of a value, in order.
    pub(super) fn list(&self, value: u32) -> &[u32] {
        self.lists.get(value as usize).map_or(&[], Vec::as_slice)
    }

    /// How many words it takes at most to count so many cells.
    pub(super) fn cost(&self, cells: usize) -> usize {
        self.words * cells
    }

    /// The records that have values of so many of these cells at least.
    pub(super) fn with_most<'c>(&self, cells: impl Iterator<Item = &'c Cell>, least: usize) -> Vec<u32> {
        // Of many cells the records are the same: zeros in a row are one value.
        let mut cells: Vec<&[u32]> = cells.map(|cell| cell.values.as_slice()).collect();
        cells.sort_unstable();
        let sets: Vec<(Set<'_>, usize)> =
            cells.chunk_by(|one, other| one == other).map(|same| (self.set(same), same.len())).collect();
        let summaries = self.words.div_ceil(BITS);
        let summary = |set: &Set<'_>, at: usize| set.summary.get(at).copied().unwrap_or(0);
        let words: Vec<usize> = reached(&sets, &(0..summaries).collect::<Vec<_>>(), summary, least);
        let records = reached(&sets, &words, |set: &Set<'_>, at: usize| set.word(at), least);
        records.into_iter().map(|record| record as u32).collect()
    }

    /// The records of some cells of the same values.
    fn set(&self, cells: &[&[u32]]) -> Set<'_> {
        let mut set = Set { summary: vec![0; self.words.div_ceil(BITS)], bitmaps: Vec::new(), lists: Vec::new() };
        for value in cells.first().copied().unwrap_or(&[]) {
            match self.bitmaps.get(*value as usize).and_then(Option::as_ref) {
                Some(bitmap) => {
                    set.summary.iter_mut().zip(&bitmap.summary).for_each(|(word, more)| *word |= more);
                    set.bitmaps.push(&bitmap.words);
                }
                None => {
                    let list = self.list(*value);
                    mark(&mut set.summary, list.iter().map(|record| *record as usize / BITS));
                    set.lists.push(list);
                }
            }
        }
        set
    }
}

impl Bitmap {
    fn of(records: &[u32], count: usize) -> Self {
        let (mut words, mut summary) = (vec![0; count], vec![0; count.div_ceil(BITS)]);
        mark(&mut words, records.iter().map(|record| *record as usize));
        mark(&mut summary, records.iter().map(|record| *record as usize / BITS));
        Self { words, summary }
    }
}

/// The records that have any of some values.
struct Set<'a> {
    summary: Vec<u64>,
    bitmaps: Vec<&'a [u64]>,
    lists: Vec<&'a [u32]>,
}

impl Set<'_> {
    fn word(&self, at: usize) -> u64 {
        let mut word = self.bitmaps.iter().filter_map(|words| words.get(at)).fold(0, |all, word| all | word);
        for list in &self.lists {
            let from = list.partition_point(|record| (*record as usize) < at * BITS);
            let own = list.iter().skip(from).map(|record| *record as usize - at * BITS);
            own.take_while(|bit| *bit < BITS).for_each(|bit| word |= 1 << bit);
        }
        word
    }
}

fn mark(bitmap: &mut [u64], bits: impl Iterator<Item = usize>) {
    for bit in bits {
        if let Some(word) = bitmap.get_mut(bit / BITS) {
            *word |= 1 << (bit % BITS);
        }
    }
}

/// The bits that so many sets have at least, in these words; each set counts as often as it says.
fn reached<'s, 'p>(
    sets: &'s [(Set<'p>, usize)],
    words: &[usize],
    word: impl Fn(&'s Set<'p>, usize) -> u64,
    least: usize,
) -> Vec<usize> {
    let mut found = Vec::new();
    // One bit of each count is in one plane: carries run from plane to plane.
    let all: usize = sets.iter().map(|(_, times)| times).sum();
    let mut planes = vec![[0u64; BLOCK]; (usize::BITS - all.leading_zeros()) as usize];
    for words in words.chunks(BLOCK) {
        planes.fill([0; BLOCK]);
        for (set, times) in sets {
            let mut own = [0; BLOCK];
            own.iter_mut().zip(words).for_each(|(own, at)| *own = word(set, *at));
            for bit in (0..planes.len()).filter(|bit| times >> bit & 1 == 1) {
                let mut carry = own;
                planes.iter_mut().skip(bit).for_each(|plane| add(plane, &mut carry));
            }
        }
        for (word, mut bits) in words.iter().zip(reach(&planes, least)) {
            while bits != 0 {
                found.push(word * BITS + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }
    found
}

/// Adds a bit to each count, and leaves what is carried.
fn add(plane: &mut [u64; BLOCK], carry: &mut [u64; BLOCK]) {
    for (bit, carry) in plane.iter_mut().zip(carry) {
        (*bit, *carry) = (*bit ^ *carry, *bit & *carry);
    }
}

/// The counts that reach a number.
fn reach(planes: &[[u64; BLOCK]], least: usize) -> [u64; BLOCK] {
    if least >> planes.len() > 0 {
        return [0; BLOCK];
    }
    let (mut more, mut equal) = ([0u64; BLOCK], [u64::MAX; BLOCK]);
    for (at, plane) in planes.iter().enumerate().rev() {
        let is_set = least >> at & 1 == 1;
        for ((bit, more), equal) in plane.iter().zip(&mut more).zip(&mut equal) {
            match is_set {
                true => *equal &= bit,
                false => (*more, *equal) = (*more | *equal & bit, *equal & !bit),
            }
        }
    }
    more.iter_mut().zip(equal).for_each(|(more, equal)| *more |= equal);
    more
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::view::{Place, Record, Spot, View};
    use super::{Cell, Postings};

    /// A view of records that each have the values that divide their number.
    fn view(records: u32, values: u32) -> View {
        let spot = Spot { part: 0, place: Place::Number(0) };
        let own = |record: u32| (0..values).filter(|value| record.is_multiple_of(value + 1)).collect::<Vec<_>>();
        let mut view = View::default();
        view.places.resize(values as usize, Vec::new());
        for record in 0..records {
            own(record).iter().for_each(|value| view.places.get_mut(*value as usize).unwrap().push(record));
            view.records.push(Record { spot, values: own(record) });
        }
        view
    }

    #[test]
    fn records_are_counted_as_one_by_one() {
        for records in [1, 63, 64, 65, 5000] {
            let view = view(records, 100);
            let postings = Postings::of(&view, |record| record != 60);
            // Common values, rare ones, and cells of several.
            let cells: Vec<Cell> =
                [vec![1], vec![2], vec![3], vec![98], vec![4, 96], vec![6, 7], vec![], vec![1], vec![2], vec![1]]
                    .map(|values| Cell { column: 0, key: 0, values })
                    .into();
            for least in 1..12 {
                let has = |record: &u32| {
                    let values = &view.records.get(*record as usize).unwrap().values;
                    let there = cells.iter().filter(|cell| cell.values.iter().any(|value| values.contains(value)));
                    *record != 60 && there.count() >= least
                };
                let expected: Vec<u32> = (0..records).filter(has).collect();
                assert_eq!(postings.with_most(cells.iter(), least), expected, "{least} of {records}");
            }
        }
    }
}
