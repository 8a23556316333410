//! Rule 10: whose signatures put which record in force, and what a record has to be like.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::*;

const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];
const STEWARDS: [&str; 2] = ["steward-1", "steward-2"];

/// What the registry says of a record with these signatures.
fn judged(site: &Site, record: &Record, by: &[&str]) -> Result<Standing, Refusal> {
    site.registry.judge(&site.sign(&site.change(record.clone()), by)).map(|(_, standing)| standing)
}

#[test]
fn a_record_is_looked_into_for_those_whose_duty_it_is() {
    let mut site = Site::new();
    let operator = Person { clearance: "internal".into(), ..site.newcomer("operator-1", &[Role::Operator]) };
    let officer = Person { clearance: "internal".into(), ..site.newcomer("officer-3", &[Role::Officer]) };
    for person in [&operator, &officer] {
        site.enact(Record::Person(person.clone()), &OFFICERS).unwrap();
    }
    let mut next = policy();
    next.replies.pop();
    let stranger = site.registry.person("stranger").unwrap().clone();
    let image = Image { name: "other".into(), digest: Digest::of(b"other"), label: "public".into() };
    let everybody = ["officer-3", "steward-1", "operator-1", "checker-1", "scientist"];
    for (record, entitled, words) in [
        (Record::Policy(Box::new(next)), &["officer-3"][..], "an officer"),
        (Record::Person(stranger), &["officer-3"], "an officer"),
        (Record::Halt(Halt { scope: "all".into(), lifted: false }), &["officer-3"], "an officer"),
        (Record::Permit(permit("P-9", &["colleague"])), &["officer-3", "steward-1"], "an officer"),
        (Record::Withdrawal(Withdrawal { permit: PERMIT.into() }), &["officer-3", "steward-1"], "an officer"),
        (Record::Dataset(Box::new(dataset("b@1", HIGH))), &["steward-1"], "a steward"),
        (Record::Image(image), &["operator-1"], "an operator"),
    ] {
        for name in everybody {
            let answer = judged(&site, &record, &[name]);
            assert_eq!(answer.is_ok(), entitled.contains(&name), "{record:?} by {name}: {answer:?}");
            let Err(refusal) = answer else { continue };
            assert_eq!((refusal.rule, refusal.what), (10, format!("none of those who signed is {words}")));
            assert_eq!(refusal.remedy, format!("have {words} propose it"));
        }
        // One who may isn't made less by one who may not.
        assert!(judged(&site, &record, &["scientist", entitled[0]]).is_ok(), "{record:?}");
    }
}

/// Somebody who is officer and steward vouches for one dataset, and others for another one.
fn with_data_of_both() -> Site {
    let mut site = Site::new();
    let both = site.newcomer("both", &[Role::Officer, Role::Steward]);
    site.enact(Record::Person(both), &OFFICERS).unwrap();
    for (name, by) in [("a@1", ["both", "steward-2"]), ("b@1", STEWARDS)] {
        site.enact(Record::Dataset(Box::new(dataset(name, HIGH))), &by).unwrap();
    }
    site
}

fn grant(names: &[&str]) -> Record {
    let datasets = names.iter().map(|name| (*name).to_owned()).collect();
    Record::Permit(Permit { datasets, ..permit("P-9", &["colleague"]) })
}

#[test]
fn whoever_grants_a_permit_answers_for_none_of_its_data() {
    let site = with_data_of_both();
    let stands = |names: &[&str], by: &[&str]| judged(&site, &grant(names), by).unwrap() == Standing::Complete;
    // Another one's data beside it changes nothing of that.
    for names in [&["a@1"][..], &["a@1", "b@1"]] {
        assert!(!stands(names, &["both", "steward-1"].as_slice()[..names.len()]), "{names:?}");
    }
    assert!(stands(&["b@1"], &["both", "steward-1"]), "the control: data of others alone");
    for by in [&["both", "steward-1", "officer-1"][..], &["both", "steward-2", "steward-1"]] {
        assert!(stands(&["a@1", "b@1"], by), "{by:?}");
    }
}

