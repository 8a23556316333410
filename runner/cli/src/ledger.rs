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
            let people = reviewers(&client)?;
            let keys: BTreeMap<_, _> = people.iter().filter_map(|one| Some((&one.name, one.key.as_ref()?))).collect();
            printer.one(&keys, |_| people.iter().filter_map(listed).collect::<Vec<_>>().join("\n"))?;
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

/// Those whose role decides on any release under the policy in force, and those of them whose account was closed since.
fn reviewers(client: &Client) -> Result<Vec<PersonView>, Fail> {
    let answer: Value = client.get("/policy")?;
    let policy = answer.get("policy").cloned().unwrap_or_default();
    let policy: Policy = serde_json::from_value(policy).map_err(Fail::chain)?;
    let decides = |role: &String| policy.releases.iter().flat_map(|rule| &rule.who).any(|who| who.name() == role);
    let people: Vec<PersonView> = client.get("/people")?;
    Ok(people.into_iter().filter(|person| person.roles.iter().any(decides)).collect())
}

/// A line of the file that `semla verify --reviewers` takes. Bundles that were released before an account was closed need its key.
fn listed(person: &PersonView) -> Option<String> {
    let closed = if person.disabled { "  # closed: it signs nothing any more" } else { "" };
    Some(format!("{} {}{closed}", person.name, person.key.as_ref()?))
}
