//! Proposals: a change is signed by one, shown to another, and signed over the same text.

mod changes;
mod pending;

pub(crate) use pending::withdraw;

use crate::args::Place;
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::keys;
use crate::output::{self, Printer, plain};
use pending::{Proposal, list, only};
use semla_daemon::api::{self, Pending, Recorded};
use semla_policy::{Change, Policy, Record, Signed};
use serde_json::Value;

/// Signs a record and sends it.
pub(crate) fn propose(place: &Place, client: &Client, record: Record, printer: &Printer) -> Result<(), Fail> {
    send(client, &signed(place, client, record)?, printer)
}

/// A change from what holds now to this record, signed.
pub(crate) fn signed(place: &Place, client: &Client, record: Record) -> Result<Signed, Fail> {
    let replaces = client.get(&format!("/records/head?kind={}&name={}", record.changes(), segment(record.name())))?;
    let mut signed = Signed::unsigned(&Change { replaces, record }).map_err(Fail::chain)?;
    keys::sign::<Change>(place, &me(client)?, &mut signed)?;
    Ok(signed)
}

pub(crate) fn send(client: &Client, signed: &Signed, printer: &Printer) -> Result<(), Fail> {
    let recorded: Recorded = client.post("/records", signed)?;
    printer.one(&recorded, told)?;
    let pending: Vec<Pending> = if recorded.awaits.is_some() { client.get("/records")? } else { Vec::new() };
    let alike = |one: &&Pending| {
        one.lapsed.is_none() && one.recorded.kind == recorded.kind && one.recorded.name == recorded.name
    };
    match pending.iter().filter(alike).count() {
        0 | 1 => {}
        several => eprintln!(
            "{several} proposals have this name: approve one by its id, and take others back: semla withdraw ID"
        ),
    }
    Ok(())
}

/// Shows a proposal, and adds a signature over exactly what was shown; without an id, lists what could be signed.
///
/// What it is called is read from the text itself, and not from what the daemon says of it.
pub(crate) fn approve(
    place: &Place,
    client: &Client,
    kind: &str,
    id: Option<&str>,
    printer: &Printer,
) -> Result<(), Fail> {
    let pending: Vec<Pending> = client.get("/records")?;
    let mut proposals: Vec<_> = pending.into_iter().filter_map(Proposal::read).collect();
    proposals.retain(|proposal| proposal.record.kind() == kind);
    let me = me(client)?;
    let Some(id) = id else {
        proposals.retain(|proposal| proposal.awaits.is_ok() && !proposal.by.contains(&me));
        return list(&proposals, "nothing waits for your signature", printer);
    };
    let found =
        only(&proposals, id, "nothing that you could sign is called", "without a name, `approve` lists what is")?;
    let name = plain(found.name());
    match &found.awaits {
        Err(why) => return Err(Fail::new(format!("`{name}` can't be approved any more: {why}"))),
        Ok(whom) if found.by.contains(&me) => {
            return Err(Fail::new(format!(
                "you have signed `{name}` already, and it awaits {whom}; have them approve it"
            )));
        }
        Ok(_) => {}
    }
    let payload = found.payload.clone();
    eprintln!("to sign:\n{}", shown(client, &payload)?);
    output::confirm("sign this?")?;
    let mut signed = Signed { payload, signatures: Vec::new() };
    keys::sign::<Change>(place, &me, &mut signed)?;
    send(client, &signed, printer)
}

/// What is signed, read from the text itself; and what it comes to, as the daemon says.
fn shown(client: &Client, payload: &str) -> Result<String, Fail> {
    let Change { record, .. } = serde_json::from_str(payload).map_err(Fail::chain)?;
    if let Record::Policy(policy) = record {
        let text = crate::policy::shown::policy(&policy);
        let consequences = crate::policy::compare(client, None, *policy)?;
        return Ok(format!("{text}\n\nit comes to this:\n{}", crate::policy::told(&consequences)));
    }
    let anew = match &record {
        Record::Permit(permit) if crate::record::withdrawn(client, &permit.name)? => {
            format!("\n`{}` was withdrawn: with this it holds again, and nothing made under it is erased", permit.name)
        }
        _ => String::new(),
    };
    let change: Value = serde_json::from_str(payload).map_err(Fail::chain)?;
    let said = said(change.get("record").cloned().unwrap_or_default());
    let changes = changes::from_now(client, &record)?;
    Ok(plain(&(serde_json::to_string_pretty(&said).map_err(Fail::chain)? + &changes + &anew)))
}

/// What a record says: a field of which it says nothing is left out.
fn said(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, said(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(said).collect(),
        value => value,
    }
}

/// A policy that somebody proposed, by the beginning of its id.
pub(crate) fn proposed(client: &Client, id: &str) -> Result<Option<Policy>, Fail> {
    let pending: Vec<Pending> = client.get("/records")?;
    let found = pending.into_iter().filter_map(Proposal::read).find(|one| one.is_called(id));
    Ok(found.and_then(|one| match one.record {
        Record::Policy(policy) => Some(*policy),
        _ => None,
    }))
}

/// Whether a proposal of this kind and name waits for a signature of the one who asks.
pub(crate) fn waits(client: &Client, kind: &str, name: &str) -> Result<bool, Fail> {
    let pending: Vec<Pending> = client.get("/records")?;
    let me = me(client)?;
    let ours =
        |one: &Proposal| one.awaits.is_ok() && one.record.kind() == kind && one.name() == name && !one.by.contains(&me);
    Ok(pending.into_iter().filter_map(Proposal::read).any(|one| ours(&one)))
}

/// The account that is signed in.
pub(crate) fn me(client: &Client) -> Result<String, Fail> {
    client.get::<api::Me>("/me").map(|me| me.name)
}

fn told(recorded: &Recorded) -> String {
    let mut text = match &recorded.awaits {
        Some(whom) => {
            let id = recorded.id.trim_start_matches("sha256:");
            // A halt waits for nobody; to lift one does.
            let what = if recorded.kind == "halt" { "the end of the halt of" } else { &recorded.kind };
            format!("{what} `{}` is proposed, and awaits {whom}: {}", recorded.name, id.get(..12).unwrap_or(id))
        }
        // The one record whose coming in force ends something: nothing was halted by it.
        None if recorded.kind == "halt" && recorded.halted.is_none() => {
            format!("`{}` is halted no more", recorded.name)
        }
        None => format!("{} `{}` is in force", recorded.kind, recorded.name),
    };
    if let Some(halted) = &recorded.halted {
        let [jobs, checks] = [(halted.jobs, "job"), (halted.checks, "check")].map(output::counted);
        let [waiting, requests] =
            [(halted.waiting, "waiting job"), (halted.requests, "open request")].map(output::counted);
        text.push_str(&match recorded.kind == "halt" {
            true => format!("\nstopped {jobs} and {checks}, and holds {waiting} and {requests}"),
            false => format!(
                "\nstops {jobs} and {checks}, ends {waiting} and {requests}, and marks what was made under it for erasure"
            ),
        });
    }
    if recorded.halted.as_ref().is_some_and(|halted| halted.above) {
        text.push_str("\nthese are those up to your clearance: what is above it stops as well, and isn't counted");
    }
    if let Some(halted) = recorded.halted.as_ref().filter(|halted| halted.left > 0) {
        text.push_str(&format!(
            "\n{} of all couldn't be stopped yet: semla goes on trying, call the operator",
            halted.left
        ));
    }
    if let Some(code) = &recorded.code {
        text.push_str(&format!("\ngive them this, it is shown once: semla login {} --code {code}", recorded.name));
    }
    text
}
