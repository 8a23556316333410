//! The ledger's public shape: a checkpoint at a fixed cadence, and each of them whole steps after the one before, so that neither
//! when it comes nor how many entries it covers tells how much happens (`docs/decisions/0008-the-ledgers-shape.md`).

use super::{Site, now};
use crate::fault::{Fault, machine};
use rusqlite::{OptionalExtension, params};
use semla_ledger::{Log, LogError};

#[cfg(test)]
mod tests;

/// Sizes that are shown are multiples of this: so much may happen between two checkpoints without being told apart from nothing.
pub(super) const STEP: u64 = 1024;
/// Milliseconds between two checkpoints.
const PERIOD: i64 = 6 * 3600 * 1000;

impl Site {
    /// Makes the checkpoint of this period, if it is due. Until the next one the same bytes are served.
    pub(super) fn publish(&mut self) -> Result<(), Fault> {
        let due: Option<i64> = self.db.query_row("SELECT at FROM due", [], |row| row.get(0)).optional()?;
        let Some(next) = next(due, now()) else { return Ok(()) };
        self.fill(0)?;
        self.log.checkpoint().map_err(machine("sign a checkpoint"))?;
        // A crash before this makes one more checkpoint, a step after this one.
        self.db.execute("INSERT OR REPLACE INTO due (only, at) VALUES (0, ?1)", params![next])?;
        Ok(())
    }

    /// Fills the log up with entries that say nothing, until so many more end a step.
    pub(super) fn fill(&mut self, room: u64) -> Result<(), Fault> {
        self.catch_up()?;
        fill(&mut self.log, room).map_err(machine("append to the ledger"))
    }
}

/// When the checkpoint after this one is due; nothing while this one isn't. A clock that was wrong once doesn't keep the next one
/// away: none is due later than in a period from now.
fn next(due: Option<i64>, now: i64) -> Option<i64> {
    let due = due.unwrap_or(now);
    let waits = (1..=PERIOD).contains(&(due - now));
    (!waits).then(|| now + PERIOD - (now - due).rem_euclid(PERIOD))
}

/// At least a step more than what was shown last: else the step would tell whether anything happened in it.
fn fill(log: &mut Log, room: u64) -> Result<(), LogError> {
    let needed = log.size() + room;
    let end = needed.max(log.covered() + STEP).next_multiple_of(STEP);
    let nothing = vec![b"".as_slice(); usize::try_from(end - needed).unwrap_or_default()];
    log.append(&nothing).map(drop)
}
