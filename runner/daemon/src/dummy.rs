//! Dummies: rows made from a dataset's card, never from its rows.

use semla_policy::{Card, Column, Kind};
use std::fmt::Write;

/// Most rows of a dummy. A card says how many rows the dataset has, and a rehearsal needs no more than these.
const ROWS: u32 = 10_000;
/// Bytes after which there is no further row, however wide they are.
const ENOUGH: usize = 8 << 20;

/// A table of the card's columns, types, ranges and codes. The same card gives the same table.
pub(crate) fn generate(card: &Card) -> String {
    let mut random = Random(0x5eed);
    let mut table = card.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(",");
    table.push('\n');
    for row in 0..card.rows.min(ROWS) {
        if table.len() > ENOUGH {
            break;
        }
        let id = |column: &Column| card.id.as_ref() == Some(&column.name);
        let cells = card.columns.iter().map(|column| cell(column, id(column).then_some(row), &mut random));
        // Writing to a string can't fail.
        let _ = writeln!(table, "{}", cells.collect::<Vec<_>>().join(","));
    }
    table
}

/// One cell; in the id column, another person in each row.
fn cell(column: &Column, person: Option<u32>, random: &mut Random) -> String {
    match (&column.kind, person) {
        (Kind::Integer { range: [low, high] }, Some(row)) => {
            let span = high.saturating_sub(*low).saturating_add(1).max(1);
            low.saturating_add(i64::from(row) % span).to_string()
        }
        (Kind::Integer { range: [low, high] }, None) => {
            let span = high.saturating_sub(*low).max(0) as f64 + 1.0;
            low.saturating_add((random.unit() * span) as i64).min(*high).to_string()
        }
        (Kind::Number { range: [low, high], decimals }, _) => {
            format!("{:.*}", usize::from(*decimals), low + random.unit() * (high - low))
        }
        (Kind::Code { codes }, _) => {
            let position = (random.unit() * codes.len() as f64) as usize;
            codes.get(position).map_or(String::new(), |code| quoted(code))
        }
        (Kind::Text {}, Some(row)) => format!("dummy {row}"),
        (Kind::Text {}, None) => "dummy".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): dummies need no secrecy.
struct Random(u64);

impl Random {
    /// From 0 up to, but without, 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: u32, columns: Vec<Column>) -> usize {
        let (title, unit, id) = ("cells".to_owned(), "patient".to_owned(), None);
        generate(&Card { title, unit, id, rows, columns }).lines().count() - 1
    }

    #[test]
    fn a_dummy_ends_whatever_its_card_says() {
        let number = Column { name: "a".into(), kind: Kind::Integer { range: [0, 9] } };
        assert_eq!(rows(20, vec![number.clone()]), 20, "the control: as many as the card says");
        assert_eq!(rows(u32::MAX, vec![number]), 10_000);
        let wide = Column { name: "b".into(), kind: Kind::Code { codes: vec!["x".repeat(1 << 20)] } };
        assert_eq!(rows(u32::MAX, vec![wide]), 8);
    }
}
