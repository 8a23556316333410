//! Which commit a directory is at, by asking `git`.

use std::path::Path;
use std::process::{Command, Stdio};

/// Where code came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The commit's id.
    pub id: String,
    /// Whether anything in the directory differs from it, new files included.
    pub dirty: bool,
}

/// The commit of a directory; none without git, outside of a repository, or before the first commit.
pub(super) fn commit(directory: &Path) -> Option<Commit> {
    let id = git(directory, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    let id = id.trim();
    let good = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let changes = git(directory, &["status", "--porcelain", "--untracked-files=normal", "--", "."]);
    // Should git fail to say, the code counts as changed.
    let dirty = changes.is_none_or(|text| !text.trim().is_empty());
    good.then(|| Commit { id: id.to_owned(), dirty })
}

fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        // Asking changes nothing, and starts no monitor of the file system.
        .args(["--no-optional-locks", "-c", "core.fsmonitor=false", "-C"])
        .arg(directory)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
