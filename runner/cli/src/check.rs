//! `semla check`: the battery over files at hand, each in a process that can do nothing but read.

mod examine;
mod shown;

pub(crate) use examine::examine;

use crate::args::Check;
use crate::fail::{Fail, trying};
use crate::output::Printer;
use examine::Task;
use semla_checks::{Finding, Outcome};
use semla_policy::{Output, OutputKind, Profile, text};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is said of all files together.
#[derive(Serialize)]
struct Answer {
    verdict: Outcome,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
    profile: String,
    policy: String,
    tool: String,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Checks files, says what was found, and writes mended copies if that is asked for.
pub(crate) fn run(check: &Check, printer: &Printer) -> Result<ExitCode, Fail> {
    let source = match &check.policy {
        Some(path) => fs::read_to_string(path).map_err(trying(format!("read `{}`", path.display())))?,
        None => "preset = \"ehds\"\n".to_owned(),
    };
    let policy = text::policy(&source).map_err(|problems| Fail::usage(problems.to_string()))?;
    let profile = policy.profile(&check.profile).ok_or_else(|| {
        let known: Vec<_> = policy.profiles.iter().map(|profile| format!("`{}`", profile.name)).collect();
        Fail::usage(format!("the policy has no profile `{}`; it has {}", check.profile, known.join(", ")))
    })?;
    let mut answer = Answer {
        verdict: Outcome::Pass,
        findings: Vec::new(),
        omitted: 0,
        profile: profile.name.clone(),
        policy: policy.digest().to_string(),
        tool: concat!("semla ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    if check.inputs.is_empty() {
        eprintln!("note: no copied row can be found without the data that the files were made from: add --inputs PATH");
    }
    for path in &check.files {
        let (report, mended) = examine::apart(&task(check, path, profile))?;
        answer.verdict = answer.verdict.max(report.verdict);
        answer.omitted += report.omitted;
        if !printer.is_json() {
            shown::report(path, &report)?;
        }
        if let Some(copy) = mended {
            keep(check, path, &copy)?;
        }
        answer.findings.extend(report.findings);
    }
    if printer.is_json() {
        printer.one(&answer, |_| String::new())?;
    }
    Ok(match answer.verdict {
        Outcome::Pass => ExitCode::SUCCESS,
        Outcome::Review => ExitCode::from(3),
        Outcome::Block => ExitCode::from(4),
    })
}

fn task(check: &Check, path: &Path, profile: &Profile) -> Task {
    let name = path.to_string_lossy().into_owned();
    Task {
        file: path.to_owned(),
        inputs: check.inputs.clone(),
        id: check.id.clone(),
        declaration: Output {
            kind: kind(&name),
            path: name,
            counts: check.counts.clone(),
            data: None,
            about: String::new(),
            controls: String::new(),
        },
        profile: profile.clone(),
    }
}

/// What a job file would declare a file of this name to be.
fn kind(name: &str) -> OutputKind {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("png" | "jpg" | "jpeg" | "pdf") => OutputKind::Figure,
        Some("pkl" | "pickle" | "joblib" | "sav" | "pt" | "pth" | "safetensors" | "onnx") => OutputKind::Model,
        Some("txt" | "md" | "log") => OutputKind::Text,
        _ => OutputKind::Table,
    }
}

/// Writes a mended copy beside the file, or says that there could be one.
fn keep(check: &Check, path: &Path, copy: &[u8]) -> Result<(), Fail> {
    let to = mended(path);
    if !check.fix {
        eprintln!("note: `{}` can be mended: semla check --fix {}", path.display(), path.display());
        return Ok(());
    }
    let failed = || trying(format!("write `{}`", to.display()));
    let mut file = fs::File::create_new(&to).map_err(failed())?;
    std::io::Write::write_all(&mut file, copy).map_err(failed())?;
    eprintln!("wrote `{}`: check that, and release it instead", to.display());
    Ok(())
}

/// `model.pt` becomes `model.mended.pt`.
fn mended(path: &Path) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(".mended");
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
