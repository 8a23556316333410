//! The tamper-evident log.

mod tail;

use crate::args::{Ledger as Command, Place};
use crate::client::Client;
use crate::fail::Fail;
use crate::matching;
use crate::output::{self, Printer};
use semla_daemon::api::{LedgerView, PersonView};
use semla_policy::Policy;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Command::Match { log_key } => return matching::run(place, log_key, printer),
        Command::Key => {
            let view: LedgerView = client.get("/ledger")?;
            printer.one(&view.key, Clone::clone)?;
        }
        Command::Reviewers => {
            let keys = reviewers(&client)?;
            printer.one(&keys, |keys| {
                keys.iter().map(|(name, key)| format!("{name} {key}")).collect::<Vec<_>>().join("\n")
            })?;
        }
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
            if printer.is_json() {
                entries.iter().try_for_each(|entry| printer.one(entry, ToString::to_string))?;
            } else {
                tail::lines(&entries).iter().try_for_each(|line| output::line(line))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The keys of those whose role decides on any release under the policy in force.
fn reviewers(client: &Client) -> Result<BTreeMap<String, String>, Fail> {
    let answer: Value = client.get("/policy")?;
    let policy = answer.get("policy").cloned().unwrap_or_default();
    let policy: Policy = serde_json::from_value(policy).map_err(Fail::chain)?;
    let decides = |role: &String| policy.releases.iter().flat_map(|rule| &rule.who).any(|who| who.name() == role);
    let people: Vec<PersonView> = client.get("/people")?;
    let people = people.into_iter().filter(|person| person.roles.iter().any(decides));
    Ok(people.filter_map(|person| Some((person.name, person.key?))).collect())
}
