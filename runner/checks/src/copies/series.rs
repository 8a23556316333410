//! The values of one part of an output, in the order in which they stand, and which of them may be a row: lines, columns, objects,
//! stretches, and what was written column by column.

use super::gathered::NAMELESS;
use super::lines::{Lines, stretches, tight, turned};
use super::shown::Token;
use super::view::{Place, Spot};
use std::ops::Range;

/// A stretch is so many times as long as a row: short ones for rows whose values follow each other, long ones for rows among other
/// values.
const LONG: [u64; 2] = [4, 32];
/// Most columns of a table of which each may hold another table.
const NARROW: u32 = 16;

/// Values one after the other.
#[derive(Default)]
pub(super) struct Series {
    pub(super) part: u32,
    tokens: Vec<Token>,
    /// Where the readings of each value end.
    ends: Vec<u32>,
    /// The line on which each value stands.
    lines: Vec<u32>,
    /// The key of each value's name, if there are names.
    names: Vec<u64>,
    /// The keys of the names of rows: what stands first in each.
    sides: Vec<u64>,
    pub(super) groups: Vec<Group>,
    /// Values of which each stands alone: a table may have been written in them column by column.
    strands: Vec<Strand>,
}

/// So many values, each so many places behind the one before.
#[derive(Clone, Copy)]
pub(super) struct Strand {
    first: u32,
    step: u32,
    count: u32,
}

impl Strand {
    /// Which of the series' values its n-th is.
    pub(super) fn place(self, number: u64) -> u32 {
        self.first.saturating_add(u32::try_from(number).unwrap_or(u32::MAX).saturating_mul(self.step))
    }
}

/// Values that stand together.
pub(super) struct Group {
    pub(super) spot: Spot,
    members: Members,
}

enum Members {
    Run(Range<u32>),
    Strand(Strand),
    Picked(Vec<u32>),
}

impl Series {
    pub(super) fn of(part: u32) -> Self {
        Self { part, ..Self::default() }
    }

    /// How many values there are.
    pub(super) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// Adds a value with its readings, on a line, and under a name or none.
    pub(super) fn push(&mut self, readings: &[Token], line: u64, name: u64) {
        self.tokens.extend_from_slice(readings);
        self.ends.push(self.tokens.len() as u32);
        self.lines.push(line as u32);
        if name != NAMELESS {
            self.names.resize(self.ends.len() - 1, NAMELESS);
            self.names.push(name);
        }
    }

    /// The readings of a value.
    pub(super) fn readings(&self, at: u32) -> &[Token] {
        let end = self.ends.get(at as usize).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before as usize)).map_or(0, |end| *end as usize);
        self.tokens.get(start..end).unwrap_or(&[])
    }

    /// Hands out the values of a group with the keys of their names: of a column, the names of rows.
    pub(super) fn named(&self, group: &Group, mut take: impl FnMut(u32, u64)) {
        let mut number = 0;
        group.each(|at| {
            let name = match group.members {
                Members::Strand(_) => self.sides.get(number),
                _ => self.names.get(at as usize),
            };
            number += 1;
            take(at, name.copied().unwrap_or(NAMELESS));
        });
    }

    pub(super) fn has_names(&self) -> bool {
        !self.names.is_empty() || !self.sides.is_empty()
    }

    /// Puts all values together that were added since there were so many.
    pub(super) fn run(&mut self, place: Place, from: u32) {
        let range = from..self.len();
        if !range.is_empty() {
            self.groups.push(Group { spot: Spot { part: self.part, place }, members: Members::Run(range) });
        }
    }

    /// Puts values together that stand apart.
    pub(super) fn pick(&mut self, place: Place, values: Vec<u32>) {
        self.groups.push(Group { spot: Spot { part: self.part, place }, members: Members::Picked(values) });
    }

    /// Puts the columns together of rows of so many values, with the keys of the rows' names.
    pub(super) fn columns(&mut self, width: u32, sides: Vec<u64>) {
        self.sides = sides;
        let rows = self.len() / width.max(1);
        if rows > 1 {
            let spot = |column: u32| Spot { part: self.part, place: Place::Column(u64::from(column) + 1) };
            let strand = |first| Strand { first, step: width, count: rows };
            let column = |first| Group { spot: spot(first), members: Members::Strand(strand(first)) };
            self.groups.extend((0..width).map(column));
            if width <= NARROW {
                self.strands.extend((0..width).map(strand));
            }
        }
    }

    /// Notes that each of these values stands alone.
    pub(super) fn single(&mut self, from: u32, to: u32) {
        if to > from + 1 {
            self.strands.push(Strand { first: from, step: 1, count: to - from });
        }
    }

    /// All that could be rows of so many columns, beside the groups: stretches, and the rows of what was written column by column.
    pub(super) fn guesses(&self, columns: u64) -> Vec<(Strand, Lines)> {
        let whole = Strand { first: 0, step: 1, count: self.len() };
        let of = |strand: Strand| {
            LONG.iter().map(move |times| (strand, stretches(strand.count.into(), columns * times / 2)))
        };
        let mut all: Vec<(Strand, Lines)> = of(whole).collect();
        all.extend(tight(self.len().into(), columns).map(|lines| (whole, lines)));
        for strand in &self.strands {
            if strand.step > 1 {
                all.extend(of(*strand));
            }
            // The first may be the name of what follows.
            let rest = Strand { first: strand.place(1), count: strand.count - 1, ..*strand };
            for strand in [*strand, rest] {
                all.extend(turned(strand.count.into(), columns).map(|lines| (strand, lines)));
            }
        }
        all
    }

    /// Where a value stands.
    pub(super) fn spot(&self, at: u32) -> Spot {
        let line = self.lines.get(at as usize).copied().unwrap_or_default();
        Spot { part: self.part, place: Place::Line(line.into()) }
    }
}

impl Group {
    /// The places of its values.
    pub(super) fn each(&self, mut take: impl FnMut(u32)) {
        match &self.members {
            Members::Run(range) => range.clone().for_each(take),
            Members::Strand(strand) => (0..strand.count).for_each(|at| take(strand.place(at.into()))),
            Members::Picked(places) => places.iter().for_each(|at| take(*at)),
        }
    }
}
