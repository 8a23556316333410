//! The first sign-in of somebody new.

use crate::digest::Digest;
use crate::signed::Statement;
use serde::{Deserialize, Serialize};

/// What a newcomer signs with the key that the officers enrolled: the officer who hands out the code can't use it in their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// The account.
    pub name: String,
    /// The digest of the code.
    pub code: Digest,
}

impl Statement for Arrival {
    const TYPE: &'static str = "application/vnd.semla.arrival+json";
}
