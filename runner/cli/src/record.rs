//! Records of people and permits, as files that people write.

mod permit;
mod user;

pub(crate) use permit::{granted, permit, withdrawn};
pub(crate) use user::{known, user};

use crate::fail::Fail;
use semla_policy::text::Problems;
use std::path::Path;

/// Reads a file that people write.
pub(crate) fn read<T>(path: &Path, parse: impl FnOnce(&str) -> Result<T, Problems>) -> Result<T, Fail> {
    let shown = path.display().to_string();
    let source = std::fs::read_to_string(path)
        .map_err(|error| Fail::usage(format!("`{shown}` can't be read: {error}; check the path")))?;
    parse(&source).map_err(|problems| Fail::usage(located(&shown, &problems)))
}

/// Every problem with the place where it is.
pub(crate) fn located(file: &str, problems: &Problems) -> String {
    let lines =
        problems.0.iter().map(|problem| format!("{file}:{}:{}: {}", problem.line, problem.column, problem.what));
    lines.collect::<Vec<_>>().join("\n       ")
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(crate) fn missing(what: &str, name: &str) -> Fail {
    Fail::new(format!("there is no {what} `{name}` that you may see; check the name"))
}
