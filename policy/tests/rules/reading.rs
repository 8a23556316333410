//! Rule 1: no read up, no read aside.

use crate::at;
use crate::common::*;
use semla_policy::*;

fn reads(site: &Site, name: &str, label: &str, need: Need<'_>) -> bool {
    let label = site.registry.label(label).unwrap();
    site.registry.may_read(name, Some(at(&label, site)), need, today()).is_ok()
}

#[test]
fn rule_1_a_reader_needs_clearance_and_a_permit_or_a_duty() {
    let site = Site::new();
    assert!(reads(&site, "scientist", HIGH, Need::Member(PERMIT)));
    assert!(!reads(&site, "colleague", HIGH, Need::Member(PERMIT)), "a member who isn't cleared");
    assert!(reads(&site, "colleague", "internal", Need::Member(PERMIT)));
    assert!(!reads(&site, "stranger", "public", Need::Member(PERMIT)), "cleared, but no member");
    assert!(!reads(&site, "steward-1", HIGH, Need::Member(PERMIT)), "cleared, but no member");
    assert!(reads(&site, "checker-1", HIGH, Need::Reviewer(PERMIT)));
    assert!(!reads(&site, "checker-3", HIGH, Need::Reviewer(PERMIT)), "a checker who isn't cleared");
    assert!(!reads(&site, "scientist", HIGH, Need::Reviewer(PERMIT)), "a checker who is a member");
}

#[test]
fn rule_1_a_reviewers_duty_ends_with_the_permit_and_is_none_of_those_who_signed_it() {
    let mut site = Site::new();
    // Officers decide, too, and one of them has signed the permit.
    let mut next = policy();
    next.releases.iter_mut().for_each(|rule| rule.who.extend([Role::Steward]));
    site.enact(Record::Policy(Box::new(next)), &["officer-1", "officer-2"]).unwrap();
    let grant = site.registry.permits().find(|permit| permit.name == PERMIT).unwrap().clone();
    let reviews = |site: &Site, name: &str| reads(site, name, HIGH, Need::Reviewer(PERMIT));
    assert!(reviews(&site, "checker-1") && !reviews(&site, "steward-1") && reviews(&site, "steward-2"));
    let over = grant.until.tomorrow().unwrap();
    let high = site.registry.label(HIGH).unwrap();
    let then = |day| site.registry.may_read("checker-1", Some(at(&high, &site)), Need::Reviewer(PERMIT), day).is_ok();
    assert!(then(grant.until) && !then(over));
    site.enact(Record::Withdrawal(Withdrawal { permit: PERMIT.into() }), &["officer-1"]).unwrap();
    assert!(!reviews(&site, "checker-1"));
    // Where a request stands they see all the same.
    let to = &site.registry.label("public").unwrap();
    let register = |name: &str| reads(&site, name, HIGH, Need::Register { permit: PERMIT, to });
    assert!(register("checker-1") && !register("steward-1") && !register("checker-3"));
}

#[test]
fn rule_1_what_does_not_exist_and_what_may_not_be_seen_are_told_alike() {
    let site = Site::new();
    let high = site.registry.label(HIGH).unwrap();
    let hidden = site.registry.may_read("stranger", Some(at(&high, &site)), Need::Member(PERMIT), today()).unwrap_err();
    let absent = site.registry.may_read("stranger", None, Need::Member(PERMIT), today()).unwrap_err();
    assert_eq!(hidden, absent);
    let not_mine = site.registry.admit(plan("stranger"), today()).unwrap_err();
    let unknown = site.registry.admit(JobPlan { permit: "P-2".into(), ..plan("stranger") }, today()).unwrap_err();
    assert_eq!(not_mine, unknown);
}

#[test]
fn rule_1_a_permit_ends_on_its_last_day() {
    let site = Site::new();
    let until: Date = "2027-06-30".parse().unwrap();
    assert!(site.registry.admit(plan("colleague"), until).is_ok());
    assert_eq!(site.registry.admit(plan("colleague"), until.tomorrow().unwrap()).unwrap_err().rule, 1);
}

