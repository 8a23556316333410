//! `permits/NAME.toml`.

use super::label;
use super::problem::Problems;
use super::reader::document;
use super::value::Value;
use crate::record::Permit;

pub(super) fn read(name: &str, source: &str) -> Result<Permit, Problems> {
    document(source, |top| {
        top.only(&["purpose", "people", "datasets", "up_to", "until"]);
        let purpose = top.need("purpose").and_then(|value| purpose(&value));
        let distinct = |key| top.need(key).and_then(|value| value.distinct());
        let (people, datasets) = (distinct("people"), distinct("datasets"));
        let up_to = top.need("up_to").and_then(|value| label::shaped(&value));
        let until = top.need("until").and_then(|value| value.date());
        Some(Permit {
            name: name.to_owned(),
            purpose: purpose?,
            people: people?,
            datasets: datasets?,
            up_to: up_to?,
            until: until?,
        })
    })
}

/// Whoever signs a permit vouches for what it is for.
fn purpose(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    if text.trim().is_empty() {
        value
            .fault("a `purpose` that says nothing can't be vouched for; write in a sentence what the data is used for");
    }
    Some(text)
}
