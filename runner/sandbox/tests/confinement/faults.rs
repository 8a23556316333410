//! Each system call of a launch fails once.

use std::collections::HashSet;
use std::path::Path;

use nix::errno::Errno;
use nix::libc;
use semla_sandbox::confine::{Root, Slot, What, tmpfs};
use semla_sandbox::error::Step;
use semla_sandbox::limits::Space;

use crate::case::{Case, Lab};
use crate::ends::State;
use crate::tracer::{Fault, Traced, Who, mark, trace};

crate::tests!(whichever_call_of_a_launch_fails_its_step_is_named_and_nothing_is_left);

/// How calls fail: for no reason, as they do for somebody without privileges, and as they do on a kernel that has none of the kind.
const REASONS: [Errno; 3] = [Errno::EIO, Errno::EPERM, Errno::ENOSYS];

/// Steps that fail without a call that does: for what is asked for, each with a test of its own.
const ASKED: [Step; 3] = [Step::Slot, Step::Arguments, Step::Memory];

fn whichever_call_of_a_launch_fails_its_step_is_named_and_nothing_is_left(lab: &Lab) {
    let dir = lab.directory();
    std::fs::write(dir.join("file"), "x").unwrap();
    let mut named = HashSet::from(ASKED);
    for (why, who) in REASONS.into_iter().flat_map(|why| Who::ALL.map(|who| (why, who))) {
        for number in 0.. {
            let before = State::now();
            let case = case(lab, &dir);
            let Traced { failed, said } = trace(Fault { who, number, why, spared: &[] }, || launch(case));
            before.is_now();
            let Some(call) = failed else {
                assert_eq!(said, WELL, "control");
                break;
            };
            // A kernel that doesn't say which Landlock it has, whatever it says, has none.
            let none = call == libc::SYS_landlock_create_ruleset && said == error(Step::Landlock, Errno::ENOSYS);
            match Step::ALL.iter().find(|step| said == error(**step, if none { Errno::ENOSYS } else { why })) {
                Some(step) => drop(named.insert(*step)),
                // What stays open for writing can't be sealed. Every other descriptor that stays open is closed before the job.
                None if call == libc::SYS_close && said == error(Step::Proc, Errno::EBUSY) => {}
                // What a kernel doesn't know yet is asked in the older way.
                None if call == libc::SYS_close || (call, why) == (libc::SYS_statx, Errno::ENOSYS) => {
                    assert_eq!(said, WELL);
                }
                // Init has said that the job runs, and is no more: that is an end.
                None => {
                    assert_eq!((who, said.as_str()), (Who::Init, "Ok(Killed)"), "call {call}, the {number}th: {why}")
                }
            }
        }
    }
    let unnamed: Vec<_> = Step::ALL.iter().filter(|step| !named.contains(step)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

/// What is said of a launch of which nothing failed.
const WELL: &str = "Ok(Exited(0))";

fn error(step: Step, why: Errno) -> String {
    format!("{}: {why:?}", step.name())
}

/// One of everything that a launch can be asked for.
fn case<'a>(lab: &'a Lab, dir: &Path) -> Case<'a> {
    let open = |path: &Path| std::fs::File::open(path).unwrap().into();
    let space = Space::new(1 << 16, 16);
    lab.probe(&["exit", "0"])
        .mount("/in/directory", What::ReadOnly(open(dir)))
        .mount("/in/file", What::ReadOnly(open(&dir.join("file"))))
        .mount("/out", What::Tree(tmpfs(space, Slot::new(7).unwrap()).unwrap()))
        .mount("/scratch", What::Tmpfs(space))
        .with(|case| case.root = Root::Image(open(dir)))
}

/// Launches, and says how that went.
fn launch(case: Case<'_>) -> String {
    let (start, _pipe) = case.prepare();
    mark();
    let started = start();
    mark();
    match started {
        Ok(running) => format!("{:?}", running.wait().map(|(end, _)| end)),
        Err(failed) => error(failed.step, failed.cause),
    }
}
