//! Why a reviewer excused a block. Votes go into the public bundle, and the reason stays at the file's label: the vote has its digest.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// Most characters of a reason.
const MOST: usize = 2000;

/// A written reason, with what keeps others from finding it by trying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// 16 random bytes in hexadecimal digits.
    pub salt: String,
    /// The text, for those who may see the file.
    pub text: String,
}

impl Reason {
    /// What a vote names it by: SHA-256 over the salt, a colon and the text. `None` for what is no reason: nothing is said, or too
    /// much, or the salt isn't one.
    pub fn digest(&self) -> Option<Digest> {
        let salted = self.salt.len() == 32 && self.salt.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let said = !self.text.trim().is_empty() && self.text.chars().count() <= MOST;
        (salted && said).then(|| Digest::of(format!("{}:{}", self.salt, self.text).as_bytes()))
    }
}
