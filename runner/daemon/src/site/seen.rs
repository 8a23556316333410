//! What people have seen today: whoever looks again at the same is told nothing more, and the ledger says it once.

use super::act::{Act, Event};
use super::{Site, now, today};
use crate::fault::{Fault, machine};
use rusqlite::{OptionalExtension, params};
use semla_policy::{Digest, Marking, Receipt};

/// Something that a person is about to see.
pub(super) struct Sight {
    /// The label of what is seen.
    pub(super) label: String,
    /// The permit that it belongs to, where it belongs to one.
    pub(super) permit: Option<String>,
    /// Which object.
    pub(super) object: String,
    /// What of it.
    pub(super) what: String,
    /// What differs where there is something new to see.
    pub(super) version: String,
}

impl Sight {
    /// Of something that carries a marking.
    pub(super) fn of(marking: &Marking, object: &str, what: &str, version: &str) -> Self {
        Self {
            label: marking.label.clone(),
            permit: Some(marking.permit.clone()),
            object: object.to_owned(),
            what: what.to_owned(),
            version: version.to_owned(),
        }
    }

    /// Of something that belongs to no permit.
    pub(super) fn free(label: &str, object: &str, what: &str, version: &str) -> Self {
        Self {
            label: label.to_owned(),
            permit: None,
            object: object.to_owned(),
            what: what.to_owned(),
            version: version.to_owned(),
        }
    }

    fn key(&self) -> String {
        format!("{} {} {}", self.object, self.what, self.label)
    }

    fn stamp(&self) -> String {
        format!("{} {}", today(), self.version)
    }
}

impl Site {
    /// Records that a person sees something, once for each day and version of it. The entry's receipt.
    pub(super) fn seen(
        &mut self,
        name: &str,
        marking: &Marking,
        object: &str,
        what: &str,
        version: &str,
    ) -> Result<Receipt, Fault> {
        let receipts = self.saw(name, &[Sight::of(marking, object, what, version)])?;
        receipts.into_iter().next().ok_or_else(|| machine("record a read")("it has no receipt"))
    }

    /// As [`Self::seen`], for many things at a time: all that is new among them is recorded in one go.
    pub(super) fn saw(&mut self, name: &str, sights: &[Sight]) -> Result<Vec<Receipt>, Fault> {
        let mut known = Vec::new();
        for sight in sights {
            known.push(self.known(name, sight)?);
        }
        let new: Vec<&Sight> =
            sights.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(sight, _)| sight).collect();
        let act = |sight: &&Sight| Act {
            at: now(),
            by: name.to_owned(),
            label: sight.label.clone(),
            permit: sight.permit.clone(),
            event: Event::Read { object: sight.object.clone(), what: sight.what.clone() },
        };
        let acts: Vec<Act> = new.iter().map(act).collect();
        let recorded = self.record_all(&acts, |tx, receipts| {
            let sql = "INSERT OR REPLACE INTO seen (person, object, version, seq, digest) VALUES (?1, ?2, ?3, ?4, ?5)";
            new.iter().zip(receipts).try_for_each(|(sight, receipt)| {
                let (index, digest) = (receipt.index, receipt.digest.to_string());
                tx.execute(sql, params![name, sight.key(), sight.stamp(), index, digest]).map(drop)
            })
        })?;
        let mut recorded = recorded.into_iter();
        Ok(known.into_iter().filter_map(|known| known.or_else(|| recorded.next())).collect())
    }

    /// Has the next look at something count as a new one.
    pub(super) fn forget(&mut self, name: &str, sight: &Sight) -> Result<(), Fault> {
        self.db.execute("DELETE FROM seen WHERE person = ?1 AND object = ?2", params![name, sight.key()])?;
        Ok(())
    }

    fn known(&self, name: &str, sight: &Sight) -> Result<Option<Receipt>, Fault> {
        let sql = "SELECT seq, digest FROM seen WHERE person = ?1 AND object = ?2 AND version = ?3";
        let mut rows = self.db.prepare_cached(sql)?;
        let row = rows.query_row(params![name, sight.key(), sight.stamp()], |row| Ok((row.get(0)?, row.get(1)?)));
        let row: Option<(u64, String)> = row.optional()?;
        let receipt = |(index, digest): (u64, String)| Ok(Receipt { index, digest: Digest::parse(&digest)? });
        row.map(receipt).transpose().map_err(|error: semla_policy::DigestError| machine("read a receipt")(error))
    }
}
