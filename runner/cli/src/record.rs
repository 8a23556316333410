//! People, permits and policies.

use crate::args::{Permit as PermitCommand, Place, Record as Command};
use crate::client::Client;
use crate::fail::Fail;
use crate::output::{self, Printer};
use crate::proposal::{approve, propose};
use semla_daemon::api::{self, AllowanceView};
use semla_policy::text::{self, Problems};
use semla_policy::{Record, Withdrawal};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn user(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Command::Add { file } => {
            let person = read(file, |source| text::person(&stem(file), source))?;
            propose(place, &client, Record::Person(person), printer)?;
        }
        Command::Approve { id } => approve(place, &client, "person", id.as_deref(), printer)?,
        Command::Ls => {
            let people: Vec<api::PersonView> = client.get("/people")?;
            printer.table(&people, ["NAME", "ROLES", "CLEARANCE", "CEILING", "KEY"], |person| {
                let key = person.key.clone().unwrap_or_default();
                [person.name.clone(), person.roles.join(","), person.clearance.clone(), person.ceiling.clone(), key]
            })?;
        }
        Command::Show { name } => {
            let people: Vec<api::PersonView> = client.get("/people")?;
            let person =
                people.into_iter().find(|person| person.name == *name).ok_or_else(|| missing("person", name))?;
            printer.one(&person, |person| {
                format!(
                    "{}: {}\nsees up to    {}\nsubmits up to {}\nkey           {}",
                    person.name,
                    person.roles.join(", "),
                    person.clearance,
                    person.ceiling,
                    person.key.as_deref().unwrap_or("none")
                )
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn permit(place: &Place, command: &PermitCommand, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let command = match command {
        PermitCommand::Withdraw { name } => {
            output::confirm(&format!(
                "withdraw `{name}`: stop its jobs, close its requests, mark what it made for erasure?"
            ))?;
            propose(place, &client, Record::Withdrawal(Withdrawal { permit: name.clone() }), printer)?;
            return Ok(ExitCode::SUCCESS);
        }
        PermitCommand::Record(command) => command,
    };
    match command {
        Command::Add { file } => {
            let permit = read(file, |source| text::permit(&stem(file), source))?;
            propose(place, &client, Record::Permit(permit), printer)?;
        }
        Command::Approve { id } => approve(place, &client, "permit", id.as_deref(), printer)?,
        Command::Ls => {
            let permits: Vec<api::PermitView> = client.get("/permits")?;
            printer.table(&permits, ["PERMIT", "UP TO", "UNTIL", "DATASETS", "PEOPLE"], |permit| {
                let until = match (permit.withdrawn, permit.erase) {
                    (true, _) => "withdrawn".to_owned(),
                    (false, true) => format!("{}, over", permit.until),
                    (false, false) => permit.until.clone(),
                };
                [permit.name.clone(), permit.up_to.clone(), until, permit.datasets.join(","), permit.people.join(",")]
            })?;
        }
        Command::Show { name } => {
            let permits: Vec<api::PermitView> = client.get("/permits")?;
            let permit =
                permits.into_iter().find(|permit| permit.name == *name).ok_or_else(|| missing("permit", name))?;
            printer.one(&permit, |permit| {
                let over = match (permit.withdrawn, permit.erase) {
                    (true, _) => "\nit was withdrawn; what was made under it is marked for erasure",
                    (false, true) => "\nit is over; what was made under it is marked for erasure",
                    (false, false) => "",
                };
                let budget = permit.budget.as_ref().map_or(String::new(), |budget| {
                    let AllowanceView { left, of, days } = budget;
                    format!("\nbudget   {left} of {of} bits left; what is spent comes back after {days} days")
                });
                format!(
                    "{}: {}\nup to    {}, until {}\npeople   {}\ndatasets {}{budget}{over}",
                    permit.name,
                    permit.purpose,
                    permit.up_to,
                    permit.until,
                    permit.people.join(", "),
                    permit.datasets.join(", ")
                )
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a permit was taken back.
pub(crate) fn withdrawn(client: &Client, name: &str) -> Result<bool, Fail> {
    let permits: Vec<api::PermitView> = client.get("/permits")?;
    Ok(permits.iter().any(|permit| permit.name == name && permit.withdrawn))
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

pub(crate) fn missing(what: &str, name: &str) -> Fail {
    Fail::new(format!("there is no {what} `{name}` that you may see; check the name"))
}
