//! How a request is told.

use super::next;
use crate::output::{counted, plain};
use semla_daemon::api::{FileView, ReleaseView};
use serde_json::Value;

/// A request, findings first.
pub(super) fn release(view: &ReleaseView) -> String {
    let mut text = format!(
        "{}  {} -> {}  {}  by {} under {}",
        view.id, view.from, view.to, view.state, view.requester, view.permit
    );
    if view.dummy {
        text.push_str("\nof a rehearsal: its numbers come from made-up rows");
    }
    if matches!(view.state.as_str(), "submitted" | "checking" | "in-review") {
        text.push_str(&format!("\nanswers are due by {}, and votes count until {}", view.due, view.until));
    }
    if let Some(day) = &view.released {
        text.push_str(&format!("\nreleased on {day}"));
    }
    for (name, file) in &view.files {
        text.push_str(&format!("\n{}", line(view, name, file)));
    }
    if next::awaits_vote(view) && !view.replies.is_empty() {
        text.push_str(&format!("\nreplies to the author (--reply N):\n{}", replies(&view.replies)));
    }
    if let Some(about) = &view.about {
        text.push_str(&format!("\na reviewer's note on {about}"));
    }
    for note in &view.notes {
        text.push_str(&format!("\nreviewers wrote to you: semla release download {note} -D DIR"));
    }
    if let Some(code) = &view.code {
        let commit = view.commit.as_deref().unwrap_or("none");
        text.push_str(&format!("\nbehind it: code {code}, commit {}", plain(commit)));
    }
    if let Some(meaning) = &view.meaning {
        text.push_str(&format!("\nwhat isn't told: {meaning}"));
    }
    if let Some(budget) = &view.budget {
        text.push_str(&format!(
            "\nThese answers cost {} bits; {} of {} are left.",
            budget.cost, budget.left, budget.of
        ));
    }
    text + &next::step(view).map_or(String::new(), |step| format!("\nnext: {step}"))
}

fn line(view: &ReleaseView, name: &str, file: &FileView) -> String {
    let state = file.state.as_deref().unwrap_or("submitted");
    let said = file.notice.as_ref().filter(|notice| notice.outcome != "pass");
    let mut text = match said {
        Some(notice) => format!("{:<16} {:<10} {} {}", plain(name), state, notice.check, notice.title),
        None => format!("{:<16} {state}", plain(name)),
    };
    if file.mended {
        text.push_str("  (re-encoded)");
    }
    if !file.earlier.is_empty() {
        text.push_str(&changed(view, name, file));
    }
    let counts = file.counts.join(", ");
    for (what, written) in [("about", &file.about), ("controls", &file.controls), ("counts", &counts)] {
        if !written.is_empty() {
            text.push_str(&format!("\n    {what}: {}", plain(written)));
        }
    }
    if file.absent {
        text.push_str("\n    the job left no such file");
    }
    match said {
        // Who reviews is cleared, and needs no words that say nothing.
        Some(_) if view.reviewable && !file.absent => {
            text.push_str(&format!("\n    semla release show {} --detail {} says where and why", view.id, plain(name)));
        }
        Some(_) if file.absent => {}
        Some(notice) => text.push_str(&format!("\n    {}\n    fix: {}", notice.message, notice.remedy)),
        // Whoever isn't cleared may have been told no more than that it is blocked.
        None if view.reviewable && matches!(state, "blocked" | "returned") && !file.absent => {
            text.push_str("\n    the checks gave no answer, and that is a block");
        }
        None => {}
    }
    if view.reviewable {
        text.push_str(&reviewed(file));
    } else {
        file.replies.iter().for_each(|reply| text.push_str(&format!("\n    reviewers: {}", plain(reply))));
    }
    text
}

/// That a file isn't the first of its name in this request, and where it is from.
fn changed(view: &ReleaseView, name: &str, file: &FileView) -> String {
    let mut text = format!("  v{}", file.earlier.len() + 1);
    if let Some(job) = &file.job {
        text.push_str(&format!("\n    of {job}"));
    }
    if let Some(code) = &file.code {
        text.push_str(&format!(", code {code}, commit {}", plain(file.commit.as_deref().unwrap_or("none"))));
    }
    if view.reviewable {
        let (id, name) = (&view.id, plain(name));
        text.push_str(&format!(
            "\n    as it was: semla release show {id} --file {name} --before; the code of each: with --code as well"
        ));
    }
    text
}

