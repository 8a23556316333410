//! What comes to the launcher past the daemon.

use semla_policy::{Digest, Refusal, Signed};
use serde::{Deserialize, Serialize};

/// What somebody on this machine may hand to the launcher directly: bytes that the daemon must not see.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// The next descriptor is the file of this number of a dataset whose record a steward has signed.
    Dataset {
        /// The record.
        record: Signed,
        /// Which of its files.
        file: usize,
    },
    /// The descriptor is an archive of a root filesystem, named by its digest in a statement that an operator signed.
    Archive(Signed),
}

/// What an operator signs to have an archive unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// The bytes.
    pub archive: Digest,
}

impl semla_policy::Statement for Archive {
    const TYPE: &'static str = "application/vnd.semla.archive+json";
}

/// The answer to an offer: the digest of what was taken in.
pub type Taking = Result<Digest, Refusal>;
