//! The policy.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Policy {
    /// Say everything that is wrong with a file; for officers also what the site's people and permits don't allow.
    Validate {
        /// The TOML file.
        file: PathBuf,
    },
    /// Show the policy in force, with every key that the preset filled in.
    Show {
        /// All of it, as JSON.
        #[arg(long)]
        effective: bool,
    },
    /// Propose a policy, once its consequences were shown.
    Propose {
        /// The TOML file.
        file: PathBuf,
    },
    /// Say what a change comes to, in consequences: between files, digests of policies that were in force, or `current`.
    Diff {
        /// What holds before.
        old: String,
        /// What would hold: also the id of a proposal.
        new: String,
        /// Judge again what left within so many days, such as `30d`; `new` is the id of a proposal. Each file is checked anew: that may keep
        /// the host busy for minutes, and is charged to the permits of files that you aren't cleared for.
        #[arg(long, value_name = "DAYS")]
        replay: Option<String>,
    },
    /// Say whether something may be, by which rule, and the smallest change that would allow it.
    Explain(Explain),
    /// Show a proposal and sign it too. Without an id, list what you could sign.
    Approve {
        /// The proposal.
        id: Option<String>,
    },
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
