//! A file that is examined in a process of its own, as the worker does it: how long that takes, how much memory, and what is found.

use nix::time::{ClockId, clock_gettime};
use semla_checks::{CHECKS, Evidence, Finding, Input, Outcome};
use semla_policy::{Output, OutputKind, Profile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// All checks, where one could be named.
const ALL: &str = "all";

/// What came of it.
#[derive(Serialize, Deserialize)]
pub(super) struct Examined {
    pub(super) seconds: f64,
    /// Seconds of a core: what others do on the machine doesn't count.
    pub(super) busy: f64,
    /// Kilobytes that were resident at most.
    peak: f64,
    findings: Vec<Finding>,
}

/// The most memory that any examination held.
#[derive(Default)]
pub(super) struct Peak(f64);

impl Peak {
    pub(super) fn megabytes(&self) -> f64 {
        self.0 / 1e3
    }
}

impl Examined {
    /// By all checks.
    pub(super) fn wholly(file: &Path, input: Option<&Path>, peak: &mut Peak) -> Self {
        Self::by(ALL, file, input, peak)
    }

    /// By one check alone, of a job that read an input or none.
    pub(super) fn by(check: &str, file: &Path, input: Option<&Path>, peak: &mut Peak) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("--examine").arg(check).arg(file).args(input);
        let output = command.output().expect("an examination");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let examined: Self = serde_json::from_slice(&output.stdout).expect("an answer");
        peak.0 = peak.0.max(examined.peak);
        examined
    }

    /// Findings of a check that block.
    pub(super) fn blocks<'a>(&'a self, check: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.check == check && finding.outcome == Outcome::Block)
    }
}

/// `--examine CHECK FILE [INPUT]`: examines a file, and prints an [`Examined`].
pub(crate) fn examine(arguments: &[String]) {
    let mut arguments = arguments.iter();
    let mut next = || arguments.next();
    let (check, file) = (next().expect("a check"), next().expect("a file"));
    let check = (check != ALL).then(|| CHECKS.iter().find(|known| known.id == check).expect("a check's id"));
    let evidence = evidence(Path::new(file), next().map(Path::new));
    let (start, before) = (Instant::now(), busy());
    let findings = match check {
        Some(check) => check.alone(&evidence),
        None => semla_checks::examine(&evidence).findings,
    };
    let (seconds, busy) = (start.elapsed().as_secs_f64(), busy() - before);
    println!("{}", serde_json::to_string(&Examined { seconds, busy, peak: resident(), findings }).expect("an answer"));
}

/// A file, and what a job read that made it.
pub(super) fn evidence(file: &Path, input: Option<&Path>) -> Evidence {
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
    Evidence {
        file: File::open(file).expect("a file"),
        declaration: Output {
            path: name.clone(),
            kind: OutputKind::Model,
            counts: Vec::new(),
            data: None,
            about: String::new(),
            controls: String::new(),
        },
        name,
        profile: Profile {
            name: "bench".to_owned(),
            min_people: 10,
            max_bytes: u64::MAX,
            max_rows: u64::MAX,
            information: u64::MAX,
            weight_bits: None,
            types: vec![ending],
        },
        inputs: input.map(|input| Input::at(input, None).expect("an input")).into_iter().collect(),
        released: BTreeMap::new(),
        traceback: None,
    }
}

/// Seconds that this process kept a core busy.
pub(super) fn busy() -> f64 {
    Duration::from(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("a clock")).as_secs_f64()
}

/// Kilobytes that were resident at most (proc_pid_status(5), VmHWM).
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