/// What reviewers see of a file: what it takes, and the votes that they may see.
fn reviewed(file: &FileView) -> String {
    let mut text = approvals(file).map_or(String::new(), |line| format!("\n    {line}"));
    if file.state.as_deref() == Some("disputed") {
        text.push_str(match file.earlier.is_empty() {
            true => "\n    the votes differ: whoever voted sees them, and may vote again until all agree",
            false => "\n    the votes differ, or are about this very content: whoever voted sees them, and may vote again until all agree",
        });
    }
    for (by, vote) in &file.votes {
        let numbers: Vec<_> = vote.replies.iter().map(|number| format!(" --reply {number}")).collect();
        let excused = match vote.excuses.as_slice() {
            [] => String::new(),
            checks => format!(" excuses {}", checks.join(",")),
        };
        text.push_str(&format!("\n    {by}: {}{}{excused}", vote.decision, numbers.concat()));
        let reason = vote.reason.iter().map(|reason| format!(": {}", plain(reason)));
        text.extend(reason);
    }
    text
}

/// How many approvals there are of how many; as long as others may vote unseen, only what it takes.
fn approvals(file: &FileView) -> Option<String> {
    let needed = file.needed?;
    let most = counted((needed.into(), "approval"));
    let there = file.votes.values().filter(|vote| vote.decision == "approve").count();
    match (file.state.as_deref()?, file.votes.is_empty()) {
        ("open", true) if !file.excusable.is_empty() => {
            let checks = file.excusable.join(",");
            Some(format!("takes {most} that excuse it: --approve --excuse {checks} -b REASON"))
        }
        ("open", true) => Some(format!("takes {most}; others' votes are shown once you have voted")),
        ("open", false) => Some(format!("takes {most}; yours is the only vote that you may see yet")),
        (_, false) => Some(format!("{there} of {most}")),
        _ => None,
    }
}

/// What may be replied to an author, by number.
pub(super) fn replies(replies: &[String]) -> String {
    let line = |(number, reply): (usize, &String)| format!("  {:>2} {}", number + 1, plain(reply));
    replies.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// What the checks found, with places and fixes.
pub(super) fn details(reports: &[Value]) -> String {
    let mut lines = Vec::new();
    for report in reports {
        lines.push(format!("{}, profile {}", word(report, "verdict"), word(report, "profile")));
        for finding in report.get("findings").and_then(Value::as_array).into_iter().flatten() {
            let [check, outcome, message] = ["check", "outcome", "message"].map(|key| word(finding, key));
            lines.push(format!("{check:<4} {outcome:<6} {message}"));
            let told = [("at", places(finding)), ("fix", word(finding, "remedy")), ("seen", evidence(finding))];
            lines.extend(
                told.iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| format!("       {key}: {text}")),
            );
        }
    }
    plain(&lines.join("\n"))
}

/// The lines and cells that a finding is about.
fn places(finding: &Value) -> String {
    let list = |key: &str| finding.pointer(key).and_then(Value::as_array).into_iter().flatten();
    let lines: Vec<_> = list("/where/lines").map(text).collect();
    let lines = (!lines.is_empty()).then(|| format!("lines {}", lines.join(", ")));
    let cell = |cell: &Value| format!("row {} `{}` = {}", word(cell, "row"), word(cell, "column"), word(cell, "value"));
    lines.into_iter().chain(list("/where/cells").map(cell)).collect::<Vec<_>>().join("; ")
}

/// The counts and bounds behind a finding.
fn evidence(finding: &Value) -> String {
    let pairs = finding.get("evidence").and_then(Value::as_object).into_iter().flatten();
    let worth = pairs.filter(|(_, value)| value.as_array().is_none_or(|values| !values.is_empty()));
    worth.map(|(name, value)| format!("{} {}", name.replace('_', " "), text(value))).collect::<Vec<_>>().join("; ")
}

/// A field as text.
fn word(value: &Value, key: &str) -> String {
    value.get(key).map_or(String::new(), text)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Number(number) if number.is_f64() => format!("{:.0e}", number.as_f64().unwrap_or(f64::NAN)),
        value => value.to_string(),
    }
}
