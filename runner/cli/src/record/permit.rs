//! Permits.

use super::{missing, read, stem};
use crate::args::{Permit as PermitCommand, Place, Record as Command};
use crate::client::Client;
use crate::fail::Fail;
use crate::output::{self, Printer};
use crate::proposal::{approve, propose};
use semla_daemon::api::{self, AllowanceView};
use semla_policy::{Permit, Record, Withdrawal, text};
use std::process::ExitCode;

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

/// A permit as it holds now, as far as its datasets may be seen; none, where it was taken back.
pub(crate) fn granted(client: &Client, name: &str) -> Result<Option<Permit>, Fail> {
    let permits: Vec<api::PermitView> = client.get("/permits")?;
    let found = permits.into_iter().find(|permit| permit.name == name && !permit.withdrawn);
    let permit = |view: api::PermitView| {
        let until = view.until.parse().map_err(Fail::chain)?;
        let (people, datasets) = (view.people.into_iter().collect(), view.datasets.into_iter().collect());
        Ok(Permit { name: view.name, purpose: view.purpose, people, datasets, up_to: view.up_to, until })
    };
    found.map(permit).transpose()
}

/// Whether a permit was taken back.
pub(crate) fn withdrawn(client: &Client, name: &str) -> Result<bool, Fail> {
    let permits: Vec<api::PermitView> = client.get("/permits")?;
    Ok(permits.iter().any(|permit| permit.name == name && permit.withdrawn))
}
