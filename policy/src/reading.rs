//! Who may see an object, and what a submitter learns who may not (rules 1 and 4).

use crate::digest::Digest;
use crate::label::Label;
use crate::policy::{Feedback, OwnerSees, Role};
use crate::record::Image;
use crate::refusal::Refusal;
use crate::registry::Registry;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'a> {
    /// As a member of the permit that the object belongs to.
    Member(&'a str),
    /// As somebody assigned to review a release of it; members of the permit never are.
    Reviewer(&'a str),
}

impl Registry {
    /// Rule 1: clearance admits the label *and* a permit or an assigned duty covers it.
    ///
    /// The answer is the same for what doesn't exist: pass `None` for its label.
    pub fn may_read(&self, name: &str, label: Option<&Label>, need: Need<'_>, today: Date) -> Result<(), Refusal> {
        let hidden = || Refusal::not_found("such object");
        let person = self.person(name).ok_or_else(hidden)?;
        let label = label.ok_or_else(hidden)?;
        if !self.clearance(person).admits(label) {
            return Err(hidden());
        }
        match need {
            Need::Member(permit) => self.membership(person, permit, today).map(drop).map_err(|_| hidden()),
            Need::Reviewer(permit) => {
                let member = self.permit(permit).is_none_or(|permit| permit.people.contains(name));
                match person.roles.contains(&Role::Checker) && !member {
                    true => Ok(()),
                    false => Err(hidden()),
                }
            }
        }
    }

    /// An image by its digest, for whoever's clearance admits its label: images belong to no permit, and every member of a site may
    /// run them.
    pub fn image_for(&self, name: &str, digest: &Digest) -> Result<&Image, Refusal> {
        let hidden = || Refusal::not_found("such image");
        let clearance = self.clearance(self.person(name).ok_or_else(hidden)?);
        let image = self.image(digest).ok_or_else(hidden)?;
        match clearance.admits(&self.label(&image.label)?) {
            true => Ok(image),
            false => Err(hidden()),
        }
    }
}

/// How an attempt ended: chosen by the keeper, never by the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It did what was asked.
    Succeeded,
    /// It used more memory than it asked for.
    OutOfMemory,
    /// It took longer than it asked for.
    OutOfTime,
    /// It filled `/out` or `/tmp`.
    OutOfDisk,
    /// It exited with another status than 0.
    NonzeroExit,
    /// A declared output isn't there.
    OutputMissing,
    /// A declared output isn't a plain file.
    OutputRefused,
    /// The image lacks what is needed to start it.
    ImageError,
    /// Somebody stopped it.
    Stopped,
    /// The machine lost it.
    Lost,
}

impl Ending {
    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::OutOfMemory => "out-of-memory",
            Self::OutOfTime => "out-of-time",
            Self::OutOfDisk => "out-of-disk",
            Self::NonzeroExit => "nonzero-exit",
            Self::OutputMissing => "output-missing",
            Self::OutputRefused => "output-refused",
            Self::ImageError => "image-error",
            Self::Stopped => "stopped",
            Self::Lost => "lost",
        }
    }

    /// What the word usually means, and what to do.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Succeeded => "every declared output is there",
            Self::OutOfMemory => "raise `memory` under `needs`, or read the data in pieces",
            Self::OutOfTime => "raise `time` under `needs`, or do less",
            Self::OutOfDisk => "write less to `/out` and `/tmp`",
            Self::NonzeroExit => "the program failed; rehearse with `--dummy`, where you may read the log",
            Self::OutputMissing => "the program ended without writing a declared output; check the paths under `/out`",
            Self::OutputRefused => "a declared output is a link, a device or the like; write plain files",
            Self::ImageError => "the image has no such program; try it with `--dummy`",
            Self::Stopped => {
                "somebody stopped it, or what it needs is no longer there or allowed; ask the operator which"
            }
            Self::Lost => "the machine went down while it ran; submit it again",
        }
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It waits.
    Queued,
    /// It runs.
    Running,
    /// It ended.
    Ended(Ending),
}

impl OwnerSees {
    /// What the whole answer about one job can tell, in bits: the binary logarithm of the number of answers, rounded up.
    pub fn bits(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::State => 1,
            Self::Outcome => 2,
            Self::Reason => 4,
        }
    }

    /// The words that a submitter who isn't cleared is told: a function of exactly the declared bits.
    pub fn view(self, progress: Progress) -> Option<&'static str> {
        let ended = |ending: Ending| match self {
            Self::Reason => ending.word(),
            Self::Outcome if ending == Ending::Succeeded => "succeeded",
            Self::Outcome => "failed",
            _ => "ended",
        };
        match (self, progress) {
            (Self::Nothing, _) => None,
            (_, Progress::Queued) => Some("queued"),
            (_, Progress::Running) => Some("running"),
            (_, Progress::Ended(ending)) => Some(ended(ending)),
        }
    }
}

impl Feedback {
    /// What the answer about one file can tell, in bits, where the worst finding is one of `checks` checks, each with a review
    /// and a block, none, or no answer at all; and whether a re-encoded copy stands in for it.
    pub fn bits(self, checks: u32) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Verdict => 2,
            Self::Notices => (2 * (2 + 2 * checks)).next_power_of_two().trailing_zeros(),
        }
    }
}
