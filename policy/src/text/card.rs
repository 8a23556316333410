//! A dataset's card.

use super::problem::Problems;
use super::reader::{Table, document};
use super::value::Value;
use crate::card::{Card, Column, Kind};

pub(super) fn read(source: &str) -> Result<Card, Problems> {
    document(source, |top| {
        top.only(&["title", "unit", "id", "rows", "column"]);
        let title = top.need("title").and_then(|value| value.text());
        let unit = top.need("unit").and_then(|value| value.text());
        let rows = top.need("rows").and_then(|value| value.number(1..=u32::MAX));
        let columns = top.need("column").and_then(|value| value.each(|item| column(&item.table()?)));
        let columns: Option<Vec<Column>> = columns;
        let id = top.get("id").and_then(|value| {
            let name = value.text()?;
            if columns.as_ref().is_some_and(|columns| !columns.iter().any(|column| column.name == name)) {
                value.fault(format!("`{name}` is no column of the card; name the column that identifies one person"));
            }
            Some(name)
        });
        Some(Card { title: title?, unit: unit?, id, rows: rows?, columns: columns? })
    })
}

fn column(table: &Table<'_, '_>) -> Option<Column> {
    let name = table.need("name").and_then(|value| value.text());
    let kind = table.need("type").and_then(|value| {
        value.word(&[("integer", "integer"), ("number", "number"), ("code", "code"), ("text", "text")])
    });
    let kind = match kind? {
        "integer" => {
            table.only(&["name", "type", "range"]);
            Kind::Integer { range: range(table, |value| value.number(i64::MIN..=i64::MAX))? }
        }
        "number" => {
            table.only(&["name", "type", "range", "decimals"]);
            let mut decimals = 0;
            table.set("decimals", &mut decimals, |value| value.number(0..=17));
            Kind::Number { range: range(table, |value| value.decimal())?, decimals }
        }
        "code" => {
            let codes = table.only(&["name", "type", "codes"]).need("codes")?.texts()?;
            if codes.is_empty() {
                table.fault("a code column needs at least one code");
            }
            Kind::Code { codes }
        }
        _ => {
            table.only(&["name", "type"]);
            Kind::Text {}
        }
    };
    Some(Column { name: name?, kind })
}

fn range<T: PartialOrd + Copy>(table: &Table<'_, '_>, read: impl FnMut(&Value<'_, '_>) -> Option<T>) -> Option<[T; 2]> {
    let value = table.need("range")?;
    let ends: Vec<T> = value.each(read)?;
    match ends.as_slice() {
        [low, high] if low <= high => Some([*low, *high]),
        _ => {
            value.fault("`range` should be the smallest and the largest value, in this order");
            None
        }
    }
}
