//! Rule 10: records, and whose signatures they take.

use crate::changed;
use crate::common::*;
use semla_policy::*;

#[test]
fn rule_10_records_need_two_whose_duty_it_is() {
    let mut site = Site::new();
    let person =
        |site: &Site| Person { clearance: "public".into(), ..site.registry.person("colleague").unwrap().clone() };
    let record = Record::Person(person(&site));
    for by in
        [&["officer-1"][..], &["officer-1", "officer-1"], &["checker-1", "checker-2"], &["steward-1", "officer-1"], &[]]
    {
        assert!(site.enact(record.clone(), by).is_err(), "{by:?}");
    }
    assert!(site.enact(record, &["officer-1", "officer-2"]).is_ok());
    let own = Record::Person(site.registry.person("officer-1").unwrap().clone());
    assert!(site.enact(own, &["officer-1", "officer-2"]).is_err(), "one's own account");
    let grand = Person { clearance: "confidential/health".into(), ..person(&site) };
    assert!(site.enact(Record::Person(grand), &["officer-1", "officer-2"]).is_err(), "above the role's bounds");
    let permit = Record::Permit(permit("P-3", &["stranger"]));
    assert!(site.enact(permit.clone(), &["officer-1", "officer-2"]).is_err(), "no steward");
    assert!(site.enact(permit.clone(), &["steward-1", "steward-2"]).is_err(), "no officer");
    assert!(site.enact(permit, &["officer-2", "steward-2"]).is_ok());
}

#[test]
fn rule_10_what_is_more_than_a_role_has_is_refused_with_what_to_write() {
    let mut site = Site::new();
    let checker = Person { ceiling: HIGH.into(), ..site.registry.person("checker-1").unwrap().clone() };
    let refused = site.enact(Record::Person(checker.clone()), &["officer-1", "officer-2"]).unwrap_err();
    assert_eq!(refused.remedy, "write `ceiling = \"public\"`; left out, the ceiling is the clearance");
    let written = Person { ceiling: "public".into(), ..checker };
    assert!(site.enact(Record::Person(written), &["officer-1", "officer-2"]).is_ok());
}

#[test]
fn rule_10_a_permit_that_is_over_is_not_granted() {
    let site = Site::new();
    let until = |until: Date| Record::Permit(Permit { until, ..permit("P-3", &["stranger"]) });
    assert!(site.registry.in_time(&until(today()), today()).is_ok(), "its last day counts");
    let refused = site.registry.in_time(&until(today().yesterday().unwrap()), today()).unwrap_err();
    assert_eq!(refused.what, "the last day of the permit, 2026-11-22, is over");
}

#[test]
fn rule_10_a_record_that_was_replaced_is_not_put_in_force_again() {
    let mut site = Site::new();
    let high = site.registry.person("colleague").unwrap().clone();
    let low = Person { ceiling: "internal".into(), ..high.clone() };
    let officers = ["officer-1", "officer-2"];
    let lowering = site.sign(&site.change(Record::Person(low.clone())), &officers);
    site.registry.enact(&lowering).unwrap();
    let raising = site.sign(&site.change(Record::Person(high)), &officers);
    site.registry.enact(&raising).unwrap();
    site.enact(Record::Person(low.clone()), &officers).unwrap();
    for old in [&lowering, &raising] {
        assert_eq!(site.registry.enact(old).unwrap_err().rule, 10);
    }
    assert_eq!(site.registry.person("colleague"), Some(&low));
    // Nor at another site, where the same people may have the same keys.
    let other = Registry::found(Genesis { policy: policy(), officers: genesis_officers(&site) }).unwrap();
    let enrolment = site.sign(
        &site.change(Record::Person(Person {
            name: "new".into(),
            key: None,
            clearance: "public".into(),
            ceiling: "public".into(),
            ..low
        })),
        &officers,
    );
    assert!(site.registry.judge(&enrolment).is_ok());
    assert_eq!(other.judge(&enrolment).unwrap_err().rule, 10);
}

