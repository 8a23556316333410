//! Records: read from files, shown, signed, sent.

use crate::args::{Data, Place, Policy, Record as Command};
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use crate::{intake, keys};
use semla_daemon::api::{self, Pending, Recorded};
use semla_policy::text::{self, Problems};
use semla_policy::{Change, DataFile, Dataset, Digest, Record, Signed};
use semla_sandbox::protocol::Offer;
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn user(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Command::Add { file } => {
            let person = read(file, |source| text::person(&stem(file), source))?;
            propose(place, &client, Record::Person(person), printer)?;
        }
        Command::Approve { id } => approve(place, &client, "person", id, printer)?,
        Command::Ls => {
            let people: Vec<api::PersonView> = client.get("/people")?;
            printer.table(&people, ["NAME", "ROLES", "CLEARANCE", "KEY"], |person| {
                let key = person.key.clone().unwrap_or_default();
                [person.name.clone(), person.roles.join(","), person.clearance.clone(), key]
            })?;
        }
        Command::Show { name } => {
            let people: Vec<api::PersonView> = client.get("/people")?;
            let person =
                people.into_iter().find(|person| person.name == *name).ok_or_else(|| missing("person", name))?;
            printer.one(&person, |person| {
                format!("{}: {}, sees up to {}", person.name, person.roles.join(", "), person.clearance)
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn permit(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Command::Add { file } => {
            let permit = read(file, |source| text::permit(&stem(file), source))?;
            propose(place, &client, Record::Permit(permit), printer)?;
        }
        Command::Approve { id } => approve(place, &client, "permit", id, printer)?,
        Command::Ls => {
            let permits: Vec<api::PermitView> = client.get("/permits")?;
            printer.table(&permits, ["PERMIT", "UP TO", "UNTIL", "DATASETS", "PEOPLE"], |permit| {
                [
                    permit.name.clone(),
                    permit.up_to.clone(),
                    permit.until.clone(),
                    permit.datasets.join(","),
                    permit.people.join(","),
                ]
            })?;
        }
        Command::Show { name } => {
            let permits: Vec<api::PermitView> = client.get("/permits")?;
            let permit =
                permits.into_iter().find(|permit| permit.name == *name).ok_or_else(|| missing("permit", name))?;
            printer.one(&permit, |permit| {
                format!("{}: {}\nup to {}, until {}", permit.name, permit.purpose, permit.up_to, permit.until)
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn policy(place: &Place, command: &Policy, printer: &Printer) -> Result<ExitCode, Fail> {
    match command {
        Policy::Validate { file } => {
            read(file, text::policy)?;
            output::line(&format!("`{}` is a sound policy", file.display()))?;
        }
        Policy::Show { effective } => {
            let answer: Value = Client::new(place)?.get("/policy")?;
            let policy = answer.get("policy").cloned().unwrap_or_default();
            printer.one(&answer, |_| match effective {
                true => serde_json::to_string_pretty(&policy).unwrap_or_default(),
                false => summary(&policy),
            })?;
        }
        Policy::Propose { file } => {
            let policy = read(file, text::policy)?;
            propose(place, &Client::new(place)?, Record::Policy(Box::new(policy)), printer)?;
        }
        Policy::Approve { id } => approve(place, &Client::new(place)?, "policy", id, printer)?,
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn data(place: &Place, command: &Data, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Data::Add { name, files, label, card_label, card } => {
            let card = read(card, text::card)?;
            let opened = files.iter().map(|path| intake::open(path)).collect::<Result<Vec<_>, _>>()?;
            let described = files.iter().zip(&opened).map(|(path, plain)| DataFile {
                name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                digest: plain.digest,
                size: plain.size,
            });
            let dataset = Dataset {
                name: name.clone(),
                label: label.clone(),
                card_label: card_label.clone(),
                card,
                files: described.collect(),
            };
            // The bytes first: a proposal that nothing stands behind could be approved.
            let signed = signed(place, &client, Record::Dataset(Box::new(dataset)))?;
            for (file, plain) in opened.iter().enumerate() {
                intake::offer(place, &Offer::Dataset { record: signed.clone(), file }, plain)?;
            }
            send(&client, &signed, printer)?;
        }
        Data::Approve { id } => approve(place, &client, "dataset", id, printer)?,
        Data::Ls => {
            let datasets: Vec<api::DatasetView> = client.get("/datasets")?;
            printer.table(&datasets, ["DATASET", "LABEL", "CARD", "TITLE"], |data| {
                [data.name.clone(), data.label.clone(), data.card_label.clone(), data.card.title.clone()]
            })?;
        }
        Data::Show { name } => {
            let datasets: Vec<api::DatasetView> = client.get("/datasets")?;
            let data = datasets.into_iter().find(|data| data.name == *name).ok_or_else(|| missing("dataset", name))?;
            printer.one(&data, |data| {
                let mut text = format!(
                    "{}: {} at {}, one {} by {}\n",
                    data.name,
                    data.card.title,
                    data.label,
                    data.card.unit,
                    data.card.id.as_deref().unwrap_or("(unknown)")
                );
                for column in &data.card.columns {
                    text.push_str(&format!(
                        "  {}: {}\n",
                        column.name,
                        serde_json::to_string(&column.kind).unwrap_or_default()
                    ));
                }
                text.trim_end().to_owned()
            })?;
        }
        Data::Dummy { name } => {
            let raw = client.raw(
                hyper::Method::GET,
                &format!("/datasets/{}/dummy", segment(name)),
                "text/csv",
                Vec::new(),
            )?;
            output::bytes(&raw.bytes)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Signs a record and sends it.
pub(crate) fn propose(place: &Place, client: &Client, record: Record, printer: &Printer) -> Result<(), Fail> {
    send(client, &signed(place, client, record)?, printer)
}

/// A change from what holds now to this record, signed.
fn signed(place: &Place, client: &Client, record: Record) -> Result<Signed, Fail> {
    let replaces = client.get(&format!("/records/head?kind={}&name={}", record.kind(), segment(record.name())))?;
    let mut signed = Signed::unsigned(&Change { replaces, record }).map_err(Fail::chain)?;
    keys::sign::<Change>(place, &me(client)?, &mut signed)?;
    Ok(signed)
}

fn send(client: &Client, signed: &Signed, printer: &Printer) -> Result<(), Fail> {
    let recorded: Recorded = client.post("/records", signed)?;
    printer.one(&recorded, told)
}

/// Shows a proposal, and adds a signature over exactly what was shown.
///
/// What it is called is read from the text itself, and not from what the daemon says of it.
fn approve(place: &Place, client: &Client, kind: &str, id: &str, printer: &Printer) -> Result<(), Fail> {
    let pending: Vec<Pending> = client.get("/records")?;
    let digits = id.trim_start_matches("sha256:");
    let fits = |payload: &&String| {
        let digest = Digest::of(payload.as_bytes());
        let text = Signed { payload: (*payload).clone(), signatures: Vec::new() };
        let Ok(Change { record, .. }) = text.read::<Change>() else { return false };
        let called = record.name() == id && !id.is_empty() || digits.len() >= 4 && digest.hex().starts_with(digits);
        record.kind() == kind && called
    };
    let found: Vec<&String> = pending.iter().map(|pending| &pending.signed.payload).filter(fits).collect();
    let payload = match found.as_slice() {
        [one] => (*one).clone(),
        [] => {
            return Err(Fail::new(format!("nothing that you could sign is called `{id}`; it may be in force already")));
        }
        _ => return Err(Fail::new(format!("`{id}` could be several proposals; give more of the id"))),
    };
    let value: Value = serde_json::from_str(&payload).map_err(Fail::chain)?;
    eprintln!("signing:\n{}", plain(&serde_json::to_string_pretty(&value).map_err(Fail::chain)?));
    output::confirm("sign this?")?;
    let mut signed = Signed { payload, signatures: Vec::new() };
    keys::sign::<Change>(place, &me(client)?, &mut signed)?;
    send(client, &signed, printer)
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
        None => format!("{} `{}` is in force", recorded.kind, recorded.name),
    };
    if let Some(code) = &recorded.code {
        text.push_str(&format!("\ngive them this, it is shown once: semla login {} --code {code}", recorded.name));
    }
    text
}

fn summary(policy: &Value) -> String {
    let texts = |value: &Value| {
        value
            .as_array()
            .map_or(String::new(), |all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
    };
    let scheme = &policy.get("scheme").cloned().unwrap_or_default();
    let part = |key: &str| scheme.get(key).map_or(String::new(), texts);
    let mut text = format!(
        "levels, lowest first: {}\ncategories: {}\naudiences: {}",
        part("levels"),
        part("categories"),
        part("audiences")
    );
    for rule in policy.get("releases").and_then(Value::as_array).into_iter().flatten() {
        let get = |key: &str| {
            rule.get(key).map_or(String::new(), |value| value.as_str().map_or(value.to_string(), str::to_owned))
        };
        let how = if get("never") == "true" {
            "never".to_owned()
        } else {
            format!("reviewers: {}, profile {}", get("reviewers"), get("profile"))
        };
        text.push_str(&format!("\nrelease {} -> {}: {how}", get("from"), get("to")));
    }
    text
}

/// Reads a file that people write.
pub(crate) fn read<T>(path: &Path, parse: impl FnOnce(&str) -> Result<T, Problems>) -> Result<T, Fail> {
    let shown = path.display().to_string();
    let source = std::fs::read_to_string(path)
        .map_err(|error| Fail::usage(format!("`{shown}` can't be read: {error}; check the path")))?;
    parse(&source).map_err(|problems| Fail::usage(located(&shown, &problems)))
}

/// Every problem with the place where it is.
pub(crate) fn located(file: &str, problems: &Problems) -> String {
    let lines =
        problems.0.iter().map(|problem| format!("{file}:{}:{}: {}", problem.line, problem.column, problem.what));
    lines.collect::<Vec<_>>().join("\n       ")
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn missing(what: &str, name: &str) -> Fail {
    Fail::new(format!("there is no {what} `{name}` that you may see; check the name"))
}
