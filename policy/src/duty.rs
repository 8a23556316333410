//! How signatures put a record in force.

use crate::digest::Digest;
use crate::record::{Change, Record};
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::Signed;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Of a signature that was verified: whose it is.
#[derive(Deserialize)]
struct Signer<'a> {
    #[serde(borrow)]
    by: Cow<'a, str>,
}

/// Whether a record's signatures suffice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can be put in force.
    Complete,
    /// It is sound, and waits for somebody.
    Awaits(&'static str),
}

impl Registry {
    /// Whether a record is sound, and whether those whose duty it is have signed it (rule 10).
    pub fn judge(&self, signed: &Signed) -> Result<(Record, Standing), Refusal> {
        let (change, signers) = self.vouched(signed)?;
        let standing = self.weigh(&change, &signers)?;
        Ok((change.record, standing))
    }

    /// Puts a record in force, or says what is missing.
    pub fn enact(&mut self, signed: &Signed) -> Result<Record, Refusal> {
        self.enact_after(signed, || Ok(()))
    }

    /// As [`Self::enact`], once `keep` has kept it.
    pub fn enact_after(
        &mut self,
        signed: &Signed,
        keep: impl FnOnce() -> Result<(), Refusal>,
    ) -> Result<Record, Refusal> {
        let (change, signers) = self.vouched(signed)?;
        if let Standing::Awaits(whom) = self.weigh(&change, &signers)? {
            return Err(Refusal::new(10, format!("the record awaits {whom}"), "have them approve it"));
        }
        let head = Digest::of(signed.payload.as_bytes());
        let sound = self.read(change.record.clone(), &signers, head)?;
        keep()?;
        self.insert(sound, head);
        Ok(change.record)
    }

    /// Puts a record in force again that was enacted before and [kept](Signed::kept) since where only root writes: who signed it was
    /// verified then.
    pub fn restore(&mut self, kept: &str) -> Result<(), Refusal> {
        let (payload, signatures) = kept.split_once('\t').ok_or_else(|| unreadable("no signatures follow it"))?;
        let signatures: Vec<Signer<'_>> = serde_json::from_str(signatures).map_err(unreadable)?;
        let signers = signatures.into_iter().map(|signer| signer.by.into_owned()).collect();
        let Change { replaces, record } = serde_json::from_str(payload).map_err(unreadable)?;
        self.follows(&replaces, &record)?;
        let head = Digest::of(payload.as_bytes());
        let sound = self.read(record, &signers, head)?;
        self.insert(sound, head);
        Ok(())
    }

    /// A change, and who validly signed it: at least one.
    fn vouched(&self, signed: &Signed) -> Result<(Change, BTreeSet<String>), Refusal> {
        let signers = self.signers::<Change>(signed)?;
        match signers.is_empty() {
            true => Err(Refusal::new(10, "nobody signed the record", "sign it with a key of your own")),
            false => Ok((signed.read::<Change>().map_err(unreadable)?, signers)),
        }
    }

    fn follows(&self, replaces: &Digest, record: &Record) -> Result<(), Refusal> {
        match replaces == self.head(record.changes(), record.name()) {
            true => Ok(()),
            false => Err(Refusal::new(
                10,
                "the record was signed to take the place of one that doesn't hold any more",
                "propose it anew",
            )),
        }
    }

    fn weigh(&self, change: &Change, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let Change { replaces, record } = change;
        self.entitled(record, signers)?;
        self.untaken(record, signers)?;
        self.follows(replaces, record)?;
        // What is there has its name already.
        if replaces == &self.founding {
            record.named()?;
        }
        self.names_in(record, signers)?;
        match record {
            Record::Policy(policy) => self.sound_policy(policy, signers),
            Record::Person(person) => self.sound_person(person, signers),
            Record::Permit(permit) => self.sound_permit(permit, signers),
            Record::Withdrawal(withdrawal) => self.sound_withdrawal(withdrawal, signers),
            Record::Dataset(dataset) => self.sound_dataset(dataset, signers),
            Record::Image(image) => self.sound_image(image, signers),
            Record::Halt(halt) => self.sound_halt(halt, signers),
        }
    }
}

fn unreadable(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(8, format!("the record can't be read: {error}"), "write it with the `semla` of this version")
}
