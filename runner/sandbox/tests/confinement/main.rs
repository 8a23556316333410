//! The sandbox as a hostile job sees it. Every layer's test has a control: the same probe without that layer succeeds.
//!
//! A probe is a function of this very program, which is static: the sandbox starts it by its descriptor, in an empty root. The
//! tests need root, namespaces and cgroups, and fail where these are missing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod case;
mod cgroups;
mod ends;
mod faults;
mod files;
mod keeper;
mod launch;
mod layers;
mod limits;
mod probe;
mod tracer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use case::Lab;

/// A test: its name is a sentence that it proves.
type Test = (&'static str, fn(&Lab));

/// Lists a module's tests by their names.
#[macro_export]
macro_rules! tests {
    ($($name:ident),* $(,)?) => { pub(crate) const TESTS: &[$crate::Test] = &[$((stringify!($name), $name)),*]; };
}

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().collect();
    if args[0] == probe::NAME {
        return probe::main(&args[1..]);
    }
    let wanted: Vec<_> = args.iter().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let all = [
        launch::TESTS,
        ends::TESTS,
        files::TESTS,
        layers::TESTS,
        limits::TESTS,
        cgroups::TESTS,
        faults::TESTS,
        keeper::TESTS,
    ]
    .concat();
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str())))
        .collect();
    if args.iter().any(|arg| arg == "--list") {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let lab = Lab::open();
    let failed = chosen.iter().filter(|(name, test)| {
        let passed = catch_unwind(AssertUnwindSafe(|| test(&lab))).is_ok();
        println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
        !passed
    });
    match failed.count() {
        0 => ExitCode::SUCCESS,
        count => {
            println!("{count} of {} tests failed", chosen.len());
            ExitCode::FAILURE
        }
    }
}
