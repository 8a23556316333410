//! Where in the submitted code a job failed. Its log is hostile, and the code is: a worker of its own reads both.

use super::run::Run;
use super::stage::{RunError, Stage, environment, host, limits, mount, run};
use super::workers::{checks, nowhere};
use super::{Kind, intake};
use crate::confine::{self, Root, Slot, What};
use crate::limits::Space;
use crate::objects::Origin;
use crate::protocol::{TRACEBACK, Taken};
use std::fs::File;
use std::time::Duration;

/// Most bytes of one.
const MOST: u64 = 4096;
/// What its worker may use.
const MEMORY: u64 = 256 << 20;
const TIME: Duration = Duration::from_secs(30);

/// The traceback, at the job's label; nothing, where the log tells of none that the policy lets through, or the worker failed.
pub(super) fn take(run: &Run<'_>, slot: Slot) -> Option<Taken> {
    read(run, slot).ok().flatten()
}

fn read(attempt: &Run<'_>, slot: Slot) -> Result<Option<Taken>, RunError> {
    let Kind::Job { code, tracebacks, .. } = &attempt.task.kind else { return Ok(None) };
    let folder = attempt.house.attempt(attempt.fence);
    let classes = folder.join("tracebacks");
    let text = serde_json::to_vec(tracebacks).map_err(host("write down the classes"))?;
    std::fs::write(&classes, text).map_err(host("write down the classes"))?;
    let out = confine::tmpfs(Space::new(1 << 20, 16), slot)?;
    let view = out.try_clone().map_err(host("hold on to `/out`"))?;
    let mut mounts = vec![mount("/out", What::Tree(out))?];
    for (at, from) in [("/in/log", &folder.join("log")), ("/in/code", code), ("/in/tracebacks.json", &classes)] {
        let input = File::open(from).map_err(host("open an input"))?;
        mounts.push(mount(at, What::ReadOnly(input.into()))?);
    }
    let stage = Stage {
        fence: attempt.fence,
        stop: Some(attempt.house.stop(attempt.fence)),
        slot,
        root: Root::Empty,
        mounts,
        devices: Vec::new(),
        links: Vec::new(),
        program: checks(&["traceback"])?,
        env: environment(),
        cwd: "/",
        limits: limits(MEMORY, 1000),
    };
    let watched = run(attempt.ground, stage, nowhere()?, TIME.min(attempt.left()))?;
    let origin = Origin::Traceback { fence: attempt.fence.clone() };
    let finished = matches!(watched.end, Some(confine::End::Exited(0)));
    Ok(finished.then(|| intake::one(attempt, &view, TRACEBACK, "traceback", origin, MOST).ok()).flatten())
}
