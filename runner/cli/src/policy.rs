//! The policy: read, compared, explained, proposed and approved.

pub(crate) mod shown;

use crate::args::{Explain, Place, Policy as Command};
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use crate::proposal::{approve, propose, proposed};
use crate::record::read;
use crate::waiting::{POLL, Waiting};
use crate::{image, job};
use semla_daemon::api::{Compare, Consequences, Question, Rejudged, Replay, Replayed};
use semla_policy::{Explanation, Fault, Policy, Record, text};
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    match command {
        Command::Validate { file } => {
            let mut alone = false;
            let judge = |policy: &Policy| {
                let judged = Client::new(place).and_then(|client| faults(&client, policy));
                judged.inspect_err(|_| alone = true).unwrap_or_default()
            };
            read(file, |source| text::policy_judged(source, judge))?;
            let held = match alone {
                true => "by itself; sign in as an officer to have it held against the site's people, permits and hosts",
                false => "here",
            };
            output::line(&format!("`{}` is a sound policy {held}", file.display()))?;
        }
        Command::Show { effective } => {
            let answer: Value = Client::new(place)?.get("/policy")?;
            let policy = answer.get("policy").cloned().unwrap_or_default();
            let read: Policy = serde_json::from_value(policy.clone()).map_err(Fail::chain)?;
            printer.one(&answer, |_| match effective {
                true => serde_json::to_string_pretty(&named_levels(policy)).unwrap_or_default(),
                false => shown::policy(&read),
            })?;
        }
        Command::Propose { file } => {
            let client = Client::new(place)?;
            let mut unjudged = None;
            let policy = read(file, |source| {
                text::policy_judged(source, |policy| {
                    faults(&client, policy).map_err(|fail| unjudged = Some(fail)).unwrap_or_default()
                })
            })?;
            if let Some(fail) = unjudged {
                return Err(fail);
            }
            eprintln!("{}", told(&compare(&client, None, policy.clone())?));
            propose(place, &client, Record::Policy(Box::new(policy)), printer)?;
        }
        Command::Approve { id } => approve(place, &Client::new(place)?, "policy", id.as_deref(), printer)?,
        Command::Diff { old, new, replay } => {
            let client = Client::new(place)?;
            let (before, after) = (named(&client, old)?, named(&client, new)?);
            printer.one(&compare(&client, Some(before), after)?, told)?;
            if let Some(days) = replay {
                let days = days.trim_end_matches('d').parse();
                let days = days.map_err(|_| Fail::usage("`--replay` takes a number of days, such as `30d`"))?;
                printer.one(&replayed(&client, new, days)?, rejudged)?;
            }
        }
        Command::Explain(explain) => return self::explain(place, explain, printer),
    }
    Ok(ExitCode::SUCCESS)
}

/// A policy's JSON as people read it: each level's rules say which level they are of, which the record tells by their order alone.
fn named_levels(mut policy: Value) -> Value {
    let names = policy.pointer("/scheme/levels").and_then(Value::as_array).cloned().unwrap_or_default();
    let levels = policy.get_mut("levels").and_then(Value::as_array_mut).into_iter().flatten();
    for (level, name) in levels.zip(names) {
        if let Some(level) = level.as_object_mut() {
            level.insert("name".to_owned(), name);
        }
    }
    policy
}

/// Asks what a change would come to.
pub(crate) fn compare(client: &Client, old: Option<Policy>, new: Policy) -> Result<Consequences, Fail> {
    client.post("/policy/compare", &Compare { old, new })
}

fn faults(client: &Client, policy: &Policy) -> Result<Vec<Fault>, Fail> {
    Ok(compare(client, None, policy.clone())?.faults)
}

/// A policy by its file, its digest, or as `current`.
fn named(client: &Client, name: &str) -> Result<Policy, Fail> {
    if name == "current" {
        let answer: Value = client.get("/policy")?;
        return serde_json::from_value(answer.get("policy").cloned().unwrap_or_default()).map_err(Fail::chain);
    }
    if Path::new(name).exists() {
        return read(Path::new(name), text::policy);
    }
    match proposed(client, name)? {
        Some(policy) => Ok(policy),
        None => client.get(&format!("/policies/{}", segment(name))).map_err(|fail| {
            Fail::new(format!("`{name}` is no file here, no proposal that you may see, and: {}", fail.text()))
        }),
    }
}

/// Judges again what left, and waits until it is done.
fn replayed(client: &Client, proposal: &str, days: u32) -> Result<Replayed, Fail> {
    let mut replayed: Replayed = client.post("/policy/replays", &Replay { proposal: proposal.into(), days })?;
    let mut shown = Waiting::new(&replayed.id);
    while replayed.files.iter().any(|file| file.verdict.is_none()) {
        shown.state("judging what left");
        std::thread::sleep(POLL);
        replayed = client.get(&format!("/policy/replays/{}", segment(&replayed.id)))?;
    }
    shown.close();
    Ok(replayed)
}

fn rejudged(replayed: &Replayed) -> String {
    let all = replayed.files.len();
    let same = |file: &&Rejudged| file.verdict.as_deref() == Some("it could leave all the same");
    let others: Vec<_> = replayed.files.iter().filter(|file| !same(file)).collect();
    let mut text = format!("of {} that left, {} couldn't any more", output::counted((all, "file")), others.len());
    for file in others {
        let why = file.verdict.as_deref().unwrap_or_default();
        text.push_str(&format!("\n- {} {}: {why}", file.release, file.file));
    }
    plain(&text)
}

/// Consequences, a line each.
pub(crate) fn told(consequences: &Consequences) -> String {
    let faults = consequences.faults.iter().map(|fault| format!("! {fault}"));
    let lines: Vec<_> = consequences.told.iter().map(|line| format!("- {line}")).chain(faults).collect();
    match lines.is_empty() {
        true => "nothing changes".to_owned(),
        false => plain(&lines.join("\n")),
    }
}

fn explain(place: &Place, explain: &Explain, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    let question = match (&explain.what.job, &explain.what.read, explain.what.flow.as_slice()) {
        (Some(file), _, _) => {
            let job = read(file, text::job)?;
            let image = image::named(&client, &job.image)?;
            Question::Job(Box::new(job::plan(job, &image.digest, None, false)?))
        }
        (_, Some(object), _) => Question::Read { object: object.clone(), user: explain.user.clone() },
        (_, _, [from, to]) => Question::Flow { from: from.clone(), to: to.clone() },
        _ => return Err(Fail::usage("say what to explain: --job FILE, --read OBJECT or --flow FROM TO")),
    };
    let answer: Explanation = client.post("/policy/explain", &question)?;
    printer.one(&answer, |answer| {
        let word = if answer.allowed { "allowed" } else { "refused" };
        let mut text = format!("{word} by rule {}: {}", answer.rule, answer.why);
        if let Some((high, low)) = &answer.labels {
            text.push_str(&format!("\n  `{high}` doesn't dominate `{low}`"));
        }
        text.extend(answer.costs.iter().map(|costs| format!("\n  {costs}")));
        let changes = answer.changes.iter().map(|change| format!("\n  would do: {change}"));
        text.push_str(&changes.collect::<String>());
        plain(&text)
    })?;
    Ok(if answer.allowed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
