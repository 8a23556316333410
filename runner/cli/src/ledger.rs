//! The tamper-evident log.

use crate::args::{Ledger as Command, Place};
use crate::client::Client;
use crate::fail::Fail;
use crate::matching;
use crate::output::Printer;
use semla_daemon::api::LedgerView;
use serde_json::Value;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Command::Match { log_key } => return matching::run(place, log_key, printer),
        Command::Show => {
            let view: LedgerView = client.get("/ledger")?;
            printer.one(&view, |view| {
                format!("{} entries\nkey {}\n\n{}", view.size, view.key, view.checkpoint.trim_end())
            })?;
        }
        Command::Verify => {
            let verified: Value = client.post("/ledger/verify", &Value::Null)?;
            let text = |key: &str| {
                verified.get(key).map_or(String::new(), |value| value.as_str().map_or(value.to_string(), str::to_owned))
            };
            printer.one(&verified, |_| format!("{} entries lead to the root {}", text("size"), text("root")))?;
        }
        Command::Tail { from } => {
            let entries: Vec<Value> = client.get(&format!("/ledger/entries?from={from}"))?;
            entries.iter().try_for_each(|entry| printer.one(entry, ToString::to_string))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
