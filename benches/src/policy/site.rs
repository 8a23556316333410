//! A site with 16 levels and 64 categories, and a job with 8 inputs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use semla_policy::{
    Card, Change, Column, DataFile, Dataset, Date, Digest, Genesis, Image, JobPlan, Kind, Label, MountName, Needs,
    Permit, Person, Policy, PublicKey, Record, Registry, Role, Scheme, Signature, Signed, Statement, pae, text,
};
use std::collections::BTreeMap;
use std::ops::Range;

const TOP: usize = 15;
/// As many inputs as a job has here, and as many categories of which each dataset has one.
pub(crate) const INPUTS: usize = 8;
/// A label above all inputs.
const HIGH: &str = "l15/c0,c1,c2,c3,c4,c5,c6,c7";
pub(crate) const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];
pub(crate) const STEWARDS: [&str; 2] = ["steward-1", "steward-2"];

pub(crate) fn today() -> Date {
    "2026-11-23".parse().expect("a day")
}

fn scheme() -> Scheme {
    let names = |of: &str, count: usize| (0..count).map(|number| format!("{of}{number}")).collect();
    Scheme { levels: names("l", TOP + 1), categories: names("c", 64), audiences: names("a", 8) }
}

/// Labels of every level, with many and few categories, with and without audiences.
pub(crate) fn labels() -> Vec<Label> {
    let scheme = scheme();
    let mut labels = Vec::new();
    for level in 0..=TOP {
        for some in [1, 3, 8, 21, 64] {
            let categories: Vec<_> = (0..some).map(|number| format!("c{}", (number * 5 + level) % 64)).collect();
            for audiences in ["", " rel:a0,a3", " rel:a1,a2,a3"] {
                let label = scheme.label(&format!("l{level}/{}{audiences}", categories.join(",")));
                labels.push(label.expect("a label"));
            }
        }
    }
    labels
}

/// Every level has rules, every role may do everything.
fn policy() -> Policy {
    let mut policy = text::policy("preset = \"ehds\"\n").expect("the preset");
    let all = (0..64).map(|number| format!("c{number}")).collect::<Vec<_>>().join(",");
    policy.levels = vec![policy.levels.last().expect("a level").clone(); TOP + 1];
    policy.scheme = scheme();
    policy.releases.clear();
    policy.shares.clear();
    for bounds in policy.roles.values_mut() {
        (bounds.clearance, bounds.ceiling) = (format!("l{TOP}/{all}"), format!("l{TOP}/{all}"));
    }
    policy
}

/// A site, with all that was ever signed.
pub(crate) struct Site {
    keys: BTreeMap<String, Ed25519KeyPair>,
    pub(crate) registry: Registry,
    pub(crate) genesis: Genesis,
    pub(crate) records: Vec<Signed>,
}

impl Site {
    /// One in which [`plan`] is admitted.
    pub(crate) fn new() -> Self {
        let mut keys = BTreeMap::new();
        let officers =
            ["officer-1", "officer-2"].map(|name| person(name, Role::Officer, "l1", "l0", Some(&mut keys))).into();
        let genesis = Genesis { policy: policy(), officers };
        let registry = Registry::found(genesis.clone()).expect("a site");
        let mut site = Self { keys, registry, genesis, records: Vec::new() };
        for (name, role, clearance) in [
            ("steward-1", Role::Steward, HIGH),
            ("steward-2", Role::Steward, HIGH),
            ("scientist", Role::Scientist, "l1"),
        ] {
            let person = person(name, role, clearance, HIGH, Some(&mut site.keys));
            site.enact(Record::Person(person), OFFICERS);
        }
        for number in 0..INPUTS {
            site.enact(Record::Dataset(Box::new(dataset(number))), STEWARDS);
        }
        site.enact(Record::Image(Image { name: "base".into(), digest: image(), label: "l0".into() }), OFFICERS);
        site.enact(Record::Permit(permit("P-1", "scientist", 0..INPUTS)), ["officer-1", "steward-1"]);
        site
    }

    fn enact(&mut self, record: Record, by: [&str; 2]) {
        let replaces = *self.registry.head(record.kind(), record.name());
        let mut signed = Signed::unsigned(&Change { replaces, record }).expect("a change");
        for name in by {
            let signature = self.keys[name].sign(&pae(Change::TYPE, signed.payload.as_bytes()));
            signed.signatures.push(Signature { by: name.to_owned(), signature: STANDARD.encode(signature.as_ref()) });
        }
        self.registry.enact(&signed).expect("a sound record");
        self.records.push(signed);
    }
}

/// Somebody, with a key of their own where keys are kept.
pub(crate) fn person(
    name: &str,
    role: Role,
    clearance: &str,
    ceiling: &str,
    keys: Option<&mut BTreeMap<String, Ed25519KeyPair>>,
) -> Person {
    let key = keys.map(|keys| {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key");
        let key = PublicKey::from_bytes(pair.public_key().as_ref().try_into().expect("32 bytes"));
        keys.insert(name.to_owned(), pair);
        key
    });
    Person {
        name: name.to_owned(),
        roles: [role, Role::Operator].into(),
        clearance: clearance.to_owned(),
        ceiling: ceiling.to_owned(),
        key,
        disabled: false,
    }
}

/// A permit of one person for some of the datasets.
pub(crate) fn permit(name: &str, person: &str, datasets: Range<usize>) -> Permit {
    Permit {
        name: name.to_owned(),
        purpose: "a benchmark".into(),
        people: [person.to_owned()].into(),
        datasets: datasets.map(|number| format!("data-{number}@1")).collect(),
        up_to: HIGH.to_owned(),
        until: "2027-06-30".parse().expect("a day"),
    }
}

pub(crate) fn image() -> Digest {
    Digest::of(b"image")
}

/// A job with all inputs of permit `P-1`.
pub(crate) fn plan() -> JobPlan {
    JobPlan {
        submitter: "scientist".into(),
        permit: "P-1".into(),
        image: image(),
        code: Digest::of(b"code"),
        run: vec!["true".into()],
        data: (0..INPUTS).map(|number| (mount(number), format!("data-{number}@1"))).collect(),
        dummy: false,
        label: None,
        env: BTreeMap::new(),
        needs: Needs::DEFAULT,
        outputs: vec![],
    }
}

fn mount(number: usize) -> MountName {
    format!("in{number}").try_into().expect("a name")
}

/// One of the datasets, with a card of ten columns.
pub(crate) fn dataset(number: usize) -> Dataset {
    let column =
        |at: usize| Column { name: format!("column_{at}"), kind: Kind::Number { range: [0.0, 100.0], decimals: 2 } };
    let card = Card {
        title: "rows".into(),
        unit: "person".into(),
        id: Some("column_0".into()),
        rows: 1000,
        columns: (0..10).map(column).collect(),
    };
    Dataset {
        name: format!("data-{number}@1"),
        label: format!("l{}/c{}", TOP - number % INPUTS, number % INPUTS),
        card_label: "l1".into(),
        card,
        files: vec![DataFile { name: "data.csv".into(), digest: Digest::of(&number.to_le_bytes()), size: 4 }],
    }
}
