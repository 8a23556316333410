//! What a job makes (rule 2).

use crate::admission::Admitted;
use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// An object's label and the permit that it belongs to, as the launcher keeps them beside its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marking {
    /// The label's text.
    pub label: String,
    /// The permit; everything that a job makes belongs to the job's.
    pub permit: String,
    /// Who submitted the job.
    pub submitter: String,
    /// The policy in force when the job was submitted.
    pub policy: Digest,
}

impl Admitted<'_> {
    /// Rule 2: everything that the job makes carries the job's label exactly: artifacts, logs, exit code, findings.
    pub fn marking(&self) -> Marking {
        Marking {
            label: self.label_text(),
            permit: self.plan().permit.clone(),
            submitter: self.plan().submitter.clone(),
            policy: *self.policy(),
        }
    }
}
