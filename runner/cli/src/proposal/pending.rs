//! Proposals that wait for a signature: which one is meant, and taking one's own back.

use super::me;
use crate::args::Place;
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use semla_daemon::api::{Pending, Recorded};
use semla_policy::{Change, Digest, Record};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Takes back what one proposed oneself; without an id, lists that.
pub(crate) fn withdraw(place: &Place, id: Option<&str>, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let me = me(&client)?;
    let pending: Vec<Pending> = client.get("/records")?;
    let mut own: Vec<_> = pending.into_iter().filter_map(Proposal::read).collect();
    own.retain(|proposal| proposal.by.last() == Some(&me));
    let Some(id) = id else {
        return list(&own, "nothing that you proposed waits for a signature", printer).map(|()| ExitCode::SUCCESS);
    };
    let found = only(&own, id, "no proposal of yours that waits is called", "without a name, `withdraw` lists yours")?;
    output::confirm(&format!("take back {} `{}`?", found.record.kind(), plain(found.name())))?;
    let address = format!("/records/{}/withdraw", segment(&format!("sha256:{}", found.id())));
    let gone: Recorded = client.post(&address, &Value::Null)?;
    printer.one(&gone, |_| format!("{} `{}` is proposed no more", found.record.kind(), plain(found.name())))?;
    Ok(ExitCode::SUCCESS)
}

/// A change that somebody signed.
pub(super) struct Proposal {
    pub(super) record: Record,
    pub(super) payload: String,
    pub(super) by: Vec<String>,
    /// Whom it waits for; or why it can't be put in force any more.
    pub(super) awaits: Result<String, String>,
}

impl Proposal {
    pub(super) fn read(pending: Pending) -> Option<Self> {
        let Change { record, .. } = pending.signed.read::<Change>().ok()?;
        let by = pending.signed.signatures.into_iter().map(|signature| signature.by).collect();
        let awaits = match pending.lapsed {
            Some(why) => Err(why),
            None => Ok(pending.recorded.awaits.unwrap_or_default()),
        };
        Some(Self { record, payload: pending.signed.payload, by, awaits })
    }

    fn id(&self) -> String {
        Digest::of(self.payload.as_bytes()).hex()
    }

    /// There is one policy, and it has no name.
    pub(super) fn name(&self) -> &str {
        if self.record.name().is_empty() { self.record.kind() } else { self.record.name() }
    }

    fn short(&self) -> String {
        self.id().chars().take(12).collect()
    }

    pub(super) fn is_called(&self, id: &str) -> bool {
        let digits = id.trim_start_matches("sha256:");
        self.name() == id || digits.len() >= 4 && self.id().starts_with(digits)
    }
}

pub(super) fn list(proposals: &[Proposal], none: &str, printer: &Printer) -> Result<(), Fail> {
    if proposals.is_empty() && !printer.is_json() {
        return output::line(none);
    }
    let lines: Vec<Value> = proposals
        .iter()
        .map(|one| {
            let (awaits, lapsed) = (one.awaits.as_ref().ok(), one.awaits.as_ref().err());
            json!({ "name": one.name(), "id": one.short(), "by": one.by, "awaits": awaits, "lapsed": lapsed })
        })
        .collect();
    printer.table(&lines, ["NAME", "ID", "SIGNED BY", "AWAITS"], |line| {
        let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let by = line.get("by").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let awaits = match line.get("lapsed").and_then(Value::as_str) {
            Some(why) => format!("nobody any more: {why}"),
            None => text("awaits"),
        };
        [text("name"), text("id"), by.collect::<Vec<_>>().join(","), awaits]
    })
}

/// The one proposal that is called so.
pub(super) fn only<'a>(proposals: &'a [Proposal], id: &str, none: &str, list: &str) -> Result<&'a Proposal, Fail> {
    let found: Vec<_> = proposals.iter().filter(|proposal| proposal.is_called(id)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Fail::new(format!("{none} `{id}`; {list}"))),
        several => {
            let ids: Vec<_> = several.iter().map(|one| one.short()).collect();
            Err(Fail::new(format!("`{id}` was proposed more than once; name one of {}", ids.join(", "))))
        }
    }
}
