//! Proposals: a change is signed by one, shown to another, and signed over the same text.

use crate::args::Place;
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::keys;
use crate::output::{self, Printer, plain};
use semla_daemon::api::{self, Pending, Recorded};
use semla_policy::{Change, Digest, Policy, Record, Signed};
use serde_json::{Value, json};

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
    printer.one(&recorded, told)
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
    let Some(id) = id else {
        let me = me(client)?;
        proposals.retain(|proposal| !proposal.by.contains(&me));
        return list(&proposals, printer);
    };
    let mut found = proposals.iter().filter(|proposal| proposal.is_called(id));
    let payload = match (found.next(), found.next()) {
        (Some(one), None) => one.payload.clone(),
        (None, _) => {
            return Err(Fail::new(format!(
                "nothing that you could sign is called `{id}`; without a name, `approve` lists what is"
            )));
        }
        (Some(_), Some(_)) => {
            let ids: Vec<_> = proposals.iter().filter(|proposal| proposal.is_called(id)).map(Proposal::short).collect();
            return Err(Fail::new(format!("`{id}` was proposed more than once; name one of {}", ids.join(", "))));
        }
    };
    eprintln!("signing:\n{}", shown(client, &payload)?);
    output::confirm("sign this?")?;
    let mut signed = Signed { payload, signatures: Vec::new() };
    keys::sign::<Change>(place, &me(client)?, &mut signed)?;
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
    let value: Value = serde_json::from_str(payload).map_err(Fail::chain)?;
    Ok(plain(&(serde_json::to_string_pretty(&value).map_err(Fail::chain)? + &anew)))
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
    let ours = |one: &Proposal| one.record.kind() == kind && one.name() == name && !one.by.contains(&me);
    Ok(pending.into_iter().filter_map(Proposal::read).any(|one| ours(&one)))
}

/// A change that somebody signed.
struct Proposal {
    record: Record,
    payload: String,
    by: Vec<String>,
    awaits: String,
}

impl Proposal {
    fn read(pending: Pending) -> Option<Self> {
        let Change { record, .. } = pending.signed.read::<Change>().ok()?;
        let by = pending.signed.signatures.into_iter().map(|signature| signature.by).collect();
        Some(Self { record, payload: pending.signed.payload, by, awaits: pending.recorded.awaits.unwrap_or_default() })
    }

    fn id(&self) -> String {
        Digest::of(self.payload.as_bytes()).hex()
    }

    /// There is one policy, and it has no name.
    fn name(&self) -> &str {
        if self.record.name().is_empty() { self.record.kind() } else { self.record.name() }
    }

    fn short(&self) -> String {
        self.id().chars().take(12).collect()
    }

    fn is_called(&self, id: &str) -> bool {
        let digits = id.trim_start_matches("sha256:");
        self.name() == id || digits.len() >= 4 && self.id().starts_with(digits)
    }
}

fn list(proposals: &[Proposal], printer: &Printer) -> Result<(), Fail> {
    if proposals.is_empty() && !printer.is_json() {
        return output::line("nothing waits for your signature");
    }
    let lines: Vec<Value> = proposals
        .iter()
        .map(|one| json!({ "name": one.name(), "id": one.short(), "by": one.by, "awaits": one.awaits }))
        .collect();
    printer.table(&lines, ["NAME", "ID", "SIGNED BY", "AWAITS"], |line| {
        let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let by = line.get("by").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        [text("name"), text("id"), by.collect::<Vec<_>>().join(","), text("awaits")]
    })
}

/// The account that is signed in.
pub(crate) fn me(client: &Client) -> Result<String, Fail> {
    client.get::<api::Me>("/me").map(|me| me.name)
}

fn told(recorded: &Recorded) -> String {
    let mut text = match &recorded.awaits {
        Some(whom) => {
            let id = recorded.id.trim_start_matches("sha256:");
            format!(
                "{} `{}` is proposed, and awaits {whom}: {}",
                recorded.kind,
                recorded.name,
                id.get(..12).unwrap_or(id)
            )
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
    if let Some(halted) = recorded.halted.as_ref().filter(|halted| halted.left > 0) {
        text.push_str(&format!(
            "\n{} of these couldn't be stopped yet: semla goes on trying, call the operator",
            halted.left
        ));
    }
    if let Some(code) = &recorded.code {
        text.push_str(&format!("\ngive them this, it is shown once: semla login {} --code {code}", recorded.name));
    }
    text
}
