//! The policy: read, compared, explained, proposed and approved.

mod explain;
mod replay;
pub(crate) mod shown;

use crate::args::{Place, Policy as Command};
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use crate::proposal::{approve, propose, proposed};
use crate::record::read;
use semla_daemon::api::{Compare, Consequences, Me};
use semla_policy::{Fault, Policy, Record, Role, text};
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    match command {
        Command::Validate { file } => {
            let mut by = None;
            let judge = |policy: &Policy| {
                let judged = Client::new(place).and_then(|client| Ok((faults(&client, policy)?, officer(&client)?)));
                judged.map_or_else(
                    |_| Vec::new(),
                    |(faults, officer)| {
                        by = Some(officer);
                        faults
                    },
                )
            };
            read(file, |source| text::policy_judged(source, judge))?;
            output::line(&format!("`{}` is a sound policy {}", file.display(), held(by)))?;
        }
        Command::Show { effective } => {
            let answer: Value = Client::new(place)?.get("/policy")?;
            let policy = answer.get("policy").cloned().unwrap_or_default();
            let read: Policy = serde_json::from_value(policy.clone()).map_err(Fail::chain)?;
            printer.one(&answer, |_| match effective {
                true => serde_json::to_string_pretty(&named_levels(policy)).unwrap_or_default(),
                false => shown::policy(&read),
            })?;
        }
        Command::Propose { file } => {
            let client = Client::new(place)?;
            let mut unjudged = None;
            let policy = read(file, |source| {
                text::policy_judged(source, |policy| {
                    faults(&client, policy).map_err(|fail| unjudged = Some(fail)).unwrap_or_default()
                })
            })?;
            if let Some(fail) = unjudged {
                return Err(fail);
            }
            eprintln!("{}", told(&compare(&client, None, policy.clone())?));
            propose(place, &client, Record::Policy(Box::new(policy)), printer)?;
        }
        Command::Approve { id } => approve(place, &Client::new(place)?, "policy", id.as_deref(), printer)?,
        Command::Diff { old, new, replay } => {
            let client = Client::new(place)?;
            let (before, after) = (named(&client, old)?, named(&client, new)?);
            let days = replay.as_deref().map(replay::days).transpose()?;
            printer.one(&compare(&client, Some(before), after)?, told)?;
            if !officer(&client)? {
                eprintln!("these are the rules alone; {OFFICERS}");
            }
            if let Some(days) = days {
                replay::run(&client, new, days, printer)?;
            }
        }
        Command::Explain(explain) => return explain::run(place, explain, printer),
    }
    Ok(ExitCode::SUCCESS)
}

/// A policy's JSON as people read it: each level's rules say which level they are of, which the record tells by their order alone.
fn named_levels(mut policy: Value) -> Value {
    let names = policy.pointer("/scheme/levels").and_then(Value::as_array).cloned().unwrap_or_default();
    let levels = policy.get_mut("levels").and_then(Value::as_array_mut).into_iter().flatten();
    for (level, name) in levels.zip(names) {
        if let Some(level) = level.as_object_mut() {
            level.insert("name".to_owned(), name);
        }
    }
    policy
}

/// Asks what a change would come to.
pub(crate) fn compare(client: &Client, old: Option<Policy>, new: Policy) -> Result<Consequences, Fail> {
    client.post("/policy/compare", &Compare { old, new })
}

/// What only officers are told of a policy.
const OFFICERS: &str = "officers see whether people and permits allow it, too";

/// What a policy was held against: nothing but itself, or by a person who is an officer or isn't.
fn held(by: Option<bool>) -> String {
    match by {
        None => {
            "by itself; sign in as an officer to have it held against the site's people, permits and hosts".to_owned()
        }
        Some(false) => format!("for this site's hosts; {OFFICERS}"),
        Some(true) => "here: it was held against the site's people, permits and hosts".to_owned(),
    }
}

/// Whether an officer is signed in.
fn officer(client: &Client) -> Result<bool, Fail> {
    client.get::<Me>("/me").map(|me| me.roles.iter().any(|role| role == Role::Officer.name()))
}

fn faults(client: &Client, policy: &Policy) -> Result<Vec<Fault>, Fail> {
    Ok(compare(client, None, policy.clone())?.faults)
}

/// A policy by its file, its digest, or as `current`.
fn named(client: &Client, name: &str) -> Result<Policy, Fail> {
    if name == "current" {
        let answer: Value = client.get("/policy")?;
        return serde_json::from_value(answer.get("policy").cloned().unwrap_or_default()).map_err(Fail::chain);
    }
    if Path::new(name).exists() {
        return read(Path::new(name), text::policy);
    }
    match proposed(client, name)? {
        Some(policy) => Ok(policy),
        None => client.get(&format!("/policies/{}", segment(name))).map_err(|fail| {
            Fail::new(format!("`{name}` is no file here, no proposal that you may see, and: {}", fail.text()))
        }),
    }
}

/// Consequences, a line each.
pub(crate) fn told(consequences: &Consequences) -> String {
    let faults = consequences.faults.iter().map(|fault| format!("! {fault}"));
    let lines: Vec<_> = consequences.told.iter().map(|line| format!("- {line}")).chain(faults).collect();
    match lines.is_empty() {
        true => "nothing changes".to_owned(),
        false => plain(&lines.join("\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::held;

    #[test]
    fn what_a_policy_was_held_against_is_said() {
        assert!(held(None).starts_with("by itself"));
        assert!(held(Some(false)).contains("hosts; officers see") && !held(Some(false)).contains("here"));
        assert!(held(Some(true)).contains("people, permits and hosts"));
    }
}
