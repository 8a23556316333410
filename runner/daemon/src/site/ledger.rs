//! On the ledger before it has an effect (rule 9): a state change and its entry are one transaction, the entry is in the Merkle
//! log before this returns, and what follows takes the receipt.

use super::act::{Act, Event};
use super::{Site, now};
use crate::api::LedgerView;
use crate::fault::{Fault, machine};
use rusqlite::{Transaction, params};
use semla_ledger::{Checkpoint, Log, SigningKey, Snapshot};
use semla_policy::{Digest, Label, Receipt, Recorded, Refusal, entry};
use semla_sandbox::house::House;

/// The name that checkpoints carry.
pub(crate) const ORIGIN: &str = "semla.local/ledger";

pub(super) fn open(house: &House) -> Result<Log, Fault> {
    let folder = house.serve().join("ledger");
    std::fs::create_dir_all(&folder).map_err(machine("make the ledger's folder"))?;
    let path = house.serve().join("ledger.key");
    let key = match path.exists() {
        true => SigningKey::load(&path),
        false => SigningKey::generate().and_then(|key| key.save(&path).map(|()| key)),
    };
    let key = key.map_err(machine("use the ledger's key"))?;
    Log::open(&folder, ORIGIN, key).map_err(machine("open the ledger"))
}

impl Site {
    /// Records an act together with the change it makes, and gives back the proof that it is recorded.
    pub(super) fn record(
        &mut self,
        by: &str,
        label: &str,
        permit: Option<&str>,
        event: Event,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<Recorded<Act>, Fault> {
        let act =
            Act { at: now(), by: by.to_owned(), label: label.to_owned(), permit: permit.map(str::to_owned), event };
        let receipts = self.record_all(std::slice::from_ref(&act), |tx, _| change(tx))?;
        let receipt = receipts.into_iter().next().ok_or_else(|| machine("write an entry")("it has no receipt"))?;
        Ok(Recorded::after(act, receipt)?)
    }

    /// As [`Self::record`], for several acts that are recorded together or not at all.
    pub(super) fn record_all(
        &mut self,
        acts: &[Act],
        change: impl FnOnce(&Transaction<'_>, &[Receipt]) -> rusqlite::Result<()>,
    ) -> Result<Vec<Receipt>, Fault> {
        let bodies: Option<Vec<String>> = acts.iter().map(entry).collect();
        let bodies = bodies.ok_or_else(|| machine("write an entry")("it has no text"))?;
        self.catch_up()?;
        let receipt = |(index, body): (u64, &String)| Receipt { index, digest: Digest::of(body.as_bytes()) };
        let receipts: Vec<Receipt> = (self.log.size()..).zip(&bodies).map(receipt).collect();
        let tx = self.db.transaction()?;
        for (receipt, body) in receipts.iter().zip(&bodies) {
            tx.execute("INSERT INTO entry (seq, body) VALUES (?1, ?2)", params![receipt.index, body])?;
        }
        change(&tx, &receipts)?;
        tx.commit()?;
        self.log.append(&bodies).map_err(machine("append to the ledger"))?;
        Ok(receipts)
    }

    /// Appends what was committed, but kept from the log by a crash or a full disk. Nothing goes on before that.
    pub(super) fn catch_up(&mut self) -> Result<(), Fault> {
        let missing: Vec<String> = {
            let mut rows = self.db.prepare_cached("SELECT body FROM entry WHERE seq >= ?1 ORDER BY seq")?;
            let bodies = rows.query_map([self.log.size()], |row| row.get(0))?;
            bodies.collect::<Result<_, _>>()?
        };
        let bytes: Vec<&[u8]> = missing.iter().map(|body| body.as_bytes()).collect();
        if !bytes.is_empty() {
            self.log.append(&bytes).map_err(machine("append to the ledger"))?;
        }
        Ok(())
    }

    /// The lowest label's text.
    pub(super) fn lowest(&self) -> String {
        self.registry().policy().scheme.show(&Label::LOWEST)
    }

    /// The state of the ledger, for everybody who has an account: the checkpoint of this period, whatever was recorded since.
    pub(crate) fn ledger(&mut self) -> Result<LedgerView, Fault> {
        self.publish()?;
        let checkpoint = self.log.published().unwrap_or_default().to_owned();
        Ok(LedgerView { size: self.log.covered(), checkpoint, key: self.log.verifier().to_string() })
    }

    /// The ledger as it is now, to be recomputed.
    pub(crate) fn copy_of_ledger(&mut self) -> Result<Copy, Fault> {
        let LedgerView { checkpoint, .. } = self.ledger()?;
        let head = Checkpoint::open(&checkpoint, self.log.verifier()).map_err(|error| broken(&error))?;
        Ok(Copy { snapshot: self.log.snapshot().map_err(|error| broken(&error))?, head })
    }
}

/// The ledger as it was at one moment.
pub(crate) struct Copy {
    snapshot: Snapshot,
    head: Checkpoint,
}

impl Copy {
    /// Recomputes all of it from its files; what comes back is what the checkpoint says of it.
    pub(crate) fn verify(self) -> Result<(u64, String), Fault> {
        self.snapshot.verify().map_err(|error| broken(&error))?;
        Ok((self.head.size, self.head.root.to_string()))
    }
}

fn broken(error: &dyn std::fmt::Display) -> Fault {
    Refusal::new(9, format!("the ledger doesn't verify: {error}"), "stop the site and call an auditor").into()
}
