//! A first draft of a card from a table. The steward reads it and decides what of it may be known.

use crate::fail::{Fail, trying};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Value;

/// Fewest rows behind a code that a draft names: rarer words may be somebody's own.
const SHARED: usize = 10;
/// Most codes of a column; one with more is text.
const CODES: usize = 50;

/// What was seen of a column.
#[derive(Default)]
struct Seen {
    rows: usize,
    /// All of them whole numbers so far.
    whole: Option<(i64, i64)>,
    number: Option<(f64, f64)>,
    decimals: usize,
    words: BTreeMap<String, usize>,
    no_whole: bool,
    no_number: bool,
}

/// The draft's text.
pub(crate) fn card(path: &Path, id: Option<&str>, unit: &str) -> Result<String, Fail> {
    let shown = path.display().to_string();
    let read = || trying::<csv::Error>(format!("read `{shown}` as csv"));
    let mut table = csv::Reader::from_path(path).map_err(read())?;
    let header = table.headers().map_err(read())?.clone();
    if let Some(id) = id.filter(|id| !header.iter().any(|name| name == *id)) {
        return Err(Fail::usage(format!("`{shown}` has no column `{id}`; its columns are {}", names(&header))));
    }
    let mut columns: Vec<Seen> = header.iter().map(|_| Seen::default()).collect();
    let mut rows = 0_u32;
    for row in table.records() {
        let row = row.map_err(read())?;
        rows = rows.saturating_add(1);
        columns.iter_mut().zip(&row).for_each(|(seen, cell)| seen.see(cell.trim()));
    }
    let quoted = |text: &str| Value::from(text).to_string();
    let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut text =
        "# A draft: read every line before you propose it. Whoever may see the card may see all of it.\n".to_owned();
    text.push_str(&format!("title = {}\nunit  = {}\n", quoted(&title), quoted(unit)));
    match id {
        Some(id) => text.push_str(&format!("id    = {}\n", quoted(id))),
        None => text.push_str(
            "# id = \"\"    the column whose values are people; without one, counts of people need a reviewer\n",
        ),
    }
    text.push_str(&format!("rows  = {}    # of a dummy: about as many as there are\n", about(rows)));
    for (name, seen) in header.iter().zip(&columns) {
        text.push_str(&format!("\n[[column]]\nname = {}\n{}\n", quoted(name), seen.kind()));
    }
    Ok(text)
}

fn names(header: &csv::StringRecord) -> String {
    header.iter().collect::<Vec<_>>().join(", ")
}

impl Seen {
    fn see(&mut self, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.rows += 1;
        match cell.parse::<i64>() {
            Ok(value) => self.whole = Some(self.whole.map_or((value, value), |(a, b)| (a.min(value), b.max(value)))),
            Err(_) => self.no_whole = true,
        }
        match cell.parse::<f64>().ok().filter(|value| value.is_finite()) {
            Some(value) => {
                self.number = Some(self.number.map_or((value, value), |(a, b)| (a.min(value), b.max(value))));
                let decimals = cell.split_once('.').map_or(0, |(_, after)| after.len());
                self.decimals = self.decimals.max(decimals).min(15);
            }
            None => self.no_number = true,
        }
        if self.words.len() <= CODES {
            *self.words.entry(cell.to_owned()).or_default() += 1;
        }
    }

    /// The lines that say what a column holds.
    fn kind(&self) -> String {
        match (self.whole.filter(|_| !self.no_whole), self.number.filter(|_| !self.no_number)) {
            (Some((low, high)), _) => {
                let (low, high) = outwards(low as f64, high as f64, 1.0);
                format!("type = \"integer\"\nrange = [{low:.0}, {high:.0}]")
            }
            (None, Some((low, high))) => {
                let (low, high) = outwards(low, high, 0.0);
                format!("type = \"number\"\nrange = [{low}, {high}]\ndecimals = {}", self.decimals)
            }
            (None, None) if self.words.len() <= CODES && !self.words.is_empty() => self.codes(),
            (None, None) => "type = \"text\"".to_owned(),
        }
    }

