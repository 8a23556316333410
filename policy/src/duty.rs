//! Whose signatures put a record in force, and who must not be the same person.

use crate::digest::Digest;
use crate::label::Clearance;
use crate::policy::Role;
use crate::record::{Change, Dataset, Image, Permit, Person, Record};
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::Signed;
use std::collections::BTreeSet;

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
        let sound = self.read(change.record.clone(), &signers)?;
        keep()?;
        self.insert(sound, Digest::of(signed.payload.as_bytes()));
        Ok(change.record)
    }

    /// Puts a record in force again that was enacted before and kept since where only root writes: who signed it was verified then.
    pub fn restore(&mut self, signed: &Signed) -> Result<(), Refusal> {
        let signers = signed.signatures.iter().map(|signature| signature.by.clone()).collect();
        let Change { replaces, record } = serde_json::from_str(&signed.payload).map_err(unreadable)?;
        self.follows(&replaces, &record)?;
        let sound = self.read(record, &signers)?;
        self.insert(sound, Digest::of(signed.payload.as_bytes()));
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
        match replaces == self.head(record.kind(), record.name()) {
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
        self.follows(replaces, record)?;
        match record {
            Record::Policy(policy) => {
                if let Some(fault) = policy.faults().first() {
                    return Err(Refusal::new(10, format!("the policy can't be: {fault}"), "mend the file"));
                }
                if !policy.scheme.continues(&self.policy().scheme) {
                    return Err(Refusal::new(
                        10,
                        "a name of the scheme in force was dropped or moved",
                        "keep all names in their order, and add new ones at the end",
                    ));
                }
                self.count(Role::Officer, signers, 2, "approval by another officer")
            }
            Record::Person(person) => self.sound_person(person, signers),
            Record::Permit(permit) => self.sound_permit(permit, signers),
            Record::Dataset(dataset) => self.sound_dataset(dataset, signers),
            Record::Image(image) => self.sound_image(image, signers),
        }
    }

    fn sound_person(&self, person: &Person, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let scheme = &self.policy().scheme;
        if signers.contains(&person.name) {
            return Err(Refusal::new(10, "nobody signs their own account", "have two other officers sign it"));
        }
        let holder = person.key.as_ref().and_then(|key| self.holder(key));
        if let Some(other) = holder.filter(|other| *other != person.name) {
            return Err(Refusal::new(
                10,
                format!("`{other}` has the same key"),
                "have everybody make a key of their own: `semla key new`",
            ));
        }
        type Of = fn(&(Clearance, Clearance)) -> &Clearance;
        let both: [(&str, &String, Of); 2] =
            [("clearance", &person.clearance, |both| &both.0), ("ceiling", &person.ceiling, |both| &both.1)];
        for (what, text, of) in both {
            let granted = scheme
                .clearance(text)
                .map_err(|error| Refusal::new(1, error.to_string(), format!("mend the {what}")))?;
            let bounds = |role: &Role| Some((*role, self.policy().bounds(*role).ok().flatten()?));
            let bounds: Vec<_> = person.roles.iter().filter_map(bounds).collect();
            if !bounds.iter().any(|(_, both)| granted.within(of(both))) {
                let most =
                    |(role, both): &(Role, _)| format!("{} up to `{}`", role.name(), scheme.show_clearance(of(both)));
                return Err(Refusal::new(
                    1,
                    format!(
                        "the {what} `{text}` is more than the policy grants: {}",
                        bounds.iter().map(most).collect::<Vec<_>>().join(", ")
                    ),
                    format!("write another {what} (left out, the ceiling is the clearance), or change the policy"),
                ));
            }
        }
        self.count(Role::Officer, signers, 2, "approval by another officer")
    }

    fn sound_permit(&self, permit: &Permit, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let up_to = self.label(&permit.up_to)?;
        for name in &permit.people {
            if self.person(name).is_none() {
                return Err(Refusal::new(1, format!("nobody has the account `{name}`"), "add the person first"));
            }
            if signers.contains(name) {
                return Err(Refusal::new(
                    10,
                    format!("`{name}` is a member of the permit and signs it"),
                    "have an officer and a steward sign it who aren't members",
                ));
            }
        }
        // What was made under the permit so far stays with it: whoever vouches for that data is asked, too.
        let before = self.grant(&permit.name).into_iter().flat_map(|grant| &grant.ever);
        let touched: BTreeSet<&String> = permit.datasets.iter().chain(before).collect();
        for name in touched.iter().copied() {
            let Some(registered) = self.dataset(name) else {
                return Err(Refusal::new(1, format!("there is no dataset `{name}`"), "register the dataset first"));
            };
            if permit.datasets.contains(name) && !up_to.dominates(&registered.label) {
                return Err(Refusal::new(
                    3,
                    format!("the permit goes up to `{}`, and `{name}` is above that", permit.up_to),
                    "raise `up_to`, or leave the dataset out",
                )
                .comparing(permit.up_to.clone(), registered.dataset.label.clone()));
            }
            if registered.stewards.is_disjoint(signers) {
                return self.count(Role::Officer, signers, usize::MAX, "the signature of the data's steward");
            }
        }
        let officer = |name: &&String| self.holds(name, Role::Officer);
        let stewards = |name: &&String| {
            touched.iter().filter_map(|data| self.dataset(data)).any(|data| data.stewards.contains(*name))
        };
        let apart = signers.iter().filter(officer).any(|a| signers.iter().filter(stewards).any(|b| a != b));
        Ok(match apart {
            true => Standing::Complete,
            false => Standing::Awaits("an officer who isn't the data's steward"),
        })
    }

    fn sound_dataset(&self, dataset: &Dataset, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let mend = |what: String, remedy: &str| Refusal::new(3, what, remedy);
        if self.dataset(&dataset.name).is_some() {
            return Err(mend(format!("`{}` exists, and datasets never change", dataset.name), "add the next version"));
        }
        let version = dataset.name.rsplit_once('@').and_then(|(_, version)| version.parse::<u32>().ok());
        if version.is_none() {
            return Err(mend(format!("`{}` has no version", dataset.name), "name it like `name@1`"));
        }
        let label = self.label(&dataset.label)?;
        let card = self.label(&dataset.card_label)?;
        if !label.dominates(&card) {
            return Err(mend("the card's label is above the content's".into(), "lower the card's label")
                .comparing(dataset.label.clone(), dataset.card_label.clone()));
        }
        if let Some(id) = dataset.card.id.as_ref().filter(|id| !dataset.card.columns.iter().any(|c| &c.name == *id)) {
            return Err(mend(format!("the card's id column `{id}` isn't among its columns"), "mend the card"));
        }
        if let Some(file) = dataset.files.iter().find(|file| !crate::path::is_file_name(&file.name)) {
            return Err(mend(format!("`{}` can't be a file's name", file.name), "rename the file"));
        }
        self.count(Role::Steward, signers, 2, "approval by another steward")
    }

    fn sound_image(&self, image: &Image, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let label = self.label(&image.label)?;
        // The same tree under another name: lowering its label is a release, and no record.
        if let Some(known) = self.tree(&image.digest).filter(|known| !label.dominates(&known.label)) {
            return Err(Refusal::new(3, "the same image is on record at a higher label", "import it at that label")
                .comparing(image.label.clone(), known.image.label.clone()));
        }
        self.count(Role::Operator, signers, 1, "the signature of an operator")
    }

    fn count(
        &self,
        role: Role,
        signers: &BTreeSet<String>,
        needed: usize,
        missing: &'static str,
    ) -> Result<Standing, Refusal> {
        let have = signers.iter().filter(|name| self.holds(name, role)).count();
        match have {
            0 => Err(Refusal::new(
                10,
                format!("none of those who signed is {} {}", article(role), role.name()),
                format!("have {} {} propose it", article(role), role.name()),
            )),
            _ if have < needed => Ok(Standing::Awaits(missing)),
            _ => Ok(Standing::Complete),
        }
    }

    fn holds(&self, name: &str, role: Role) -> bool {
        self.person(name).is_some_and(|person| person.roles.contains(&role))
    }
}

fn unreadable(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(8, format!("the record can't be read: {error}"), "write it with the `semla` of this version")
}

fn article(role: Role) -> &'static str {
    match role {
        Role::Officer | Role::Operator | Role::Auditor => "an",
        _ => "a",
    }
}
