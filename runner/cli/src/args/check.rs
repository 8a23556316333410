//! Checking files before a release of them is asked for.

use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Check {
    /// The files to check.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The data that they were made from: csv, tsv, parquet, npy, or folders of them. Without it no copied row can be found.
    #[arg(long, num_args = 1.., value_name = "PATH")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The column of the inputs whose values are people; without it nobody knows whether counts are of people.
    #[arg(long, value_name = "COLUMN", requires = "inputs")]
    pub(crate) id: Option<String>,
    /// Columns of the files that are counts of people.
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',')]
    pub(crate) counts: Vec<String>,
    /// The thresholds, by the name that the policy has for them.
    #[arg(long, default_value = "standard")]
    pub(crate) profile: String,
    /// The policy that says what the profile is; without it, the `ehds` preset.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Write a mended copy beside each file that can be mended, under `NAME.mended.ENDING`.
    #[arg(long)]
    pub(crate) fix: bool,
}

/// One file, examined by a process of its own: what `check` starts, and nobody types.
#[derive(Args)]
pub(crate) struct Examine {
    /// What to examine, as JSON.
    pub(crate) task: String,
}
