//! The policy in force: what officers decided, with every key that they left out filled in by the preset.

use crate::digest::Digest;
use crate::label::{Clearance, Label};
use crate::profile::Profile;
use crate::scheme::{LabelError, Scheme};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A whole policy. INVARIANT: every text in it that names a label or clearance is one under its scheme, there are as many
/// level rules as levels, and every profile that a rule names exists; [`Policy::faults`] is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The preset that answered where the file was silent.
    pub preset: String,
    /// Levels, categories, audiences.
    pub scheme: Scheme,
    /// What holds at each level, in the scheme's order.
    pub levels: Vec<LevelRules>,
    /// What each role may be given at most.
    pub roles: BTreeMap<Role, Bounds>,
    /// Ways down.
    pub releases: Vec<ReleaseRule>,
    /// Thresholds by name.
    pub profiles: Vec<Profile>,
    /// What may run beside each other on one host.
    pub shares: Vec<Share>,
    /// What reviewers may reply to an author who isn't cleared: they choose from these, and write nothing of their own.
    pub replies: Vec<String>,
    /// The exception classes that a traceback may name.
    pub tracebacks: Vec<String>,
}

/// What holds at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRules {
    /// The weakest isolation that may run a job of this level.
    pub isolation: Isolation,
    /// Whether its jobs run only where their memory, processes and processor time are limited.
    pub limits: bool,
    /// What a submitter learns who isn't cleared for the job's label.
    pub owner_sees: OwnerSees,
    /// What a submitter who isn't cleared learns of the checks.
    pub feedback: Feedback,
    /// How many bits all of that may add up to.
    pub budget: Budget,
    /// When submitters who aren't cleared see that something ended.
    pub ends: Ends,
    /// With what a person proves that it is they who read or submit.
    pub proof: Proof,
    /// For how many days logs are kept.
    pub keep_logs: u32,
}

/// How a job is confined, from the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// The launcher's own sandbox, made by an ordinary user.
    Rootless,
    /// The launcher's own sandbox, made by root.
    Local,
    /// A container of an engine.
    Docker,
    /// A container whose system calls another kernel answers.
    Gvisor,
}

impl Isolation {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rootless => "rootless",
            Self::Local => "local",
            Self::Docker => "docker",
            Self::Gvisor => "gvisor",
        }
    }
}

/// What a submitter learns of a job above their clearance, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnerSees {
    /// Nothing.
    Nothing,
    /// Queued, running or ended.
    State,
    /// Also whether it succeeded.
    Outcome,
    /// Also one word that says why not.
    Reason,
}

/// What a submitter learns of the checks of a release above their clearance, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feedback {
    /// Nothing.
    Nothing,
    /// Pass, review or block for each file.
    Verdict,
    /// Also which checks said so.
    Notices,
}

/// When a submitter who isn't cleared sees that something ended, and when its place on the host is free for another label or permit.
/// How long a job takes is its own doing: whoever sees the moment of its end is told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// When the time that it asked for is over, whatever it did. It tells nothing.
    Fixed,
    /// One, two, four, … seconds after its start (predictive mitigation: Askarov, Zhang and Myers, CCS 2010). It tells which
    /// power of two, and that is charged.
    Doubling,
    /// At once. The moment isn't charged, and may tell anything.
    AtOnce,
}

/// Labels whose jobs may run beside each other on one host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Exactly these.
    pub labels: Vec<String>,
    /// Of which permits.
    pub permits: Permits,
}

/// Whose jobs may run beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permits {
    /// Those of one permit.
    Same,
    /// Those of all permits.
    Any,
}

/// On what the launcher hands out what a job left, and starts a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// On the daemon's word that the person has signed in: whoever takes the daemon over reads and runs what its users may.
    Session,
    /// On a signature with the person's own key.
    Key,
}

/// How many bits people who aren't cleared may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The bits of one permit.
    pub bits: u32,
    /// After how many days they come back.
    pub days: u32,
}

/// What a person does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Submits jobs and asks for releases.
    Scientist,
    /// Votes on releases.
    Checker,
    /// Changes policy, people and permits.
    Officer,
    /// Registers and labels datasets.
    Steward,
    /// Runs the machine and builds images.
    Operator,
    /// Reads who did what.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Scientist, Self::Checker, Self::Officer, Self::Steward, Self::Operator, Self::Auditor];

    /// The role's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scientist => "scientist",
            Self::Checker => "checker",
            Self::Officer => "officer",
            Self::Steward => "steward",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }
}

/// The most that people of one role may be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The group at the identity provider whose members have the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The highest clearance.
    pub clearance: String,
    /// The highest ceiling.
    pub ceiling: String,
}

/// One way down, or a bar to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRule {
    /// The labels that it speaks for; `*` stands for every level.
    pub from: String,
    /// The label that things get.
    pub to: String,
    /// The check profile.
    pub profile: String,
    /// How many distinct approvals each file needs.
    pub reviewers: u8,
    /// Whose: each of these roles is among those who approve, and nobody of another role is.
    pub who: BTreeSet<Role>,
    /// Most bytes of a file, where that is fewer than the profile allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Most rows of a table, where that is fewer than the profile allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rows: Option<u64>,
    /// In how many days reviewers should answer; after three times that the request expires.
    pub answer_in: u32,
    /// Blocks that more reviewers may excuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excuse: Option<Excuse>,
    /// Bars the way whatever other rules say.
    pub never: bool,
}

/// Blocks that may be excused, with a written reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excuse {
    /// Which checks. C1, C5 and F4 never can.
    pub checks: Vec<String>,
    /// How many approvals an excused file needs.
    pub reviewers: u8,
}

impl Policy {
    /// The rules of a label's level.
    pub fn level(&self, label: &Label) -> Option<&LevelRules> {
        self.levels.get(usize::from(label.level()))
    }

    /// The highest clearance and ceiling of any of these roles.
    pub fn bounds(&self, role: Role) -> Result<Option<(Clearance, Clearance)>, LabelError> {
        let Some(bounds) = self.roles.get(&role) else { return Ok(None) };
        let read = |text: &str| self.scheme.clearance(text);
        Ok(Some((read(&bounds.clearance)?, read(&bounds.ceiling)?)))
    }

    /// What it is named by where something is pinned to it.
    pub fn digest(&self) -> Digest {
        Digest::of(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// The profile of this name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }
}
