//! An RFC 6962 Merkle log with C2SP checkpoints, and the attestations that rest on it.
//!
//! A [`Log`] records bytes and knows nothing of what they mean. Its leaves are salted commitments, so that the tree can be
//! mirrored by anybody and read by nobody; an [`Opening`] shows one entry to those who are cleared for it. An entry is
//! recorded once [`Log::append`] returns, and public with the next [`Log::checkpoint`]. Checkpoints at a fixed cadence, and
//! [`Log::pad`], keep the public shape from saying how much happens.
//!
//! ```text
//! the log                                      who reads it      what it is
//! ├── openings                                 the log alone     every salt and entry, append-only: the source of truth
//! ├── lock                                     nobody            held by the process that has the log open
//! ├── aside/                                   nobody            files in the making; emptied on opening
//! └── public/                                  everybody         derived from the openings, and again if it is lost
//!     ├── checkpoint                                             origin, size and root, signed: written last
//!     └── tile/
//!         ├── entries/000, x001/000 ...                          256 commitments each (SHA-256 of salt and entry)
//!         ├── entries/001.p/17                                   the last of them, as far as it went
//!         ├── 0/000, 0/001.p/17                                  the leaves' hashes
//!         └── 1/000.p/1, 2/...                                   hashes over 256 leaves each, over 65,536 ...
//!
//! a bundle
//! ├── files/...                                                  what is released
//! ├── attestation.json                                           DSSE envelope, in-toto statement: each file's SHA-256
//! ├── proof.json                                                 the opened entry that names the attestation, and its path
//! └── checkpoint                                                 the root that the path leads to, signed
//! ```
//!
//! A crash at any point leaves a log that opens: what was acknowledged is there, a torn last batch is not, and the public
//! files are those of the last checkpoint. Damage is told from a crash: what a checkpoint covers, or what something recorded
//! later follows, is never dropped; opening the log fails and says which entry it is.
//!
//! One Ed25519 key signs checkpoints, attestations and lists of revoked bundles. None can be taken for another: what is signed for an
//! envelope starts with `DSSEv1` and a space, a list with `semla revocations`, and no origin has a space in it.

pub mod audit;
mod base;
pub mod bundle;
pub mod checkpoint;
pub mod dsse;
mod durable;
mod hash;
mod journal;
mod key;
mod log;
pub mod merkle;
pub mod note;
mod opening;
mod revocation;
pub mod statement;
#[cfg(test)]
mod testing;
mod tiles;

pub use audit::{AuditError, audit};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use durable::FileError;
pub use hash::{Hash, HashError};
pub use journal::JournalError;
pub use key::{KeyError, SigningKey};
pub use log::{Log, LogError, Recovery, Snapshot};
pub use merkle::{Consistency, Proof, ProofError};
pub use note::{Signer, VerifierKey};
pub use opening::{Opening, OpeningError};
pub use revocation::{RevocationError, Revocations};
pub use statement::Statement;
