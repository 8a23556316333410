//! `job.toml`.

use super::problem::Problems;
use super::reader::{Table, document};
use super::units;
use super::value::Value;
use crate::path::{MountName, is_relative_path};
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
    pub data: BTreeMap<MountName, String>,
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
        let run = top.need("run").and_then(|value| value.texts());
        let (mut code, mut label) = (".".to_owned(), None);
        top.set("code", &mut code, |value| value.text());
        top.set("label", &mut label, |value| value.text().map(Some));
        let (mut data, mut env) = (BTreeMap::new(), BTreeMap::new());
        top.set("data", &mut data, mounts);
        top.set("env", &mut env, texts);
        let (mut needs, mut outputs) = (Needs::DEFAULT, Vec::new());
        top.set("needs", &mut needs, |value| Some(amounts(&value.table()?)));
        top.set("output", &mut outputs, |value| value.each(|item| output(&item.table()?)));
        Some(JobFile { permit: permit?, image: image?, code, run: run?, data, label, env, needs, outputs })
    })
}

fn texts(value: &Value<'_, '_>) -> Option<BTreeMap<String, String>> {
    let read: Vec<_> = value.table()?.entries().into_iter().map(|(key, value)| Some((key, value.text()?))).collect();
    read.into_iter().collect()
}

fn mounts(value: &Value<'_, '_>) -> Option<BTreeMap<MountName, String>> {
    let mount = |(name, value): (String, Value<'_, '_>)| {
        let name = MountName::try_from(name).map_err(|error| value.fault(error.to_string())).ok();
        value.text().and_then(|dataset| Some((name?, dataset)))
    };
    let read: Vec<_> = value.table()?.entries().into_iter().map(mount).collect();
    read.into_iter().collect()
}

fn amounts(table: &Table<'_, '_>) -> Needs {
    table.only(&["cpus", "memory", "time", "gpus", "disk"]);
    let mut needs = Needs::DEFAULT;
    table.set("cpus", &mut needs.millicpus, |value| {
        let cpus = value.decimal()?;
        if !(0.01..=1024.0).contains(&cpus) {
            value.fault(format!("`{cpus}` cores can't be; ask for 0.01 to 1024"));
        }
        Some((cpus * 1000.0) as u32)
    });
    table.set("memory", &mut needs.memory, |value| value.parsed(units::bytes));
    table.set("time", &mut needs.seconds, |value| value.parsed(units::seconds));
    table.set("gpus", &mut needs.gpus, |value| value.number(0..=64));
    table.set("disk", &mut needs.disk, |value| {
        let bytes = value.parsed(units::bytes)?;
        if bytes < Needs::LEAST_DISK {
            value.fault("a disk has at least `64M`; without `disk`, `/out` is in memory");
        }
        Some(bytes)
    });
    needs
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
    let (mut counts, mut data, mut about, mut controls) = (Vec::new(), None, String::new(), String::new());
    table.set("counts", &mut counts, |value| value.texts());
    table.set("data", &mut data, |value| value.text().map(Some));
    table.set("about", &mut about, |value| value.text());
    table.set("controls", &mut controls, |value| value.text());
    Some(Output { path: path?, kind: kind?, counts, data, about, controls })
}
