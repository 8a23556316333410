//! What a checks worker left: one word that counts, notices that are passed on unread, and a detail that stays at the label.

use super::run::Run;
use super::{Kind, Task, intake};
use crate::objects::Origin;
use crate::protocol::{Checked, Id};
use semla_policy::Digest;
use semla_policy::release::Verdict;
use std::io::Read;
use std::os::fd::OwnedFd;

/// Most bytes of the notices.
const NOTICES: u64 = 8 << 10;

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
        policy: policy.clone(),
        to: to.clone(),
        verdict,
        notices: text("notices.json", NOTICES).unwrap_or_default(),
        detail: kept("detail.json", "detail", Origin::Detail { fence: run.fence.clone() }),
        mended: kept("mended", "mended", Origin::Mended { of: object.clone() }),
    }
}

/// The answer of a worker that couldn't even be started.
pub(super) fn none(task: &Task) -> Option<Checked> {
    let Kind::Check { object, policy, to } = &task.kind else { return None };
    Some(Checked {
        object: object.clone(),
        policy: policy.clone(),
        to: to.clone(),
        verdict: Verdict::Block,
        notices: String::new(),
        detail: None,
        mended: None,
    })
}
