//! The kill switch.

use crate::args::{Halt as Command, Place};
use crate::client::Client;
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use crate::proposal::{approve, propose, waits};
use semla_policy::{Halt, Record};
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let scope = match (&command.scope.permit, &command.scope.label) {
        _ if command.scope.list => {
            let halts: Vec<String> = client.get("/halts")?;
            printer.one(&halts, |halts| match halts.as_slice() {
                [] => "nothing is halted".to_owned(),
                halts => plain(&halts.join("\n")),
            })?;
            return Ok(ExitCode::SUCCESS);
        }
        (Some(permit), _) => format!("permit {permit}"),
        (_, Some(label)) => format!("label {label}"),
        _ => "all".to_owned(),
    };
    if command.lift && waits(&client, "halt", &scope)? {
        approve(place, &client, "halt", Some(&scope), printer)?;
    } else {
        let question = if command.lift { "propose to lift the halt of" } else { "halt" };
        output::confirm(&format!("{question} `{scope}`?"))?;
        // What isn't known holds no halt up.
        let already = !command.lift && client.get::<Vec<String>>("/halts").is_ok_and(|halts| halts.contains(&scope));
        let done = format!("`{}` was halted already; it is still, and once more by you", plain(&scope));
        propose(place, &client, Record::Halt(Halt { scope, lifted: command.lift }), printer)?;
        if already {
            eprintln!("{done}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
