//! Whether rows are what the card says: a dummy is made from the card alone, and code that was tried on it meets the rows.

use super::values;
use crate::fail::{Fail, trying};
use semla_policy::{Card, Column, Kind};
use std::fs::File;
use std::io::Seek;
use std::path::Path;

/// A line for each column of a csv file with values that the card rules out. It names none of them.
pub(super) fn contradictions(path: &Path, mut file: &File, card: &Card) -> Result<Vec<String>, Fail> {
    let reading = || trying(format!("read `{}`", path.display()));
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header = table.headers().map_err(reading())?.clone();
    let described = |name: &str| card.columns.iter().find(|column| column.name == name);
    let mut columns: Vec<(Option<&Column>, u64)> = header.iter().map(|name| (described(name), 0)).collect();
    for row in table.records() {
        for ((column, others), cell) in columns.iter_mut().zip(&row.map_err(reading())?) {
            *others += u64::from(column.is_some_and(|column| !allows(&column.kind, cell.trim())));
        }
    }
    file.rewind().map_err(trying(format!("read `{}`", path.display())))?;
    let told = columns.into_iter().filter(|(_, others)| *others > 0).filter_map(|(column, others)| {
        let (name, rows) = (path.display(), if others == 1 { "1 row".into() } else { format!("{others} rows") });
        let Column { name: column, kind } = column?;
        let says = values(kind);
        Some(format!(
            "`{name}`: `{column}` is something else in {rows} than the card says ({says}); dummies will lack that"
        ))
    });
    Ok(told.collect())
}

/// Whether a value is one that the card tells of. That some are missing, no card says.
fn allows(kind: &Kind, cell: &str) -> bool {
    cell.is_empty()
        || match kind {
            Kind::Integer { range: [low, high] } => {
                cell.parse().is_ok_and(|value: i64| (*low..=*high).contains(&value))
            }
            Kind::Number { range: [low, high], .. } => {
                cell.parse().is_ok_and(|value: f64| (*low..=*high).contains(&value))
            }
            Kind::Code { codes } => codes.iter().any(|code| code == cell),
            Kind::Text {} => true,
        }
}
