//! Jobs.

mod code;

use crate::args::{Job as Command, Place, Submit};
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::image;
use crate::keys;
use crate::output::{self, Printer};
use crate::proposal::me;
use crate::reading::Reader;
use crate::record::read;
use crate::waiting::{POLL, Waiting};
use hyper::Method;
use semla_daemon::api::{self, JobView};
use semla_images::snapshot;
use semla_policy::{Digest, JobPlan, Signed, Submission, text};
use serde_json::Value;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    match command {
        Command::Submit(arguments) => submit(place, arguments, printer),
        Command::Ls => list(place, printer),
        Command::Show { id } => show(place, id, printer),
        Command::Logs { id, follow } => logs(place, id, *follow),
        Command::Why { id } => {
            let why: Value = Client::new(place)?.get(&format!("/jobs/{}/why", segment(id)))?;
            printer.one(&why, |why| why.get("text").and_then(Value::as_str).unwrap_or_default().to_owned())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Cancel { id } => {
            let (client, address) = (Client::new(place)?, format!("/jobs/{}", segment(id)));
            let before: JobView = client.get(&address)?;
            let view = match ended(&before) {
                true => {
                    eprintln!("`{}` had ended already; nothing was stopped", before.id);
                    before
                }
                false => client.post(&format!("{address}/cancel"), &Value::Null)?,
            };
            printer.one(&view, told)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

pub(crate) fn submit(place: &Place, arguments: &Submit, printer: &Printer) -> Result<ExitCode, Fail> {
    let job = read(&arguments.file, text::job)?;
    let folder = code::folder(&arguments.file, &job.code)?;
    let code =
        snapshot::take(&folder, snapshot::Limits::default()).map_err(|error| Fail::usage(Fail::chain(error).text()))?;
    code::innocent(&code.tar, &job.env)?;
    let client = Client::new(place)?;
    let me = me(&client)?;
    let image = image::named(&client, &job.image)?;
    let sent = client.raw(
        Method::POST,
        &format!("/snapshots?permit={}", segment(&job.permit)),
        "application/x-tar",
        code.tar,
    )?;
    let sent: api::Snapshot = serde_json::from_slice(&sent.bytes).map_err(Fail::chain)?;
    let plan = JobPlan { submitter: me.clone(), ..plan(job, &image.digest, Some(&sent.digest), arguments.dummy)? };
    let (commit, dirty) = code.commit.map_or((None, false), |commit| (Some(commit.id), commit.dirty));
    let submission = submission(place, &client, &me, plan)?;
    let mut view: JobView = client.post("/jobs", &api::Submit { submission, commit, dirty })?;
    if !arguments.wait {
        printer.one(&view, |view| {
            format!("{} is submitted at {}; semla job why {} says why", view.id, view.label, view.id)
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut shown = Waiting::new(&view.id);
    while !view.settled {
        shown.state(view.state.as_deref().unwrap_or("submitted"));
        std::thread::sleep(POLL);
        view = client.get(&format!("/jobs/{}", view.id))?;
    }
    shown.close();
    printer.one(&view, told)?;
    Ok(outcome(&view))
}

/// What a job file asks for, with digests for names.
pub(crate) fn plan(job: text::JobFile, image: &str, code: Option<&str>, dummy: bool) -> Result<JobPlan, Fail> {
    Ok(JobPlan {
        submitter: String::new(),
        permit: job.permit,
        image: Digest::parse(image).map_err(Fail::chain)?,
        // Whether a job may be doesn't depend on its code.
        code: code.map_or(Ok(Digest::of(b"")), Digest::parse).map_err(Fail::chain)?,
        run: job.run,
        data: job.data,
        dummy,
        label: job.label,
        env: job.env,
        needs: job.needs,
        outputs: job.outputs,
    })
}

/// Exactly this job, once; signed, where its submitter has a key. Whoever takes the daemon over can't make another one of it.
fn submission(place: &Place, client: &Client, me: &str, plan: JobPlan) -> Result<Signed, Fail> {
    let policy: Value = client.get("/policy")?;
    let digest = policy.get("digest").and_then(Value::as_str).unwrap_or_default();
    let nonce = semla_daemon::secret::letters(16).map_err(|_| Fail::new("the system gave no randomness"))?;
    let submission = Submission { plan, policy: Digest::parse(digest).map_err(Fail::chain)?, nonce };
    let mut signed = Signed::unsigned(&submission).map_err(Fail::chain)?;
    if keys::exists(place)? {
        keys::sign::<Submission>(place, me, &mut signed)?;
    }
    Ok(signed)
}

pub(crate) fn list(place: &Place, printer: &Printer) -> Result<ExitCode, Fail> {
    let jobs: Vec<JobView> = Client::new(place)?.get("/jobs")?;
    printer.table(&jobs, ["JOB", "STATE", "LABEL", "PERMIT", "BY"], |job| {
        let state = job.state.clone().unwrap_or_else(|| "-".into());
        [job.id.clone(), state, job.label.clone(), job.permit.clone(), job.submitter.clone()]
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn show(place: &Place, id: &str, printer: &Printer) -> Result<ExitCode, Fail> {
    let view: JobView = Client::new(place)?.get(&format!("/jobs/{}", segment(id)))?;
    printer.one(&view, told)?;
    Ok(ExitCode::SUCCESS)
}

fn logs(place: &Place, id: &str, follow: bool) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let mut reader = Reader::new(place, &client, "log", id);
    let mut from = 0;
    loop {
        let piece = reader.get(&format!("/jobs/{}/log?from={from}", segment(id)))?;
        from += piece.bytes.len();
        // A log is the job's own text: it may hold anything but what moves the cursor.
        output::bytes(output::plain(&String::from_utf8_lossy(&piece.bytes)).as_bytes())?;
        let more = !piece.bytes.is_empty();
        if piece.settled || (!more && !follow) {
            return Ok(ExitCode::SUCCESS);
        }
        if !more {
            // Each look from the beginning is an entry on the ledger: no more of them than a reader needs.
            std::thread::sleep(5 * POLL);
        }
    }
}

fn told(view: &JobView) -> String {
    let state = view.state.as_deref().unwrap_or("not yours to see");
    let mut text = format!("{}  {state}  at {} under {}", view.id, view.label, view.permit);
    if let Some(meaning) = &view.meaning {
        text.push_str(&format!("\n  {meaning}"));
    }
    if let Some(budget) = &view.budget {
        text.push_str(&format!("\n  this answer cost {} bits; {} of {} are left", budget.cost, budget.left, budget.of));
    }
    text
}

/// Whether it is over, as far as the one who asks may know.
fn ended(view: &JobView) -> bool {
    view.settled && view.state.as_deref().is_some_and(|state| !matches!(state, "queued" | "running"))
}

/// 0 succeeded, 1 didn't, 5 ended and isn't yours to see.
fn outcome(view: &JobView) -> ExitCode {
    match view.state.as_deref() {
        Some("succeeded") => ExitCode::SUCCESS,
        None | Some("ended" | "queued" | "running") => ExitCode::from(5),
        Some(_) => ExitCode::FAILURE,
    }
}