    fn codes(&self) -> String {
        let shared = self.words.iter().filter(|(_, rows)| **rows >= SHARED);
        let codes: Vec<Value> = shared.map(|(word, _)| Value::from(word.as_str())).collect();
        match (codes.is_empty(), codes.len() < self.words.len()) {
            (true, _) => "type = \"text\"".to_owned(),
            (_, rare) => {
                let note = if rare { "    # and some that fewer than 10 rows have" } else { "" };
                format!("type = \"code\"\ncodes = {}{note}", Value::Array(codes))
            }
        }
    }
}

/// So many, to one digit and never fewer than ten: how many people there are exactly is for a release to say.
fn about(rows: u32) -> u32 {
    let unit = 10_u32.pow(rows.max(10).ilog10());
    (rows.saturating_add(unit / 2) / unit).max(1).saturating_mul(unit)
}

/// Both ends rounded away from each other to two digits of the larger, and past it where they are round already: nobody's value
/// stands in a card. What is never negative stays so.
fn outwards(low: f64, high: f64, least: f64) -> (f64, f64) {
    let most = low.abs().max(high.abs());
    let digits = if most > 0.0 { most.log10().floor() as i32 - 1 } else { 0 };
    let step = 10f64.powi(digits).max(least);
    // In whole steps, so that a power of ten below one leaves no crumbs.
    let at = |steps: f64| if step < 1.0 { steps / 10f64.powi(-digits) } else { steps * step };
    let below = at((low / step).ceil() - 1.0);
    (if low >= 0.0 { below.max(0.0) } else { below }, at((high / step).floor() + 1.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn draft(table: &str, id: Option<&str>) -> Result<String, String> {
        let folder = std::env::temp_dir().join(format!("semla-draft-{}-{:x}", std::process::id(), table.len()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("cohort.csv");
        std::fs::write(&path, table).unwrap();
        let text = card(&path, id, "patient").map_err(|fail| fail.text().to_owned());
        std::fs::remove_dir_all(folder).unwrap();
        text
    }

    #[test]
    fn a_draft_is_a_card_in_which_nobodys_value_stands() {
        let mut table = "id,age,dose,sex,note\n".to_owned();
        for row in 0..40 {
            let sex = ["f", "m", "x"][if row == 7 { 2 } else { row % 2 }];
            table += &format!("{},{},{}.25,{sex},free {row} \"text\"\n", 1000 + row, 20 + row, row);
        }
        let text = draft(&table.replace("\"text\"", "text"), Some("id")).unwrap();
        let card = semla_policy::text::card(&text).unwrap();
        assert_eq!((card.rows, card.id.as_deref(), card.unit.as_str()), (40, Some("id"), "patient"));
        let kinds: Vec<_> = card.columns.into_iter().map(|column| column.kind).collect();
        assert_eq!(
            kinds,
            [
                semla_policy::Kind::Integer { range: [900, 1100] },
                semla_policy::Kind::Integer { range: [19, 60] },
                semla_policy::Kind::Number { range: [0.0, 40.0], decimals: 2 },
                semla_policy::Kind::Code { codes: vec!["f".into(), "m".into()] },
                semla_policy::Kind::Text {},
            ]
        );
    }

    #[test]
    fn ends_are_rounded_away_and_never_stand_where_a_value_is() {
        assert_eq!(outwards(0.012, 0.987, 0.0), (0.01, 0.99));
        assert_eq!(outwards(10.0, 20.0, 1.0), (9.0, 21.0));
        assert_eq!(outwards(-0.5, 0.5, 0.0), (-0.51, 0.51));
        assert_eq!(outwards(0.0, 0.0, 1.0), (0.0, 1.0));
    }

    #[test]
    fn how_many_rows_there_are_is_told_to_one_digit() {
        assert_eq!([0, 1, 14, 16, 94, 96, 569, 123_456].map(about), [10, 10, 10, 20, 90, 100, 600, 100_000]);
        assert_eq!(about(u32::MAX), 4_000_000_000);
    }

    #[test]
    fn what_cannot_be_drafted_says_why() {
        assert!(draft("a,b\n1,2\n", Some("c")).unwrap_err().contains("its columns are a, b"));
        assert!(draft("a,b\n1,2,3\n", None).unwrap_err().contains("read"));
        assert!(draft("a\n", None).unwrap().contains("type = \"text\""));
    }
}
