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

/// The signatures of a record so far, as they came, after the new one: the last is its proposer's, in whichever order a post has them.
/// Whoever sent the post may have another key by now, and signs again in their own place.
pub(super) fn merged(sender: &str, signed: &Signed, known: Option<Signed>) -> Signed {
    let known = known.map(|known| known.signatures).unwrap_or_default();
    let mut merged = signed.clone();
    let sent = signed.signatures.iter().find(|new| new.by == sender);
    merged.signatures.retain(|new: &Signature| !known.iter().any(|old| old.by == new.by));
    merged.signatures.extend(known.into_iter().map(|old| sent.filter(|new| new.by == old.by).cloned().unwrap_or(old)));
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
        assert_eq!(names(merged("alice", &signed(&["alice"]), None)), ["alice"]);
        for post in [&["mallory"][..], &["alice", "mallory"], &["mallory", "alice"]] {
            assert_eq!(
                names(merged("mallory", &signed(post), Some(signed(&["alice"])))),
                ["mallory", "alice"],
                "{post:?}"
            );
        }
        // With another key she signs again, in her own place; nobody else can do it for her.
        let mut anew = signed(&["mallory", "alice"]);
        anew.signatures.iter_mut().for_each(|one| one.signature = "anew".into());
        let known = || Some(signed(&["mallory", "alice"]));
        let words = |signed: Signed| signed.signatures.into_iter().map(|one| one.signature).collect::<Vec<_>>();
        assert_eq!(words(merged("alice", &anew, known())), ["of mallory", "anew"]);
        assert_eq!(words(merged("mallory", &anew, known())), ["anew", "of alice"]);
        let two = Some(signed(&["bob", "alice"]));
        assert_eq!(names(merged("carol", &signed(&["alice", "bob", "carol"]), two)), ["carol", "bob", "alice"]);
    }
}
