//! The facts that hold: the records so far, folded in order.
//!
//! The launcher and the daemon run the same fold over the same records. The launcher keeps them where only root writes, so
//! that a conquered daemon can neither forge a label nor enrol a key.

use crate::digest::Digest;
use crate::label::{Clearance, Label};
use crate::policy::{Policy, Role};
use crate::record::{Dataset, Image, Permit, Person, Record};
use crate::refusal::Refusal;
use crate::signed::{Signed, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// All records that hold.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Every policy that was in force once, this one included.
    policies: BTreeMap<Digest, Policy>,
    current: (Digest, Policy),
    people: BTreeMap<String, Person>,
    permits: BTreeMap<String, Permit>,
    /// What a permit ever was: what was made under it stays with it.
    pasts: BTreeMap<String, Past>,
    datasets: BTreeMap<String, Registered>,
    /// By name.
    images: BTreeMap<String, Image>,
    /// Every image that had a name once: what was submitted under it still runs.
    trees: BTreeMap<Digest, Image>,
    founding: Digest,
    /// The last change of each thing, by kind and name.
    heads: BTreeMap<(&'static str, String), Digest>,
}

/// A dataset with those who vouch for it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The record.
    pub dataset: Dataset,
    /// The stewards who signed it.
    pub stewards: BTreeSet<String>,
}

/// Every dataset that a permit ever named, and everybody who ever signed it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Past {
    pub(crate) datasets: BTreeSet<String>,
    pub(crate) signers: BTreeSet<String>,
}

/// The first record: what root wrote when the site was founded.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// The first policy.
    pub policy: Policy,
    /// The first two officers.
    pub officers: Vec<Person>,
}

impl Registry {
    /// The registry that a founding makes.
    pub fn found(genesis: Genesis) -> Result<Self, Refusal> {
        let fault = |what: String| Refusal::new(10, what, "found the site anew with `semla init`");
        if let Some(problem) = genesis.policy.faults().first() {
            return Err(fault(format!("the first policy can't be: {problem}")));
        }
        let able = |person: &&Person| person.roles.contains(&Role::Officer) && person.key.is_some();
        let people: BTreeMap<_, _> =
            genesis.officers.iter().filter(able).map(|person| (person.name.clone(), person.clone())).collect();
        if people.len() < 2 {
            return Err(fault("a site needs two officers with keys of their own".into()));
        }
        let founding = Digest::of(serde_json::to_string(&genesis).unwrap_or_default().as_bytes());
        let current = (digest(&genesis.policy), genesis.policy);
        Ok(Self {
            policies: BTreeMap::from([current.clone()]),
            current,
            people,
            permits: BTreeMap::new(),
            pasts: BTreeMap::new(),
            datasets: BTreeMap::new(),
            images: BTreeMap::new(),
            trees: BTreeMap::new(),
            founding,
            heads: BTreeMap::new(),
        })
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.current.1
    }

    /// The digest of the policy in force.
    pub fn policy_digest(&self) -> &Digest {
        &self.current.0
    }

    /// A policy that was in force once.
    pub fn policy_at(&self, digest: &Digest) -> Option<&Policy> {
        self.policies.get(digest)
    }

