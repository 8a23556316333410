//! Some of the disk is kept in reserve, so that stopping something is recorded even where it is full.

use super::Site;
use super::act::{Act, Event};
use crate::fault::{Fault, machine};
use rusqlite::Transaction;
use semla_policy::{Recorded, Signed};
use std::path::PathBuf;

/// Bytes: room for a transaction, its entry on the ledger, and the launcher's line.
const SIZE: usize = 1 << 20;

impl Site {
    /// Records a stop; where the disk is full, in the reserve's place.
    pub(super) fn record_stop(
        &mut self,
        by: &str,
        label: &str,
        permit: Option<&str>,
        event: &Event,
        change: impl Fn(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<Recorded<Act>, Fault> {
        match self.record(by, label, permit, event.clone(), &change) {
            Err(fault) if fault.is_full() && std::fs::remove_file(self.reserve()).is_ok() => {
                self.record(by, label, permit, event.clone(), &change)
            }
            recorded => recorded,
        }
    }

    /// Has the launcher put a stop in force; where the disk is full, in the reserve's place.
    pub(super) fn enact_stop(&mut self, signed: &Signed) -> Result<(), Fault> {
        match self.launcher.enact(signed.clone()) {
            // Rule 8 is what may pass: a full disk.
            Err(refusal) if refusal.rule == 8 && std::fs::remove_file(self.reserve()).is_ok() => {
                Ok(self.launcher.enact(signed.clone())?)
            }
            enacted => Ok(enacted?),
        }
    }

    /// Takes the reserve, where there is room for it and it isn't there.
    pub(super) fn keep_reserve(&mut self) -> Result<(), Fault> {
        let path = self.reserve();
        if path.exists() {
            return Ok(());
        }
        let kept = std::fs::write(&path, vec![0xff; SIZE]);
        if kept.is_err() {
            // Half a reserve would look like one.
            drop(std::fs::remove_file(&path));
        }
        kept.map_err(machine("keep a reserve of the disk"))
    }

    fn reserve(&self) -> PathBuf {
        self.house.serve().join("reserve")
    }
}
