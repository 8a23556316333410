//! On the ledger before it has an effect (rule 9).

use crate::digest::Digest;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The ledger's word that an entry is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The entry's position.
    pub index: u64,
    /// The entry's digest.
    pub digest: Digest,
}

/// A decision that is on the ledger. Whatever has an effect takes this and not the bare decision; there is no other way
/// to make one than [`Recorded::after`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<D> {
    decision: D,
    receipt: Receipt,
}

impl<D: Serialize> Recorded<D> {
    /// The decision, if the receipt is for exactly its entry.
    pub fn after(decision: D, receipt: Receipt) -> Result<Self, Refusal> {
        match entry(&decision).is_some_and(|entry| Digest::of(entry.as_bytes()) == receipt.digest) {
            true => Ok(Self { decision, receipt }),
            false => Err(Refusal::new(
                9,
                "the decision isn't on the ledger",
                "see whether the ledger's disk is full, and try again",
            )),
        }
    }

    /// What was decided.
    pub fn decision(&self) -> &D {
        &self.decision
    }

    /// Where it stands.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}

/// The text of a decision's entry.
pub fn entry<D: Serialize>(decision: &D) -> Option<String> {
    serde_json::to_string(decision).ok()
}
