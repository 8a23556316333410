//! The words between a keeper and its broker, each a message of [`crate::wire`].

use crate::limits::Limits;
use crate::protocol::Id;
use semla_policy::Digest;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A container to run. The engine chooses nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Names the attempt, and with it the container.
    pub fence: Id,
    /// Whose the container is: sites may share an engine.
    pub site: String,
    /// The image, which the engine has under this digest or is given.
    pub image: Digest,
    /// What runs it.
    pub runtime: Runtime,
    /// The user and the group of the job, on the host and inside.
    pub user: u32,
    /// What it runs.
    pub command: Vec<String>,
    /// Its whole environment.
    pub env: Vec<(String, String)>,
    /// Its working directory.
    pub cwd: String,
    /// What it sees of the host.
    pub mounts: Vec<Shown>,
    /// What it may use.
    pub limits: Limits,
}

/// The name of an attempt's container.
pub fn container(site: &str, fence: &Id) -> String {
    format!("semla-{site}-{fence}")
}

/// What runs containers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runtime {
    /// Its name in the engine's configuration.
    pub name: String,
    /// Whether the host's kernel answers the job's system calls, and so filters them; else the runtime's own kernel does.
    pub shared_kernel: bool,
    /// Whether it has to hold the job to its limits.
    pub limited: bool,
}

/// A file or a directory of the host, as the job sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Where.
    pub at: String,
    /// What. Only root writes there.
    pub from: PathBuf,
    /// Whether the job may write there.
    pub writable: bool,
}

/// What a keeper asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// To run it. The pipe for what it says comes along.
    Run(Box<Order>),
    /// To run it as this user and group, who has been given what it writes to.
    As(u32),
    /// To take this image in: a pipe with its tar archive comes along.
    Image,
    /// To keep the image that was taken in: all of it was in the archive.
    Whole,
    /// To kill it.
    Kill,
}

/// What a broker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// The engine has containers in a user namespace of its own, whose first id is this one of the host.
    Remapped(u32),
    /// The engine doesn't have the image.
    Lacks,
    /// It has taken the image in, and keeps it once it hears that it is whole.
    Took,
    /// It runs.
    Started,
    /// It ended, and nothing of it is left.
    Ended {
        /// The exit status of its first process: 128 and the signal's number, where a signal ended it.
        status: i64,
        /// Whether it reached its memory limit.
        out_of_memory: bool,
    },
    /// It can't be run, and nothing of it is left.
    Failed {
        /// What was tried.
        step: String,
        /// What the engine said, or what differs.
        why: String,
    },
}
