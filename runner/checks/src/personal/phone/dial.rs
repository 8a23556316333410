//! The digits of a telephone number, in groups.

use crate::personal::page::Page;

/// Most digits that are read: two more than a number has (ITU-T E.164, clause 6), for a prefix.
const DIGITS: usize = 17;
/// Most groups.
const GROUPS: usize = 9;

/// Digits as far as one group follows the other.
#[derive(Default)]
pub(super) struct Dial {
    digits: [u8; DIGITS],
    stops: [Stop; GROUPS],
    count: usize,
}

/// The end of a group: a number may end there.
#[derive(Clone, Copy, Default)]
pub(super) struct Stop {
    pub(super) groups: usize,
    digits: usize,
    pub(super) end: usize,
    /// The first byte that stands before the group.
    mark: u8,
    /// Whether a space comes next, or no group.
    is_open: bool,
}

impl Dial {
    /// Most bytes that a number has, with what stands between its digits.
    pub(super) const LONGEST: usize = 32;

    /// Reads groups with a space, a hyphen, a point, a slash or brackets between them; a zero in brackets is left out.
    pub(super) fn read(page: &Page<'_>, start: usize) -> Self {
        let mut dial = Self::default();
        let (mut at, mut digits, mut mark) = (start, 0, 0);
        while dial.count < GROUPS {
            let from = at;
            while let (byte @ b'0'..=b'9', Some(place)) = (page.byte(at), dial.digits.get_mut(digits)) {
                *place = byte - b'0';
                (at, digits) = (at + 1, digits + 1);
            }
            if at == from || page.byte(at).is_ascii_digit() {
                break;
            }
            let next = gap(page, at);
            let goes_on = next > at && page.byte(next).is_ascii_digit();
            let is_open = !goes_on || matches!(page.byte(at), b' ' | 0xc2);
            if let Some(stop) = dial.stops.get_mut(dial.count) {
                *stop = Stop { groups: dial.count + 1, digits, end: at, mark, is_open };
            }
            dial.count += 1;
            if !goes_on {
                break;
            }
            (mark, at) = (page.byte(at), next);
        }
        dial
    }

    /// Where the number may end, the last place first.
    pub(super) fn stops(&self) -> impl Iterator<Item = Stop> {
        self.stops.iter().take(self.count).rev().filter(|stop| stop.is_open).copied()
    }

    pub(super) fn digits(&self, stop: &Stop) -> &[u8] {
        self.digits.get(..stop.digits).unwrap_or(&[])
    }

    fn sizes(&self, stop: &Stop) -> impl Iterator<Item = usize> {
        let before = std::iter::once(0).chain(self.stops.iter().map(|stop| stop.digits));
        self.stops.iter().zip(before).take(stop.groups).map(|(stop, before)| stop.digits - before)
    }

    fn marks(&self, stop: &Stop) -> impl Iterator<Item = u8> {
        self.stops.iter().take(stop.groups).skip(1).map(|stop| stop.mark)
    }

    /// Whether this is a number of another kind: a fraction among other numbers, or with a day in it.
    pub(super) fn is_other(&self, stop: &Stop) -> bool {
        let points = self.marks(stop).filter(|mark| *mark == b'.').count();
        let fraction = points == 1 && self.marks(stop).all(|mark| matches!(mark, b'.' | b' '));
        let groups: Vec<(usize, u8)> = self.sizes(stop).zip(std::iter::once(0).chain(self.marks(stop))).collect();
        fraction || groups.windows(3).any(is_day)
    }

    /// Whether points stand between thousands.
    pub(super) fn is_thousands(&self, stop: &Stop) -> bool {
        stop.groups > 1 && self.marks(stop).all(|mark| mark == b'.') && self.sizes(stop).skip(1).all(|size| size == 3)
    }

    /// How many digits the first group has.
    pub(super) fn first(&self) -> usize {
        self.stops.first().map_or(0, |first| first.digits)
    }
}

impl Stop {
    /// Whether no digit, letter or decimals follow.
    pub(super) fn is_free(&self, page: &Page<'_>) -> bool {
        let next = page.byte(self.end);
        let decimal = matches!(next, b'.' | b':') && page.byte(self.end + 1).is_ascii_digit();
        !decimal && !next.is_ascii_alphanumeric() && !matches!(next, b'_' | b'%' | b'@')
    }
}

/// Where marks between two groups end: a few different ones. A hyphen behind a space is the sign of the next number.
fn gap(page: &Page<'_>, start: usize) -> usize {
    let (mut at, mut last) = (start, 0);
    for _ in 0..3 {
        let byte = page.byte(at);
        if page.starts(at, "(0)") {
            at += 3;
            continue;
        }
        at += match byte {
            b'-' if last == b' ' && page.byte(at + 1) != b' ' => break,
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if byte != last => 1,
            0xc2 if page.byte(at + 1) == 0xa0 => 2,
            _ => break,
        };
        last = byte;
    }
    at
}

/// Whether three groups, each with the mark before it, are a day in one of the usual orders.
fn is_day(groups: &[(usize, u8)]) -> bool {
    let [(first, _), (second, mark), (third, last)] = groups else { return false };
    let sizes = matches!([first, second, third], [4..=6, 2, 2] | [2, 2, 4] | [1, 1 | 2, 4] | [2, 1, 4]);
    sizes && mark == last && matches!(mark, b'-' | b'.' | b'/')
}

/// Whether a word follows that says what was counted.
pub(super) fn is_unit(page: &Page<'_>, end: usize) -> bool {
    page.byte(end) == b' ' && page.byte(end + 1).is_ascii_alphabetic()
}
