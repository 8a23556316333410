//! What goes over the wire: the same types for the daemon, the command line and the generated OpenAPI document.

use semla_policy::Reading;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A statement and its signatures, as [`semla_policy::Signed`] has them.
pub type Signed = semla_policy::Signed;

/// The header with what a reader signed: a signed [`Reading`] as JSON, in base64.
pub const READING: &str = "semla-reading";

/// Signing in: with a password, or for the first time with the code that the officers handed out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The account.
    pub name: String,
    /// The password; with a code, the new one.
    pub password: String,
    /// The enrolment code, used once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The arrival, signed with the enrolled key; with a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub arrival: Option<Signed>,
}

/// A session.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// To be sent as `Authorization: Bearer`.
    pub token: String,
    /// Seconds since 1970.
    pub expires: i64,
}

/// Who is asking.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The account.
    pub name: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// The most it may see.
    pub clearance: String,
    /// The most it may submit at.
    pub ceiling: String,
    /// The permits it is a member of.
    pub permits: Vec<String>,
}

/// What became of a record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Recorded {
    /// Its id: the digest of its text.
    pub id: String,
    /// Its kind: `policy`, `person`, `permit`, `withdrawal`, `dataset`, `image` or `halt`.
    pub kind: String,
    /// What it is about.
    pub name: String,
    /// Whom it waits for; nothing once it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<String>,
    /// For a new person: the code with which they sign in for the first time. It is shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For a halt and for a permit's withdrawal: what it stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halted: Option<Halted>,
}

/// A record that waits for somebody.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Pending {
    /// What and whom for.
    #[serde(flatten)]
    pub recorded: Recorded,
    /// The text and the signatures so far: another one is added over the same text.
    #[schema(value_type = Object)]
    pub signed: Signed,
}

/// A dataset as far as the asker may know it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DatasetView {
    /// `name@version`.
    pub name: String,
    /// The label of its rows.
    pub label: String,
    /// The label of its card.
    pub card_label: String,
    /// The card.
    #[schema(value_type = Object)]
    pub card: semla_policy::Card,
}

/// An image.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ImageView {
    /// Its name.
    pub name: String,
    /// The digest of its tree.
    pub digest: String,
    /// Its label.
    pub label: String,
}

/// A permit that the asker is a member of, or responsible for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PermitView {
    /// Whether it was taken back before its last day.
    #[serde(default)]
    pub withdrawn: bool,
    /// Whether it is over, and what was made under it is marked for erasure.
    #[serde(default)]
    pub erase: bool,
    /// Its number.
    pub name: String,
    /// What for.
    pub purpose: String,
    /// Its members.
    pub people: Vec<String>,
    /// Its datasets.
    pub datasets: Vec<String>,
    /// The highest label under it.
    pub up_to: String,
    /// The last day.
    pub until: String,
}

/// A person, for officers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// The account.
    pub name: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// The most it may see.
    pub clearance: String,
    /// The most it may submit at.
    pub ceiling: String,
    /// Its public key.
    pub key: Option<String>,
}

/// A snapshot that was handed in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// Its digest: what a job names.
    pub digest: String,
    /// Bytes.
    pub size: u64,
}

/// What somebody wants explained.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Whether they may submit this. `submitter` is replaced by whoever asks.
    #[schema(value_type = Object)]
    Job(Box<semla_policy::JobPlan>),
    /// Whether somebody may read an object.
    Read {
        /// A job, a request for release, or a dataset.
        object: String,
        /// Who; whoever asks, where nobody is named.
        #[serde(default)]
        user: Option<String>,
    },
    /// Whether something may get from one label to another.
    Flow {
        /// The label that it has.
        from: String,
        /// The label that it would have.
        to: String,
    },
}

/// Two policies to compare.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// The one before; the one in force, where none is given.
    #[schema(value_type = Object)]
    #[serde(default)]
    pub old: Option<semla_policy::Policy>,
    /// The one after.
    #[schema(value_type = Object)]
    pub new: semla_policy::Policy,
}

/// What a change of policy comes to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Consequences {
    /// In sentences.
    pub told: Vec<String>,
    /// What can't be, for the people, the permits and the hosts of today.
    #[schema(value_type = Vec<Object>)]
    pub faults: Vec<semla_policy::Fault>,
}

/// A wish to judge recent releases again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The id of a proposed policy, or its beginning.
    pub proposal: String,
    /// Within how many days they left.
    pub days: u32,
}

/// Releases judged again under a proposed policy.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Replayed {
    /// Its name.
    pub id: String,
    /// Each file that left.
    pub files: Vec<Rejudged>,
}

/// A file judged again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Rejudged {
    /// The request that it left with.
    pub release: String,
    /// Its name.
    pub file: String,
    /// What would become of it; nothing, until the checks have answered.
    pub verdict: Option<String>,
}

/// What a halt stopped, and what it holds.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Halted {
    /// Jobs that ran, and were stopped.
    pub jobs: usize,
    /// Checks that ran or were due.
    pub checks: usize,
    /// Jobs that wait, and go on waiting.
    pub waiting: usize,
    /// Requests for release that are held.
    pub requests: usize,
    /// Of the jobs and checks, those that couldn't be stopped at once.
    #[serde(default)]
    pub left: usize,
}

/// A job to submit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// A submission, and the signature of whoever is signed in, where the job's level asks for one.
    #[schema(value_type = Object)]
    pub submission: semla_policy::Signed,
    /// The commit that the code was at, and whether it had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the code had changes that the commit lacks.
    #[serde(default)]
    pub dirty: bool,
}

