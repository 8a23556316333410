//! Why GPUs can't be used.

use crate::confine::NameError;
use std::io;
use std::path::PathBuf;

/// A specification that can't be followed.
#[derive(Debug, thiserror::Error)]
pub enum CdiError {
    /// Something isn't there, or can't be read.
    #[error("failed to read `{0}`, which a GPU's specification is or names")]
    File(PathBuf, #[source] io::Error),
    /// No JSON, or not of the shape that CDI gives it.
    #[error("`{0}` is no CDI specification: {1}")]
    Shape(PathBuf, #[source] serde_json::Error),
    /// The other form that specifications come in.
    #[error(
        "`{0}` is YAML, and GPUs are read from JSON: write it anew with `nvidia-ctk cdi generate --format=json`, and remove it"
    )]
    Yaml(PathBuf),
    /// A path that the sandbox has no place for.
    #[error("a GPU's specification names a path that no sandbox can have: {0}")]
    Place(#[from] NameError),
    /// Something else than a character device.
    #[error("`{0}` is no character device: GPUs are")]
    NoDevice(String),
    /// A link that isn't written `TARGET::PATH`.
    #[error("`{0}` isn't a link in the form that CDI's hooks take, TARGET::PATH")]
    Link(String),
}
