//! Records: proposed by one, approved by another, and put in force by the launcher.

use super::act::Event;
use super::proposed::merged;
use super::seen::Sight;
use super::{Handed, Reader, Site, today};
use crate::api::{DatasetView, ImageView, Pending, PermitView, PersonView, Recorded, Signed};
use crate::fault::{Fault, machine};
use rusqlite::params;
use semla_policy::{Change, Digest, Halt, Person, Record, Refusal, Registered, Role, Standing};
use semla_sandbox::protocol::Request;
use std::collections::BTreeSet;

impl Site {
    /// Takes a record with at least one signature; with enough of them it is put in force.
    pub(crate) fn sign(&mut self, by: &str, signed: &Signed) -> Result<Recorded, Fault> {
        let id = Digest::of(signed.payload.as_bytes()).to_string();
        let known = self.proposed(&id)?;
        let given = |of: &Signed| of.signatures.iter().map(|signature| signature.by.clone()).collect::<BTreeSet<_>>();
        let before = known.as_ref().map(given).unwrap_or_default();
        if let Some(other) = given(signed).into_iter().find(|other| other != by && !before.contains(other)) {
            // The ledger says who signed, and when: each does it from an account of their own.
            let what = format!("the record carries a signature of `{other}`, who didn't send it");
            return Err(Refusal::new(10, what, "have them approve it themselves").into());
        }
        let signed = merged(by, signed, known.clone());
        if !signed.signatures.iter().any(|signature| signature.by == by) {
            return Err(Refusal::new(10, "the record doesn't carry your signature", "sign it with your own key").into());
        }
        let (record, standing) = self.registry().judge(&signed)?;
        self.registry().in_time(&record, today())?;
        self.can_run(&record)?;
        let (kind, name) = about(&record);
        let (label, text) = (self.named_at(&record), serde_json::to_string(&signed)?);
        let mut recorded =
            Recorded { id: id.clone(), kind: kind.clone(), name: name.clone(), awaits: None, code: None, halted: None };
        match standing {
            // With another key than before it is signed anew.
            Standing::Awaits(whom) if known.is_some_and(|known| known.signatures == signed.signatures) => {
                let what = format!("you have signed it already, and it awaits {whom}");
                let remedy = "have them approve it, or take back what you proposed: `semla withdraw`";
                return Err(Refusal::new(10, what, remedy).into());
            }
            Standing::Awaits(whom) => {
                let event = Event::Signed { record: id.clone(), kind, name };
                self.record(by, &label, None, event, |tx| {
                    tx.execute("INSERT OR REPLACE INTO pending (id, signed) VALUES (?1, ?2)", params![id, text])
                        .map(drop)
                })?;
                recorded.awaits = Some(whom.to_owned());
            }
            Standing::Complete => {
                let event = Event::Enacted { record: id.clone(), kind, name: name.clone() };
                let opens =
                    matches!(&record, Record::Person(person) if !person.disabled && self.person(&name).is_err());
                // Stopping has its effect first, and is recorded and put in force even on a full disk.
                match stops(&record) {
                    Some(halt) => {
                        recorded.halted = Some(self.halt(by, &halt)?);
                        self.record_stop(by, &label, None, &event, |_| Ok(()))?;
                        self.enact_stop(&signed)?;
                    }
                    None => {
                        self.record(by, &label, None, event, |_| Ok(()))?;
                        self.launcher.enact(signed.clone())?;
                    }
                }
                self.facts.fold(&signed)?;
                self.looked = None;
                // Last: until it is in force, it can be approved again.
                self.db.execute("DELETE FROM pending WHERE id = ?1", [&id])?;
                if opens {
                    recorded.code = Some(self.open_account(&name)?);
                }
            }
        }
        Ok(recorded)
    }

    /// A policy with a level that no host here can run isn't put in force, whoever signs it.
    fn can_run(&self, record: &Record) -> Result<(), Refusal> {
        let Record::Policy(policy) = record else { return Ok(()) };
        match policy.beyond(&self.host.backends).into_iter().next() {
            Some(fault) => {
                let remedy = format!("change the level's `{}`, or give the host what it asks for", fault.key);
                Err(Refusal::new(10, fault.what, remedy))
            }
            None => Ok(()),
        }
    }

    /// The label of a record's name: a dataset's is as secret as its card, an image's as the image, all others are the lowest.
    pub(super) fn named_at(&self, record: &Record) -> String {
        match record {
            Record::Dataset(dataset) => dataset.card_label.clone(),
            Record::Image(image) => image.label.clone(),
            _ => self.lowest(),
        }
    }

