//! Digits in groups: `4111 1111 1111 1111`, `85.07.30-033.28`, or one group alone.

use super::page::Page;

/// Most digits that are read; no number that is looked for has as many.
const DIGITS: usize = 20;
/// Most groups.
const GROUPS: usize = 10;

/// Groups of digits with one mark between each two.
#[derive(Default)]
pub(super) struct Chain {
    digits: [u8; DIGITS],
    groups: [Group; GROUPS],
    count: usize,
    /// Whether digits follow for which there was no room.
    is_cut: bool,
}

#[derive(Clone, Copy, Default)]
struct Group {
    /// The mark before it; 0 for the first.
    mark: u8,
    size: usize,
    /// How many digits there are up to its end.
    digits: usize,
    /// Where it ends.
    end: usize,
}

/// The first groups of a chain, or all of them.
pub(super) struct Part<'a> {
    /// From 0 to 9.
    pub(super) digits: &'a [u8],
    groups: &'a [Group],
    /// The mark and the group that follow, if they do.
    pub(super) next: u8,
    /// Whether no group follows.
    pub(super) is_whole: bool,
    pub(super) end: usize,
}

impl Chain {
    /// Reads the chain whose first digit is at a place.
    pub(super) fn read(page: &Page<'_>, start: usize) -> Self {
        let mut chain = Self::default();
        let (mut at, mut mark) = (start, 0);
        while chain.group(page, at, mark) {
            let end = chain.last().end;
            mark = page.byte(end);
            let width = width(page, end);
            at = end + width;
            if width == 0 || !page.byte(at).is_ascii_digit() {
                return chain;
            }
        }
        chain.is_cut = true;
        chain
    }

    /// Reads one group; answers whether there was room for it.
    fn group(&mut self, page: &Page<'_>, start: usize, mark: u8) -> bool {
        let before = self.last().digits;
        let (mut at, mut total) = (start, before);
        loop {
            let byte = page.byte(at);
            if byte.is_ascii_digit() {
                let Some(digit) = self.digits.get_mut(total) else { return false };
                *digit = byte - b'0';
            } else if !self.corsica(total, byte) {
                break;
            }
            (at, total) = (at + 1, total + 1);
        }
        let Some(group) = self.groups.get_mut(self.count) else { return false };
        *group = Group { mark, size: total - before, digits: total, end: at };
        self.count += 1;
        true
    }

    /// The departments 2A and 2B count as 19 and 18 (INSEE, numéro d'inscription au répertoire). They are the sixth and seventh
    /// digit.
    fn corsica(&mut self, total: usize, byte: u8) -> bool {
        let code = match byte {
            b'A' => 9,
            b'B' => 8,
            _ => return false,
        };
        match (total, self.digits.get_mut(5..7)) {
            (6, Some(department)) if department.first() == Some(&2) => {
                department.copy_from_slice(&[1, code]);
                true
            }
            _ => false,
        }
    }

    fn last(&self) -> Group {
        self.count.checked_sub(1).and_then(|last| self.groups.get(last)).copied().unwrap_or_default()
    }

    /// All groups, then all but the last, and so on.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        (1..=self.count).rev().filter_map(|count| {
            let groups = self.groups.get(..count)?;
            let last = groups.last()?;
            let next = if count < self.count { self.groups.get(count)?.mark } else { 0 };
            let is_whole = count == self.count && !self.is_cut;
            Some(Part { digits: self.digits.get(..last.digits)?, groups, next, is_whole, end: last.end })
        })
    }
}

impl Part<'_> {
    pub(super) fn has_sizes(&self, sizes: &[usize]) -> bool {
        self.groups.iter().map(|group| group.size).eq(sizes.iter().copied())
    }

    /// Whether all marks between groups are of these.
    pub(super) fn has_marks(&self, marks: &[u8]) -> bool {
        self.groups.iter().skip(1).all(|group| marks.contains(&group.mark))
    }

    /// Whether all marks between groups are the same.
    pub(super) fn is_even(&self) -> bool {
        let first = self.groups.get(1).map_or(0, |group| group.mark);
        self.has_marks(&[first])
    }
}

/// How many bytes the mark at a place has; 0 where there is none.
fn width(page: &Page<'_>, at: usize) -> usize {
    match page.byte(at) {
        b' ' | b'-' | b'.' | b'/' => 1,
        // A no-break space.
        0xc2 if page.byte(at + 1) == 0xa0 => 2,
        _ => 0,
    }
}
