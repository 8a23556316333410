//! The daemon with one of its rules left out: what the controls of tests start in the place of `semla serve`. Nothing else builds it.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let state = std::env::args().skip_while(|argument| argument != "--state").nth(1);
    match state.map(|state| semla_daemon::serve(Path::new(&state))) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        None => ExitCode::FAILURE,
    }
}
