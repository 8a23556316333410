//! Records: read, put in force, kept, restored.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{DATA, HIGH, Site, dataset};
use semla_policy::*;

const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];

#[test]
fn what_was_kept_is_restored() {
    let mut site = Site::new();
    let colleague = site.registry.person("colleague").unwrap().clone();
    site.enact(Record::Person(Person { disabled: true, ..colleague }), &OFFICERS).unwrap();
    let restored = site.restored();
    assert!(restored.people().eq(site.registry.people()));
    assert!(restored.permits().eq(site.registry.permits()));
    assert!(restored.images().eq(site.registry.images()));
    assert_eq!(restored.person("colleague"), None);
    assert_eq!(restored.dataset(DATA).unwrap().stewards, site.registry.dataset(DATA).unwrap().stewards);
    let founding = *site.registry.head("policy", "");
    for (kind, name) in [("person", "colleague"), ("dataset", DATA), ("permit", common::PERMIT), ("image", "base")] {
        let head = site.registry.head(kind, name);
        // What the last record of that name says, and nothing else, may be replaced.
        let last = site.enacted.iter().rev().find(|signed| {
            signed.read::<Change>().is_ok_and(|change| (change.record.changes(), change.record.name()) == (kind, name))
        });
        assert_eq!(*head, Digest::of(last.unwrap().payload.as_bytes()), "{kind} {name}");
        assert_eq!(restored.head(kind, name), head, "{kind} {name}");
        assert_eq!(*site.registry.head(kind, "nothing"), founding);
    }
}

#[test]
fn records_out_of_order_are_not_restored() {
    let site = Site::new();
    let mut registry = Registry::found(site.genesis.clone()).unwrap();
    let first = site.enacted[0].kept().unwrap();
    registry.restore(&first).unwrap();
    assert_eq!(registry.restore(&first).unwrap_err().rule, 10);
    for torn in ["", "{}", "\t[]", "{}\t[]", site.enacted[1].payload.as_str()] {
        assert_eq!(registry.restore(torn).unwrap_err().rule, 8, "{torn}");
    }
}

#[test]
fn what_could_not_be_kept_is_not_in_force() {
    let mut site = Site::new();
    let record = Record::Dataset(Box::new(dataset("more@1", HIGH)));
    let signed = site.sign(&site.change(record), &["steward-1", "steward-2"]);
    let full = || Err(Refusal::new(8, "the disk is full", "free some"));
    assert_eq!(site.registry.enact_after(&signed, full).unwrap_err().rule, 8);
    assert!(site.registry.dataset("more@1").is_none());
    let half = site.sign(&signed.read::<Change>().unwrap(), &["steward-1"]);
    let unasked = || panic!("kept before it was complete");
    assert_eq!(site.registry.enact_after(&half, unasked).unwrap_err().rule, 10);
    site.registry.enact_after(&signed, || Ok(())).unwrap();
    assert!(site.registry.dataset("more@1").is_some());
}

#[test]
fn every_kind_of_column_is_read_as_it_was_written() {
    let kinds = [
        Kind::Integer { range: [-1, 9] },
        Kind::Number { range: [0.5, 1.5], decimals: 2 },
        Kind::Code { codes: vec!["a".into(), "b".into()] },
        Kind::Text {},
    ];
    for kind in kinds {
        let column = Column { name: "c".into(), kind };
        let text = serde_json::to_string(&column).unwrap();
        assert_eq!(serde_json::from_str::<Column>(&text).unwrap(), column, "{text}");
    }
}

