//! `permits/NAME.toml`.

use super::problem::Problems;
use super::reader::document;
use crate::record::Permit;

pub(super) fn read(name: &str, source: &str) -> Result<Permit, Problems> {
    document(source, |top| {
        top.only(&["purpose", "people", "datasets", "up_to", "until"]);
        let (purpose, people, datasets) = (top.need("purpose"), top.need("people"), top.need("datasets"));
        let (up_to, until) = (top.need("up_to"), top.need("until"));
        let (purpose, people) = (purpose?.text(), people?.texts());
        let (datasets, up_to, until) = (datasets?.texts(), up_to?.text(), until?.date());
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
