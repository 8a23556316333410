//! What a hostile job would try. Each probe tries one thing and says whether it got through: `semla-probes run NAME` prints one line,
//! `got ...` or `held ...`, and `semla-probes list` prints what there is.
//!
//! They are the preconditions of what was published against containers (the classes of container escape benchmarks, and what runc's
//! and bubblewrap's own advisories describe), and of what jobs beside each other could tell: no exploit is in here. Everything is
//! harmless where it succeeds: what would change the machine is asked for in a form that the kernel refuses after it has decided
//! whether the caller may.

mod bare;
mod channel;
mod files;
mod holder;
mod kernel;
mod limits;
mod mounts;
mod neighbours;
mod network;
mod privileges;
mod probe;
mod processes;
mod runtime;
mod secrets;
mod stage;

use probe::Probe;
use stage::Stage;
use std::process::ExitCode;

/// Every probe, by what it is after.
fn all() -> impl Iterator<Item = &'static Probe> {
    let classes: [&[Probe]; 10] = [
        files::PROBES,
        mounts::PROBES,
        privileges::PROBES,
        kernel::PROBES,
        processes::PROBES,
        network::PROBES,
        neighbours::PROBES,
        secrets::PROBES,
        runtime::PROBES,
        limits::PROBES,
    ];
    classes.into_iter().flatten()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["list"] => {
            let all: Vec<_> = all().collect();
            println!("{}", serde_json::to_string(&all).unwrap_or_default());
            ExitCode::SUCCESS
        }
        ["run", name] => match all().find(|probe| probe.name == *name) {
            Some(probe) => {
                println!("{}", probe.run(&Stage::read()));
                ExitCode::SUCCESS
            }
            None => usage(),
        },
        // The control: nothing is between the probe and the host but what keeps the host as it was.
        ["bare", name] => match all().find(|probe| probe.name == *name) {
            Some(probe) => {
                let stage = Stage::read();
                bare::enter(&stage);
                println!("{}", probe.run(&stage));
                ExitCode::SUCCESS
            }
            None => usage(),
        },
        ["hold"] => match holder::hold(&Stage::read()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        },
        ["channel", words @ ..] => channel::run(words).unwrap_or_else(usage),
        // What a probe starts, to see what becomes of it.
        ["wait"] => {
            std::thread::sleep(std::time::Duration::from_secs(60));
            ExitCode::SUCCESS
        }
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("error: say `list`, or `run` and the name of a probe");
    ExitCode::from(2)
}
