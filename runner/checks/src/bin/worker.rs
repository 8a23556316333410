//! `semla-checks-worker`: examines one file inside a sandbox. Any failure is no answer, and no answer is a block.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let from = arguments.next().unwrap_or_else(|| "/in".into());
    let to = arguments.next().unwrap_or_else(|| "/out".into());
    match semla_checks::worker::work(&from, &to) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("semla-checks-worker: {error}{}", causes(&error));
            ExitCode::FAILURE
        }
    }
}

/// What lies behind an error, each after a colon.
fn causes(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}