    /// What a new record of this kind and name takes the place of, for those who may propose one.
    pub(crate) fn head(&self, by: &str, kind: &str, name: &str) -> Result<Digest, Fault> {
        let kind = Record::KINDS.into_iter().find(|known| *known == kind);
        let kind = kind.ok_or_else(|| Refusal::new(8, "there is no such kind of record", "name one that there is"))?;
        self.registry().keeps(by, kind)?;
        Ok(*self.registry().head_for(by, kind, name))
    }

    /// Whether a proposal is somebody's business: their duty, and what is in it isn't above them.
    fn may_sign(&self, person: &Person, record: &Record) -> bool {
        let has = |role| person.roles.contains(&role);
        match record {
            Record::Policy(_) | Record::Person(_) | Record::Halt(_) => has(Role::Officer),
            Record::Withdrawal(_) => has(Role::Officer) || has(Role::Steward),
            // A dataset's name is as secret as its card.
            Record::Permit(permit) => {
                let cards = self.registry().cards(&person.name, today());
                let all = permit.datasets.iter().all(|name| cards.contains_key(name.as_str()));
                (has(Role::Officer) || has(Role::Steward)) && all
            }
            Record::Image(_) => has(Role::Operator),
            Record::Dataset(dataset) => {
                let card = self.registry().label(&dataset.card_label);
                has(Role::Steward) && card.is_ok_and(|card| self.registry().clearance(person).admits(&card))
            }
        }
    }

    /// Whether somebody proposes or approves records at all.
    fn has_duty(&self, name: &str) -> Result<bool, Fault> {
        let person = self.person(name)?;
        Ok([Role::Officer, Role::Steward, Role::Operator].iter().any(|role| person.roles.contains(role)))
    }

    /// What waits for a signature, for those whose duty it may be. A card among it is recorded before it is shown.
    pub(crate) fn pending(&mut self, name: &str) -> Result<Vec<Pending>, Fault> {
        let person = self.person(name)?;
        if !self.has_duty(name)? {
            return Ok(Vec::new());
        }
        let (mut pending, mut sights) = (Vec::new(), Vec::new());
        for (id, text) in self.proposals()? {
            let signed: Signed = serde_json::from_str(&text)?;
            let (record, waits) = match self.registry().judge(&signed) {
                Ok((record, Standing::Awaits(whom))) => (record, Ok(whom)),
                Ok((_, Standing::Complete)) => continue,
                // The facts moved on. Whoever signed it would be told so if they signed it again.
                Err(why) if signed.signatures.iter().any(|signature| signature.by == name) => {
                    (signed.read::<Change>().map_err(machine("read a proposal"))?.record, Err(why))
                }
                Err(_) => continue,
            };
            if !self.may_sign(person, &record) {
                continue;
            }
            if let Record::Dataset(dataset) = &record {
                // Of two proposals for one name each is a sight of its own.
                let what = format!("card proposed as {id}");
                sights.push(Sight::free(&dataset.card_label, &dataset.name, &what, ""));
            }
            let (kind, name) = about(&record);
            pending.push(Pending {
                recorded: Recorded {
                    id,
                    kind,
                    name,
                    awaits: waits.as_ref().ok().map(|whom| (*whom).to_owned()),
                    code: None,
                    halted: None,
                },
                lapsed: waits.err().map(|why| why.to_string()),
                signed,
            });
        }
        self.saw(name, &sights)?;
        Ok(pending)
    }

