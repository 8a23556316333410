//! Where in an array a row could lie: along one of its dimensions, or as a stretch of a list.

use crate::array::{Array, Order};

/// Values of a line beside those of a row that it could hold: codes that were spread over columns of zeros and ones.
const SPARE: u64 = 64;
/// Values of a list in which stretches that are hardly longer than a row are looked at.
const TIGHT: u64 = 1 << 16;
/// So many times a row's values a line may have.
const TIMES: u64 = 4;

/// Lines of equal length through an array, by the places of their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lines {
    /// Blocks of lines, and how far their beginnings are apart.
    pub(crate) blocks: u64,
    pub(crate) apart: u64,
    /// Lines in a block, which begin next to each other.
    pub(crate) lines: u64,
    /// Values in a line, and how far they are apart.
    pub(crate) len: u64,
    pub(crate) step: u64,
}

impl Lines {
    /// How many lines there are.
    pub(crate) fn count(&self) -> u64 {
        self.blocks * self.lines
    }

    /// The place of a line's first value.
    pub(crate) fn first(&self, line: u64) -> u64 {
        line / self.lines * self.apart + line % self.lines
    }

    /// Whether each value is in more than two lines.
    pub(crate) fn is_tight(&self) -> bool {
        self.len > 2 * self.apart
    }

    /// Whether no value is in two lines.
    pub(crate) fn is_whole(&self) -> bool {
        self.apart == self.len * self.step
    }
}

/// All lines that could hold rows of at most so many columns, of which so many hold numbers.
pub(crate) fn lines(array: &Array, columns: u64, numbers: u64) -> Vec<Lines> {
    let (len, longest) = (array.len(), columns * TIMES + SPARE);
    if len == 0 {
        return Vec::new();
    }
    let mut all = Vec::new();
    if array.promised() == Some(len) {
        let mut step = 1;
        let mut along = |side: &u64| {
            if (2..=longest).contains(side) {
                all.push(Lines { blocks: len / (side * step), apart: side * step, lines: step, len: *side, step });
            }
            step *= side;
        };
        match array.order {
            Order::Rows => array.shape.iter().rev().for_each(&mut along),
            Order::Columns => array.shape.iter().for_each(&mut along),
        }
    }
    // Whatever its shape says, its numbers may follow each other otherwise: one after the other, ...
    all.push(stretches(len, columns));
    all.extend(tight(len, numbers));
    // ... each in a row of its own, ...
    let outer = match array.order {
        Order::Rows => array.shape.first(),
        Order::Columns => array.shape.last(),
    };
    if let Some(side) = outer.filter(|side| array.promised() == Some(len) && (longest + 1..len).contains(side)) {
        let step = len / side;
        let own = stretches(*side, columns);
        all.push(Lines { apart: own.apart * step, lines: step, step, ..own });
    }
    // ... or column by column.
    all.extend(turned(len, columns).filter(|lines| !all.contains(lines)).collect::<Vec<_>>());
    all
}

/// Stretches of a list, of which one holds any row of so many values that follow each other.
pub(super) fn stretches(len: u64, columns: u64) -> Lines {
    let (width, apart) = (2 * columns.max(1), columns.max(1));
    let blocks = len.saturating_sub(width).div_ceil(apart) + 1;
    // The last one may be shorter.
    Lines { blocks, apart, lines: 1, len: width, step: 1 }
}

/// Stretches that are hardly longer than a row of so many values: few others are in them, so that little is left to chance. In a long
/// list there are too many of them.
pub(super) fn tight(len: u64, columns: u64) -> Option<Lines> {
    let apart = (columns / 4).max(1);
    let width = columns.max(1) + apart;
    (len <= TIGHT).then_some(Lines {
        blocks: len.saturating_sub(width).div_ceil(apart) + 1,
        apart,
        lines: 1,
        len: width,
        step: 1,
    })
}

/// A list that was written column by column: of every width that a row could have and that divides it.
pub(super) fn turned(len: u64, columns: u64) -> impl Iterator<Item = Lines> {
    let widths = 2..=columns + columns / 4;
    let divides = move |width: &u64| len.is_multiple_of(*width) && len / width > 1;
    widths.filter(divides).map(move |width| {
        let step = len / width;
        Lines { blocks: 1, apart: len, lines: step, len: width, step }
    })
}

