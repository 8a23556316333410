//! Names inside an archive, made safe.

use super::UnpackError;
use crate::walk::{DEPTH, show};
use std::fmt;

/// Longest path and longest target of a link, in bytes (PATH_MAX).
const PATH: usize = 4096;
/// Longest component, in bytes (NAME_MAX).
const COMPONENT: usize = 255;

/// A relative path of ordinary components.
// INVARIANT: not empty; no component is empty, `.` or `..`, holds a `/` or a control character, or is too long.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    /// Reads a name. An absolute one counts from the root of the tree; the root itself is `None`.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Self>, UnpackError> {
        let text = plain(bytes)?;
        let mut parts = Vec::new();
        for part in text.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                return Err(fault(bytes, "leads out of the archive; make it again without `..`"));
            }
            if part.len() > COMPONENT {
                return Err(fault(bytes, "has a part longer than 255 bytes"));
            }
            parts.push(part);
        }
        if parts.len() > DEPTH {
            return Err(fault(bytes, "lies too deep"));
        }
        Ok((!parts.is_empty()).then(|| Self(parts.join("/"))))
    }

    /// The directory's components and the last one.
    pub(crate) fn split(&self) -> (impl Iterator<Item = &str>, &str) {
        let (directory, last) = self.0.rsplit_once('/').unwrap_or(("", &self.0));
        (directory.split('/').filter(|part| !part.is_empty()), last)
    }

    /// The whole path.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The name beside this one, in the same directory.
    pub(crate) fn beside(&self, last: &str) -> Result<Option<Self>, UnpackError> {
        let (directory, _) = self.0.rsplit_once('/').unwrap_or(("", ""));
        Self::parse(format!("{directory}/{last}").as_bytes())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads the target of a symbolic link. It may point anywhere, since nothing here follows it.
pub(crate) fn target(bytes: &[u8]) -> Result<String, UnpackError> {
    let text = plain(bytes)?;
    if text.is_empty() {
        return Err(fault(bytes, "is no target for a link"));
    }
    Ok(text.to_owned())
}

/// The error for a name.
pub(crate) fn fault(bytes: &[u8], why: &'static str) -> UnpackError {
    const SHOWN: usize = 200;
    let name = show(bytes.get(..SHOWN).unwrap_or(bytes));
    UnpackError::Name { name, why }
}

fn plain(bytes: &[u8]) -> Result<&str, UnpackError> {
    if bytes.len() > PATH {
        return Err(fault(bytes, "is longer than 4096 bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| fault(bytes, "isn't UTF-8"))?;
    if text.chars().any(char::is_control) {
        return Err(fault(bytes, "holds a control character"));
    }
    Ok(text)
}
