//! The launcher's own record of what it handed out and lowered. The ledger has to match it.

use crate::durable;
use crate::house::House;
use crate::protocol::Id;
use semla_policy::{Receipt, Refusal, Signed};
use serde::{Deserialize, Serialize};
use std::io::{Error, ErrorKind};

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// A descriptor was handed out.
    Opened {
        /// The object, the attempt whose log it was, or the image whose versions.
        object: String,
        /// Who reads.
        person: String,
        /// What they signed, where their level asks for it.
        reading: Option<Signed>,
        /// The ledger's entry, as the daemon has it.
        receipt: Receipt,
    },
    /// A lowered copy was handed out for a bundle.
    Collected {
        /// The copy.
        copy: Id,
        /// The ledger's entry, as the daemon has it.
        receipt: Receipt,
    },
    /// An attempt was started.
    Started {
        /// The attempt.
        fence: Id,
        /// What was submitted, where it is a job's.
        submission: Option<Signed>,
        /// The ledger's entry, as the daemon has it.
        receipt: Receipt,
    },
    /// A copy was made at a lower label.
    Lowered {
        /// Of what.
        object: Id,
        /// The copy.
        copy: Id,
        /// Its label.
        to: String,
        /// Bits that it can say at most, by the checks of it.
        #[serde(default)]
        information: u64,
        /// The ledger's entry, as the daemon has it.
        receipt: Receipt,
    },
}

impl Line {
    /// The entry that it has to match.
    pub fn receipt(&self) -> &Receipt {
        match self {
            Self::Opened { receipt, .. }
            | Self::Collected { receipt, .. }
            | Self::Started { receipt, .. }
            | Self::Lowered { receipt, .. } => receipt,
        }
    }
}

/// Writes a line, before what it tells of happens. Its refusal has rule 9, which no other of the launcher's has but where the disk is full:
/// whoever asked may ask again.
pub(super) fn write(house: &House, line: &Line) -> Result<(), Refusal> {
    let full = |error: Error| {
        Refusal::new(9, format!("the journal can't be written: {error}"), "free some disk, and try again")
    };
    let text = serde_json::to_string(line).map_err(|error| full(error.into()))?;
    durable::append(&house.journal(), &text, 0o600).map_err(full)
}

/// All lines, the oldest first. What comes after the last whole one was torn by a crash: what it tells of didn't happen.
pub fn read(house: &House) -> Result<Vec<Line>, Error> {
    let text = match std::fs::read_to_string(house.journal()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(|line| serde_json::from_str(line).map_err(Error::from)).collect()
}
