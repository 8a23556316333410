//! What a hostile job would try, each thing as a job of its own: nothing gets through the sandbox. Controls: on the bare host every
//! one does, and with one layer off at a time the table shows which layer holds what.
//!
//! Needs root, namespaces and cgroups; `semla-probes` lies beside this program. Arguments are parts of names of probes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cells;
mod contained;
mod inside;
mod matrix;
mod stage;
mod table;

use matrix::Matrix;
use stage::Stage;
use std::process::ExitCode;

/// Where the table is kept: `--write` writes it anew.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/probes.md");

/// Fewer probes than this are no suite.
const LEAST: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        println!("nothing_gets_out_of_the_sandbox: test");
        return ExitCode::SUCCESS;
    }
    if let [first, folder, number, probe] = arguments.as_slice()
        && first == inside::AS_USER
    {
        return inside::as_user(folder, number, probe);
    }
    let parts: Vec<&str> = arguments.iter().map(String::as_str).filter(|part| !part.starts_with('-')).collect();
    let stage = Stage::set();
    let matrix = Matrix::run(&stage, &parts);
    println!("{}", table::of(&matrix));
    if arguments.iter().any(|argument| argument == "--write") {
        std::fs::write(PAGE, table::page(&matrix)).expect("the page");
    }
    if arguments.iter().any(|argument| argument == "--words") {
        println!("{}", table::words(&matrix));
        println!("{}", table::elsewhere(&matrix));
    }
    let mut faults = matrix.faults();
    faults.extend(matrix.uncontained());
    if parts.is_empty() {
        faults.extend(matrix.unproved());
        let page = std::fs::read_to_string(PAGE).unwrap_or_default();
        faults.extend(table::missing(&matrix, &page));
        let count = matrix.proved();
        if count < LEAST {
            faults.push(format!("{count} probes got through on the bare host, and {LEAST} are asked for"));
        }
    }
    match faults.is_empty() {
        true => {
            println!("test nothing_gets_out_of_the_sandbox ... ok");
            ExitCode::SUCCESS
        }
        false => {
            faults.iter().for_each(|fault| println!("- {fault}"));
            println!("test nothing_gets_out_of_the_sandbox ... FAILED");
            ExitCode::FAILURE
        }
    }
}
