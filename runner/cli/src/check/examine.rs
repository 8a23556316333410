//! One file in a process of its own, which confines itself before it opens anything.

use crate::args::Examine;
use crate::fail::{Fail, trying};
use semla_checks::{Evidence, Input, Report};
use semla_policy::{Output, Profile};
use semla_sandbox::alone::{self, Bounds};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// How much an examination may use.
const BOUNDS: Bounds = Bounds { memory: 3 << 30, seconds: 3600 };
/// Most bytes of an answer.
const ANSWER: u64 = 2 << 20;
/// Most bytes of a mended copy.
const MENDED: u64 = 4 << 30;

/// What is examined, against what.
#[derive(Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) file: PathBuf,
    pub(super) inputs: Vec<PathBuf>,
    pub(super) id: Option<String>,
    pub(super) declaration: Output,
    pub(super) profile: Profile,
}

/// Has a process of its own examine a file. A process that dies, or says nothing that can be understood, is a block.
pub(super) fn apart(task: &Task) -> Result<(Report, Option<Vec<u8>>), Fail> {
    for path in task.inputs.iter().chain([&task.file]) {
        fs::metadata(path).map_err(trying(format!("find `{}`", path.display())))?;
    }
    let program = std::env::current_exe().map_err(trying("find this program"))?;
    let json = serde_json::to_string(task).map_err(Fail::chain)?;
    // The mended copy comes back in a file without a name.
    let mut copy = tempfile()?;
    let mut child = Command::new(program)
        .args(["examine", &json])
        .stdin(Stdio::from(copy.try_clone().map_err(Fail::chain)?))
        .stdout(Stdio::piped())
        .spawn()
        .map_err(trying("start the examination"))?;
    let mut answer = Vec::new();
    if let Some(output) = child.stdout.take() {
        output.take(ANSWER).read_to_end(&mut answer).map_err(trying("read the examination's answer"))?;
    }
    let status = child.wait().map_err(trying("wait for the examination"))?;
    let name = &task.declaration.path;
    let report = match serde_json::from_slice(&answer) {
        Ok(report) if status.success() => report,
        _ => Report::unanswered(name, &task.profile.name, &status.to_string()),
    };
    let mut mended = Vec::new();
    copy.rewind().map_err(Fail::chain)?;
    copy.take(MENDED).read_to_end(&mut mended).map_err(trying("read the mended copy"))?;
    Ok((report, Some(mended).filter(|mended| !mended.is_empty())))
}

fn tempfile() -> Result<File, Fail> {
    use nix::sys::memfd::{MFdFlags, memfd_create};
    memfd_create(c"mended", MFdFlags::empty()).map(File::from).map_err(trying("make room for a mended copy"))
}

/// The process that examines: confined first.
pub(crate) fn examine(examine: &Examine) -> Result<ExitCode, Fail> {
    let task: Task = serde_json::from_str(&examine.task).map_err(|error| Fail::usage(error.to_string()))?;
    let paths: Vec<&Path> = task.inputs.iter().chain([&task.file]).map(PathBuf::as_path).collect();
    for missing in alone::with(&paths, BOUNDS) {
        eprintln!(
            "warning: this kernel doesn't confine the examination by {missing}: check nothing here that strangers wrote"
        );
    }
    let evidence = Evidence {
        name: task.declaration.path.clone(),
        file: File::open(&task.file).map_err(trying(format!("open `{}`", task.file.display())))?,
        declaration: task.declaration,
        profile: task.profile,
        inputs: task.inputs.iter().map(|path| input(path, task.id.as_deref())).collect::<Result<_, _>>()?,
        released: BTreeMap::new(),
        traceback: None,
    };
    let report = semla_checks::examine(&evidence);
    let answer = report.to_json().map_err(Fail::chain)?;
    if let Some(copy) = &report.mended {
        let mut to = File::from(std::io::stdin().as_fd().try_clone_to_owned().map_err(Fail::chain)?);
        to.write_all(copy).map_err(trying("write the mended copy"))?;
    }
    std::io::stdout().write_all(answer.as_bytes()).map_err(trying("answer"))?;
    Ok(ExitCode::SUCCESS)
}

fn input(path: &Path, id: Option<&str>) -> Result<Input, Fail> {
    Input::at(path, id).map_err(trying(format!("read `{}`", path.display())))
}