/// The same officers, found anew with one of them at a lower clearance.
fn genesis_officers(site: &Site) -> Vec<Person> {
    let officer = |name: &str| site.registry.person(name).unwrap().clone();
    vec![officer("officer-1"), Person { clearance: "public".into(), ..officer("officer-2") }]
}

#[test]
fn rule_10_who_vouched_for_a_permits_data_is_asked_when_it_changes() {
    let mut site = Site::new();
    let steward = site.newcomer("steward-3", &[Role::Steward]);
    site.enact(Record::Person(steward), &["officer-1", "officer-2"]).unwrap();
    let others = Record::Dataset(Box::new(dataset("other@1", HIGH)));
    assert!(site.enact(others.clone(), &["steward-2", "officer-1"]).is_err(), "an officer is no steward");
    site.enact(others, &["steward-2", "steward-3"]).unwrap();
    let swapped = Permit { datasets: ["other@1".to_owned()].into(), ..permit(PERMIT, &["colleague", "stranger"]) };
    let record = || Record::Permit(swapped.clone());
    assert!(site.enact(record(), &["officer-1", "steward-3"]).is_err(), "what was made from the first data is in it");
    site.enact(record(), &["officer-1", "steward-2"]).unwrap();
}

#[test]
fn rule_10_a_record_does_not_lower_an_images_label() {
    let mut site = Site::new();
    let image = |name: &str, label: &str| {
        Record::Image(Image { name: name.into(), digest: Digest::of(b"tuned"), label: label.into() })
    };
    site.enact(image("tuned", "confidential"), &["officer-1"]).unwrap();
    assert_eq!(site.enact(image("renamed", "public"), &["officer-1"]).unwrap_err().rule, 3);
    site.enact(image("renamed", "confidential"), &["officer-1"]).unwrap();
    assert_eq!(site.registry.images().filter(|image| image.digest == Digest::of(b"tuned")).count(), 2);
}

#[test]
fn rule_10_one_key_is_one_person() {
    let mut site = Site::new();
    let twin = Person { name: "checker-4".into(), ..site.registry.person("checker-1").unwrap().clone() };
    assert_eq!(site.enact(Record::Person(twin), &["officer-1", "officer-2"]).unwrap_err().rule, 10);
}

#[test]
fn rule_10_a_policy_keeps_the_schemes_names_in_their_places() {
    let officers = ["officer-1", "officer-2"];
    let with = |change: fn(&mut Scheme)| {
        let mut next = policy();
        change(&mut next.scheme);
        Site::new().enact(Record::Policy(Box::new(next)), &officers)
    };
    assert!(with(|scheme| scheme.categories.push("genomics".into())).is_ok());
    assert_eq!(with(|scheme| scheme.categories.insert(0, "genomics".into())).unwrap_err().rule, 10);
}

#[test]
fn rule_10_a_steward_who_is_one_no_more_grants_nothing() {
    let mut site = Site::new();
    changed(&mut site, "steward-1", |person| {
        (person.roles, person.clearance) = ([Role::Auditor].into(), "public".into());
    });
    let granted = Record::Permit(permit("P-9", &["colleague"]));
    assert!(site.enact(granted.clone(), &["officer-1", "steward-1"]).is_err());
    assert!(site.enact(granted, &["officer-1", "steward-2"]).is_ok(), "the other one still is one");
}

#[test]
fn rule_10_an_account_that_sees_or_submits_anything_has_a_key() {
    let mut site = Site::new();
    let mut person = site.newcomer("newcomer", &[Role::Scientist]);
    person.key = None;
    person.clearance = "internal".into();
    let add = |site: &mut Site, person: &Person| {
        site.enact(Record::Person(person.clone()), &["officer-1", "officer-2"])
            .map(drop)
            .map_err(|refusal| refusal.rule)
    };
    assert_eq!(add(&mut site, &person), Err(10));
    person.clearance = "public".into();
    assert_eq!(add(&mut site, &person), Ok(()));
}
