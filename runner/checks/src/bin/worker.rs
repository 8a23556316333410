//! `semla-checks-worker [traceback] [FROM] [TO]`: examines one file inside a sandbox, or finds where a job failed. Any failure is no
//! answer, and no answer is a block.

use semla_checks::worker;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from).peekable();
    let work = match arguments.next_if(|word| word.as_os_str() == "traceback") {
        Some(_) => worker::trace,
        None => worker::work,
    };
    let from = arguments.next().unwrap_or_else(|| "/in".into());
    let to = arguments.next().unwrap_or_else(|| "/out".into());
    match work(&from, &to) {
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
