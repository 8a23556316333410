//! Names that people or jobs chose.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether this is a single file name that can be shown and opened without surprise: printable, no separator, not hidden.
pub fn is_file_name(name: &str) -> bool {
    let plain = |c: char| {
        !c.is_control()
            && !matches!(c, '/' | '\\' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    // Nearly all names are of these.
    let easy = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.');
    let printable = || name.bytes().all(easy) || name.chars().all(plain);
    matches!(name.len(), 1..=255) && name.as_bytes().first() != Some(&b'.') && printable()
}

/// Whether this can be a name of somebody or something, which people read, sign and type: so many plain letters, of which none looks like
/// another one.
pub(crate) fn is_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    matches!(text.len(), 1..=64) && text.chars().all(letters)
}

/// Whether this is a relative path of such names.
pub fn is_relative_path(path: &str) -> bool {
    path.len() <= 255 && path.split('/').all(is_file_name)
}

/// Where a dataset lies in a job: a folder of this name under `/data`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MountName(String);

/// Why something can't name a mount.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` can't name a mount; use letters, digits, `-` and `_`")]
pub struct MountNameError(String);

impl TryFrom<String> for MountName {
    type Error = MountNameError;

    fn try_from(name: String) -> Result<Self, MountNameError> {
        if is_file_name(&name) { Ok(Self(name)) } else { Err(MountNameError(name)) }
    }
}

impl From<MountName> for String {
    fn from(name: MountName) -> Self {
        name.0
    }
}

impl MountName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
