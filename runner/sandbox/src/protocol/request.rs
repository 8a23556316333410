//! What the daemon asks for.

use super::Id;
use semla_policy::{Digest, Receipt, Signed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request of the daemon, numbered so that answers find it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Call {
    /// Chosen by the daemon.
    pub number: u64,
    /// What it wants.
    pub request: Request,
}

/// What the launcher does on request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Put a record in force that those whose duty it is have signed.
    Enact(Signed),
    /// Keep the bytes of the descriptor that comes along, at this label.
    Keep {
        /// Its new name.
        object: Id,
        /// Its label: content that the daemon has seen can't be above what it is told.
        label: String,
        /// The permit that it belongs to.
        permit: String,
    },
    /// Keep what a reviewer wrote to the author of a file, at that file's label.
    Note {
        /// The file.
        about: Id,
        /// The reviewer's words, signed.
        note: Signed,
    },
    /// Start an attempt, unless its fence was ever claimed.
    Start {
        /// The attempt.
        fence: Id,
        /// What it runs.
        work: Work,
        /// The ledger's entry of this start.
        receipt: Receipt,
    },
    /// In which ways jobs can run here.
    Backends,
    /// Where an attempt stands.
    Observe(Id),
    /// End an attempt.
    Stop(Id),
    /// Hand out a descriptor for a person to read through. It is journaled.
    Open {
        /// The object.
        object: Id,
        /// Who reads.
        person: String,
        /// Whether they read as a reviewer, or as a member of the permit.
        reviewer: bool,
        /// What they signed, where the object's level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry of this read.
        receipt: Receipt,
    },
    /// Hand out the log of an attempt in the same way.
    OpenLog {
        /// The attempt.
        fence: Id,
        /// Who reads.
        person: String,
        /// What they signed, where the attempt's level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry of this read.
        receipt: Receipt,
    },
    /// Hand out the list of the packages in an image.
    Versions {
        /// The image.
        image: Digest,
        /// Who reads.
        person: String,
        /// What they signed, where the image's level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry of this read.
        receipt: Receipt,
    },
    /// Hand out a copy that was lowered, for the bundle of its release.
    Collect {
        /// The copy.
        copy: Id,
        /// The ledger's entry of this.
        receipt: Receipt,
    },
    /// Make a copy of an object at a lower label.
    Lower(Box<Lower>),
}

/// A file to lower, with all that speaks for it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lower {
    /// The object.
    pub object: Id,
    /// The request.
    pub release: String,
    /// The file's name in the request.
    pub file: String,
    /// The label of the copy.
    pub to: String,
    /// The attempts that checked it.
    pub checks: Vec<Id>,
    /// The votes.
    pub votes: Vec<Signed>,
    /// The ledger's entry of this lowering.
    pub receipt: Receipt,
}

/// What an attempt runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// A job. The launcher admits it again by itself.
    Job {
        /// What was submitted, and signed where its level asks for that.
        submission: Signed,
        /// The label that it was admitted at when it was submitted.
        label: String,
        /// The snapshot of the code.
        code: Id,
        /// The dummies that stand in for datasets, by mount name.
        dummies: BTreeMap<String, Id>,
    },
    /// The checks of one file, under one policy, for one target.
    Check {
        /// The file.
        object: Id,
        /// Whose thresholds.
        policy: Digest,
        /// The label that it would get.
        to: String,
        /// A policy that isn't in force, which an officer has proposed: what it would say of the file. No release goes by that.
        proposal: Option<Signed>,
    },
}
