//! `permits/NAME.toml`.

use super::problem::Problems;
use super::reader::document;
use crate::record::Permit;

pub(super) fn read(name: &str, source: &str) -> Result<Permit, Problems> {
    document(source, |top| {
        top.only(&["purpose", "people", "datasets", "up_to", "until"]);
        let text = |key| top.need(key).and_then(|value| value.text());
        let texts = |key| top.need(key).and_then(|value| value.texts());
        let (purpose, people, datasets, up_to) = (text("purpose"), texts("people"), texts("datasets"), text("up_to"));
        let until = top.need("until").and_then(|value| value.date());
        Some(Permit {
            name: name.to_owned(),
            purpose: purpose?,
            people: people?.into_iter().collect(),
            datasets: datasets?.into_iter().collect(),
            up_to: up_to?,
            until: until?,
        })
    })
}
