//! What a checks worker left: one word that counts, a word for each check, and a detail that stays at the label.

use super::run::Run;
use super::{Kind, Task, intake};
use crate::objects::Origin;
use crate::protocol::{Checked, Id, Notice};
use semla_policy::Digest;
use semla_policy::release::Verdict;
use std::io::Read;
use std::os::fd::OwnedFd;

/// Most checks that are told of, and most bytes of what is said of one.
const CHECKS: usize = 64;
const LINE: u64 = 16;

/// Reads the answer; a worker that didn't finish gave none, and no answer is a block (rule 8).
pub(super) fn read(run: &Run<'_>, out: &OwnedFd, finished: bool, about: (&Id, &Digest, &String)) -> Checked {
    let text = |path, most| {
        let mut text = String::new();
        let read = intake::open(out, path).ok()?.take(most).read_to_string(&mut text);
        read.ok().map(|_| text)
    };
    let verdict = match finished {
        true => text("verdict", 8).map_or(Verdict::Block, |word| Verdict::read(&word)),
        false => Verdict::Block,
    };
    let kept = |path, name, origin| intake::one(run, out, path, name, origin, run.task.memory).ok();
    let (object, policy, to) = about;
    Checked {
        object: object.clone(),
        policy: *policy,
        to: to.clone(),
        verdict,
        // What a worker wrote before it was stopped is no answer: it may have been about to say more.
        notices: match finished {
            true => text("notices", CHECKS as u64 * LINE).as_deref().map_or_else(Vec::new, notices),
            false => Vec::new(),
        },
        information: text("information", 20).and_then(|bits| bits.parse().ok()).unwrap_or(0),
        detail: kept("detail.json", "detail", Origin::Detail { fence: run.fence.clone() }),
        mended: kept("mended", "mended", Origin::Mended { of: object.clone() }),
    }
}

/// A line that isn't one of the fixed form is left out: it could be anything that the worker has read.
fn notices(text: &str) -> Vec<Notice> {
    text.lines().filter_map(Notice::read).take(CHECKS).collect()
}

/// The answer of a worker that couldn't even be started.
pub(super) fn none(task: &Task) -> Option<Checked> {
    let Kind::Check { object, policy, to } = &task.kind else { return None };
    Some(Checked {
        object: object.clone(),
        policy: *policy,
        to: to.clone(),
        verdict: Verdict::Block,
        notices: Vec::new(),
        information: 0,
        detail: None,
        mended: None,
    })
}
