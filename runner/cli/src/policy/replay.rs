//! What left in the last days, judged again under a policy that was proposed.

use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::output::{self, Printer, plain};
use crate::waiting::{POLL, Waiting};
use semla_daemon::api::{Rejudged, Replay, Replayed};

/// What it takes. It is said before: what was spent on it is gone.
const TAKES: &str = "to replay: each file that left is checked again, at the label that it came from. The host may be busy with that for \
                     minutes, in which others wait. What you learn of files that you aren't cleared for is charged to their permits, some \
                     bits for each.";

/// So many days, with or without the letter.
pub(super) fn days(text: &str) -> Result<u32, Fail> {
    let days = text.strip_suffix('d').unwrap_or(text).parse();
    days.map_err(|_| Fail::usage(format!("`{}` isn't a number of days; write it as `30d`", plain(text))))
}

/// Has it judged, and tells what came of it.
pub(super) fn run(client: &Client, proposal: &str, days: u32, printer: &Printer) -> Result<(), Fail> {
    eprintln!("{TAKES}");
    output::agree("replay?", "nothing was replayed")?;
    printer.one(&replayed(client, proposal, days)?, rejudged)
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

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_a_number() {
        assert_eq!(["30d", "7", "1d"].map(|text| days(text).unwrap()), [30, 7, 1]);
        for text in ["", "d", "30dd", "-1d", "a month"] {
            assert!(days(text).unwrap_err().text.contains("`30d`"), "{text}");
        }
    }
}
