//! Made-up people: tables of mixed columns, and rows of strangers who are made alike.

use crate::common::draw;

/// Numbers that are the same in every run.
pub struct Draw(Box<dyn FnMut() -> u64>);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(Box::new(draw(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed)))
    }

    /// One number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.0)() as usize * 65_521 + (self.0)() as usize) % bound.max(1)
    }

    /// One thing of several.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// All of these in some order.
    pub fn shuffled<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
        all
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Id,
    /// Numbers from one to another, with so many digits behind the point.
    Decimal(f64, f64, usize),
    Integer(i64, i64),
    Category(usize),
    Date,
    Note,
}

impl Kind {
    pub fn is_number(self) -> bool {
        matches!(self, Self::Decimal(..) | Self::Integer(..))
    }
}

/// A table.
#[derive(Debug)]
pub struct Table {
    pub kinds: Vec<Kind>,
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

const WORDS: [&str; 12] =
    ["mild", "pain", "left", "knee", "since", "May", "dry", "cough", "stable", "after", "surgery", "none"];

/// A table of some people.
pub fn table(draw: &mut Draw) -> Table {
    let decimals = [(0.0, 1.0, 4), (10.0, 60.0, 2), (1.0, 9.0, 3), (-3.0, 3.0, 3), (100.0, 900.0, 1), (0.0, 0.2, 5)];
    let integers = [(18, 99), (0, 120), (40, 220), (1_000, 90_000), (0, 110), (1, 9_999)];
    let mut kinds: Vec<Kind> =
        (0..4 + draw.below(5)).map(|_| *draw.one(&decimals)).map(|(a, b, d)| Kind::Decimal(a, b, d)).collect();
    kinds.extend((0..4 + draw.below(3)).map(|_| *draw.one(&integers)).map(|(a, b)| Kind::Integer(a, b)));
    kinds.extend((0..1 + draw.below(3)).map(|_| Kind::Category(0)));
    kinds.extend([Kind::Date, Kind::Note].into_iter().filter(|_| draw.below(2) == 0));
    let mut kinds = draw.shuffled(kinds);
    for kind in &mut kinds {
        if let Kind::Category(codes) = kind {
            *codes = 2 + draw.below(5);
        }
    }
    kinds.insert(0, Kind::Id);
    let names = (0..kinds.len()).map(|at| format!("{}{at}", ["col", "m_", "x"][at % 3])).collect();
    let rows = (0..60 + draw.below(300)).map(|at| row(&kinds, 10_000 + at * 7, draw)).collect();
    Table { kinds, names, rows }
}

/// A row like those of a table, of somebody who isn't in it.
pub fn stranger(table: &Table, number: usize, draw: &mut Draw) -> Vec<String> {
    row(&table.kinds, 500_000 + number, draw)
}

fn row(kinds: &[Kind], id: usize, draw: &mut Draw) -> Vec<String> {
    let mut cell = |kind: &Kind| match *kind {
        Kind::Id => format!("P{id:06}"),
        Kind::Decimal(least, most, digits) => {
            let unit = 10f64.powi(digits as i32);
            let steps = ((most - least) * unit) as usize;
            format!("{:.digits$}", least + draw.below(steps) as f64 / unit)
        }
        Kind::Integer(least, most) => (least + draw.below((most - least) as usize) as i64).to_string(),
        Kind::Category(codes) => format!("c{}", draw.below(codes)),
        Kind::Date => format!("20{:02}-{:02}-{:02}", 5 + draw.below(20), 1 + draw.below(12), 1 + draw.below(28)),
        Kind::Note => (0..3).map(|_| *draw.one(&WORDS)).collect::<Vec<_>>().join(" "),
    };
    kinds.iter().map(&mut cell).collect()
}
