//! The launcher's own record of what it handed out and lowered. The ledger has to match it.

use crate::durable;
use crate::house::House;
use crate::protocol::Id;
use semla_policy::{Receipt, Refusal};
use serde::Serialize;

/// One line of the journal.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Line<'a> {
    /// A descriptor was handed out.
    Opened { object: &'a Id, person: &'a str, receipt: &'a Receipt },
    /// A copy was made at a lower label.
    Lowered { object: &'a Id, copy: &'a Id, to: &'a str, receipt: &'a Receipt },
}

/// Writes a line, before what it tells of happens.
pub(super) fn write(house: &House, line: &Line<'_>) -> Result<(), Refusal> {
    let full = |error: std::io::Error| {
        Refusal::new(9, format!("the journal can't be written: {error}"), "free some disk, and try again")
    };
    let text = serde_json::to_string(line).map_err(|error| full(error.into()))?;
    durable::append(&house.journal(), &text, 0o600).map_err(full)
}