#[test]
fn a_member_does_not_lift_the_halt_of_their_permit() {
    let mut site = Site::new();
    let third = Person { clearance: "internal".into(), ..site.newcomer("officer-3", &[Role::Officer]) };
    site.enact(Record::Person(third), &OFFICERS).unwrap();
    site.enact(Record::Dataset(Box::new(dataset("b@1", HIGH))), &STEWARDS).unwrap();
    let Record::Permit(granted) = grant(&["b@1"]) else { unreachable!() };
    let granted = Permit { people: ["officer-3".to_owned()].into(), ..granted };
    site.enact(Record::Permit(granted), &["officer-1", "steward-1"]).unwrap();
    let halt = |lifted| Record::Halt(Halt { scope: "permit P-9".into(), lifted });
    assert_eq!(judged(&site, &halt(false), &["officer-3"]), Ok(Standing::Complete), "anybody stops");
    site.enact(halt(false), &["officer-1"]).unwrap();
    let refused = judged(&site, &halt(true), &["officer-2", "officer-3"]).unwrap_err();
    assert!(refused.what.starts_with("`officer-3` signs it: whoever signed a permit, or stopped it,"), "{refused}");
    assert_eq!(judged(&site, &halt(true), &OFFICERS), Ok(Standing::Complete));
}

#[test]
fn a_permit_for_no_data_is_nobodys_to_grant() {
    let mut site = Site::new();
    let refused = judged(&site, &grant(&[]), &OFFICERS).unwrap_err();
    assert_eq!(refused.what, "the permit names no dataset, so that nobody could grant it");
    // One that has data already can lose it: those who vouched for that data are asked.
    site.enact(Record::Dataset(Box::new(dataset("b@1", HIGH))), &STEWARDS).unwrap();
    site.enact(grant(&["b@1"]), &["officer-1", "steward-1"]).unwrap();
    assert_eq!(judged(&site, &grant(&[]), &["officer-1", "steward-1"]), Ok(Standing::Complete));
}

#[test]
fn whoever_has_no_duty_for_a_kind_of_record_is_told_whose_it_is() {
    let site = Site::new();
    for (kind, keeper, words) in [
        ("policy", "officer-1", "only officers change the policy"),
        ("person", "officer-1", "only officers add people, or change what they may do"),
        ("permit", "officer-1", "only officers and stewards grant, change or withdraw permits"),
        ("withdrawal", "steward-1", "only officers and stewards grant, change or withdraw permits"),
        ("dataset", "steward-1", "only stewards register datasets"),
        ("image", "officer-1", "only operators import images"),
        ("halt", "officer-1", "only officers halt, or lift a halt"),
    ] {
        assert_eq!(site.registry.keeps(keeper, kind), Ok(()), "{kind}");
        for other in ["checker-1", "scientist", "nobody"] {
            let refused = site.registry.keeps(other, kind).unwrap_err();
            assert_eq!((refused.rule, refused.what.as_str()), (10, words), "{other}");
        }
    }
    assert_eq!(site.registry.keeps("officer-1", "edict").unwrap_err().rule, 8, "there are no others");
}

#[test]
fn a_record_awaits_whoever_is_missing() {
    let site = Site::new();
    let stranger = Record::Person(site.registry.person("stranger").unwrap().clone());
    let data = Record::Dataset(Box::new(dataset("b@1", HIGH)));
    let granted = Record::Permit(permit("P-9", &["colleague"]));
    for (record, by, standing) in [
        (&stranger, &["officer-1"][..], Standing::Awaits("approval by another officer")),
        (&stranger, &["officer-1", "steward-1"], Standing::Awaits("approval by another officer")),
        (&stranger, &OFFICERS, Standing::Complete),
        (&data, &["steward-1"], Standing::Awaits("approval by another steward")),
        (&data, &["steward-1", "officer-1"], Standing::Awaits("approval by another steward")),
        (&data, &STEWARDS, Standing::Complete),
        (&granted, &["officer-1"], Standing::Awaits("the signature of the data's steward")),
        (
            &granted,
            &["steward-1"],
            Standing::Awaits("an officer who is cleared for its cards, and isn't the data's steward"),
        ),
        (
            &granted,
            &["steward-1", "checker-1"],
            Standing::Awaits("an officer who is cleared for its cards, and isn't the data's steward"),
        ),
        (&granted, &["steward-1", "officer-1"], Standing::Complete),
    ] {
        assert_eq!(judged(&site, record, by), Ok(standing), "{record:?} by {by:?}");
    }
}

