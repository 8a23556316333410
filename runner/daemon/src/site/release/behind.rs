//! What stands behind a file of a request: objects, checks, and what reviewers signed.

use semla_policy::release::{Reason, Vote};
use semla_policy::{Digest, Signed};
use semla_sandbox::protocol::{Checked, Id};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands behind a file of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Behind {
    /// What is checked, voted on and lowered.
    pub(crate) object: Id,
    /// Whether that is a copy that the checks mended.
    pub(crate) mended: bool,
    /// What the checks said of it, under each policy that counts.
    pub(crate) checked: Vec<(Id, Checked)>,
    /// What reviewers signed: of each the vote that stands.
    pub(crate) votes: Vec<Signed>,
    /// Why they excuse what blocks it.
    pub(crate) reasons: BTreeMap<String, Reason>,
    /// Its copy at the lower label, once there is one.
    pub(crate) copy: Option<Id>,
    pub(crate) about: String,
    pub(crate) controls: String,
    /// Whether it is where the job stopped, and no output.
    #[serde(default)]
    pub(crate) traceback: bool,
    /// Whether the job left no such thing: for those who are cleared.
    #[serde(default)]
    pub(crate) absent: bool,
    /// The job that it is from, where that is a later one than the request's.
    #[serde(default)]
    pub(crate) job: Option<Id>,
    /// What it was before its requester replaced it, the oldest first.
    #[serde(default)]
    pub(crate) earlier: Vec<Earlier>,
}

/// What a file of a request was before its requester replaced it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Earlier {
    pub(crate) object: Id,
    pub(crate) job: Id,
    /// What reviewers signed about it.
    pub(crate) votes: Vec<Signed>,
}

impl Behind {
    /// A file that nobody has looked at yet.
    pub(in crate::site) fn new(object: Id, about: String, controls: String) -> Self {
        let (checked, votes, reasons) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self {
            object,
            mended: false,
            checked,
            votes,
            reasons,
            copy: None,
            about,
            controls,
            traceback: false,
            absent: false,
            job: None,
            earlier: Vec::new(),
        }
    }

    /// A file that was asked for, and that the job didn't leave.
    pub(in crate::site) fn absent(object: Id, about: String, controls: String) -> Self {
        Self { absent: true, ..Self::new(object, about, controls) }
    }

    /// Takes a reviewer's vote, in place of one that they gave before.
    pub(in crate::site) fn voted(&mut self, by: &str, signed: &Signed, reason: Option<Reason>) {
        self.votes.retain(|vote| vote.signatures.iter().all(|signature| signature.by != by));
        self.votes.push(signed.clone());
        self.reasons.remove(by);
        self.reasons.extend(reason.map(|reason| (by.to_owned(), reason)));
    }

    /// Drops the votes of all but these people.
    pub(in crate::site) fn keep_votes(&mut self, of: impl Fn(&str) -> bool) {
        self.votes.retain(|vote| vote.signatures.iter().all(|signature| of(&signature.by)));
        self.reasons.retain(|by, _| of(by));
    }

    /// The votes that stand, with who gave them. They were read when they came.
    pub(in crate::site) fn standing(&self) -> impl Iterator<Item = (String, Vote)> {
        self.votes.iter().filter_map(|signed| Some((signed.signatures.first()?.by.clone(), signed.read().ok()?)))
    }

    /// What reviewers signed about a content comes back with it, as far as it stands.
    pub(in crate::site) fn recall(&mut self, digest: &Digest, stands: impl Fn(&str) -> bool) {
        for signed in self.earlier.iter().flat_map(|earlier| &earlier.votes).cloned().collect::<Vec<_>>() {
            let about = signed.read::<Vote>().is_ok_and(|vote| vote.digest == *digest);
            let by = signed.signatures.first().map(|signature| signature.by.clone());
            if let Some(by) = by.filter(|by| about && stands(by)) {
                self.voted(&by, &signed, None);
            }
        }
    }

    /// The checks and the votes begin anew.
    pub(in crate::site) fn afresh(&mut self) {
        self.earlier.iter_mut().for_each(|earlier| earlier.votes.clear());
        self.checked.clear();
        self.votes.clear();
        self.reasons.clear();
        self.copy = None;
    }
}
