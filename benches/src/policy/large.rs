//! A site with 100,000 people, 10,000 permits and 100,000 datasets: its records on disk.

use super::site::{self, OFFICERS, STEWARDS, Site};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use semla_policy::{Change, Digest, Record, Role, Signature, Signed};
use semla_sandbox::house::{House, Settings};
use std::io::Write;
use std::path::Path;

const PEOPLE: usize = 100_000;
const DATASETS: usize = 100_000;
const PERMITS: usize = 10_000;

/// Writes the small site's records, and all others after them.
pub(crate) fn build(root: &Path, small: &Site) -> House {
    let settings = Settings { service: 0, images: root.join("images"), port: 0, cdi: root.join("cdi"), engine: None };
    let house = House::build(root, settings).expect("folders");
    let genesis = serde_json::to_string(&small.genesis).expect("a genesis");
    std::fs::write(house.genesis(), &genesis).expect("the genesis");
    let founding = Digest::of(genesis.as_bytes());
    let mut records = std::io::BufWriter::new(std::fs::File::create(house.records()).expect("the records"));
    let mut put = |signed: &Signed| {
        let line = signed.kept().expect("a record");
        writeln!(records, "{line}").expect("the disk");
    };
    small.records.iter().for_each(&mut put);
    let mut add = |record: Record, by: [&str; 2]| put(&signed(founding, record, by));
    for number in 0..PEOPLE {
        let person = site::person(&format!("person-{number}"), Role::Scientist, "l1", "l3/c1", None);
        add(Record::Person(person), OFFICERS);
    }
    for number in site::INPUTS..DATASETS {
        add(Record::Dataset(Box::new(site::dataset(number))), STEWARDS);
    }
    for number in 2..PERMITS {
        let datasets = number * 8..number * 8 + 8;
        add(Record::Permit(site::permit(&format!("P-{number}"), &format!("person-{number}"), datasets)), STEWARDS);
    }
    house
}

/// A record as it lies on disk: of the length that signed ones have. They were verified when they came in force, and aren't again.
fn signed(replaces: Digest, record: Record, by: [&str; 2]) -> Signed {
    let mut signed = Signed::unsigned(&Change { replaces, record }).expect("a change");
    let signature = |name: &str| Signature { by: name.to_owned(), signature: STANDARD.encode([7; 64]) };
    signed.signatures.extend(by.map(signature));
    signed
}
