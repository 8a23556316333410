//! The main job, told as it happens: `make demo`.

use std::process::ExitCode;

const HELP: &str = "\
Tells the main job of semla as it happens, on a site of its own in /var/tmp: a model on real patient data, a leak that is caught, a
release that verifies, and what doesn't work. Run it as root; it takes some ten seconds, and minutes where it builds the image first.

Usage: semla-demo

Options:
  -h, --help  Print help

SEMLA_KEEP=1 leaves the site there.";

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => {
            semla_tests::demo::run();
            ExitCode::SUCCESS
        }
        Some("-h" | "--help") => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Some(other) => {
            eprintln!("error: there is no argument `{other}`; see `semla-demo --help`");
            ExitCode::from(2)
        }
    }
}
