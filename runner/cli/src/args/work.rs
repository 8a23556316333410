//! Jobs, and what they leave.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Job {
    /// Submit a job file.
    Submit(Submit),
    /// List.
    Ls,
    /// Show one.
    Show {
        /// The job.
        id: String,
    },
    /// Print its log, if you may read it.
    Logs {
        /// The job.
        id: String,
        /// Go on until it ends.
        #[arg(short, long)]
        follow: bool,
    },
    /// Say why it stands where it stands.
    Why {
        /// The job.
        id: String,
    },
    /// Stop it.
    Cancel {
        /// The job.
        id: String,
    },
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
    Ls {
        /// The job.
        job: String,
    },
    /// Print one.
    Cat {
        /// The job.
        job: String,
        /// The output's path, as declared; or `log`.
        path: String,
    },
    /// Fetch one into a file.
    Get {
        /// The job.
        job: String,
        /// The output's path, as declared; or `log`.
        path: String,
        /// The new file.
        #[arg(short = 'D', short_alias = 'd', long)]
        destination: PathBuf,
    },
}
