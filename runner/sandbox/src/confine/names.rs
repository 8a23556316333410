//! Names that are safe to build paths from, because they can only be made by checking them.

use std::fmt;

use thiserror::Error;

/// The longest mount point that is taken, in bytes.
const LONGEST: usize = 512;

/// Directories of the sandbox's own, on or below which nothing is mounted for the job.
const OWN: [&str; 4] = ["/dev", "/proc", "/sys", "/tmp"];

/// What /dev holds in every sandbox.
const DEVICES: [&str; 10] = ["null", "zero", "full", "random", "urandom", "fd", "stdin", "stdout", "stderr", "shm"];

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// A fence with a length or a character that isn't allowed.
    #[error("`{0}` is no fence: it takes 1 to 64 of a-z, 0-9 and `-`")]
    Fence(String),
    /// A mount point that isn't a plain absolute path.
    #[error("`{0}` is no mount point: it takes an absolute path without `.`, `..`, `//` or control characters")]
    MountPoint(String),
    /// A device that isn't named by a plain path below /dev.
    #[error("`{0}` is no device's path: it takes a plain path below /dev, of a name that no sandbox has already")]
    Device(String),
    /// A mount point that the sandbox keeps for itself.
    #[error("`{0}` is no mount point: /dev, /proc, /sys and /tmp are the sandbox's own")]
    Own(String),
}

/// The name of one attempt, never used twice; it names the attempt's cgroup leafs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fence(String);

impl Fence {
    /// Takes 1 to 64 characters of a-z, 0-9 and `-`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if matches!(text.len(), 1..=64) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Fence(text.escape_default().to_string()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where something is mounted inside the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MountPoint(String);

impl MountPoint {
    /// Takes an absolute path of plain components, outside the sandbox's own directories.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let refused = || text.escape_default().to_string();
        if text.len() > LONGEST || !text.strip_prefix('/').unwrap_or_default().split('/').all(plain) {
            return Err(NameError::MountPoint(refused()));
        }
        let point = Self(text.to_owned());
        if OWN.iter().any(|own| point.is_within(own)) {
            return Err(NameError::Own(refused()));
        }
        Ok(point)
    }

    /// The path, with its leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path from the root, without a leading slash.
    pub(crate) fn relative(&self) -> &str {
        self.0.trim_start_matches('/')
    }

    /// Whether this is `other` or lies below it.
    pub(crate) fn is_within(&self, other: &str) -> bool {
        self.0.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for MountPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a device's node is, below the sandbox's /dev.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePath(String);

impl DevicePath {
    /// Takes an absolute path of plain components below /dev, of a name that isn't taken.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let relative = text.strip_prefix("/dev/").unwrap_or_default();
        let mut parts = relative.split('/');
        let own = parts.clone().next().is_some_and(|first| DEVICES.contains(&first));
        match text.len() <= LONGEST && parts.all(plain) && !own {
            true => Ok(Self(relative.to_owned())),
            false => Err(NameError::Device(text.escape_default().to_string())),
        }
    }

    /// The path below /dev, without a leading slash.
    pub fn relative(&self) -> &str {
        &self.0
    }
}

/// Whether this is one component of a path, and nothing that leads elsewhere.
fn plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(char::is_control) && part.len() < 256
}

#[cfg(test)]
mod tests;
