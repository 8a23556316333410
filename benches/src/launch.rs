//! What the sandbox costs: to start, for each system call, for a whole training run, and for a thousand attempts.

mod filter;
mod many;
mod peers;
mod starts;
mod train;

pub(crate) use filter::calls;

use semla_sandbox::confine::{Fence, Program, Root, Slot, Spec};
use semla_sandbox::limits::Limits;
use serde_json::{Map, Value};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

type Part = (&'static str, fn(&mut Figures<'_>));

const PARTS: [Part; 4] = [("starts", starts::run), ("filter", filter::run), ("many", many::run), ("train", train::run)];

/// Where the area's figures go.
pub(crate) struct Figures<'a>(&'a mut Map<String, Value>);

impl Figures<'_> {
    fn put(&mut self, name: &str, value: f64) {
        self.0.insert(format!("launch.{name}"), Value::from(value));
    }
}

/// Every `launch.` figure.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let mut figures = Figures(figures);
    for (name, part) in PARTS {
        eprintln!("launch: {name} ...");
        part(&mut figures);
    }
}

/// A sandbox over this root that runs a program, and says nothing.
fn spec(name: &str, slot: u32, root: &Path, program: Program, limits: Limits) -> Spec {
    let null = || File::options().read(true).write(true).open("/dev/null").expect("/dev/null").into();
    Spec {
        fence: Fence::parse(&format!("bench-{}-{name}", std::process::id())).expect("a fence"),
        slot: Slot::new(slot).expect("a slot"),
        root: Root::Image(File::open(root).expect("a root").into()),
        mounts: Vec::new(),
        devices: Vec::new(),
        links: Vec::new(),
        program,
        env: Vec::new(),
        cwd: "/".to_owned(),
        limits,
        stdin: null(),
        stdout: null(),
        stderr: null(),
    }
}

/// A program of the root and its arguments.
fn program(words: &[&str]) -> Program {
    Program::Path(words.iter().map(|word| (*word).to_owned()).collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
