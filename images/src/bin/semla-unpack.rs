//! Unpacks one archive into one directory, digests a tree and lists what is in it, or packs one; runs as a worker in a sandbox with an empty
//! root.

use semla_images::unpack::{Content, Limits, unpack};
use semla_images::versions::Versions;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str =
    "usage: semla-unpack [--code] [--entries N] [--bytes N] [ARCHIVE [DESTINATION]] | --digest | --pack";

fn main() -> ExitCode {
    let tree = Path::new("/in/tree");
    match std::env::args_os().nth(1) {
        Some(word) if word == "--digest" => return done(name(tree, Path::new("/out"))),
        Some(word) if word == "--pack" => return done(pack(tree)),
        _ => {}
    }
    let run = Arguments::parse(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()))
        .map_err(|text| (2, text))
        .and_then(|it| unpack(&it.archive, &it.destination, it.content, it.limits).map_err(|error| (1, chain(&error))));
    match run {
        Ok(report) => {
            eprintln!("unpacked {} entries, {} bytes", report.entries, report.bytes);
            if report.special > 0 {
                eprintln!("left out {} devices and fifos", report.special);
            }
            if report.privileged > 0 {
                eprintln!("took setuid, setgid and sticky bits from {} entries", report.privileged);
            }
            ExitCode::SUCCESS
        }
        Err((code, text)) => {
            eprintln!("semla-unpack: {text}");
            ExitCode::from(code)
        }
    }
}

fn done(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("semla-unpack: {text}");
            ExitCode::FAILURE
        }
    }
}

/// Names a tree that is already unpacked, and says which versions it has: another worker, which never saw the archive, tells what
/// came out of it.
fn name(tree: &Path, to: &Path) -> Result<(), String> {
    let write = |name: &str, text: &[u8]| std::fs::write(to.join(name), text).map_err(|error| chain(&error));
    let versions = Versions::of_path(tree).map_err(|error| chain(&error))?;
    write("versions", &serde_json::to_vec(&versions).map_err(|error| chain(&error))?)?;
    write("digest", semla_images::digest::of_path(tree).map_err(|error| chain(&error))?.as_bytes())
}

/// Says a tree as an archive.
fn pack(tree: &Path) -> Result<(), String> {
    semla_images::pack::of_path(tree, std::io::BufWriter::new(std::io::stdout())).map_err(|error| chain(&error))
}

struct Arguments {
    archive: PathBuf,
    destination: PathBuf,
    content: Content,
    limits: Limits,
}

impl Arguments {
    fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut content, mut entries, mut bytes) = (Content::Image, None, None);
        let mut paths = Vec::new();
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--code" => content = Content::Code,
                "--entries" => entries = Some(number(words.next())?),
                "--bytes" => bytes = Some(number(words.next())?),
                flag if flag.starts_with('-') => return Err(format!("`{flag}` isn't an option; {USAGE}")),
                _ => paths.push(PathBuf::from(word)),
            }
        }
        if paths.len() > 2 {
            return Err(format!("there are more than two paths; {USAGE}"));
        }
        let mut paths = paths.into_iter();
        let default = Limits::of(content);
        Ok(Self {
            archive: paths.next().unwrap_or_else(|| "/in/archive".into()),
            destination: paths.next().unwrap_or_else(|| "/out".into()),
            content,
            limits: Limits { entries: entries.unwrap_or(default.entries), bytes: bytes.unwrap_or(default.bytes) },
        })
    }
}

fn number(word: Option<String>) -> Result<u64, String> {
    let word = word.unwrap_or_default();
    word.parse().map_err(|_| format!("`{word}` isn't a number; {USAGE}"))
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(&format!(": {error}"));
        next = error.source();
    }
    text
}