#[test]
fn a_record_of_another_shape_is_not_read() {
    for text in [
        r#"{"name":"c"}"#,
        r#"{"type":"text","name":"c"}"#,
        r#"{"name":"c","type":"date"}"#,
        r#"{"title":"c","type":"text"}"#,
        r#"{"name":"c","kind":"text"}"#,
        r#"{"name":"c","type":"text","range":[0,1]}"#,
        r#"{"name":"c","type":"integer"}"#,
        r#"{"name":"c","type":"number","range":[0.0,1.0]}"#,
        r#"{"name":"c","type":"code","codes":["a"],"codes":["b"]}"#,
        r#"["c","text"]"#,
    ] {
        assert!(serde_json::from_str::<Column>(text).is_err(), "{text}");
    }
    let no_column = serde_json::from_str::<Column>("7").unwrap_err().to_string();
    assert!(no_column.contains("expected a column that begins with its name and its type"), "{no_column}");
    let no_record = serde_json::from_str::<Record>("7").unwrap_err().to_string();
    assert!(no_record.contains("expected a record that begins with its kind"), "{no_record}");
    let image = r#"{"kind":"image","name":"i","digest":"DIGEST","label":"public"}"#
        .replace("DIGEST", &Digest::of(b"").to_string());
    assert!(serde_json::from_str::<Record>(&image).is_ok());
    for text in [
        image.replace("image", "picture"),
        image.replacen("kind", "sort", 1),
        image.replacen(r#""kind":"image","#, "", 1),
        image.replacen('}', r#","kind":"image"}"#, 1),
        image.replacen(r#""label":"public""#, r#""labels":"public""#, 1),
    ] {
        assert!(serde_json::from_str::<Record>(&text).is_err(), "{text}");
    }
}

#[test]
fn rule_10_a_key_is_one_persons_until_they_have_another() {
    let mut site = Site::new();
    let person = |site: &Site, name: &str| site.registry.person(name).unwrap().clone();
    let (colleague, stranger) = (person(&site, "colleague"), person(&site, "stranger"));
    let taken = Person { key: colleague.key.clone(), ..stranger };
    let refused = |site: &mut Site| site.enact(Record::Person(taken.clone()), &OFFICERS).unwrap_err().what;
    assert!(refused(&mut site).contains("`colleague` has the same key"));
    // Enrolled anew with the same key, it is still theirs; with another, the first is free.
    site.enact(Record::Person(Person { ceiling: "internal".into(), ..colleague.clone() }), &OFFICERS).unwrap();
    assert!(refused(&mut site).contains("`colleague` has the same key"));
    let renewed = site.newcomer("colleague", &[Role::Scientist]);
    site.enact(Record::Person(Person { ceiling: HIGH.into(), clearance: "internal".into(), ..renewed }), &OFFICERS)
        .unwrap();
    site.enact(Record::Person(taken), &OFFICERS).unwrap();
}

#[test]
fn every_name_that_there_is_not_is_told_at_once() {
    let site = Site::new();
    let ask = |record: Record, by: &[&str]| {
        let signed = site.sign(&site.change(record), by);
        site.registry.judge(&signed).unwrap_err()
    };
    let member = site.registry.person("colleague").unwrap().clone();
    let record = Person { clearance: "hihg/helth".into(), ceiling: "lwo".into(), ..member.clone() };
    let told = ask(Record::Person(record), &OFFICERS).to_string();
    for name in ["`hihg`", "`helth`", "`lwo`", "mend `clearance`", "mend `ceiling`"] {
        assert!(told.contains(name), "{told}");
    }
    // Left out, the ceiling is the clearance: it is told once.
    let record = Person { clearance: "hihg".into(), ceiling: "hihg".into(), ..member };
    assert_eq!(ask(Record::Person(record), &OFFICERS).what.matches("`hihg`").count(), 1);

    let permit = site.registry.permit(common::PERMIT).unwrap().clone();
    let text = |name: &str| name.to_owned();
    let record = Permit {
        people: ["colleague", "nobody", "noone"].map(text).into(),
        datasets: [DATA, "none@1", "never@1"].map(text).into(),
        up_to: "hihg".into(),
        ..permit.clone()
    };
    let told = ask(Record::Permit(record), &["officer-1", "steward-1"]);
    for name in ["`nobody`", "`noone`", "`none@1`", "`never@1`", "`hihg`"] {
        assert!(told.what.contains(name), "{told}");
    }
    assert!(!told.what.contains("colleague") && !told.what.contains(DATA), "{told}");
    assert_eq!(told.remedy.matches("add the person first").count(), 1, "{told}");
    let one = Permit { people: [text("nobody")].into(), ..permit };
    assert_eq!(
        ask(Record::Permit(one), &["officer-1", "steward-1"]),
        Refusal::new(1, "nobody has the account `nobody`", "add the person first, or mend the name")
    );
    let record = Dataset { label: "hihg".into(), card_label: "lwo".into(), ..dataset("more@1", HIGH) };
    let told = ask(Record::Dataset(Box::new(record)), &["steward-1", "steward-2"]);
    assert!(told.rule == 3 && told.what.contains("`hihg`") && told.what.contains("`lwo`"), "{told}");
}
