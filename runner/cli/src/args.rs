//! What can be typed. Each flag is documented here, once, for help and manual alike.

use clap::{Args, Parser, Subcommand, ValueEnum};
use semla_policy::Date;
use std::path::PathBuf;

/// Run machine-learning jobs on sensitive data.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true)]
pub(crate) struct Semla {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How to print what comes back.
    #[arg(short, long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the site is, and who asks.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// The site's folder.
    #[arg(long, global = true, env = "SEMLA_STATE", default_value = "/var/lib/semla")]
    pub(crate) state: PathBuf,
    /// Where your token and key are kept [default: ~/.config/semla].
    #[arg(long, global = true, env = "SEMLA_HOME")]
    pub(crate) home: Option<PathBuf>,
    /// The key that you sign with [default: `key` in your home].
    #[arg(long, global = true, env = "SEMLA_KEY")]
    pub(crate) key: Option<PathBuf>,
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Found a site: its first policy, and two officers with keys. Run it as root.
    Init(Init),
    /// The daemon. `semla-launcher` starts it.
    #[command(hide = true)]
    Serve,
    /// Say what this host can't enforce.
    Doctor,
    /// Sign in. The password is asked for, or taken from SEMLA_PASSWORD.
    Login(Login),
    /// Say who is signed in, and what they may do.
    Whoami,
    /// Your own signing key.
    Key {
        #[command(subcommand)]
        command: Key,
    },
    /// People.
    User {
        #[command(subcommand)]
        command: Record,
    },
    /// Permits: who may use which data for what.
    Permit {
        #[command(subcommand)]
        command: Permit,
    },
    /// Stop whatever runs in a scope, and let nothing start, be checked or leave there until two officers lift it.
    Halt(Halt),
    /// The policy.
    Policy {
        #[command(subcommand)]
        command: Policy,
    },
    /// Datasets and their cards.
    Data {
        #[command(subcommand)]
        command: Data,
    },
    /// Root filesystems that jobs run in.
    Image {
        #[command(subcommand)]
        command: Image,
    },
    /// Jobs.
    Job {
        #[command(subcommand)]
        command: Job,
    },
    /// The same as `job submit`.
    Submit(Submit),
    /// The same as `job ls`.
    Ps,
    /// The same as `job show`.
    Describe { id: String },
    /// What jobs left, for those who may read it.
    Artifact {
        #[command(subcommand)]
        command: Artifact,
    },
    /// Requests to lower a label.
    Release {
        #[command(subcommand)]
        command: Release,
    },
    /// Verify a bundle, without network or daemon; with `--online` also whether it was taken back.
    Verify(Verify),
    /// Say who did what, from the ledger; for auditors and officers.
    Audit(Audit),
    /// The tamper-evident log.
    Ledger {
        #[command(subcommand)]
        command: Ledger,
    },
}

#[derive(Args)]
pub(crate) struct Init {
    /// The preset that answers where the policy is silent.
    #[arg(long, default_value = "ehds")]
    pub(crate) preset: String,
    /// A policy file to begin with, instead of the bare preset.
    #[arg(long)]
    pub(crate) policy: Option<PathBuf>,
    /// The user id that the daemon runs as; no account needs to have it.
    #[arg(long, default_value_t = 61_000)]
    pub(crate) service_uid: u32,
    /// Where images are kept; sites on one machine may share it.
    #[arg(long, default_value = "/var/cache/semla/images")]
    pub(crate) images: PathBuf,
    /// A loopback port for the HTTP interface, beside the Unix socket; 0 is none.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Where the officers' private keys are written, for them to take away.
    #[arg(long, default_value = ".")]
    pub(crate) keys: PathBuf,
}

