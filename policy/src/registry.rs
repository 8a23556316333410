//! The facts that hold: the records so far, folded in order.
//!
//! The launcher and the daemon run the same fold over the same records. The launcher keeps them where only root writes, so
//! that a conquered daemon can neither forge a label nor enrol a key.

use crate::digest::Digest;
use crate::known::{Account, Grant, InForce, Registered, Scope, Tree};
use crate::label::{Clearance, Label};
use crate::policy::{Policy, Role};
use crate::record::{Halt, Image, Permit, Person, Record};
use crate::refusal::Refusal;
use crate::signed::{PublicKey, Signed, Statement};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// All records that hold. What is looked up by name is boxed, so that a table that grows moves little.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Every policy that was in force once, this one included.
    pub(crate) policies: BTreeMap<Digest, InForce>,
    pub(crate) current: InForce,
    pub(crate) people: HashMap<String, Box<Account>>,
    /// Whose each key is.
    pub(crate) keys: HashMap<String, String>,
    pub(crate) permits: HashMap<String, Box<Grant>>,
    pub(crate) datasets: HashMap<String, Box<Registered>>,
    /// By name.
    pub(crate) images: BTreeMap<String, Image>,
    /// Every image that had a name once: what was submitted under it still runs.
    pub(crate) trees: HashMap<Digest, Tree>,
    /// The labels that a dataset's file is on record at, by its content.
    pub(crate) contents: HashMap<Digest, Vec<Label>>,
    /// What is halted, by its scope's text.
    pub(crate) halts: BTreeMap<String, Scope>,
    pub(crate) founding: Digest,
    /// The last change of each thing that doesn't say so itself, by kind and name.
    pub(crate) heads: BTreeMap<(&'static str, String), Digest>,
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
        let founding = Digest::of(serde_json::to_string(&genesis).unwrap_or_default().as_bytes());
        let current = InForce::new(genesis.policy).map_err(|error| fault(error.to_string()))?;
        let mut registry = Self {
            policies: BTreeMap::from([(current.digest, current.clone())]),
            current,
            people: HashMap::new(),
            keys: HashMap::new(),
            permits: HashMap::new(),
            datasets: HashMap::new(),
            images: BTreeMap::new(),
            trees: HashMap::new(),
            contents: HashMap::new(),
            halts: BTreeMap::new(),
            founding,
            heads: BTreeMap::new(),
        };
        let able = |person: &Person| person.roles.contains(&Role::Officer) && !person.disabled;
        for officer in genesis.officers.into_iter().filter(able) {
            if officer.key.as_ref().is_none_or(|key| registry.holder(key).is_some()) {
                continue;
            }
            Record::Person(officer.clone()).named()?;
            let account = Account::new(officer, &registry.current, None, founding)?;
            registry.enrol(Box::new(account));
        }
        match registry.people.len() < 2 {
            true => Err(fault("a site needs two officers with keys of their own".into())),
            false => Ok(registry),
        }
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.current.policy
    }

    /// The digest of the policy in force.
    pub fn policy_digest(&self) -> &Digest {
        &self.current.digest
    }

    /// A policy that was in force once.
    pub fn policy_at(&self, digest: &Digest) -> Option<&Policy> {
        Some(&self.policies.get(digest)?.policy)
    }

    /// The digests of all policies that were ever in force.
    pub fn policies(&self) -> impl Iterator<Item = &Digest> {
        self.policies.keys()
    }

    /// Somebody whose account is open.
    pub fn person(&self, name: &str) -> Option<&Person> {
        Some(&self.account(name)?.person)
    }

    /// As [`Self::person`], with what they may see and submit at.
    pub(crate) fn account(&self, name: &str) -> Option<&Account> {
        self.people.get(name).map(Box::as_ref).filter(|account| !account.person.disabled)
    }

    /// Whose this key is.
    pub(crate) fn holder(&self, key: &PublicKey) -> Option<&str> {
        self.keys.get(key.as_str()).map(String::as_str)
    }

    /// Everybody, by name.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        sorted(self.people.values().map(|account| &account.person), |person| &person.name)
    }

    /// A permit, expired or not.
    pub fn permit(&self, name: &str) -> Option<&Permit> {
        Some(&self.grant(name)?.permit)
    }

    /// As [`Self::permit`], with what it ever was.
    pub(crate) fn grant(&self, name: &str) -> Option<&Grant> {
        self.permits.get(name).map(Box::as_ref)
    }

    /// Whether a permit was taken back.
    pub fn withdrawn(&self, permit: &str) -> bool {
        self.grant(permit).is_some_and(|grant| grant.withdrawn)
    }

    /// Whether a halt is about things of this permit at this label, in force or not.
    pub fn covers(&self, halt: &Halt, label: &Label, permit: &str) -> bool {
        self.scope(halt).is_ok_and(|scope| scope.covers(label, permit))
    }

    /// The halt that holds for things of this permit at this label, by its scope.
    pub fn halted(&self, label: &Label, permit: &str) -> Option<&str> {
        self.halts.iter().find(|(_, scope)| scope.covers(label, permit)).map(|(text, _)| text.as_str())
    }

    /// The scopes of all halts that hold.
    pub fn halts(&self) -> impl Iterator<Item = &str> {
        self.halts.keys().map(String::as_str)
    }

    /// Nothing runs, is checked or leaves where an officer has halted it.
    pub fn running(&self, label: &Label, permit: &str) -> Result<(), Refusal> {
        match self.halted(label, permit) {
            None => Ok(()),
            Some(scope) => Err(Refusal::new(
                10,
                format!("an officer has halted `{scope}`"),
                "wait until two officers have lifted it",
            )),
        }
    }

    /// All permits, by name.
    pub fn permits(&self) -> impl Iterator<Item = &Permit> {
        sorted(self.permits.values().map(|grant| &grant.permit), |permit| &permit.name)
    }

    /// The datasets that something made under a permit, at this label, may come from: all that the permit ever named and that
    /// the label dominates. What the submitter says of it doesn't count (rule 7).
    pub fn sources(&self, permit: &str, label: &Label) -> Vec<&Registered> {
        let named = self.grant(permit).into_iter().flat_map(|grant| &grant.ever);
        named.filter_map(|name| self.dataset(name)).filter(|data| label.dominates(&data.label)).collect()
    }

    /// A dataset by `name@version`.
    pub fn dataset(&self, name: &str) -> Option<&Registered> {
        self.datasets.get(name).map(Box::as_ref)
    }

    /// All datasets, by name.
    pub fn datasets(&self) -> impl Iterator<Item = &Registered> {
        sorted(self.datasets.values().map(Box::as_ref), |registered| &registered.dataset.name)
    }

    /// An image by digest.
    pub fn image(&self, digest: &Digest) -> Option<&Image> {
        Some(&self.tree(digest)?.image)
    }

    /// As [`Self::image`], with its label.
    pub(crate) fn tree(&self, digest: &Digest) -> Option<&Tree> {
        self.trees.get(digest)
    }

    /// What a new record of this kind and name takes the place of.
    pub fn head(&self, kind: &'static str, name: &str) -> &Digest {
        let head = match kind {
            "person" => self.people.get(name).map(|account| &account.head),
            "permit" => self.permits.get(name).map(|grant| &grant.head),
            "dataset" => self.datasets.get(name).map(|data| &data.head),
            _ => self.heads.get(&(kind, name.to_owned())),
        };
        head.unwrap_or(&self.founding)
    }

    /// As [`Self::head`], as far as somebody may know: of what they may not see as of what doesn't exist.
    pub fn head_for(&self, by: &str, kind: &'static str, name: &str) -> &Digest {
        let sees = |label| self.account(by).is_some_and(|account| account.clearance.admits(label));
        match self.named_at(kind, name).is_none_or(sees) {
            true => self.head(kind, name),
            false => &self.founding,
        }
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
        self.account(&person.name).map_or(Clearance::LOWEST, |account| account.clearance.clone())
    }

    /// What a person may submit at, within the bounds of their roles as the policy in force has them.
    pub fn ceiling(&self, person: &Person) -> Clearance {
        self.account(&person.name).map_or(Clearance::LOWEST, |account| account.ceiling.clone())
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
}

/// In the order of their names, so that no list tells when what was recorded.
fn sorted<'a, T: 'a>(all: impl Iterator<Item = &'a T>, name: impl Fn(&T) -> &String) -> impl Iterator<Item = &'a T> {
    let mut all: Vec<_> = all.collect();
    all.sort_unstable_by(|a, b| name(a).cmp(name(b)));
    all.into_iter()
}
