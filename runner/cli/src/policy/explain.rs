//! Whether something may be, by which rule, and what would allow it.

use crate::args::{Explain, Place};
use crate::client::Client;
use crate::fail::Fail;
use crate::output::{Printer, plain};
use crate::record::read;
use crate::{image, job};
use semla_daemon::api::Question;
use semla_policy::{Explanation, text};
use std::process::ExitCode;

pub(super) fn run(place: &Place, explain: &Explain, printer: &Printer) -> Result<ExitCode, Fail> {
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