    /// Somebody whose account is open.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.get(name).filter(|person| !person.disabled)
    }

    /// Everybody.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// A permit, expired or not.
    pub fn permit(&self, name: &str) -> Option<&Permit> {
        self.permits.get(name)
    }

    /// All permits.
    pub fn permits(&self) -> impl Iterator<Item = &Permit> {
        self.permits.values()
    }

    /// What a permit ever was.
    pub(crate) fn past(&self, permit: &str) -> Option<&Past> {
        self.pasts.get(permit)
    }

    /// The datasets that something made under a permit, at this label, may come from: all that the permit ever named and that
    /// the label dominates. What the submitter says of it doesn't count (rule 7).
    pub fn sources(&self, permit: &str, label: &Label) -> Vec<&Registered> {
        let named = self.past(permit).into_iter().flat_map(|past| &past.datasets);
        let below = |data: &&Registered| self.label(&data.dataset.label).is_ok_and(|source| label.dominates(&source));
        named.filter_map(|name| self.dataset(name)).filter(below).collect()
    }

    /// A dataset by `name@version`.
    pub fn dataset(&self, name: &str) -> Option<&Registered> {
        self.datasets.get(name)
    }

    /// All datasets.
    pub fn datasets(&self) -> impl Iterator<Item = &Registered> {
        self.datasets.values()
    }

    /// An image by digest.
    pub fn image(&self, digest: &Digest) -> Option<&Image> {
        self.trees.get(digest)
    }

    /// What a new record of this kind and name takes the place of.
    pub fn head(&self, kind: &'static str, name: &str) -> &Digest {
        self.heads.get(&(kind, name.to_owned())).unwrap_or(&self.founding)
    }

    /// All images that have a name.
    pub fn images(&self) -> impl Iterator<Item = &Image> {
        self.images.values()
    }

    /// A label of a record under the current scheme.
    pub fn label(&self, text: &str) -> Result<Label, Refusal> {
        self.policy()
            .scheme
            .label(text)
            .map_err(|error| Refusal::new(3, error.to_string(), "use the names of the policy in force"))
    }

    /// What a person may see, within the bounds of their roles as the policy in force has them.
    pub fn clearance(&self, person: &Person) -> Clearance {
        self.bounded(person, &person.clearance, |(clearance, _)| clearance)
    }

    /// What a person may submit at, within the bounds of their roles as the policy in force has them.
    pub fn ceiling(&self, person: &Person) -> Clearance {
        self.bounded(person, &person.ceiling, |(_, ceiling)| ceiling)
    }

    fn bounded(&self, person: &Person, text: &str, side: impl Fn((Clearance, Clearance)) -> Clearance) -> Clearance {
        let Ok(granted) = self.policy().scheme.clearance(text) else { return Clearance::LOWEST };
        let bound = |role: &Role| self.policy().bounds(*role).ok().flatten().map(&side);
        match person.roles.iter().filter_map(bound).any(|bound| granted.within(&bound)) {
            true => granted,
            false => Clearance::LOWEST,
        }
    }

    /// Whose valid signatures a text carries; one that isn't valid spoils all.
    pub fn signers<S: Statement>(&self, signed: &Signed) -> Result<BTreeSet<String>, Refusal> {
        let mut signers = BTreeSet::new();
        for signature in &signed.signatures {
            let key = self.person(&signature.by).and_then(|person| person.key.as_ref());
            if !key.is_some_and(|key| key.signed(S::TYPE, signed.payload.as_bytes(), &signature.signature)) {
                return Err(Refusal::new(
                    10,
                    format!("the signature of `{}` doesn't fit the text and the key on record", signature.by),
                    "sign again with the key that the officers enrolled",
                ));
            }
            signers.insert(signature.by.clone());
        }
        Ok(signers)
    }

    /// Puts a record in force that is complete; the caller has found that out by [`Registry::judge`].
    pub(crate) fn insert(&mut self, record: Record, change: Digest, signers: &BTreeSet<String>) {
        self.heads.insert((record.kind(), record.name().to_owned()), change);
        match record {
            Record::Policy(policy) => {
                self.current = (digest(&policy), *policy);
                self.policies.extend([self.current.clone()]);
            }
            Record::Person(person) => {
                self.people.insert(person.name.clone(), person);
            }
            Record::Permit(permit) => {
                let past = self.pasts.entry(permit.name.clone()).or_default();
                past.datasets.extend(permit.datasets.iter().cloned());
                past.signers.extend(signers.iter().cloned());
                self.permits.insert(permit.name.clone(), permit);
            }
            Record::Dataset(dataset) => {
                let steward = |name: &&String| self.person(name).is_some_and(|p| p.roles.contains(&Role::Steward));
                let stewards = signers.iter().filter(steward).cloned().collect();
                let registered = Registered { dataset: *dataset, stewards };
                self.datasets.insert(registered.dataset.name.clone(), registered);
            }
            Record::Image(image) => {
                self.trees.insert(image.digest, image.clone());
                self.images.insert(image.name.clone(), image);
            }
        }
    }
}

fn digest(policy: &Policy) -> Digest {
    Digest::of(serde_json::to_string(policy).unwrap_or_default().as_bytes())
}
