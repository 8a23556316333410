//! Requests to lower a label, from asking to fetching.

mod note;
mod review;
mod show;
mod unpack;
mod viewed;

use crate::args::{Place, Release as Command};
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use crate::reading::Reader;
use crate::waiting::{POLL, Waiting};
use hyper::Method;
use semla_daemon::api::{AskRelease, ReleaseView};
use semla_policy::Digest;
use serde_json::Value;
use std::io::Read;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let fetch = |id: &str| client.get::<ReleaseView>(&format!("/releases/{}", segment(id)));
    match command {
        Command::Request { job, paths, traceback, to, wait } => {
            let ask = AskRelease { job: job.clone(), paths: paths.clone(), traceback: *traceback, to: to.clone() };
            let mut view: ReleaseView = client.post("/releases", &ask)?;
            let mut shown = wait.then(|| Waiting::new(&view.id));
            while let Some(shown) = shown.as_mut().filter(|_| view.state == "checking") {
                shown.state(&view.state);
                std::thread::sleep(POLL);
                view = fetch(&view.id)?;
            }
            if let Some(shown) = shown {
                shown.close();
            }
            printer.one(&view, show::release)?;
            return Ok(verdict(&view));
        }
        Command::Ls => {
            let list: Vec<ReleaseView> = client.get("/releases")?;
            printer.table(&list, ["RELEASE", "STATE", "FROM", "TO", "FILES", "BY"], |one| {
                [
                    one.id.clone(),
                    one.state.clone(),
                    one.from.clone(),
                    one.to.clone(),
                    one.files.len().to_string(),
                    one.requester.clone(),
                ]
            })?;
        }
        Command::Show { id, detail: Some(file), .. } => {
            let address = format!("/releases/{}/detail/{}", segment(id), segment(file));
            let job = fetch(id)?.job;
            let raw = Reader::new(place, &client, "findings", &job).get(&address)?;
            let reports: Vec<Value> = serde_json::from_slice(&raw.bytes).map_err(Fail::chain)?;
            printer.one(&reports, |reports| show::details(reports))?;
        }
        Command::Show { id, file: Some(file), .. } => {
            let bytes = content(place, &client, id, file)?;
            viewed::remember(place, id, file, &Digest::of(&bytes))?;
            output::foreign(&bytes)?;
        }
        Command::Show { id, code: true, .. } => {
            let raw = client.raw(Method::GET, &format!("/releases/{}/code", segment(id)), "", Vec::new())?;
            output::line(&code(&raw.bytes)?)?;
        }
        Command::Show { id, .. } => printer.one(&fetch(id)?, show::release)?,
        Command::Note { id, file, text } => note::write(place, &client, (id, file), text, printer)?,
        Command::Review(review) => review::vote(place, &client, review, printer)?,
        Command::Download { id, destination } => {
            let raw = client.raw(Method::GET, &format!("/releases/{}/bundle", segment(id)), "", Vec::new())?;
            unpack::into(&raw.bytes, destination)?;
            output::line(&format!(
                "the bundle is in `{0}`; next: semla verify {0} --log-key KEY --reviewers FILE",
                destination.display()
            ))?;
        }
        Command::Withdraw { id } => {
            let view: ReleaseView = client.post(&format!("/releases/{}/withdraw", segment(id)), &Value::Null)?;
            printer.one(&view, show::release)?;
        }
        Command::Revoke { id } => {
            let view: ReleaseView = client.post(&format!("/releases/{}/revoke", segment(id)), &Value::Null)?;
            printer.one(&view, show::release)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The file that reviewers look at.
fn content(place: &Place, client: &Client, id: &str, file: &str) -> Result<Vec<u8>, Fail> {
    let path = format!("/releases/{}/files/{}", segment(id), segment(file));
    let view: ReleaseView = client.get(&format!("/releases/{}", segment(id)))?;
    Ok(Reader::new(place, client, file, &view.job).get(&path)?.bytes)
}

/// 0 if nothing was found, 3 if people must look, 4 if something is blocked, 5 if it isn't yours to see.
fn verdict(view: &ReleaseView) -> ExitCode {
    let any = |state: &str| view.files.values().any(|file| file.state.as_deref() == Some(state));
    if view.meaning.is_some() && view.files.values().all(|file| file.state.is_none()) {
        return ExitCode::from(5);
    }
    match (any("blocked"), any("open")) {
        (true, _) => ExitCode::from(4),
        (_, true) => ExitCode::from(3),
        _ => ExitCode::SUCCESS,
    }
}

/// The text of a snapshot, file by file.
fn code(tar: &[u8]) -> Result<String, Fail> {
    let mut text = String::new();
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().map_err(Fail::chain)? {
        let mut entry = entry.map_err(Fail::chain)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(Fail::chain)?;
        text.push_str(&format!("--- {}\n{}\n", plain(&name), plain(&String::from_utf8_lossy(&bytes))));
    }
    Ok(text)
}
