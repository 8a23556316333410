//! The launcher's program: root, one thread, no network.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let state = match (arguments.next(), arguments.next(), arguments.next()) {
        (None, ..) => std::env::var_os("SEMLA_STATE").map_or_else(|| PathBuf::from("/var/lib/semla"), PathBuf::from),
        (Some(flag), Some(path), None) if flag == "--state" => PathBuf::from(path),
        _ => {
            eprintln!(
                "usage: semla-launcher [--state FOLDER]; the folder is that of `semla init`, SEMLA_STATE or /var/lib/semla"
            );
            return ExitCode::from(2);
        }
    };
    match semla_sandbox::launcher::run(state) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = error.to_string();
            let mut cause = error.source();
            while let Some(next) = cause {
                text = format!("{text}: {next}");
                cause = next.source();
            }
            eprintln!("error: {text}");
            ExitCode::FAILURE
        }
    }
}
