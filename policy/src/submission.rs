//! What submitters sign: exactly one job, once.

use crate::admission::Admitted;
use crate::digest::Digest;
use crate::plan::JobPlan;
use crate::policy::Proof;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::{Signed, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A job as its submitter asks for it. Where the job's level says so it is signed with their own key: whoever takes the daemon over
/// runs nothing of their own on the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// What is asked for.
    pub plan: JobPlan,
    /// The policy that the submitter saw in force. It has to be in force when the job starts, and stays with all that the job makes.
    pub policy: Digest,
    /// Drawn by the submitter, so that no two submissions are the same text.
    pub nonce: String,
}

impl Statement for Submission {
    const TYPE: &'static str = "application/vnd.semla.submission+json";
}

impl Submission {
    /// The job's name, which follows from the text: one submission makes one job, however often it is sent.
    pub fn job(signed: &Signed) -> String {
        const LETTERS: usize = 20;
        let digest = Digest::of(signed.payload.as_bytes()).hex();
        format!("j-{}", digest.get(..LETTERS).unwrap_or_default())
    }

    /// The name of the job's one attempt: who runs the same thing again learns what chance did in it, and has it signed for again.
    pub fn attempt(signed: &Signed) -> String {
        format!("{}-1", Self::job(signed))
    }
}

impl Registry {
    /// Admits what somebody submitted, under the policy that they saw.
    pub fn submitted(&self, signed: &Signed, today: Date) -> Result<Admitted<'_>, Refusal> {
        let submission: Submission = signed.read().map_err(|error| {
            Refusal::new(8, format!("the submission can't be read: {error}"), "submit with the `semla` of this version")
        })?;
        let signers = self.signers::<Submission>(signed)?;
        // Whoever chose among all that ever were would choose the laxest.
        if submission.policy != *self.policy_digest() {
            return Err(Refusal::new(8, "the job names another policy than the one in force", "submit it again"));
        }
        let admitted = self.admit(submission.plan, today)?;
        let own = signers.iter().eq([&admitted.plan().submitter]);
        if self.level(admitted.label())?.proof == Proof::Key && !own {
            return Err(Refusal::new(
                4,
                format!("a job at `{}` is signed by the one who submits it", admitted.label_text()),
                "sign with the key that the officers enrolled (`--key`), or make one with `semla key new` and have them enrol it",
            ));
        }
        Ok(admitted)
    }
}
