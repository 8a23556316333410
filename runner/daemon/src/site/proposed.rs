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

/// The signatures of a record so far, as they came, after the new ones: the last is its proposer's, in whichever order a post has them.
pub(super) fn merged(signed: &Signed, known: Option<Signed>) -> Signed {
    let known = known.map(|known| known.signatures).unwrap_or_default();
    let mut merged = signed.clone();
    merged.signatures.retain(|new: &Signature| !known.iter().any(|old| old.by == new.by));
    merged.signatures.extend(known);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_proposed_stays_the_proposer() {
        let signed = |by: &[&str]| Signed {
            payload: "a record".into(),
            signatures: by.iter().map(|by| Signature { by: (*by).into(), signature: format!("of {by}") }).collect(),
        };
        let names = |signed: Signed| signed.signatures.into_iter().map(|one| one.by).collect::<Vec<_>>();
        assert_eq!(names(merged(&signed(&["alice"]), None)), ["alice"]);
        for post in [&["mallory"][..], &["alice", "mallory"], &["mallory", "alice"]] {
            assert_eq!(names(merged(&signed(post), Some(signed(&["alice"])))), ["mallory", "alice"], "{post:?}");
        }
        let two = Some(signed(&["bob", "alice"]));
        assert_eq!(names(merged(&signed(&["alice", "bob", "carol"]), two)), ["carol", "bob", "alice"]);
    }
}
