//! Requests to lower a label, from asking to fetching.

mod next;
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
use semla_daemon::api::{AskRelease, LeaveOut, ReleaseView, Replace};
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
            let view: ReleaseView = client.post("/releases", &ask)?;
            return checked(&client, view, (paths, *wait), printer);
        }
        Command::Replace { id, paths, job, wait } => {
            let ask = Replace { job: job.clone(), paths: paths.iter().cloned().collect() };
            let view: ReleaseView = client.post(&format!("/releases/{}/replace", segment(id)), &ask)?;
            return checked(&client, view, (paths, *wait), printer);
        }
        Command::LeaveOut { id, paths } => {
            let ask = LeaveOut { paths: paths.iter().cloned().collect() };
            let view: ReleaseView = client.post(&format!("/releases/{}/leave-out", segment(id)), &ask)?;
            printer.one(&view, show::release)?;
        }
        Command::Ls => {
            let list: Vec<ReleaseView> = client.get("/releases")?;
            printer.table(&list, ["RELEASE", "STATE", "FROM", "TO", "FILES", "BY", "PERMIT", "RELEASED"], |one| {
                let files = if one.files.is_empty() { "-".to_owned() } else { one.files.len().to_string() };
                let released = one.released.clone().unwrap_or_else(|| "-".to_owned());
                let [id, state, from, to] = [&one.id, &one.state, &one.from, &one.to].map(Clone::clone);
                [id, state, from, to, files, one.requester.clone(), one.permit.clone(), released]
            })?;
        }
        Command::Show { id, detail: Some(file), .. } => {
            let view = fetch(id)?;
            let reports = match absent(&view, file) {
                true => Vec::new(),
                false => details(place, &client, &view, file)?,
            };
            printer.one(&reports, |reports| match reports.as_slice() {
                [] if absent(&view, file) => "the job left no such file: the checks had nothing to look at".to_owned(),
                [] => "the checks gave no answer: nothing was found out, and that is a block".to_owned(),
                reports => show::details(reports),
            })?;
        }
        Command::Show { id, file, code: true, before, .. } => {
            let mut of = file.as_ref().map(|file| format!("?file={}", segment(file))).unwrap_or_default();
            if let Some(file) = file.as_ref().filter(|_| *before) {
                of.push_str(&format!("&version={}", earlier(&fetch(id)?, file)?.0));
            }
            let raw = client.raw(Method::GET, &format!("/releases/{}/code{of}", segment(id)), "", Vec::new())?;
            output::line(&code(&raw.bytes)?)?;
        }
        Command::Show { id, file: Some(file), before: true, .. } => {
            let view = fetch(id)?;
            let (version, job) = earlier(&view, file)?;
            let path = format!("/releases/{}/files/{}?version={version}", segment(id), segment(file));
            output::foreign(file, &Reader::new(place, &client, file, job).get(&path)?.bytes)?;
        }
        Command::Show { id, file: Some(file), .. } => {
            let bytes = content(place, &client, id, file)?;
            // What a terminal can't show wasn't looked at.
            output::foreign(file, &bytes)?;
            viewed::remember(place, id, file, &Digest::of(&bytes))?;
        }
        Command::Show { id, .. } => printer.one(&fetch(id)?, show::release)?,
        Command::Note { id, file, text } => note::write(place, &client, (id, file), text, printer)?,
        Command::Review(review) => review::vote(place, &client, review, printer)?,
        Command::Download { id, destination } => {
            let folder = unpack::Folder::make(destination)?;
            let raw = client.raw(Method::GET, &format!("/releases/{}/bundle", segment(id)), "", Vec::new());
            let raw = raw.map_err(|fail| fetch(id).ok().and_then(|view| no_bundle(&view)).unwrap_or(fail))?;
            folder.fill(&raw.bytes)?;
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

/// Shows a request whose checks are due, once they are through where somebody waits for them.
fn checked(
    client: &Client,
    mut view: ReleaseView,
    (asked, wait): (&[String], bool),
    printer: &Printer,
) -> Result<ExitCode, Fail> {
    let mut shown = wait.then(|| Waiting::new(&view.id));
    // One that nothing is told of says why.
    let goes_on = |view: &ReleaseView| view.state == "checking" || view.state == "submitted" && view.meaning.is_none();
    while let Some(shown) = shown.as_mut().filter(|_| goes_on(&view)) {
        shown.state(&view.state);
        std::thread::sleep(POLL);
        view = client.get(&format!("/releases/{}", segment(&view.id)))?;
    }
    if let Some(shown) = shown {
        shown.close();
    }
    printer.one(&view, show::release)?;
    Ok(verdict(&view, asked))
}

/// The file that reviewers look at.
fn content(place: &Place, client: &Client, id: &str, file: &str) -> Result<Vec<u8>, Fail> {
    let path = format!("/releases/{}/files/{}", segment(id), segment(file));
    let view: ReleaseView = client.get(&format!("/releases/{}", segment(id)))?;
    if absent(&view, file) {
        return Err(Fail::new(format!("the job left no `{}`; there is nothing to look at", plain(file))));
    }
    Ok(Reader::new(place, client, file, job_of(&view, file)).get(&path)?.bytes)
}

/// The version of a file before its author changed it, and the job that this is from.
fn earlier<'a>(view: &'a ReleaseView, file: &str) -> Result<(usize, &'a str), Fail> {
    let earlier = view.files.get(file).map(|file| file.earlier.as_slice()).unwrap_or_default();
    let last = earlier.last().map(|job| (earlier.len(), job.as_str()));
    last.ok_or_else(|| Fail::new(format!("`{}` has no earlier version in this request", plain(file))))
}

/// The job that a file is from.
fn job_of<'a>(view: &'a ReleaseView, file: &str) -> &'a str {
    view.files.get(file).and_then(|file| file.job.as_deref()).unwrap_or(&view.job)
}

/// Whether the job left no such file, as far as the one who asks may know.
fn absent(view: &ReleaseView, file: &str) -> bool {
    view.files.get(file).is_some_and(|file| file.absent)
}

/// What the checks found in a file: a report for each policy.
fn details(place: &Place, client: &Client, view: &ReleaseView, file: &str) -> Result<Vec<Value>, Fail> {
    let address = format!("/releases/{}/detail/{}", segment(&view.id), segment(file));
    let raw = Reader::new(place, client, "findings", job_of(view, file)).get(&address)?;
    serde_json::from_slice(&raw.bytes).map_err(Fail::chain)
}

/// Where a request stands that has no bundle, and what to do; nothing, where it has one.
fn no_bundle(view: &ReleaseView) -> Option<Fail> {
    let next = next::step(view).map_or(String::new(), |step| format!("; next: {step}"));
    let text = format!("there is no bundle to fetch: the request is `{}`, as far as you may know{next}", view.state);
    (view.state != "released").then(|| Fail::new(text))
}

/// Of the files that were asked for: 0 if nothing was found, 3 if people must look, 4 if something is blocked, 5 if it isn't yours to see.
fn verdict(view: &ReleaseView, asked: &[String]) -> ExitCode {
    let states = view.files.iter().filter(|(name, _)| asked.is_empty() || asked.contains(name));
    let states: Vec<_> = states.map(|(_, file)| file.state.as_deref()).collect();
    let any = |state: &str| states.contains(&Some(state));
    if view.meaning.is_some() && states.iter().all(Option::is_none) {
        return ExitCode::from(5);
    }
    match (any("blocked") || any("returned"), any("open") || any("disputed")) {
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
