//! The programs that a build runs.

use super::cache::Room;
use super::progress::Meter;
use super::{BuildError, Builder, EPOCH, Progress, cache, finish};
use crate::recipe::Recipe;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};

/// What mmdebstrap is told for every recipe. Documentation is never unpacked, but for the copyright files.
pub(super) const OPTIONS: [&str; 13] = [
    "--verbose",
    "--variant=minbase",
    "--format=tar",
    // Device nodes: the sandbox makes its own /dev.
    "--skip=output/dev",
    "--aptopt=Apt::Install-Recommends \"false\"",
    "--aptopt=Apt::Install-Suggests \"false\"",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/info/*",
    "--dpkgopt=path-exclude=/usr/share/lintian/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    // Static libraries.
    "--dpkgopt=path-exclude=/usr/lib/*.a",
];
/// How much of a program's output is kept to explain a failure, in lines.
const KEPT: usize = 200;

impl Builder {
    pub(super) fn mmdebstrap(&self, recipe: &Recipe, wheels: &Path, tar: &Path) -> Command {
        let mut command = Command::new(&self.mmdebstrap);
        command
            .args(OPTIONS)
            .arg(format!("--components={}", recipe.components.join(",")))
            .arg(format!("--include={}", recipe.packages.join(",")))
            .args(recipe.lock.iter().flat_map(|_| finish::wheels(recipe, wheels)))
            .arg(format!("--customize-hook={}", finish::script(recipe)))
            .arg(recipe.suite.name())
            .arg(tar)
            .args(&self.sources)
            .env("SOURCE_DATE_EPOCH", EPOCH)
            // Its messages are read.
            .env("LC_ALL", "C.UTF-8")
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    /// Fetches the wheels of a lock file and unpacks them: pip on this machine, for the image's Python, so that the
    /// image needs neither pip nor a network. Only wheels: nothing of theirs is run.
    pub(super) fn fetch(
        &self,
        recipe: &Recipe,
        lock: &str,
        room: &Room<'_>,
        wheels: &Path,
        progress: &mut dyn Progress,
    ) -> Result<(), BuildError> {
        progress.step("fetching the lock file's wheels", 0, None);
        let file = room.path().join("lock.txt");
        std::fs::write(&file, lock).map_err(cache::fault("write", &file))?;
        let mut command = Command::new(&self.python);
        command
            .args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-cache-dir"])
            .args(["--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile"])
            .args(["--implementation", "cp"])
            .arg(format!("--python-version=3.{}", recipe.suite.python()))
            .args(platforms(recipe.suite.glibc()))
            .args([OsString::from("--target"), wheels.into(), "--requirement".into(), file.into()]);
        run(&mut command, "pip", &mut Meter::new(progress))
    }
}

/// A wheel names the oldest glibc that it runs with, so all up to the image's own will do (PEP 600).
fn platforms(glibc: u32) -> impl Iterator<Item = String> {
    let arch = std::env::consts::ARCH;
    (5..=glibc)
        .rev()
        .map(move |minor| format!("--platform=manylinux_2_{minor}_{arch}"))
        .chain(["2014", "2010", "1"].map(|year| format!("--platform=manylinux{year}_{arch}")))
}

/// Runs a program to its end and follows what it says. Both of its outputs go to one pipe.
pub(super) fn run(command: &mut Command, name: &'static str, meter: &mut Meter<'_>) -> Result<(), BuildError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let follow = |source| BuildError::Follow { program: name.to_owned(), source };
    let (reader, writer) = std::io::pipe().map_err(follow)?;
    let other = writer.try_clone().map_err(follow)?;
    let started = command.stdin(Stdio::null()).stdout(other).stderr(writer).spawn();
    // The command holds the pipe's other end, and the pipe ends only when nobody does.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = started.map_err(|source| match source.kind() {
        ErrorKind::NotFound => BuildError::Missing { program: program.clone(), package: package(name) },
        _ => BuildError::Start { program: program.clone(), source },
    })?;
    let mut last = VecDeque::new();
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    let followed = loop {
        line.clear();
        match lines.read_until(b'\n', &mut line) {
            Ok(0) => break Ok(()),
            Ok(_) => {}
            Err(source) => break Err(follow(source)),
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        meter.line(&text);
        if last.len() == KEPT {
            last.pop_front();
        }
        last.push_back(text);
    };
    let status = child.wait().map_err(follow)?;
    followed?;
    if status.success() {
        return Ok(());
    }
    Err(BuildError::Failed { program: name.to_owned(), status, reason: reason(&last), log: Vec::from(last).join("\n") })
}

/// The lines that say why. apt and mmdebstrap begin them with `E:`, pip with `ERROR:`; the last ones of mmdebstrap only
/// say that something failed before.
fn reason(last: &VecDeque<String>) -> String {
    const SHOWN: usize = 3;
    let says = |line: &&String| {
        let marked = ["E: ", "ERROR: ", "dpkg: error"].iter().any(|mark| line.starts_with(mark));
        marked && !line.starts_with("E: mmdebstrap failed to run") && !line.contains("command failed: set -eu")
    };
    let mut lines: Vec<&str> = last.iter().filter(says).take(SHOWN).map(String::as_str).collect();
    if lines.is_empty() {
        // The finishing script failed: what it ran spoke just before mmdebstrap repeats the script.
        let before = last.iter().take_while(|line| !line.starts_with("E: "));
        lines.extend(before.last().or(last.back()).map(String::as_str));
    }
    lines.join("; ")
}

fn package(name: &str) -> &'static str {
    match name {
        "pip" => "python3-pip",
        _ => "mmdebstrap",
    }
}