/// Lines whose columns a scaler of so many columns may have gone over, with the place of its first one: all of a line, its beginning,
/// or its end.
pub(crate) fn scaled(array: &Array, columns: u64, width: u64) -> Vec<(Lines, usize)> {
    let len = array.len();
    let mut all: Vec<Lines> = lines(array, columns, columns).into_iter().filter(|lines| lines.is_whole()).collect();
    if array.shape.len() < 2 && width > 1 && len > width && len.is_multiple_of(width) {
        let rows = len / width;
        all.push(Lines { blocks: rows, apart: width, lines: 1, len: width, step: 1 });
        all.push(Lines { blocks: 1, apart: len, lines: rows, len: width, step: rows });
    }
    let places = |lines: Lines| {
        let last = lines.len.checked_sub(width).map(|last| last as usize);
        let first = last.filter(|last| *last > 0).map(|_| 0);
        first.into_iter().chain(last).map(move |place| (lines, place))
    };
    all.into_iter().flat_map(places).collect()
}

#[cfg(test)]
mod tests {
    use super::{Lines, lines};
    use crate::array::{Array, Number, Order};

    /// The places of a line's values.
    fn places(lines: &Lines, line: u64) -> Vec<u64> {
        (0..lines.len).map(|at| lines.first(line) + at * lines.step).collect()
    }

    fn array(shape: &[u64], order: Order) -> Array {
        let bytes = vec![0; shape.iter().product::<u64>() as usize];
        Array::packed(Number::U8, shape.to_vec(), order, bytes.into())
    }

    #[test]
    fn a_matrix_has_rows_and_columns_in_both_orders() {
        for (order, along) in [(Order::Rows, 0), (Order::Columns, 1)] {
            let found = lines(&array(&[5, 3], order), 3, 3);
            let (rows, columns) = (found[along], found[1 - along]);
            assert_eq!((rows.count(), rows.len, columns.count(), columns.len), (5, 3, 3, 5), "{order:?}");
            let row = if along == 0 { [6, 7, 8] } else { [2, 7, 12] };
            assert_eq!(places(&rows, 2), row, "{order:?}");
        }
    }

    #[test]
    fn a_block_has_lines_along_each_side() {
        let found = lines(&array(&[2, 3, 4], Order::Rows), 3, 3).into_iter().take(3).collect::<Vec<_>>();
        let sides: Vec<_> = found.iter().map(|lines| (lines.len, lines.count())).collect();
        assert_eq!(sides, [(4, 6), (3, 8), (2, 12)]);
        assert_eq!(places(&found[1], 5), [13, 17, 21]);
        for lines in found {
            let mut all: Vec<_> = (0..lines.count()).flat_map(|line| places(&lines, line)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..24).collect::<Vec<_>>(), "{lines:?}");
        }
    }

    #[test]
    fn every_row_of_a_list_is_in_one_of_its_stretches() {
        for (len, columns) in [(100, 7), (14, 7), (15, 7), (3, 7), (64, 1)] {
            let all = lines(&array(&[len], Order::Rows), columns, columns);
            for from in 0..len.saturating_sub(columns) {
                let holds =
                    |lines: &Lines, line| lines.first(line) <= from && from + columns <= lines.first(line) + lines.len;
                let held = |lines: &Lines| lines.step == 1 && (0..lines.count()).any(|line| holds(lines, line));
                assert!(all.iter().any(held), "{from} of {len}");
            }
        }
    }

    #[test]
    fn a_list_of_columns_is_turned() {
        let found: Vec<_> = lines(&array(&[60], Order::Rows), 6, 6);
        let found: Vec<_> = found.into_iter().filter(|lines| lines.step > 1).collect();
        let widths: Vec<_> = found.iter().map(|lines| (lines.len, lines.count())).collect();
        assert_eq!(widths, [(2, 30), (3, 20), (4, 15), (5, 12), (6, 10)]);
        assert_eq!(places(&found[2], 1), [1, 16, 31, 46]);
    }
}