#[test]
fn rule_1_each_who_signs_a_permit_may_read_its_cards() {
    let mut site = Site::with_cleared_officer();
    let secret = Dataset { card_label: HIGH.into(), ..dataset("secret@1", HIGH) };
    site.enact(Record::Dataset(Box::new(secret)), &STEWARDS).unwrap();
    let granted =
        |data: &str| Record::Permit(Permit { datasets: [data.to_owned()].into(), ..permit("P-9", &["colleague"]) });
    let awaits = "an officer who is cleared for its cards, and isn't the data's steward";
    assert_eq!(judged(&site, &granted("secret@1"), &["steward-1"]), Ok(Standing::Awaits(awaits)));
    assert_eq!(judged(&site, &granted("secret@1"), &["steward-1", "officer-3"]), Ok(Standing::Complete));
    for by in [&["steward-1", "officer-1"][..], &["steward-1", "officer-3", "officer-1"], &["officer-1"]] {
        let hidden = judged(&site, &granted("secret@1"), by).unwrap_err();
        let absent = judged(&site, &granted("absent@1"), by).unwrap_err();
        assert_eq!(hidden.to_string().replace("secret@1", "absent@1"), absent.to_string(), "{by:?}");
    }
    assert_eq!(judged(&site, &granted(DATA), &["steward-1", "officer-1"]), Ok(Standing::Complete), "the control");
}

#[test]
fn a_steward_of_other_data_proposes_no_permit_for_this() {
    let mut site = Site::new();
    let third = site.newcomer("steward-3", &[Role::Steward]);
    site.enact(Record::Person(third), &OFFICERS).unwrap();
    let granted = Record::Permit(permit("P-9", &["colleague"]));
    let refused = judged(&site, &granted, &["steward-3"]).unwrap_err();
    assert_eq!((refused.rule, refused.what.as_str()), (10, "none of those who signed is an officer"));
    let awaits = Standing::Awaits("the signature of the data's steward");
    assert_eq!(judged(&site, &granted, &["steward-3", "officer-1"]), Ok(awaits));
}

#[test]
fn taking_a_permit_back_takes_an_officer_or_one_who_answers_for_its_data() {
    let mut site = Site::new();
    let third = site.newcomer("steward-3", &[Role::Steward]);
    site.enact(Record::Person(third), &OFFICERS).unwrap();
    site.enact(Record::Dataset(Box::new(dataset("other@1", HIGH))), &["steward-2", "steward-3"]).unwrap();
    let back = |permit: &str| Record::Withdrawal(Withdrawal { permit: permit.into() });
    for by in ["officer-2", "steward-1", "steward-2"] {
        assert_eq!(judged(&site, &back(PERMIT), &[by]), Ok(Standing::Complete), "{by}");
    }
    assert_eq!(judged(&site, &back(PERMIT), &["steward-3"]).unwrap_err().rule, 10, "of other data");
    assert_eq!(judged(&site, &back("P-0"), &["officer-1"]).unwrap_err().rule, 1);
    // Who answered for what it named before does so still.
    let other = Permit { datasets: ["other@1".to_owned()].into(), ..permit(PERMIT, &["colleague"]) };
    site.enact(Record::Permit(other), &["officer-1", "steward-2"]).unwrap();
    for by in ["steward-1", "steward-3"] {
        assert_eq!(judged(&site, &back(PERMIT), &[by]), Ok(Standing::Complete), "{by}");
    }
    assert!(!site.registry.withdrawn(PERMIT));
    site.enact(back(PERMIT), &["officer-1"]).unwrap();
    assert!(site.registry.withdrawn(PERMIT) && !site.registry.withdrawn("P-0"));
    let again = judged(&site, &back(PERMIT), &["officer-1"]).unwrap_err();
    assert!(again.what.contains("was withdrawn already"), "{again}");
}

