//! A dataset's card.

use super::problem::Problems;
use super::reader::{Table, document};
use super::value::Value;
use crate::card::{Card, Column, Kind};
use std::collections::BTreeSet;

pub(super) fn read(source: &str) -> Result<Card, Problems> {
    document(source, |top| {
        top.only(&["title", "unit", "id", "rows", "column"]);
        let title = top.need("title").and_then(|value| value.text());
        let unit = top.need("unit").and_then(|value| value.text());
        let rows = top.need("rows").and_then(|value| value.number(1..=u32::MAX));
        let columns = top.need("column").and_then(|value| value.each(|item| Some(column(&item.table()?))));
        let columns: Option<Vec<(Option<String>, Option<Kind>)>> = columns;
        // What a column holds may be unread: its name is known for all that.
        let named = |columns: &'_ Vec<(Option<String>, _)>| columns.iter().map(|(name, _)| name.clone()).collect();
        let names: Option<BTreeSet<String>> = columns.as_ref().and_then(named);
        let id = top.get("id").and_then(|value| {
            let name = value.text()?;
            if names.is_some_and(|names| !names.contains(&name)) {
                value.fault(format!("`{name}` is no column of the card; name the column that identifies one person"));
            }
            Some(name)
        });
        let columns = columns?.into_iter().map(|(name, kind)| Some(Column { name: name?, kind: kind? }));
        Some(Card { title: title?, unit: unit?, id, rows: rows?, columns: columns.collect::<Option<_>>()? })
    })
}

fn column(table: &Table<'_, '_>) -> (Option<String>, Option<Kind>) {
    (table.need("name").and_then(|value| value.text()), kind(table))
}

fn kind(table: &Table<'_, '_>) -> Option<Kind> {
    let kind = table.need("type").and_then(|value| {
        value.word(&[("integer", "integer"), ("number", "number"), ("code", "code"), ("text", "text")])
    });
    Some(match kind? {
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
    })
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
