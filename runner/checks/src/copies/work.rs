//! How much work one file may take: a check has to end.

use super::source::CompareError;
use std::cell::Cell;

/// Work for one file in all, in units of a nanosecond or so: half of the time that a worker has.
const ALL: u64 = 30_000_000_000;
/// Of sifting one number, where most are known at once, and where each is looked up.
const QUICK: u64 = 5;
const SLOW: u64 = 60;

/// What is left of it.
#[derive(Debug)]
pub(crate) struct Work(Cell<u64>);

impl Default for Work {
    fn default() -> Self {
        Self(Cell::new(ALL))
    }
}

impl Work {
    /// Does so many units of it.
    pub(crate) fn take(&self, units: u64) -> Result<(), CompareError> {
        self.0.set(self.0.get().checked_sub(units).ok_or(CompareError::Work)?);
        Ok(())
    }

    /// Sifts so many numbers.
    pub(crate) fn sift(&self, numbers: u64, is_quick: bool) -> Result<(), CompareError> {
        self.take(numbers.saturating_mul(if is_quick { QUICK } else { SLOW }))
    }
}
