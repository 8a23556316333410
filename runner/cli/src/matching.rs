//! Whether the ledger tells of everything that the launcher handed out or lowered: what a daemon that somebody took over would
//! rather keep from it.

use crate::args::Place;
use crate::fail::{Fail, trying};
use crate::output::{Printer, plain};
use semla_ledger::{VerifierKey, audit};
use semla_policy::Digest;
use semla_sandbox::house::House;
use semla_sandbox::launcher::journal::{self, Line};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(Serialize)]
struct Matched {
    lines: usize,
    entries: u64,
    missing: Vec<String>,
}

/// Holds the launcher's journal against the ledger, both as they lie on this host.
pub(crate) fn run(place: &Place, log_key: &str, printer: &Printer) -> Result<ExitCode, Fail> {
    let log: VerifierKey = log_key.parse().map_err(|error| Fail::usage(Fail::chain(error).text()))?;
    let house = House::open(&place.state).map_err(trying(format!("open the site `{}`", place.state.display())))?;
    let lines = journal::read(&house).map_err(trying("read the launcher's journal; only root may"))?;
    let mut entries: BTreeMap<u64, Option<Value>> = lines.iter().map(|line| (line.receipt().index, None)).collect();
    let promised: BTreeMap<_, _> = lines.iter().map(|line| (line.receipt().index, &line.receipt().digest)).collect();
    let head = audit::entries(&house.serve().join("ledger"), &log, |index, entry| {
        if promised.get(&index).is_some_and(|digest| **digest == Digest::of(entry)) {
            entries.insert(index, serde_json::from_slice(entry).ok());
        }
    });
    let head = head.map_err(trying("verify the ledger"))?;
    let told = |line: &Line| {
        entries.get(&line.receipt().index).and_then(Option::as_ref).is_some_and(|entry| tells(entry, line))
    };
    let missing: Vec<_> = lines.iter().filter(|line| !told(line)).map(said).collect();
    let matched = Matched { lines: lines.len(), entries: head.size, missing };
    printer.one(&matched, |matched| match matched.missing.as_slice() {
        [] => format!("{} lines of the launcher's journal: the ledger tells of each", matched.lines),
        missing => missing.join("\n"),
    })?;
    match matched.missing.len() {
        0 => Ok(ExitCode::SUCCESS),
        some => Err(Fail::new(format!(
            "the ledger doesn't tell of {some} of {} lines of the launcher's journal; take the daemon off the network and call an auditor",
            matched.lines
        ))),
    }
}

/// Whether an entry tells of what a line does.
fn tells(entry: &Value, line: &Line) -> bool {
    let is = |key: &str, text: &str| entry.get(key).and_then(Value::as_str) == Some(text);
    match line {
        Line::Opened { object, person, .. } => is("event", "read") && is("object", object) && is("by", person),
        Line::Collected { copy, .. } => is("event", "read") && is("object", copy.as_str()) && is("by", "semla"),
        Line::Started { fence, .. } => {
            (is("event", "launching") || is("event", "checking")) && is("fence", fence.as_str())
        }
        Line::Lowered { to, .. } => is("event", "lowering") && is("to", to),
    }
}

fn said(line: &Line) -> String {
    let entry = line.receipt().index;
    plain(&match line {
        Line::Opened { object, person, .. } => {
            format!("`{person}` was handed `{object}`; entry {entry} says something else")
        }
        Line::Collected { copy, .. } => {
            format!("`{copy}` was handed out for a bundle; entry {entry} says something else")
        }
        Line::Started { fence, .. } => format!("`{fence}` was started; entry {entry} says something else"),
        Line::Lowered { object, to, .. } => {
            format!("`{object}` was lowered to `{to}`; entry {entry} says something else")
        }
    })
}
