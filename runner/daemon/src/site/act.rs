//! What the ledger's entries say.

use semla_policy::release::Reason;
use serde::Serialize;

/// One entry: who did what, when, at which label. Those who are cleared for the label may open it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Act {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// A person, or `semla`.
    pub(crate) by: String,
    /// The label of what it is about.
    pub(crate) label: String,
    /// The permit, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) permit: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub(crate) event: Event,
}

/// What happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// A record was proposed, or signed once more.
    Signed { record: String, kind: String, name: String },
    /// A record was put in force.
    Enacted { record: String, kind: String, name: String },
    /// Whoever proposed a record took it back before it was in force.
    TakenBack { record: String, kind: String, name: String },
    /// Somebody signed in.
    SignedIn,
    /// A snapshot of code was handed in.
    Snapshot { digest: String },
    /// A dummy is about to be made from a card.
    Dummy { dataset: String, object: String },
    /// A job was submitted.
    Submitted { job: String, code: String, image: String, data: Vec<String>, dummy: bool, policy: String },
    /// An attempt is about to start.
    Launching { job: String, fence: String },
    /// An attempt ended.
    Ended { job: String, ending: String },
    /// Somebody stopped a job.
    Cancelled { job: String },
    /// Somebody was told something of a job or release that they aren't cleared for.
    Told { about: String, bits: u32, left: u32 },
    /// Somebody is about to read.
    Read { object: String, what: String },
    /// A release was asked for.
    Requested { release: String, job: String, to: String, files: Vec<String> },
    /// The requester put outputs of a later job in the place of files that reviewers wanted changed.
    Replaced { release: String, job: String, files: Vec<String> },
    /// The requester left files out that reviewers wanted changed.
    LeftOut { release: String, files: Vec<String> },
    /// The checks of a file are about to run.
    Checking { release: String, file: String, digest: String, policy: String, fence: String },
    /// The checks answered.
    Checked { release: String, file: String, digest: String, verdict: String },
    /// Somebody voted. Why a block is excused is told in full: the vote itself, which leaves with the bundle, has only its digest.
    Voted {
        release: String,
        file: String,
        digest: String,
        decision: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        replies: Vec<u8>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        excuses: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Votes on a file don't count any more, since those who gave them may not vote now: an account, a role or a clearance is gone.
    Dropped { release: String, file: String, votes: Vec<String> },
    /// A file is about to get a lower label.
    Lowering { release: String, file: String, digest: String, to: String, approvals: Vec<String> },
    /// A bundle was made.
    Released { release: String, bundle: String },
    /// Somebody is about to fetch a bundle.
    Downloaded { release: String },
    /// Recent releases are judged again under a proposed policy.
    Replayed { policy: String, days: u32 },
    /// A permit ended: what was made under it is marked for erasure.
    Lapsed { why: String },
    /// A permit that had ended holds again: the marks are taken back.
    Resumed {},
    /// A request goes on under another policy.
    Follows { release: String, policy: String },
    /// Somebody wanted to take a request back that was over.
    AskedBack { release: String },
    /// A request ended without a bundle, or a bundle was taken back.
    Closed { release: String, state: String },
}
