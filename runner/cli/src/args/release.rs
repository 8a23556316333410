//! The way out, and the proof of it.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Release {
    /// Ask for declared outputs at a lower label, or for where a failed job stopped.
    Request {
        /// The job.
        job: String,
        /// The outputs' paths, as declared.
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
    /// Answer reviewers who want files changed: put what a later job left in their place. The other files keep their votes.
    Replace {
        /// The request.
        id: String,
        /// The files: outputs of the same names.
        #[arg(required = true)]
        paths: Vec<String>,
        /// The job that made them anew.
        #[arg(long)]
        job: String,
        /// Wait until the checks are through.
        #[arg(long)]
        wait: bool,
    },
    /// Leave files out that reviewers want changed: what they approved beside them is released.
    LeaveOut {
        /// The request.
        id: String,
        /// The files.
        #[arg(required = true)]
        paths: Vec<String>,
    },
    /// List.
    Ls,
    /// Show one.
    Show {
        /// The request.
        id: String,
        /// This file as it is, for reviewers.
        #[arg(long)]
        file: Option<String>,
        /// As it was before its author changed it.
        #[arg(long, requires = "file")]
        before: bool,
        /// What the checks found in this file, for reviewers.
        #[arg(long)]
        detail: Option<String>,
        /// The names and the text of the code behind it, or behind `--file`, for reviewers.
        #[arg(long)]
        code: bool,
    },
    /// Vote on the open files, or on one of them, with your own key.
    Review(Review),
    /// Write to the author of a file that is decided: a request of its own, and other reviewers decide whether it leaves.
    Note {
        /// The request.
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
        /// The request.
        id: String,
        /// The new folder.
        #[arg(short = 'D', long)]
        destination: PathBuf,
    },
    /// Take a request back.
    Withdraw {
        /// The request.
        id: String,
    },
    /// Take back what was released; for officers.
    Revoke {
        /// The request.
        id: String,
    },
}

#[derive(Args)]
pub(crate) struct Review {
    /// The request.
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
    /// The log's key, as somebody whom you trust gave it to you: the site prints it with `semla ledger key`.
    #[arg(long)]
    pub(crate) log_key: String,
    /// A file of reviewers' keys, likewise: `name ed25519:...` a line, as `semla ledger reviewers` prints them.
    #[arg(long)]
    pub(crate) reviewers: PathBuf,
    /// Ask the site, too, whether it took the bundle back: over its socket, or `--online=PORT` on the loopback. If all else holds and the
    /// site can't be asked, the exit code is 3.
    #[arg(long, value_name = "PORT", num_args = 0..=1, require_equals = true)]
    pub(crate) online: Option<Option<u16>>,
}
