//! A small site for tests: two officers, two stewards, three checkers, two scientists, one dataset.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use base64::Engine;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use semla_policy::*;
use std::collections::{BTreeMap, BTreeSet};

/// People with keys.
pub struct Site {
    pub registry: Registry,
    pub genesis: Genesis,
    /// All records after the founding.
    pub enacted: Vec<Signed>,
    pub keys: BTreeMap<String, Ed25519KeyPair>,
}

pub const PERMIT: &str = "P-1";
pub const DATA: &str = "wdbc@1";
pub const HIGH: &str = "confidential/health";

pub fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

pub fn policy() -> Policy {
    text::policy("preset = \"ehds\"\n").unwrap()
}

pub fn image() -> Digest {
    Digest::of(b"image")
}

impl Site {
    /// Everything in force, and one permit of `scientist` and `colleague`.
    pub fn new() -> Self {
        Self::with(policy())
    }

    pub fn with(policy: Policy) -> Self {
        let names = [
            "officer-1",
            "officer-2",
            "steward-1",
            "steward-2",
            "checker-1",
            "checker-2",
            "checker-3",
            "scientist",
            "colleague",
            "stranger",
        ];
        let random = SystemRandom::new();
        let key = |name: &&str| {
            let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
            ((*name).to_owned(), Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
        };
        let keys: BTreeMap<_, _> = names.iter().map(key).collect();
        let person = |name: &str, roles: &[Role], clearance: &str, ceiling: &str| Person {
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            clearance: clearance.to_owned(),
            ceiling: ceiling.to_owned(),
            key: Some(PublicKey::from_bytes(keys[name].public_key().as_ref().try_into().unwrap())),
            disabled: false,
        };
        let officer = |name| person(name, &[Role::Officer, Role::Operator], "internal", "public");
        let genesis = Genesis { policy, officers: vec![officer("officer-1"), officer("officer-2")] };
        let people = [
            person("steward-1", &[Role::Steward], HIGH, "public"),
            person("steward-2", &[Role::Steward], HIGH, "public"),
            person("checker-1", &[Role::Checker], HIGH, "public"),
            person("checker-2", &[Role::Checker], HIGH, "public"),
            person("checker-3", &[Role::Checker], "confidential", "public"),
            person("scientist", &[Role::Scientist, Role::Checker], HIGH, HIGH),
            person("colleague", &[Role::Scientist], "internal", HIGH),
            person("stranger", &[Role::Scientist], "internal", HIGH),
        ];
        let mut site = Self::found(genesis, keys);
        for person in people {
            site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
        }
        site.enact(Record::Dataset(Box::new(dataset(DATA, HIGH))), &["steward-1", "steward-2"]).unwrap();
        site.enact(
            Record::Image(Image { name: "base".into(), digest: image(), label: "public".into() }),
            &["officer-1"],
        )
        .unwrap();
        site.enact(Record::Permit(permit(PERMIT, &["scientist", "colleague"])), &["officer-1", "steward-1"]).unwrap();
        site
    }

    /// The same, and a third officer who is cleared for the data.
    pub fn with_cleared_officer() -> Self {
        let mut policy = policy();
        policy.roles.get_mut(&Role::Officer).unwrap().clearance = HIGH.into();
        let mut site = Self::with(policy);
        let officer = site.newcomer("officer-3", &[Role::Officer]);
        site.enact(Record::Person(officer), &["officer-1", "officer-2"]).unwrap();
        site
    }

    /// Two officers, who are operators too, and two stewards: whom it takes to put records in force.
    pub fn bare(policy: Policy) -> Self {
        let low = policy.scheme.levels[0].clone();
        // Keys are made before there is anything that they are enrolled in.
        let mut keys = BTreeMap::new();
        let mut person = |name: &str, roles: &[Role]| Person {
            clearance: low.clone(),
            ceiling: low.clone(),
            ..newcomer(&mut keys, name, roles)
        };
        // As a site is founded: officers may see what officers may be given.
        let clearance = policy.roles[&Role::Officer].clearance.clone();
        let officers = ["officer-1", "officer-2"]
            .map(|name| Person { clearance: clearance.clone(), ..person(name, &[Role::Officer, Role::Operator]) });
        let stewards = ["steward-1", "steward-2"].map(|name| person(name, &[Role::Steward]));
        let mut site = Self::found(Genesis { policy, officers: officers.into() }, keys);
        for steward in stewards {
            site.enact(Record::Person(steward), &["officer-1", "officer-2"]).unwrap();
        }
        site
    }

    fn found(genesis: Genesis, keys: BTreeMap<String, Ed25519KeyPair>) -> Self {
        Self { registry: Registry::found(genesis.clone()).unwrap(), genesis, enacted: Vec::new(), keys }
    }

    /// The registry again, from what was kept of its records.
    pub fn restored(&self) -> Registry {
        let mut registry = Registry::found(self.genesis.clone()).unwrap();
        self.enacted.iter().for_each(|signed| registry.restore(&signed.kept().unwrap()).unwrap());
        registry
    }

    pub fn sign<S: Statement>(&self, statement: &S, by: &[&str]) -> Signed {
        let mut signed = Signed::unsigned(statement).unwrap();
        for name in by {
            let signature = self.keys[*name].sign(&pae(S::TYPE, signed.payload.as_bytes()));
            let signature = base64::engine::general_purpose::STANDARD.encode(signature.as_ref());
            signed.signatures.push(Signature { by: (*name).to_owned(), signature });
        }
        signed
    }

    /// A person with a new key.
    pub fn newcomer(&mut self, name: &str, roles: &[Role]) -> Person {
        newcomer(&mut self.keys, name, roles)
    }

    /// A change to this record from what holds now.
    pub fn change(&self, record: Record) -> Change {
        Change { replaces: *self.registry.head(record.changes(), record.name()), record }
    }

    pub fn enact(&mut self, record: Record, by: &[&str]) -> Result<Record, Refusal> {
        let signed = self.sign(&self.change(record), by);
        let record = self.registry.enact(&signed)?;
        self.enacted.push(signed);
        Ok(record)
    }
}

fn newcomer(keys: &mut BTreeMap<String, Ed25519KeyPair>, name: &str, roles: &[Role]) -> Person {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let key = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let public = PublicKey::from_bytes(key.public_key().as_ref().try_into().unwrap());
    keys.insert(name.to_owned(), key);
    Person {
        name: name.to_owned(),
        roles: roles.iter().copied().collect(),
        clearance: HIGH.to_owned(),
        ceiling: "public".to_owned(),
        key: Some(public),
        disabled: false,
    }
}

pub fn dataset(name: &str, label: &str) -> Dataset {
    let column = |name: &str, kind| Column { name: name.into(), kind };
    Dataset {
        name: name.into(),
        label: label.into(),
        card_label: "internal".into(),
        card: Card {
            title: "cells".into(),
            unit: "patient".into(),
            id: Some("id".into()),
            rows: 20,
            columns: vec![
                column("id", Kind::Integer { range: [1, 999] }),
                column("radius", Kind::Number { range: [1.0, 30.0], decimals: 2 }),
            ],
        },
        files: vec![DataFile { name: "data.csv".into(), digest: Digest::of(name.as_bytes()), size: 4 }],
    }
}

pub fn permit(name: &str, people: &[&str]) -> Permit {
    Permit {
        name: name.into(),
        purpose: "predict malignancy".into(),
        people: people.iter().map(|name| (*name).to_owned()).collect(),
        datasets: BTreeSet::from([DATA.to_owned()]),
        up_to: HIGH.into(),
        until: "2027-06-30".parse().unwrap(),
    }
}

pub fn mount(name: &str) -> MountName {
    name.to_owned().try_into().unwrap()
}

pub fn plan(submitter: &str) -> JobPlan {
    JobPlan {
        submitter: submitter.into(),
        permit: PERMIT.into(),
        image: image(),
        code: Digest::of(b"code"),
        run: vec!["true".into()],
        data: BTreeMap::from([(mount("train"), DATA.to_owned())]),
        dummy: false,
        label: None,
        env: BTreeMap::new(),
        needs: Needs::DEFAULT,
        outputs: vec![],
    }
}
