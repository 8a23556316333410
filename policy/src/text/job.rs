//! `job.toml`.

use super::reader::{Problems, Table, document};
use super::units;
use crate::path::is_relative_path;
use crate::plan::{Needs, Output, OutputKind};
use std::collections::BTreeMap;

/// What a data scientist wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFile {
    /// The permit's name.
    pub permit: String,
    /// The image's name or digest.
    pub image: String,
    /// The folder of the code, relative to the file.
    pub code: String,
    /// The command line.
    pub run: Vec<String>,
    /// Datasets by mount name.
    pub data: BTreeMap<String, String>,
    /// A label above the computed one.
    pub label: Option<String>,
    /// Environment.
    pub env: BTreeMap<String, String>,
    /// How much of the machine.
    pub needs: Needs,
    /// Declared outputs.
    pub outputs: Vec<Output>,
}

pub(super) fn read(source: &str) -> Result<JobFile, Problems> {
    document(source, |top| {
        top.only(&["permit", "image", "code", "run", "data", "label", "env", "needs", "output"]);
        let permit = top.need("permit").and_then(|value| value.text());
        let image = top.need("image").and_then(|value| value.text());
        let code = top.get("code").map_or(Some(".".to_owned()), |value| value.text());
        let run = top.need("run").and_then(|value| value.texts());
        let data = texts(top, "data");
        let label = match top.get("label") {
            Some(value) => Some(value.text()?),
            None => None,
        };
        let env = texts(top, "env");
        let needs = top.get("needs").map_or(Some(Needs::DEFAULT), |value| needs(&value.table()?));
        let outputs = top.get("output").map_or(Some(Vec::new()), |value| {
            let read: Vec<_> = value.list()?.iter().map(|item| output(&item.table()?)).collect();
            read.into_iter().collect::<Option<Vec<_>>>()
        });
        Some(JobFile {
            permit: permit?,
            image: image?,
            code: code?,
            run: run?,
            data: data?,
            label,
            env: env?,
            needs: needs?,
            outputs: outputs?,
        })
    })
}

fn texts(top: &Table<'_, '_>, key: &str) -> Option<BTreeMap<String, String>> {
    let Some(value) = top.get(key) else { return Some(BTreeMap::new()) };
    value.table()?.entries().into_iter().map(|(key, value)| Some((key, value.text()?))).collect()
}

fn needs(table: &Table<'_, '_>) -> Option<Needs> {
    table.only(&["cpus", "memory", "time"]);
    let mut needs = Needs::DEFAULT;
    if let Some(value) = table.get("cpus") {
        let cpus = value.decimal()?;
        if !(0.01..=1024.0).contains(&cpus) {
            value.fault(format!("`{cpus}` cores can't be; ask for 0.01 to 1024"));
        }
        needs.millicpus = (cpus * 1000.0) as u32;
    }
    if let Some(value) = table.get("memory") {
        needs.memory = value.parsed(units::bytes)?;
    }
    if let Some(value) = table.get("time") {
        needs.seconds = u32::try_from(value.parsed(units::seconds)?).unwrap_or(u32::MAX);
    }
    Some(needs)
}

fn output(table: &Table<'_, '_>) -> Option<Output> {
    table.only(&["path", "kind", "counts", "data", "about", "controls"]);
    let path = table.need("path").and_then(|value| {
        let path = value.text()?;
        if !is_relative_path(&path) {
            value.fault(format!("`{path}` can't be an output's path; write a path under `/out`, without `..`"));
        }
        Some(path)
    });
    let kinds = [
        ("table", OutputKind::Table),
        ("figure", OutputKind::Figure),
        ("model", OutputKind::Model),
        ("text", OutputKind::Text),
        ("data", OutputKind::Data),
    ];
    let kind = table.need("kind").and_then(|value| value.word(&kinds));
    let text = |key| table.get(key).map_or(Some(String::new()), |value| value.text());
    Some(Output {
        path: path?,
        kind: kind?,
        counts: table.get("counts").map_or(Some(Vec::new()), |value| value.texts())?,
        data: table.get("data").and_then(|value| value.text()),
        about: text("about")?,
        controls: text("controls")?,
    })
}
