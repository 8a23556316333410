//! What a job asks for.

use crate::digest::Digest;
use crate::path::MountName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A job as it was submitted: nothing in it is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobPlan {
    /// Who asks.
    pub submitter: String,
    /// Under which permit.
    pub permit: String,
    /// The root filesystem.
    pub image: Digest,
    /// The snapshot of what is run.
    pub code: Digest,
    /// The command line.
    pub run: Vec<String>,
    /// `name@version` of each dataset, by the name of its mount under `/data`.
    pub data: BTreeMap<MountName, String>,
    /// Whether the datasets' dummies stand in for them.
    pub dummy: bool,
    /// A label above the one that the inputs give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Variables of its environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// How much of the machine.
    pub needs: Needs,
    /// What it will leave under `/out`.
    pub outputs: Vec<Output>,
}

/// How much of the machine a job may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Thousandths of a core.
    pub millicpus: u32,
    /// Bytes of memory, `/tmp` and, without a disk, `/out` included.
    pub memory: u64,
    /// Seconds until it is stopped.
    pub seconds: u32,
    /// Whole GPUs, or parts of one that the host lists as devices of their own.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gpus: u32,
    /// Bytes of a disk of its own, for `/out` and `/scratch`; without one, `/out` is in memory.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub disk: u64,
}

fn is_zero<N: Default + PartialEq>(amount: &N) -> bool {
    *amount == N::default()
}

impl Needs {
    /// The smallest disk: a filesystem's own tables take some of it.
    pub const LEAST_DISK: u64 = 64 << 20;

    /// What a job gets that asks for nothing.
    pub const DEFAULT: Self = Self { millicpus: 1000, memory: 2 << 30, seconds: 3600, gpus: 0, disk: 0 };
}

/// One file that a job declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Its path under `/out`.
    pub path: String,
    /// What it is said to be.
    pub kind: OutputKind,
    /// Which columns of a table are said to be counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<String>,
    /// The output that a figure was drawn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// One sentence for the checker.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What was done against disclosure.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub controls: String,
}

/// What an output is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputKind {
    /// Rows and columns.
    Table,
    /// A picture.
    Figure,
    /// Fitted parameters.
    Model,
    /// Words.
    Text,
    /// Anything else, for people inside.
    Data,
}
