//! A dataset's card.

use super::reader::{Problems, Table, document};
use crate::card::{Card, Column, Kind};

pub(super) fn read(source: &str) -> Result<Card, Problems> {
    document(source, |top| {
        top.only(&["title", "unit", "id", "rows", "column"]);
        let title = top.need("title").and_then(|value| value.text());
        let unit = top.need("unit").and_then(|value| value.text());
        let rows = top.need("rows").and_then(|value| {
            let rows = value.number().and_then(|rows| u32::try_from(rows).ok());
            rows.filter(|rows| *rows > 0).or_else(|| {
                value.fault("a dummy has at least one row, and at most 4294967295");
                None
            })
        });
        let columns = top.need("column").and_then(|value| {
            let tables: Vec<_> = value.list()?.iter().map(|item| item.table()).collect();
            let columns: Vec<_> = tables.iter().map(|table| column(table.as_ref()?)).collect();
            columns.into_iter().collect::<Option<Vec<_>>>()
        });
        let id = match top.get("id") {
            Some(value) => {
                let name = value.text()?;
                if columns.as_ref().is_some_and(|columns| !columns.iter().any(|column| column.name == name)) {
                    value.fault(format!(
                        "`{name}` is no column of the card; name the column that identifies one person"
                    ));
                }
                Some(name)
            }
            None => None,
        };
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
            let [low, high] = range(table.only(&["name", "type", "range"]))?;
            Kind::Integer { range: [low as i64, high as i64] }
        }
        "number" => {
            let range = range(table.only(&["name", "type", "range", "decimals"]))?;
            let decimals = table.get("decimals").map_or(Some(0), |value| value.number());
            Kind::Number { range, decimals: u8::try_from(decimals?).unwrap_or(u8::MAX).min(17) }
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

fn range(table: &Table<'_, '_>) -> Option<[f64; 2]> {
    let value = table.need("range")?;
    let ends: Vec<f64> = value.list()?.iter().map(|item| item.decimal()).collect::<Option<_>>()?;
    match ends.as_slice() {
        [low, high] if low <= high => Some([*low, *high]),
        _ => {
            value.fault("`range` should be the smallest and the largest value, in this order");
            None
        }
    }
}