/// A job as far as the asker may know it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JobView {
    /// Its id.
    pub id: String,
    /// The permit that it runs under.
    pub permit: String,
    /// Its label.
    pub label: String,
    /// Who submitted it.
    pub submitter: String,
    /// One word: `queued`, `running`, then how it ended; nothing where the level says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the word usually means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Whether nothing more will be told: it ended, or the answers stopped.
    pub settled: bool,
    /// Whether the asker may read its log and outputs.
    pub cleared: bool,
    /// Whether it is a rehearsal on dummies.
    pub dummy: bool,
    /// The declared outputs.
    pub outputs: Vec<String>,
    /// The digest of the code.
    pub code: String,
    /// The commit, with `+` where the code had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Bits of the permit's budget that the answers have cost so far, and how many are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetView>,
}

/// What may still be told.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BudgetView {
    /// What this object's answers have cost.
    pub cost: u32,
    /// Bits left.
    pub left: u32,
    /// Bits in all.
    pub of: u32,
}

/// One artifact, for those who may read it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ArtifactView {
    /// Its declared path.
    pub path: String,
    /// Its content.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Its label.
    pub label: String,
}

/// A release to ask for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRelease {
    /// The job.
    pub job: String,
    /// Declared outputs.
    #[serde(default)]
    pub paths: Vec<String>,
    /// In their place: where in the submitted code the job failed, and with which class of exception.
    #[serde(default)]
    pub traceback: bool,
    /// The label that they would get.
    pub to: String,
}

/// A request as far as the asker may know it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ReleaseView {
    /// Its id.
    pub id: String,
    /// The job.
    pub job: String,
    /// The permit.
    pub permit: String,
    /// Who asked.
    pub requester: String,
    /// The files' label.
    pub from: String,
    /// The label that they would get.
    pub to: String,
    /// `checking`, `in-review`, `approved`, `released`, `rejected`, ...
    pub state: String,
    /// Approvals that each file needs.
    pub reviewers: u8,
    /// The last day on which votes count: what a vote names.
    pub until: String,
    /// The policy in force: what a vote names.
    pub policy: String,
    /// The files, by name.
    pub files: BTreeMap<String, FileView>,
    /// Whether the asker may review it.
    pub reviewable: bool,
    /// For reviewers: what they may reply to the author, from 1 on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
    /// The request that this is a reviewer's note on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What reviewers wrote about it and what was released of that: requests whose bundles can be fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The digest of the code behind it, for those who may read that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The commit that the code was at, with `+` where it had changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What the notices cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetView>,
    /// Why nothing of the checks is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// A reviewer's words about a file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteNote {
    /// A note, signed by the reviewer.
    #[schema(value_type = Object)]
    pub note: Signed,
}

/// One file of a request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// `unchecked`, `open`, `disputed`, `blocked`, `approved`, `changes-requested`, `rejected`; nothing where the level says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Its content, for those who may read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whether it is a copy that semla re-encoded.
    #[serde(default)]
    pub mended: bool,
    /// The worst finding in general words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeView>,
    /// What the author says of it.
    #[serde(default)]
    pub about: String,
    /// What the author did against disclosure.
    #[serde(default)]
    pub controls: String,
    /// For those who are cleared: how many approvals it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u8>,
    /// For those who are cleared: the checks that block it, and that an approval excuses, each of them and no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excusable: Vec<String>,
    /// Who said what: the asker's own vote; once votes differ or are enough, those of the others, too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<String, VoteView>,
    /// What reviewers reply to the author.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
}

/// What a reviewer said of a file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct VoteView {
    /// `approve`, `request-changes` or `reject`.
    pub decision: String,
    /// The numbers of the replies to the author.
    pub replies: Vec<u8>,
    /// The checks that it excuses.
    pub excuses: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A notice: fixed words, chosen by check and outcome alone.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    /// The check.
    pub check: String,
    /// Its title.
    pub title: String,
    /// `pass`, `review` or `block`.
    pub outcome: String,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// Votes on files of one request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// Each a signed [`semla_policy::release::Vote`].
    #[schema(value_type = Vec<Object>)]
    pub votes: Vec<Signed>,
    /// Why blocks are excused, by file: a [`semla_policy::release::Reason`] whose digest the vote has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Object>)]
    pub reasons: BTreeMap<String, semla_policy::release::Reason>,
}

/// The state of the ledger.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerView {
    /// How many entries there are, padding included.
    pub size: u64,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The key that checks it.
    pub key: String,
}

/// What somebody did, as the ledger has it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditLine {
    /// When, in UTC.
    pub at: String,
    /// A person, or `semla`.
    pub by: String,
    /// What happened: `submitted`, `read`, `told`, `voted`, `released`, ...
    pub event: String,
    /// The job, release, object or record.
    pub about: String,
    /// The rest of what the ledger says of it.
    pub what: String,
    /// The label of what it is about.
    pub label: String,
    /// The permit, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
}

/// How one letter of Art. 73(1) of Regulation (EU) 2025/327 is met.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EhdsPage {
    /// `a` to `f`.
    pub letter: String,
    /// What the letter asks for, in short.
    pub title: String,
    /// The page, as Markdown.
    pub text: String,
}

/// Everything that is wrong with a request, in words that don't leak what the asker may not see.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What happened.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Why, and what to do next.
    pub detail: String,
    /// The rule that was decided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<u8>,
    /// The labels compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub labels: Option<Value>,
    /// What the reader has to sign, where it is asked for; it comes back in the header `semla-reading`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub sign: Option<Reading>,
}