    /// Everything that was proposed and not put in force: ids, and what was signed.
    fn proposals(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut rows = self.db.prepare("SELECT id, signed FROM pending")?;
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The cards that a person may read, each recorded before it is shown.
    pub(crate) fn datasets(&mut self, name: &str) -> Result<Vec<DatasetView>, Fault> {
        let views: Vec<DatasetView> = self.registry().cards(name, today()).into_values().map(card).collect();
        let sight = |view: &DatasetView| {
            let version = self.registry().head("dataset", &view.name).hex();
            Sight::free(&view.card_label, &view.name, "card", &version)
        };
        let sights: Vec<Sight> = views.iter().map(sight).collect();
        self.saw(name, &sights)?;
        Ok(views)
    }

    /// The dummy of a dataset whose card a person may read.
    pub(crate) fn dummy(&mut self, name: &str, dataset: &str) -> Result<String, Fault> {
        let view = self.registry().cards(name, today()).get(dataset).copied().map(card);
        let view = view.ok_or_else(|| Refusal::not_found("dataset of that name"))?;
        let event = Event::Read { object: dataset.to_owned(), what: "dummy".to_owned() };
        self.record(name, &view.card_label, None, event, |_| Ok(()))?;
        Ok(crate::dummy::generate(&view.card))
    }

    /// What is halted, for those who halt and those who run the machine.
    pub(crate) fn halts(&self, name: &str) -> Result<Vec<String>, Fault> {
        let person = self.person(name)?;
        match person.roles.contains(&Role::Officer) || person.roles.contains(&Role::Operator) {
            true => Ok(self.registry().halts().map(str::to_owned).collect()),
            false => Err(Refusal::new(1, "only officers and operators see what is halted", "ask one of them").into()),
        }
    }

    /// The images that a person may know of.
    pub(crate) fn images(&self, name: &str) -> Vec<ImageView> {
        let view = |image: &semla_policy::Image| ImageView {
            name: image.name.clone(),
            digest: image.digest.to_string(),
            label: image.label.clone(),
        };
        let images = self.registry().images();
        images.filter(|image| self.registry().image_for(name, &image.digest).is_ok()).map(view).collect()
    }

    /// The list of the packages in an image, as a worker wrote it.
    pub(crate) fn versions(&mut self, reader: &Reader, digest: &str) -> Result<Handed, Fault> {
        let image = Digest::parse(digest).map_err(|_| Refusal::not_found("such image"))?;
        let label = self.registry().image_for(&reader.name, &image)?.label.clone();
        let policy = *self.registry().policy_digest();
        self.signed_for(reader, (&label, &policy), ("", "versions"), &[&image.to_string()])?;
        let event = Event::Read { object: image.to_string(), what: "versions".to_owned() };
        let receipt = self.record(&reader.name, &label, None, event, |_| Ok(()))?.receipt().clone();
        let (person, reading) = (reader.name.clone(), reader.reading.clone());
        let (_, file) = self.launcher.open(Request::Versions { image, person, reading, receipt })?;
        Ok(Handed { file, settled: true })
    }

    /// The permits that a person belongs to; all of them, for officers, stewards and auditors.
    pub(crate) fn permits(&self, name: &str) -> Result<Vec<PermitView>, Fault> {
        let person = self.person(name)?;
        let duty = [Role::Steward, Role::Officer, Role::Auditor].iter().any(|role| person.roles.contains(role));
        let seen = self.registry().permits().filter(|permit| duty || permit.people.contains(name));
        // A dataset's name is as secret as its card.
        let cards = self.registry().cards(name, today());
        Ok(seen
            .map(|permit| PermitView {
                name: permit.name.clone(),
                purpose: permit.purpose.clone(),
                people: permit.people.iter().cloned().collect(),
                datasets: permit.datasets.iter().filter(|name| cards.contains_key(name.as_str())).cloned().collect(),
                up_to: permit.up_to.clone(),
                until: permit.until.to_string(),
                withdrawn: self.registry().withdrawn(&permit.name),
                // The marks are taken back in the next round: whoever granted it anew sees at once that it holds.
                budget: self.allowance(&permit.name, &permit.up_to).ok().filter(|_| permit.people.contains(name)),
                erase: self.registry().holds_permit(&permit.name, today()).is_err()
                    && self.marked_for_erasure(&permit.name).unwrap_or(false),
            })
            .collect())
    }

    /// Everybody, for officers and auditors.
    pub(crate) fn people(&self, name: &str) -> Result<Vec<PersonView>, Fault> {
        if !self.watches(name)? {
            let what = "only officers and auditors see the list of people";
            return Err(Refusal::new(1, what, "ask one of them").into());
        }
        let view = |person: &Person| PersonView {
            name: person.name.clone(),
            roles: person.roles.iter().map(|role| role.name().to_owned()).collect(),
            clearance: person.clearance.clone(),
            ceiling: person.ceiling.clone(),
            key: person.key.as_ref().map(|key| key.as_str().to_owned()),
            disabled: person.disabled,
        };
        Ok(self.registry().people().map(view).collect())
    }

    /// The policy in force, for everybody who is signed in: rules that people don't know protect nobody.
    pub(crate) fn policy(&self) -> serde_json::Value {
        serde_json::json!({ "digest": self.registry().policy_digest(), "policy": self.registry().policy() })
    }
}

/// What a record stops, where it does.
fn stops(record: &Record) -> Option<Halt> {
    match record {
        Record::Halt(halt) if !halt.lifted => Some(halt.clone()),
        Record::Withdrawal(withdrawal) => Some(Halt { scope: format!("permit {}", withdrawal.permit), lifted: false }),
        _ => None,
    }
}

fn card(registered: &Registered) -> DatasetView {
    let dataset = &registered.dataset;
    DatasetView {
        name: dataset.name.clone(),
        label: dataset.label.clone(),
        card_label: dataset.card_label.clone(),
        card: dataset.card.clone(),
    }
}

/// What a record is about, for people: the policy goes by its preset.
pub(super) fn about(record: &Record) -> (String, String) {
    let name = match record {
        Record::Policy(policy) => &policy.preset,
        record => record.name(),
    };
    (record.kind().to_owned(), name.to_owned())
}