#[test]
fn a_dataset_says_what_it_is() {
    let site = Site::new();
    let of = |change: fn(&mut Dataset)| {
        let mut data = dataset("b@1", HIGH);
        change(&mut data);
        judged(&site, &Record::Dataset(Box::new(data)), &STEWARDS).map_err(|refusal| refusal.what)
    };
    assert_eq!(of(|_| ()), Ok(Standing::Complete));
    assert_eq!(of(|data| data.card.id = None), Ok(Standing::Complete));
    assert_eq!(of(|data| data.card.id = Some("radius".into())), Ok(Standing::Complete));
    type Change = fn(&mut Dataset);
    for (change, words) in [
        ((|data| data.name = DATA.into()) as Change, "datasets never change"),
        (|data| data.name = "b".into(), "`b` has no version"),
        (|data| data.name = "b@one".into(), "`b@one` has no version"),
        (|data| data.label = "secret".into(), "no level is called `secret`"),
        (|data| data.card_label = "secret".into(), "no level is called `secret`"),
        (|data| data.label = "public".into(), "the card's label is above the content's"),
        (|data| data.card.id = Some("patient".into()), "`patient` isn't among its columns"),
        (|data| data.files[0].name = "../rows".into(), "`../rows` can't be a file's name"),
    ] {
        let said = of(change).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn an_account_has_what_one_of_its_roles_may_have() {
    let mut site = Site::new();
    let new = site.newcomer("new", &[Role::Scientist]);
    let of = |change: fn(&mut Person)| {
        let mut person = Person { clearance: "internal".into(), ceiling: HIGH.into(), ..new.clone() };
        change(&mut person);
        judged(&site, &Record::Person(person), &OFFICERS).map_err(|refusal| refusal.what)
    };
    assert_eq!(of(|_| ()), Ok(Standing::Complete));
    // Of two roles, either may grant it.
    assert_eq!(of(|new| (new.roles.insert(Role::Checker), new.clearance = HIGH.into()).1), Ok(Standing::Complete));
    for (change, words) in [
        ((|new| new.clearance = HIGH.into()) as fn(&mut Person), "the clearance `confidential/health` is more than"),
        (|new| new.roles = [Role::Checker].into(), "the ceiling `confidential/health` is more than"),
        (|new| new.roles.clear(), "the clearance `internal` is more than"),
        (|new| new.clearance = "secret".into(), "no level is called `secret`"),
        (|new| new.key = None, "`new` has no key, and would see or submit more than `public`"),
        (|new| (new.key, new.clearance) = (None, "public".into()), "`new` has no key"),
    ] {
        let said = of(change).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
    // Whoever is gone needs no key.
    assert_eq!(of(|new| (new.key, new.disabled) = (None, true)), Ok(Standing::Complete));
}

#[test]
fn a_name_is_read_typed_and_mounted_as_it_is_written() {
    let mut site = Site::new();
    let image =
        |name: &str| Record::Image(Image { name: name.into(), digest: Digest::of(b"i"), label: "public".into() });
    let data = |name: &str| Record::Dataset(Box::new(dataset(name, HIGH)));
    for good in ["a", "sklearn-1.9", "A_b", &"x".repeat(64)] {
        assert!(judged(&site, &image(good), &OFFICERS).is_ok(), "{good}");
        assert!(judged(&site, &data(&format!("{good}@7")), &STEWARDS).is_ok(), "{good}");
        assert!(judged(&site, &Record::Permit(permit(good, &["colleague"])), &["officer-1", "steward-1"]).is_ok());
    }
    for bad in ["", ".a", "a b", "a/b", "a@1", "\u{430}", "a\n", "a\u{200b}", &"x".repeat(65)] {
        let refused = |record: &Record, by: &[&str]| judged(&site, record, by).unwrap_err();
        assert_eq!(refused(&image(bad), &OFFICERS).rule, 10, "{bad:?}");
        assert_eq!(refused(&data(&format!("{bad}@1")), &STEWARDS).rule, 10, "{bad:?}");
        assert_eq!(
            refused(&Record::Permit(permit(bad, &["colleague"])), &["officer-1", "steward-1"]).rule,
            10,
            "{bad:?}"
        );
    }
    // One version is written in one way, and no dataset's folder lies in another one's.
    for bad in ["a", "a@", "a@01", "a@+1", "a@-1", "a@1/b@1", "a@4294967296"] {
        assert_eq!(judged(&site, &data(bad), &STEWARDS).unwrap_err().rule, 10, "{bad}");
    }
    let file = |name: &str| DataFile { name: name.into(), ..dataset("b@1", HIGH).files[0].clone() };
    let twice = Dataset { files: vec![file("a.csv"), file("a.csv")], ..dataset("b@1", HIGH) };
    assert_eq!(
        judged(&site, &Record::Dataset(Box::new(twice)), &STEWARDS).unwrap_err().what,
        "two of its files have one name"
    );
    // Nobody is taken for the machine, and an account may be an address.
    for (name, may) in [
        ("semla", false),
        ("Semla", false),
        ("Semla2", true),
        ("anna@hospital.example", true),
        ("anna@", false),
        ("@hospital.example", false),
        ("an@na@hospital.example", false),
        ("\u{430}nna@hospital.example", false),
    ] {
        let person = site.newcomer(name, &[Role::Auditor]);
        assert_eq!(judged(&site, &Record::Person(person), &OFFICERS).is_ok(), may, "{name}");
    }
}

#[test]
fn an_account_can_be_closed_whatever_the_policy_has_become() {
    let mut site = Site::new();
    let mut next = policy();
    next.roles.get_mut(&Role::Scientist).unwrap().clearance = "public".into();
    site.enact(Record::Policy(Box::new(next)), &OFFICERS).unwrap();
    let person = site.registry.person("colleague").unwrap().clone();
    assert_eq!(judged(&site, &Record::Person(person.clone()), &OFFICERS).unwrap_err().rule, 1);
    assert!(judged(&site, &Record::Person(Person { disabled: true, ..person }), &OFFICERS).is_ok());
}

#[test]
fn whoever_was_a_member_signs_nothing_and_whoever_signed_or_stopped_a_permit_is_no_member_and_reviews_nothing() {
    let mut site = Site::new();
    // An officer who is made a member and taken off again.
    let officer = Person { clearance: "internal".into(), ..site.newcomer("officer-3", &[Role::Officer]) };
    site.enact(Record::Person(officer), &OFFICERS).unwrap();
    site.enact(Record::Permit(permit("P-9", &["colleague", "officer-3"])), &["officer-1", "steward-1"]).unwrap();
    site.enact(Record::Permit(permit("P-9", &["colleague"])), &["officer-1", "steward-1"]).unwrap();
    let again = Record::Permit(permit("P-9", &["colleague"]));
    assert_eq!(judged(&site, &again, &["officer-3", "steward-1"]).unwrap_err().rule, 10);
    assert!(judged(&site, &again, &["officer-2", "steward-1"]).is_ok(), "the control: an officer who never was one");
    // A steward who signed it, as a member.
    let joined = |name: &str| Record::Permit(permit("P-9", &["colleague", name]));
    let refused = judged(&site, &joined("steward-1"), &["officer-2", "steward-2"]).unwrap_err();
    assert!(refused.what.starts_with("`steward-1` has signed for the permit before"), "{}", refused.what);
    assert!(judged(&site, &joined("stranger"), &["officer-2", "steward-2"]).is_ok());
    // Whoever takes it back, halts it or lifts the halt is an officer of it.
    let halt = |lifted| Record::Halt(Halt { scope: "permit P-9".into(), lifted });
    let member = |site: &Site| judged(site, &joined("officer-2"), &["officer-1", "steward-2"]).is_ok();
    assert!(member(&site));
    let mut halted = site.registry.clone();
    site.enact(halt(false), &["officer-2"]).unwrap();
    assert!(!member(&site));
    std::mem::swap(&mut halted, &mut site.registry);
    assert!(member(&site));
    site.enact(Record::Withdrawal(Withdrawal { permit: "P-9".into() }), &["officer-2"]).unwrap();
    assert!(!member(&site));
}

#[test]
fn a_permit_that_had_data_of_whoever_grants_it_awaits_another_officer() {
    let mut site = with_data_of_both();
    let awaits = Ok(Standing::Awaits("an officer who is cleared for its cards, and isn't the data's steward"));
    // What was made of the data stays with the permit once the data is left out of it.
    site.enact(grant(&["a@1", "b@1"]), &["both", "steward-1", "officer-1"]).unwrap();
    assert_eq!(judged(&site, &grant(&["b@1"]), &["both", "steward-1"]), awaits);
    assert_eq!(judged(&site, &grant(&["b@1"]), &["both", "steward-1", "officer-1"]), Ok(Standing::Complete));
}

#[test]
fn rule_6_the_same_rows_are_registered_no_lower_under_another_name() {
    let mut site = Site::new();
    let high = dataset("high@1", HIGH);
    site.enact(Record::Dataset(Box::new(high.clone())), &STEWARDS).unwrap();
    let again = |name: &str, label: &str| {
        let same = Dataset { files: high.files.clone(), ..dataset(name, label) };
        judged(&site, &Record::Dataset(Box::new(same)), &STEWARDS).map_err(|refusal| (refusal.rule, refusal.what))
    };
    let what = "what `data.csv` holds is on record at another label, which this one isn't above";
    assert_eq!(again("low@1", "internal").unwrap_err(), (6, what.to_owned()));
    // One steward alone finds out nothing by it.
    let same = Dataset { files: high.files.clone(), ..dataset("low@1", "internal") };
    assert!(judged(&site, &Record::Dataset(Box::new(same)), &STEWARDS[..1]).is_ok());
    assert!(again("same@1", HIGH).is_ok(), "the control: at the same label");
    // Higher they may be, and then no lower any more: each label that they are at counts.
    let low = dataset("base@1", "internal");
    site.enact(Record::Dataset(Box::new(low.clone())), &STEWARDS).unwrap();
    let raised = Dataset { files: low.files.clone(), ..dataset("raised@1", HIGH) };
    site.enact(Record::Dataset(Box::new(raised)), &STEWARDS).unwrap();
    let back = Dataset { files: low.files, ..dataset("back@1", "internal") };
    assert_eq!(judged(&site, &Record::Dataset(Box::new(back)), &STEWARDS).unwrap_err().rule, 6);
    let other = Record::Dataset(Box::new(dataset("other@1", "internal")));
    assert!(judged(&site, &other, &STEWARDS).is_ok(), "the control: other rows");
}