#[derive(Args)]
pub(crate) struct Login {
    /// Your account.
    pub(crate) name: String,
    /// The code that the officers gave you, the first time.
    #[arg(long)]
    pub(crate) code: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Key {
    /// Make a key, and print its public half for the officers.
    New,
    /// Print the public half.
    Show,
}

#[derive(Subcommand)]
pub(crate) enum Record {
    /// Propose what a file says; the file's name is the record's.
    Add { file: PathBuf },
    /// Show a proposal and sign it too; by id, its beginning, or name. Without one, list what you could sign.
    Approve { id: Option<String> },
    /// List.
    Ls,
    /// Show one.
    Show { name: String },
}

#[derive(Subcommand)]
pub(crate) enum Permit {
    #[command(flatten)]
    Record(Record),
    /// End a permit before its last day: its jobs stop, its requests close, what it made is marked for erasure.
    Withdraw { name: String },
}

#[derive(Args)]
pub(crate) struct Halt {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Lift a halt: one officer proposes it with this, and another one approves with this.
    #[arg(long)]
    pub(crate) lift: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Scope {
    /// Everything of this permit.
    #[arg(long)]
    pub(crate) permit: Option<String>,
    /// Everything at this label or above it.
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Everything.
    #[arg(long)]
    pub(crate) all: bool,
    /// Nothing: list what is halted.
    #[arg(long, conflicts_with = "lift")]
    pub(crate) list: bool,
}

#[derive(Subcommand)]
pub(crate) enum Policy {
    /// Say everything that is wrong with a file.
    Validate { file: PathBuf },
    /// Show the policy in force, with every key that the preset filled in.
    Show {
        /// All of it, as JSON.
        #[arg(long)]
        effective: bool,
    },
    /// Propose a policy, once its consequences were shown.
    Propose { file: PathBuf },
    /// Say what a change comes to, in consequences: between files, digests of policies that were in force, or `current`.
    Diff {
        /// What holds before.
        old: String,
        /// What would hold: also the id of a proposal.
        new: String,
        /// Judge again what left within so many days, such as `30d`; `new` is the id of a proposal.
        #[arg(long, value_name = "DAYS")]
        replay: Option<String>,
    },
    /// Say whether something may be, by which rule, and the smallest change that would allow it.
    Explain(Explain),
    /// Show a proposal and sign it too. Without an id, list what you could sign.
    Approve { id: Option<String> },
}

#[derive(Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) what: Explained,
    /// Who would read it; for officers and auditors.
    #[arg(long = "as", requires = "read", value_name = "USER")]
    pub(crate) user: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Explained {
    /// Whether you may submit this job file.
    #[arg(long, value_name = "FILE")]
    pub(crate) job: Option<PathBuf>,
    /// Whether a job, a request or a dataset may be read.
    #[arg(long, value_name = "OBJECT")]
    pub(crate) read: Option<String>,
    /// Whether something may get from one label to another.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    pub(crate) flow: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum Data {
    /// Propose a dataset, and hand its files to the launcher.
    Add {
        /// `name@version`.
        name: String,
        /// Its files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The label of its rows.
        #[arg(long)]
        label: String,
        /// The label of its card, and so of dummies.
        #[arg(long)]
        card_label: String,
        /// Its card.
        #[arg(long)]
        card: PathBuf,
    },
    /// Show a proposal and sign it too. Without an id, list what you could sign.
    Approve { id: Option<String> },
    /// List.
    Ls,
    /// Show a card.
    Show { name: String },
    /// Rows made from the card, never from the data.
    Dummy { name: String },
    /// Print a first draft of a card for a csv file, for the steward to read and mend.
    Draft {
        file: PathBuf,
        /// The column whose values are people.
        #[arg(long)]
        id: Option<String>,
        /// What such a person is called.
        #[arg(long, default_value = "person")]
        unit: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Image {
    /// Build a recipe, and import what came of it.
    Build {
        recipe: PathBuf,
        /// Where built archives are kept [default: /var/cache/semla/images, or ~/.cache/semla/images for those who can't write there].
        #[arg(long)]
        cache: Option<PathBuf>,
    },
    /// Import a tar of a root filesystem, a `docker save` archive or an OCI layout.
    Import {
        file: PathBuf,
        /// What people call it [default: the file's name].
        #[arg(long)]
        name: Option<String>,
        /// Its label [default: the lowest].
        #[arg(long)]
        label: Option<String>,
    },
    /// List.
    Ls,
    /// Show the exact versions of what is in it.
    Show { name: String },
}

#[derive(Subcommand)]
pub(crate) enum Job {
    /// Submit a job file.
    Submit(Submit),
    /// List.
    Ls,
    /// Show one.
    Show { id: String },
    /// Print its log, if you may read it.
    Logs {
        id: String,
        /// Go on until it ends.
        #[arg(short, long)]
        follow: bool,
    },
    /// Say why it stands where it stands.
    Why { id: String },
    /// Stop it.
    Cancel { id: String },
}

#[derive(Args)]
pub(crate) struct Submit {
    /// The job file.
    pub(crate) file: PathBuf,
    /// Rehearse: the same image, limits and sandbox, on dummies.
    #[arg(long)]
    pub(crate) dummy: bool,
    /// Wait until it ends.
    #[arg(long)]
    pub(crate) wait: bool,
}

#[derive(Subcommand)]
pub(crate) enum Artifact {
    /// List what a job left.
    Ls { job: String },
    /// Print one.
    Cat { job: String, path: String },
    /// Fetch one into a file.
    Get {
        job: String,
        path: String,
        /// The new file.
        #[arg(short, long)]
        destination: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum Release {
    /// Ask for declared outputs at a lower label, or for where a failed job stopped.
    Request {
        job: String,
        #[arg(required_unless_present = "traceback")]
        paths: Vec<String>,
        /// The class of the exception, and the file and line of your code that it came from; nothing of its message.
        #[arg(long, conflicts_with = "paths")]
        traceback: bool,
        /// The label that they would get.
        #[arg(long)]
        to: String,
        /// Wait until the checks are through.
        #[arg(long)]
        wait: bool,
    },
    /// List.
    Ls,
    /// Show one.
    Show {
        id: String,
        /// This file as it is, for reviewers.
        #[arg(long)]
        file: Option<String>,
        /// What the checks found in this file, for reviewers.
        #[arg(long)]
        detail: Option<String>,
        /// The names and the text of the code behind it, for reviewers.
        #[arg(long)]
        code: bool,
    },
    /// Vote on the open files, or on one of them, with your own key.
    Review(Review),
    /// Write to the author of a file that is decided: a request of its own, and other reviewers decide whether it leaves.
    Note {
        id: String,
        /// The file.
        #[arg(long)]
        file: String,
        /// What to say.
        #[arg(short = 'b', long, value_name = "TEXT")]
        text: String,
    },
    /// Fetch a released bundle.
    Download {
        id: String,
        /// The new folder.
        #[arg(short = 'D', long)]
        destination: PathBuf,
    },
    /// Take a request back.
    Withdraw { id: String },
    /// Take back what was released; for officers.
    Revoke { id: String },
}

#[derive(Args)]
pub(crate) struct Review {
    pub(crate) id: String,
    /// Only this file.
    #[arg(long)]
    pub(crate) file: Option<String>,
    /// The label that it is for: nothing is signed if the request says another one.
    #[arg(long)]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) decision: Decision,
    /// Tell the author this reply of the policy's list, by its number; `semla release show` lists them.
    #[arg(long = "reply", value_name = "N")]
    pub(crate) replies: Vec<u8>,
    /// Excuse these blocks: all that block the file, and no other.
    #[arg(long, value_name = "CHECKS", value_delimiter = ',', requires = "approve", requires = "because")]
    pub(crate) excuse: Vec<String>,
    /// Why they are excused. It stays at the file's label; the author is never shown it.
    #[arg(short = 'b', long, value_name = "REASON")]
    pub(crate) because: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Decision {
    /// It may leave.
    #[arg(long)]
    pub(crate) approve: bool,
    /// It may leave once it is mended.
    #[arg(long)]
    pub(crate) request_changes: bool,
    /// It may not leave.
    #[arg(long)]
    pub(crate) reject: bool,
}

#[derive(Args)]
pub(crate) struct Verify {
    /// How many reviewers must have approved each file, whatever the bundle says.
    #[arg(long, default_value_t = 2)]
    pub(crate) approvals: u64,
    /// The bundle's folder.
    pub(crate) bundle: PathBuf,
    /// The log's key, as somebody whom you trust gave it to you.
    #[arg(long)]
    pub(crate) log_key: String,
    /// A file of reviewers' keys: `name ed25519:...` a line.
    #[arg(long)]
    pub(crate) reviewers: PathBuf,
    /// Ask the site, too, whether it took the bundle back: over its socket, or `--online=PORT` on the loopback.
    #[arg(long, value_name = "PORT", num_args = 0..=1, require_equals = true)]
    pub(crate) online: Option<Option<u16>>,
}

#[derive(Args)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) about: About,
    /// The first day, in UTC, as 2026-03-01.
    #[arg(long, value_name = "DAY", conflicts_with = "ehds")]
    pub(crate) from: Option<Date>,
    /// The last day, in UTC.
    #[arg(long, value_name = "DAY", conflicts_with = "ehds")]
    pub(crate) to: Option<Date>,
    /// Print a table for spreadsheets (RFC 4180).
    #[arg(long, conflicts_with = "ehds")]
    pub(crate) csv: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct About {
    /// What was done with this dataset, `name@version`.
    #[arg(long)]
    pub(crate) dataset: Option<String>,
    /// What this person did, and what was decided about them.
    #[arg(long)]
    pub(crate) person: Option<String>,
    /// What was done under this permit.
    #[arg(long)]
    pub(crate) permit: Option<String>,
    /// How Art. 73(1) of Regulation (EU) 2025/327 is met, from (a) to (f), or by one of these.
    #[arg(long, value_name = "LETTER")]
    pub(crate) ehds: Option<Option<Letter>>,
}

/// A letter of Art. 73(1).
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Letter {
    A,
    B,
    C,
    D,
    E,
    F,
}

#[derive(Subcommand)]
pub(crate) enum Ledger {
    /// Show its size, checkpoint and key.
    Show,
    /// Have it recomputed from its files.
    Verify,
    /// Hold the launcher's journal against it, on the site's host, as root: whatever was handed out or lowered has to be told of.
    Match {
        /// The ledger's key, as `semla ledger show` prints it; better a copy that somebody else kept.
        #[arg(long)]
        log_key: String,
    },
    /// Print the entries that you may open.
    Tail {
        /// From this number on, as the entries are printed with.
        #[arg(long, default_value_t = 0)]
        from: u64,
    },
}
