//! Who did what, from the ledger.

#[cfg(test)]
mod tests;

use crate::args::{About, Audit, Place};
use crate::client::{Client, segment};
use crate::fail::{Fail, trying};
use crate::output::{self, Printer, plain};
use clap::ValueEnum;
use csv::{Terminator, WriterBuilder};
use semla_daemon::api::{AuditLine, EhdsPage};
use std::io::IsTerminal;
use std::process::ExitCode;

/// Most characters of a cell on a terminal.
const MOST: usize = 48;

pub(crate) fn run(place: &Place, audit: &Audit, printer: &Printer) -> Result<ExitCode, Fail> {
    let About { dataset, person, permit, ehds } = &audit.about;
    if let Some(letter) = ehds {
        let letter = letter.and_then(|letter| Some(letter.to_possible_value()?.get_name().to_owned()));
        let query = letter.map_or(String::new(), |letter| format!("?letter={letter}"));
        let pages: Vec<EhdsPage> = Client::new(place)?.get(&format!("/audit/ehds{query}"))?;
        printer.one(&pages, |pages| pages.iter().map(|page| page.text.trim_end()).collect::<Vec<_>>().join("\n\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let (Some(from), Some(to)) = (audit.from, audit.to)
        && from > to
    {
        return Err(Fail::usage(format!("the first day, {from}, is after the last, {to}; turn them around")));
    }
    if audit.csv && printer.is_json() {
        return Err(Fail::usage("a table can't be csv and JSON at once; leave out `--csv` or `-o json`"));
    }
    let (from, to) = (audit.from.map(|day| day.to_string()), audit.to.map(|day| day.to_string()));
    let asked = [("dataset", dataset), ("person", person), ("permit", permit), ("from", &from), ("to", &to)];
    let asked = asked.iter().filter_map(|(key, value)| Some(format!("{key}={}", segment(value.as_ref()?))));
    let query = asked.collect::<Vec<_>>().join("&");
    let lines: Vec<AuditLine> = Client::new(place)?.get(&format!("/audit?{query}"))?;
    match audit.csv {
        true => output::bytes(&sheet(&lines)?)?,
        false if lines.is_empty() && !printer.is_json() => output::line(&nothing(audit))?,
        false => printer.table(&lines, ["AT", "BY", "EVENT", "ABOUT", "WHAT", "LABEL", "PERMIT"], |line| {
            cells(line).map(|cell| short(&plain(cell)))
        })?,
    }
    Ok(ExitCode::SUCCESS)
}

/// That there is nothing, and in which days nothing was looked for beyond.
fn nothing(audit: &Audit) -> String {
    let days = match (audit.from, audit.to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" from {from} on"),
        (None, Some(to)) => format!(" until {to}"),
        (Some(from), Some(to)) => format!(" from {from} to {to}"),
    };
    format!("the ledger tells nothing of it{days} that you may open")
}

fn cells(line: &AuditLine) -> [&str; 7] {
    let AuditLine { at, by, event, about, what, label, permit } = line;
    [at, by, event, about, what, label, permit.as_deref().unwrap_or_default()]
}

/// A table as RFC 4180 has it.
fn sheet(lines: &[AuditLine]) -> Result<Vec<u8>, Fail> {
    let mut sheet = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let failed = || trying("write the table");
    sheet.write_record(["at", "by", "event", "about", "what", "label", "permit"]).map_err(failed())?;
    for line in lines {
        sheet.write_record(cells(line).map(harmless)).map_err(failed())?;
    }
    sheet.into_inner().map_err(|error| Fail::chain(error.into_error()))
}

/// A spreadsheet runs what looks like a formula, and names in the ledger are other people's words: a quote makes it text (CWE-1236).
fn harmless(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// Digests by their beginning, and on a terminal no more of a cell than a line has room for: a table for people has to fit. Programs get
/// all of it.
pub(crate) fn short(text: &str) -> String {
    let word = |word: &str| match (word.starts_with("sha256:"), word.get(..19), word.get(71..)) {
        (true, Some(begins), Some(after)) => format!("{begins}{after}"),
        _ => word.to_owned(),
    };
    let short = text.split(' ').map(word).collect::<Vec<_>>().join(" ");
    match short.char_indices().nth(MOST) {
        Some((end, _)) if std::io::stdout().is_terminal() => format!("{}…", short.get(..end).unwrap_or_default()),
        _ => short,
    }
}
