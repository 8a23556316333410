//! People.

use super::{missing, read, stem};
use crate::args::{Place, Record as Command, User as UserCommand};
use crate::client::Client;
use crate::fail::Fail;
use crate::output::{self, Printer};
use crate::proposal::{approve, propose};
use semla_daemon::api::PersonView;
use semla_policy::{Person, PublicKey, Record, Role, text};
use std::process::ExitCode;

pub(crate) fn user(place: &Place, command: &UserCommand, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let command = match command {
        UserCommand::Disable { name } => {
            let person = person(view(&client, name)?)?;
            if person.disabled {
                return Err(Fail::new(format!("`{name}` is closed already; nothing was proposed")));
            }
            output::confirm(&format!("close the account of `{name}`?"))?;
            propose(place, &client, Record::Person(Person { disabled: true, ..person }), printer)?;
            return Ok(ExitCode::SUCCESS);
        }
        UserCommand::Record(command) => command,
    };
    match command {
        Command::Add { file } => {
            let person = read(file, |source| text::person(&stem(file), source))?;
            propose(place, &client, Record::Person(person), printer)?;
        }
        Command::Approve { id } => approve(place, &client, "person", id.as_deref(), printer)?,
        Command::Ls => {
            let people: Vec<PersonView> = client.get("/people")?;
            printer.table(&people, ["NAME", "ROLES", "CLEARANCE", "CEILING", "KEY"], |person| {
                let key = match person.disabled {
                    true => "closed".to_owned(),
                    false => person.key.clone().unwrap_or_default(),
                };
                [person.name.clone(), person.roles.join(","), person.clearance.clone(), person.ceiling.clone(), key]
            })?;
        }
        Command::Show { name } => {
            printer.one(&view(&client, name)?, |person| {
                format!(
                    "{}: {}\nsees up to    {}\nsubmits up to {}\nkey           {}{}",
                    person.name,
                    person.roles.join(", "),
                    person.clearance,
                    person.ceiling,
                    person.key.as_deref().unwrap_or("none"),
                    if person.disabled { "\nthe account is closed" } else { "" }
                )
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn view(client: &Client, name: &str) -> Result<PersonView, Fail> {
    found(client, name)?.ok_or_else(|| missing("person", name))
}

fn found(client: &Client, name: &str) -> Result<Option<PersonView>, Fail> {
    let people: Vec<PersonView> = client.get("/people")?;
    Ok(people.into_iter().find(|person| person.name == name))
}

/// Somebody's record as it holds now, if they have one.
pub(crate) fn known(client: &Client, name: &str) -> Result<Option<Person>, Fail> {
    found(client, name)?.map(person).transpose()
}

fn person(view: PersonView) -> Result<Person, Fail> {
    let PersonView { name, roles, clearance, ceiling, key, disabled } = view;
    let roles = Role::ALL.into_iter().filter(|role| roles.iter().any(|name| name == role.name())).collect();
    let key = key.map(|key| PublicKey::parse(&key)).transpose().map_err(Fail::chain)?;
    Ok(Person { name, roles, clearance, ceiling, key, disabled })
}
