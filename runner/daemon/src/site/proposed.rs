//! What was proposed, and waits for a signature.

use super::Site;
use super::act::Event;
use super::records::about;
use crate::api::{Recorded, Signed};
use crate::fault::{Fault, machine};
use rusqlite::OptionalExtension;
use semla_policy::{Change, Refusal, Signature};

impl Site {
    /// A proposal as it was signed so far.
    pub(super) fn proposed(&self, id: &str) -> Result<Option<Signed>, Fault> {
        let sql = "SELECT signed FROM pending WHERE id = ?1";
        let known: Option<String> = self.db.query_row(sql, [id], |row| row.get(0)).optional()?;
        Ok(known.map(|known| serde_json::from_str(&known)).transpose()?)
    }

    /// Takes back what somebody proposed, and what still waits. For others it isn't there to be taken back.
    pub(crate) fn take_back_proposal(&mut self, by: &str, id: &str) -> Result<Recorded, Fault> {
        self.person(by)?;
        // Whoever signs later stands before those who signed earlier.
        let own = self.proposed(id)?.filter(|signed| signed.signatures.last().is_some_and(|first| first.by == by));
        let signed = own.ok_or_else(|| Refusal::not_found("proposal of yours"))?;
        let Change { record, .. } = signed.read().map_err(machine("read a proposal"))?;
        let (kind, name) = about(&record);
        let event = Event::TakenBack { record: id.to_owned(), kind: kind.clone(), name: name.clone() };
        self.record(by, &self.named_at(&record), None, event, |tx| {
            tx.execute("DELETE FROM pending WHERE id = ?1", [id]).map(drop)
        })?;
        Ok(Recorded { id: id.to_owned(), kind, name, awaits: None, code: None, halted: None })
    }
}

/// The signatures of a record so far, after the new ones.
pub(super) fn merged(signed: &Signed, known: Option<Signed>) -> Signed {
    let mut merged = signed.clone();
    let new = |old: &Signature| !signed.signatures.iter().any(|one| one.by == old.by);
    merged.signatures.extend(known.into_iter().flat_map(|known| known.signatures).filter(new));
    merged
}
