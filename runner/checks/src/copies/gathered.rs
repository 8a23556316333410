//! Records as they are found in an output, until all are there and their values can be numbered.

use super::shown::Token;
use super::view::{Numbers, Record, Spot, View, join};
use crate::inputs::word;
use std::collections::BTreeMap;

/// The name of what has none.
pub(crate) const NAMELESS: u64 = 0;

/// Records, until they make a view: of values alone, or of values together with the names of their columns. The first finds rows whose
/// columns were renamed; the second finds rows of a few codes, which say little alone.
#[derive(Default)]
pub(crate) struct Gathered(Tokens);

impl Gathered {
    /// Adds readings of one value to the record that is being made.
    pub(crate) fn note(&mut self, name: u64, readings: &[Token]) {
        self.0.add(name, readings);
    }

    /// Makes a record of what was noted.
    pub(crate) fn close(&mut self, spot: Spot) {
        self.0.close(spot);
    }

    /// How many values there are in all records.
    pub(crate) fn len(&self) -> usize {
        self.0.tokens.len()
    }

    pub(crate) fn view(self) -> View {
        self.0.view()
    }
}

/// The key of a column's name.
pub(crate) fn name_key(name: &str) -> u64 {
    word(name.trim().as_bytes())
}

/// Tokens, each under a name, and where each record's end.
#[derive(Default)]
struct Tokens {
    tokens: Vec<(u64, Token)>,
    ends: Vec<(Spot, usize)>,
}

impl Tokens {
    fn add(&mut self, name: u64, tokens: &[Token]) {
        self.tokens.extend(tokens.iter().map(|token| (name, *token)));
    }

    /// Makes a record of what was added since the last one.
    fn close(&mut self, spot: Spot) {
        let (from, to) = (self.ends.last().map_or(0, |(_, end)| *end), self.tokens.len());
        if from < to {
            self.ends.push((spot, to));
        }
    }

    fn view(self) -> View {
        let mut view = self.numbered();
        let mut from = 0;
        for (spot, end) in self.ends {
            let tokens = self.tokens.get(from..end).unwrap_or(&[]);
            from = end;
            let mut values: Vec<u32> =
                tokens.iter().filter_map(|(name, token)| numbered(&view, *name, *token)).collect();
            values.sort_unstable();
            values.dedup();
            let record = view.records.len() as u32;
            for value in &values {
                if let Some(places) = view.places.get_mut(*value as usize) {
                    places.push(record);
                }
            }
            view.records.push(Record { spot, values });
        }
        view
    }

    /// A view without records.
    fn numbered(&self) -> View {
        let mut view = View::default();
        let mut lists: BTreeMap<_, Vec<f64>> = BTreeMap::new();
        let mut next = 0;
        for (name, token) in &self.tokens {
            match token {
                Token::Number(grain, value) => lists.entry((*name, *grain)).or_default().push(*value),
                Token::Word(key) => {
                    let number = *view.words.entry(join(*name, *key)).or_insert(next);
                    next += u32::from(number == next);
                }
            }
        }
        for ((name, grain), mut sorted) in lists {
            sorted.sort_unstable_by(f64::total_cmp);
            sorted.dedup();
            let first = next;
            next += sorted.len() as u32;
            view.numbers.push(Numbers { name, grain, sorted, first });
        }
        view.places.resize(next as usize, Vec::new());
        view
    }
}

/// The number of a token.
fn numbered(view: &View, name: u64, token: Token) -> Option<u32> {
    match token {
        Token::Word(key) => view.words.get(&join(name, key)).copied(),
        Token::Number(grain, value) => {
            let list = view.numbers.binary_search_by_key(&(name, grain), |list| (list.name, list.grain)).ok()?;
            let list = view.numbers.get(list)?;
            let at = list.sorted.binary_search_by(|number| number.total_cmp(&value)).ok()?;
            Some(list.first + at as u32)
        }
    }
}
