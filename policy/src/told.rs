//! What a submitter learns who may not see what they made (rule 4): words of a fixed vocabulary, and what they cost in bits.

use crate::policy::{Ends, Feedback, OwnerSees};
use crate::release::REPLIES;
use serde::{Deserialize, Serialize};

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

    /// What the word usually means, and what to do: for those who may read the log, and for those who may not.
    pub fn meaning(self, cleared: bool) -> &'static str {
        match self {
            Self::NonzeroExit if cleared => "the program failed; `semla job logs` shows what it said",
            Self::Succeeded => "every declared output is there",
            Self::OutOfMemory => "raise `memory` under `needs`, or read the data in pieces",
            Self::OutOfTime => "raise `time` under `needs`, or do less",
            Self::OutOfDisk => "write less, or ask for `disk` under `needs`: `/out` and `/scratch` are on it",
            Self::NonzeroExit => "the program failed; rehearse with `--dummy`, where you may read the log",
            Self::OutputMissing => "the program ended without writing a declared output; check the paths under `/out`",
            Self::OutputRefused => "a declared output is a link, a device or the like; write plain files",
            Self::ImageError => "the image has no such program; `semla image show` lists what it has",
            Self::Stopped => {
                "somebody stopped it, another policy came in force while it waited, or what it needs is no longer there or allowed: submit \
                 it again, or ask the operator which"
            }
            Self::Lost => {
                "semla or the machine failed, and not the job; submit it again, or ask the operator, whose log says why"
            }
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
    /// What the words about a job can tell, in bits: the binary logarithm of their number, rounded up.
    pub fn bits(self) -> u32 {
        bits(match self {
            Self::Nothing => return 0,
            // Whether it ran before it was over.
            Self::State => 2,
            Self::Outcome => 4,
            Self::Reason => 10,
        })
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
    /// What the answer about so many files can tell, in bits: each is blocked or isn't; with notices its worst finding is a review or a
    /// block of one of `checks` checks, or there is none; and a re-encoded copy stands in for it or doesn't. None of the three follows
    /// from another: a file is blocked beside a review where a policy's checks gave no answer, and goes on beside a block that people may
    /// excuse.
    pub fn bits(self, checks: u32, files: u32) -> u32 {
        let words = match self {
            Self::Nothing => return 0,
            Self::Verdict => 4,
            Self::Notices => checks.saturating_mul(2).saturating_add(1).saturating_mul(2 * 2),
        };
        bits(words).saturating_mul(files)
    }

    /// What people's answer about so many files can tell, in bits, to somebody who knows that the checks let them through: each is
    /// approved, to be changed, rejected, or undecided, and with notices, up to three of so many replies come along; and the request as a
    /// whole goes on, is released, expired or was revoked.
    pub fn decided(self, replies: u32, files: u32) -> u32 {
        let words = match self {
            Self::Nothing => return 0,
            Self::Verdict => 4,
            Self::Notices => 4_u32.saturating_mul(choices(replies)),
        };
        bits(words).saturating_mul(files).saturating_add(bits(4))
    }
}

/// How many ways there are to choose up to three of so many.
fn choices(of: u32) -> u32 {
    let (mut ways, mut all) = (1_u32, 1_u32);
    for chosen in 1..=u32::try_from(REPLIES).unwrap_or(u32::MAX) {
        // So many of one fewer, times what is left, over how often each was counted.
        ways = ways.saturating_mul((of + 1).saturating_sub(chosen)) / chosen;
        all = all.saturating_add(ways);
    }
    all
}

/// How much later than the time that it asked for an attempt may be over, in seconds: what runs is killed then, and its end written down.
pub const GRACE: u32 = 2;

impl Ends {
    /// The moment, in seconds after the start, at which an end after `took` is seen, for something that asked for `asked`.
    pub fn seen(self, took: u64, asked: u64) -> u64 {
        match self {
            Self::AtOnce => took,
            Self::Doubling => took.max(1).checked_next_power_of_two().unwrap_or(u64::MAX),
            Self::Fixed => took.max(asked.saturating_add(GRACE.into())),
        }
    }

    /// What the moment of an end can tell, in bits, of something that asked for `asked` seconds: it is one of 1, 2, 4, … seconds.
    ///
    /// Whoever waits sees each moment that passes without an end, so this is paid before the first one.
    pub fn bits(self, asked: u32) -> u32 {
        match self {
            Self::AtOnce | Self::Fixed => 0,
            Self::Doubling => bits(bits(asked.saturating_add(GRACE)) + 1),
        }
    }
}

/// For how long the checks of a request may be awaited, in seconds, queue and all: a day.
pub const CHECKED: u32 = 86_400;

/// The binary logarithm, rounded up.
fn bits(answers: u32) -> u32 {
    answers.checked_next_power_of_two().map_or(32, u32::trailing_zeros)
}
