//! Datasets: their files go to the launcher, their cards to whoever may use them.

mod fits;

use crate::args::{Data as Command, Place};
use crate::client::{Client, segment};
use crate::draft;
use crate::fail::{Fail, trying};
use crate::intake;
use crate::output::{self, Printer};
use crate::proposal::{approve, send, signed};
use crate::record::{missing, read};
use semla_daemon::api;
use semla_policy::{Card, DataFile, Dataset, Kind, Record, text};
use semla_sandbox::protocol::Offer;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Seek;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    let client = Client::new(place)?;
    match command {
        Command::Add { name, files, label, card_label, card } => {
            let card = read(card, text::card)?;
            let opened = files.iter().map(|path| intake::open(path)).collect::<Result<Vec<_>, _>>()?;
            for (path, plain) in
                files.iter().zip(&opened).filter(|(path, _)| path.extension().is_some_and(|end| end == "csv"))
            {
                described_by(path, &plain.file, &card)?;
                fits::contradictions(path, &plain.file, &card)?.iter().for_each(|line| eprintln!("warning: {line}"));
            }
            let described = files.iter().zip(&opened).map(|(path, plain)| DataFile {
                name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                digest: plain.digest,
                size: plain.size,
            });
            let dataset = Dataset {
                name: name.clone(),
                label: label.clone(),
                card_label: card_label.clone(),
                card,
                files: described.collect(),
            };
            // The bytes first: a proposal that nothing stands behind could be approved.
            let signed = signed(place, &client, Record::Dataset(Box::new(dataset)))?;
            for (file, plain) in opened.iter().enumerate() {
                intake::offer(place, &Offer::Dataset { record: signed.clone(), file }, plain)?;
            }
            send(&client, &signed, printer)?;
        }
        Command::Approve { id } => approve(place, &client, "dataset", id.as_deref(), printer)?,
        Command::Ls => {
            let datasets: Vec<api::DatasetView> = client.get("/datasets")?;
            printer.table(&datasets, ["DATASET", "LABEL", "CARD", "TITLE"], |data| {
                [data.name.clone(), data.label.clone(), data.card_label.clone(), data.card.title.clone()]
            })?;
        }
        Command::Show { name } => {
            let datasets: Vec<api::DatasetView> = client.get("/datasets")?;
            let data = datasets.into_iter().find(|data| data.name == *name).ok_or_else(|| missing("dataset", name))?;
            printer.one(&data, |data| {
                let mut text = format!(
                    "{}: {} at {}, one {} by {}\n",
                    data.name,
                    data.card.title,
                    data.label,
                    data.card.unit,
                    data.card.id.as_deref().unwrap_or("(unknown)")
                );
                for column in &data.card.columns {
                    text.push_str(&format!("  {}: {}\n", column.name, values(&column.kind)));
                }
                text.trim_end().to_owned()
            })?;
        }
        Command::Draft { file, id, unit } => {
            output::bytes(draft::card(file, id.as_deref(), unit)?.as_bytes())?;
        }
        Command::Dummy { name } => {
            let raw = client.raw(
                hyper::Method::GET,
                &format!("/datasets/{}/dummy", segment(name)),
                "text/csv",
                Vec::new(),
            )?;
            output::bytes(&raw.bytes)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Rows are compared by the columns of the card: one that it leaves out would be looked for nowhere.
fn described_by(path: &Path, mut file: &File, card: &Card) -> Result<(), Fail> {
    let shown = path.display();
    let wrong = |what: String| Err(Fail::usage(format!("`{shown}` {what}")));
    let header = csv::Reader::from_reader(file).headers().cloned();
    let header = header.map_err(trying(format!("read the header of `{shown}`")))?;
    file.rewind().map_err(trying(format!("read `{shown}`")))?;
    let here: BTreeSet<&str> = header.iter().collect();
    let there: BTreeSet<&str> = card.columns.iter().map(|column| column.name.as_str()).collect();
    if let Some(column) = here.difference(&there).next() {
        return wrong(format!("has a column `{column}` that the card doesn't describe; add it to the card"));
    }
    if let Some(column) = there.difference(&here).next() {
        return wrong(format!("has no column `{column}`, and the card describes one; mend the card or the header"));
    }
    Ok(())
}

fn values(kind: &Kind) -> String {
    match kind {
        Kind::Integer { range: [low, high] } => format!("whole numbers from {low} to {high}"),
        Kind::Number { range: [low, high], decimals } => format!("numbers from {low} to {high}, {decimals} decimals"),
        Kind::Code { codes } => format!("one of {}", codes.join(", ")),
        Kind::Text {} => "text".to_owned(),
    }
}
