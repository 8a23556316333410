//! Side-by-side benchmarks: every area runs ours and its peers in turns, so that what else the machine does hits both.
//!
//! `semla-bench [AREA]` writes `target/bench.json`: one flat object, `"area.name": number`.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

mod checks;
mod launch;
mod policy;
mod shared;

use serde_json::{Map, Value};
use std::process::ExitCode;

type Area = (&'static str, fn(&mut Map<String, Value>));

const AREAS: [Area; 4] =
    [("checks", checks::run), ("launch", launch::run), ("policy", policy::run), ("shared", shared::run)];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, _)) if first == "--calls" => {
            launch::calls();
            return ExitCode::SUCCESS;
        }
        Some((first, rest)) if first == "--examine" => {
            checks::examine(rest);
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let only = arguments.first().cloned();
    let wanted = AREAS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    let mut figures = Map::new();
    for (name, run) in wanted {
        eprintln!("{name} ...");
        run(&mut figures);
    }
    if figures.is_empty() {
        eprintln!(
            "error: no area is called `{}`; there is {}",
            only.unwrap_or_default(),
            AREAS.map(|(name, _)| name).join(", ")
        );
        return ExitCode::from(2);
    }
    let text = serde_json::to_string_pretty(&Value::Object(figures)).expect("numbers");
    println!("{text}");
    std::fs::create_dir_all("target").expect("the target folder");
    std::fs::write("target/bench.json", text + "\n").expect("the figures");
    ExitCode::SUCCESS
}
