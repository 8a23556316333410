//! A site with 16 levels and 64 categories, and a job with 8 inputs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use semla_policy::{
    Card, Change, DataFile, Dataset, Date, Digest, Genesis, Image, JobPlan, Label, Needs, Permit, Person, Policy,
    PublicKey, Record, Registry, Role, Scheme, Signature, Signed, Statement, pae, text,
};
use std::collections::BTreeMap;

const TOP: usize = 15;
/// The categories of which each dataset has one.
const INPUTS: usize = 8;

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
    for bounds in policy.roles.values_mut() {
        (bounds.clearance, bounds.ceiling) = (format!("l{TOP}/{all}"), format!("l{TOP}/{all}"));
    }
    policy
}

struct Keys(BTreeMap<String, Ed25519KeyPair>);

impl Keys {
    fn person(&mut self, name: &str, role: Role, clearance: &str, ceiling: &str) -> Person {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key");
        let key = PublicKey::from_bytes(pair.public_key().as_ref().try_into().expect("32 bytes"));
        self.0.insert(name.to_owned(), pair);
        Person {
            name: name.to_owned(),
            roles: [role, Role::Operator].into(),
            clearance: clearance.to_owned(),
            ceiling: ceiling.to_owned(),
            key: Some(key),
            disabled: false,
        }
    }

    fn enact(&self, registry: &mut Registry, record: Record, by: [&str; 2]) {
        let replaces = *registry.head(record.kind(), record.name());
        let mut signed = Signed::unsigned(&Change { replaces, record }).expect("a change");
        for name in by {
            let signature = self.0[name].sign(&pae(Change::TYPE, signed.payload.as_bytes()));
            signed.signatures.push(Signature { by: name.to_owned(), signature: STANDARD.encode(signature.as_ref()) });
        }
        registry.enact(&signed).expect("a sound record");
    }
}

/// A registry in force, and a plan that it admits.
pub(crate) fn site() -> (Registry, JobPlan) {
    let mut keys = Keys(BTreeMap::new());
    let high = format!("l{TOP}/c0,c1,c2,c3,c4,c5,c6,c7");
    let officers = ["officer-1", "officer-2"].map(|name| keys.person(name, Role::Officer, "l1", "l0"));
    let mut registry = Registry::found(Genesis { policy: policy(), officers: officers.into() }).expect("a site");
    for (name, role, clearance) in [
        ("steward-1", Role::Steward, high.as_str()),
        ("steward-2", Role::Steward, &high),
        ("scientist", Role::Scientist, "l1"),
    ] {
        let person = keys.person(name, role, clearance, &high);
        keys.enact(&mut registry, Record::Person(person), ["officer-1", "officer-2"]);
    }
    for number in 0..INPUTS {
        let record = Record::Dataset(Box::new(dataset(number)));
        keys.enact(&mut registry, record, ["steward-1", "steward-2"]);
    }
    let image = Digest::of(b"image");
    let base = Image { name: "base".into(), digest: image, label: "l0".into() };
    keys.enact(&mut registry, Record::Image(base), ["officer-1", "officer-2"]);
    let permit = Permit {
        name: "P-1".into(),
        purpose: "a benchmark".into(),
        people: ["scientist".to_owned()].into(),
        datasets: (0..INPUTS).map(|number| format!("data-{number}@1")).collect(),
        up_to: high,
        until: "2027-06-30".parse().expect("a day"),
    };
    keys.enact(&mut registry, Record::Permit(permit), ["officer-1", "steward-1"]);
    let plan = JobPlan {
        submitter: "scientist".into(),
        permit: "P-1".into(),
        image,
        code: Digest::of(b"code"),
        run: vec!["true".into()],
        data: (0..INPUTS).map(|number| (format!("in{number}"), format!("data-{number}@1"))).collect(),
        dummy: false,
        label: None,
        env: BTreeMap::new(),
        needs: Needs::DEFAULT,
        outputs: vec![],
    };
    (registry, plan)
}

fn dataset(number: usize) -> Dataset {
    Dataset {
        name: format!("data-{number}@1"),
        label: format!("l{}/c{number}", TOP - number),
        card_label: "l1".into(),
        card: Card { title: "rows".into(), unit: "person".into(), id: None, rows: 1, columns: vec![] },
        files: vec![DataFile { name: "data.csv".into(), digest: Digest::of(b"rows"), size: 4 }],
    }
}
