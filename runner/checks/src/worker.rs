//! The worker: one file in, one word and two reports out; or a log in, and where it says that the job failed out.

use crate::evidence::{Evidence, Input};
use crate::files::{self, list, open};
use crate::finding::{Notice, notices};
use crate::traceback::{self, Nameable};
use semla_policy::Output;
use serde::de::DeserializeOwned;
use std::fs;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// Why a worker gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// A file that should be there can't be read.
    #[error("failed to read `{0}`")]
    Read(PathBuf, #[source] io::Error),
    /// A file isn't the JSON that it should be.
    #[error("failed to understand `{0}`")]
    Understand(PathBuf, #[source] serde_json::Error),
    /// Something among the inputs is neither a regular file nor a folder, or lies too deep.
    #[error("`{0}` can't be an input; keep datasets to plain files in few folders")]
    Strange(PathBuf),
    /// An answer can't be written.
    #[error("failed to write `{0}`")]
    Write(&'static str, #[source] io::Error),
    /// An answer can't be put into JSON.
    #[error("failed to put the answer into words")]
    Words(#[from] serde_json::Error),
}

/// Reads what is under `from`, examines it, and writes the answers under `to`. The verdict is written last: whoever finds
/// one finds everything.
pub fn work(from: &Path, to: &Path) -> Result<(), WorkError> {
    let declaration: Output = json(&from.join("declaration.json"))?;
    let evidence = Evidence {
        name: declaration.path.clone(),
        file: open(&from.join("file"))?,
        declaration,
        profile: json(&from.join("profile.json"))?,
        inputs: inputs(&from.join("data"))?,
        released: json(&from.join("released.json"))?,
        traceback: nameable(from)?,
    };
    let report = crate::examine(&evidence);
    let write = |name, text: &[u8]| fs::write(to.join(name), text).map_err(|error| WorkError::Write(name, error));
    // One line for each check, in a form that nobody needs a parser for.
    let line = |notice: &Notice| format!("{} {}\n", notice.check, notice.outcome.word());
    write("notices", notices(&report).iter().map(line).collect::<String>().as_bytes())?;
    write("detail.json", report.to_json()?.as_bytes())?;
    if let Some(copy) = &report.mended {
        write("mended", copy)?;
    }
    write("information", report.information.to_string().as_bytes())?;
    write("verdict", report.verdict.word().as_bytes())
}

/// Writes down where the job failed whose log and code are under `from`, if its log says so.
pub fn trace(from: &Path, to: &Path) -> Result<(), WorkError> {
    let nameable = nameable(from)?.ok_or_else(|| WorkError::Strange(from.to_owned()))?;
    let log = from.join("log");
    let found = nameable.find(BufReader::new(open(&log)?)).map_err(|error| WorkError::Read(log, error))?;
    match found {
        Some(found) => fs::write(to.join("traceback.txt"), found.to_string())
            .map_err(|error| WorkError::Write("traceback.txt", error)),
        None => Ok(()),
    }
}

/// What a traceback may name: there is such a list for tracebacks alone.
fn nameable(from: &Path) -> Result<Option<Nameable>, WorkError> {
    let (classes, archive) = (from.join("tracebacks.json"), from.join("code"));
    if !classes.exists() {
        return Ok(None);
    }
    let code = traceback::code(open(&archive)?).map_err(|error| WorkError::Read(archive, error))?;
    Ok(Some(Nameable { classes: json(&classes)?, code }))
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T, WorkError> {
    let text = fs::read(path).map_err(|error| WorkError::Read(path.to_owned(), error))?;
    serde_json::from_slice(&text).map_err(|error| WorkError::Understand(path.to_owned(), error))
}

/// The datasets, by name. A job without any has no folder of them.
fn inputs(data: &Path) -> Result<Vec<Input>, WorkError> {
    let names = match list(data) {
        Err(WorkError::Read(_, error)) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        names => names?,
    };
    let input = |(name, path): (String, PathBuf)| {
        // A dataset that lay in another one's folder would be looked at by no check.
        if let Some((_, other)) =
            list(&path)?.into_iter().find(|(name, _)| !["card.json", "content"].contains(&name.as_str()))
        {
            return Err(WorkError::Strange(other));
        }
        let files = files::under(&path.join("content"))?;
        Ok(Input { name, card: json(&path.join("card.json"))?, files })
    };
    names.into_iter().map(input).collect()
}