#[test]
fn rule_1_a_reading_is_signed_by_its_reader_for_exactly_what_they_asked_for() {
    let site = Site::new();
    let label = |text| site.registry.label(text).unwrap();
    let at = |text| site.registry.signed_for(At { label: &label(text), policy: site.registry.policy_digest() });
    assert_eq!(at(HIGH), Ok(true));
    assert_eq!(at("internal"), Ok(false));
    let wanted = Wanted { reader: "checker-1", object: "j-1-1-o0", name: "metrics.csv", job: "j-1" };
    let reading = Reading {
        reader: "checker-1".into(),
        objects: ["j-1-1-o0".to_owned()].into(),
        job: "j-1".into(),
        name: "metrics.csv".into(),
        day: today(),
    };
    let judged = |reading: &Reading, by: &[&str]| site.registry.reading(&site.sign(reading, by), wanted, today());
    assert_eq!(judged(&reading, &["checker-1"]), Ok(()));
    let day = |text: &str| Reading { day: text.parse().unwrap(), ..reading.clone() };
    for near in ["2026-11-22", "2026-11-24"] {
        assert_eq!(judged(&day(near), &["checker-1"]), Ok(()), "{near}");
    }
    for far in ["2026-11-21", "2026-11-25", "2025-11-23", "2027-11-23"] {
        assert!(judged(&day(far), &["checker-1"]).is_err(), "{far}");
    }
    for others in [&[][..], &["checker-2"], &["checker-1", "checker-2"]] {
        assert!(judged(&reading, others).is_err(), "{others:?}");
    }
    assert!(judged(&Reading { reader: "checker-2".into(), ..reading.clone() }, &["checker-1"]).is_err());
    assert!(judged(&Reading { name: "rows.csv".into(), ..reading.clone() }, &["checker-1"]).is_err());
    assert!(judged(&Reading { job: "j-2".into(), ..reading.clone() }, &["checker-1"]).is_err());
    let objects = |of: &[&str]| Reading { objects: of.iter().map(|id| (*id).to_owned()).collect(), ..reading.clone() };
    assert!(judged(&objects(&["j-1-1-o1"]), &["checker-1"]).is_err());
    // One for each policy that something was checked under, and no heap of objects.
    assert_eq!(judged(&objects(&["j-1-1-o0", "j-1-1-o1"]), &["checker-1"]), Ok(()));
    assert!(judged(&objects(&["j-1-1-o0", "j-1-1-o1", "j-1-1-o2"]), &["checker-1"]).is_err());
}

#[test]
fn rule_1_a_record_says_nothing_to_whoever_may_not_sign_it() {
    let site = Site::new();
    let said = |record: Record, by: &str| {
        let signed = site.sign(&Change { replaces: Digest::of(b""), record }, &[by]);
        site.registry.judge(&signed).unwrap_err().what
    };
    let permits = ["nobody-such", "colleague"].map(|name| Record::Permit(permit("P-9", &[name])));
    let [absent, there] = permits.map(|permit| said(permit, "scientist"));
    assert_eq!(absent, there);
    let datasets = [DATA, "nothing@1"].map(|name| Record::Dataset(Box::new(dataset(name, HIGH))));
    let [there, absent] = datasets.map(|dataset| said(dataset, "officer-1"));
    assert_eq!(absent, there);
    // An officer whose clearance doesn't admit a card learns nothing of its dataset by a permit for it.
    let mut hidden = Site::new();
    let data = Dataset { card_label: HIGH.into(), ..dataset("hidden@1", HIGH) };
    hidden.enact(Record::Dataset(Box::new(data)), &["steward-1", "steward-2"]).unwrap();
    let named = |name: &str| Permit { datasets: [name.to_owned()].into(), ..permit("P-9", &["colleague"]) };
    let said = |name: &str| {
        let signed = hidden.sign(&hidden.change(Record::Permit(named(name))), &["officer-1"]);
        hidden.registry.judge(&signed).map_err(|refusal| refusal.what.replace(name, "it"))
    };
    assert_eq!(said("hidden@1"), said("nothing@1"));
    assert!(said(DATA).is_ok(), "the control: one whose card they may read");
    // Nor does a steward by what it would take the place of, or by proposing another one of its name.
    let blind = Person { clearance: "internal".into(), ..hidden.newcomer("steward-3", &[Role::Steward]) };
    hidden.enact(Record::Person(blind), &["officer-1", "officer-2"]).unwrap();
    let heads = |by: &str| ["hidden@1", "nothing@1", DATA].map(|name| *hidden.registry.head_for(by, "dataset", name));
    let [there, absent, open] = heads("steward-3");
    assert_eq!(there, absent);
    assert_ne!(open, absent, "the control: one whose card they may read");
    assert_ne!(heads("steward-1")[0], absent);
    let proposed = |by: &str, replaces: &Digest| {
        let record = Record::Dataset(Box::new(dataset("hidden@1", HIGH)));
        let signed = hidden.sign(&Change { replaces: *replaces, record }, &[by]);
        hidden.registry.judge(&signed).unwrap_err().what
    };
    for replaces in [absent, *hidden.registry.head("dataset", "hidden@1")] {
        let said = proposed("steward-3", &replaces);
        assert_eq!(said, "`hidden@1` can't be the name of anything new that you propose");
    }
    let said = proposed("steward-1", hidden.registry.head("dataset", "hidden@1"));
    assert!(said.contains("exists, and datasets never change"), "{said}");
    // An image's name is as secret as the image.
    let image = |digest: &[u8], label: &str| {
        Record::Image(Image { name: "tuned".into(), digest: Digest::of(digest), label: label.into() })
    };
    hidden.enact(image(b"tuned", HIGH), &["officer-1"]).unwrap();
    let head = |name: &str| *hidden.registry.head_for("officer-1", "image", name);
    assert_eq!(head("tuned"), head("nothing"));
    assert_ne!(head("base"), head("nothing"), "the control");
    let signed = hidden.sign(&Change { replaces: head("tuned"), record: image(b"other", "public") }, &["officer-1"]);
    assert!(hidden.registry.judge(&signed).unwrap_err().what.contains("can't be the name of anything new"));
}
