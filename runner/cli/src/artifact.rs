//! What jobs left.

use crate::args::{Artifact as Command, Place};
use crate::client::{Client, segment};
use crate::fail::{Fail, trying};
use crate::output::{self, Printer};
use crate::reading::Reader;
use semla_daemon::api::{ArtifactView, JobView};
use std::fs::OpenOptions;
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let fetch = |job: &str, path: &str| {
        let address = match path == "log" && !declares(&client, job, path)? {
            true => format!("/jobs/{}/log?from=0", segment(job)),
            false => format!("/jobs/{}/artifacts/{}", segment(job), segment(path)),
        };
        Reader::new(place, &client, path, job).get(&address)
    };
    match command {
        Command::Ls { job } => {
            let list: Vec<ArtifactView> = client.get(&format!("/jobs/{}/artifacts", segment(job)))?;
            printer.table(&list, ["PATH", "BYTES", "LABEL", "DIGEST"], |one| {
                [one.path.clone(), one.size.to_string(), one.label.clone(), one.digest.clone()]
            })?;
        }
        Command::Cat { job, path } => output::foreign(path, &fetch(job, path)?.bytes)?,
        Command::Get { job, path, destination } => {
            let bytes = fetch(job, path)?.bytes;
            let file = OpenOptions::new().write(true).create_new(true).open(destination);
            file.and_then(|mut file| file.write_all(&bytes))
                .map_err(trying(format!("write `{}`", destination.display())))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a job declares an output of this path.
fn declares(client: &Client, job: &str, path: &str) -> Result<bool, Fail> {
    let view: JobView = client.get(&format!("/jobs/{}", segment(job)))?;
    Ok(view.outputs.iter().any(|output| output == path))
}
