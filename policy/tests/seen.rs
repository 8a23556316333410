//! What there is to see, and for whom: lists, cards, images, earlier policies.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use semla_policy::*;

const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];
const STEWARDS: [&str; 2] = ["steward-1", "steward-2"];

#[test]
fn lists_are_in_the_order_of_their_names() {
    let mut site = Site::new();
    for name in ["zz@1", "aa@1", "mm@1"] {
        site.enact(Record::Dataset(Box::new(dataset(name, HIGH))), &STEWARDS).unwrap();
    }
    for name in ["P-9", "P-0", "P-5"] {
        site.enact(Record::Permit(permit(name, &["colleague"])), &["officer-1", "steward-1"]).unwrap();
    }
    let registry = &site.registry;
    assert!(registry.datasets().map(|data| data.dataset.name.as_str()).eq(["aa@1", "mm@1", DATA, "zz@1"]));
    assert!(registry.permits().map(|permit| permit.name.as_str()).eq(["P-0", PERMIT, "P-5", "P-9"]));
    assert!(registry.people().map(|person| &person.name).is_sorted() && registry.people().count() == 10);
    assert!(registry.images().map(|image| image.name.as_str()).eq(["base"]));
    assert_eq!(registry.permits_of("mm@1"), [].into());
    assert_eq!(registry.permits_of(DATA), ["P-0", PERMIT, "P-5", "P-9"].into());
    let other = Permit { datasets: ["mm@1".to_owned()].into(), ..permit("P-5", &["colleague"]) };
    site.enact(Record::Permit(other), &["officer-1", "steward-1"]).unwrap();
    assert_eq!(site.registry.permits_of("mm@1"), ["P-5"].into());
    assert!(site.registry.permits_of(DATA).contains("P-5"), "it was named once");
}

#[test]
fn every_policy_that_was_in_force_stays_known() {
    let mut site = Site::new();
    let first = *site.registry.policy_digest();
    let mut next = policy();
    next.replies.push("another".into());
    site.enact(Record::Policy(Box::new(next.clone())), &OFFICERS).unwrap();
    let second = *site.registry.policy_digest();
    assert_eq!((first, second), (policy().digest(), next.digest()));
    assert_eq!(site.registry.policies().collect::<std::collections::BTreeSet<_>>(), [&first, &second].into());
    assert_eq!(site.registry.policy_at(&first), Some(&policy()));
    assert_eq!(site.registry.policy_at(&second), Some(&next));
    assert_eq!(site.registry.policy_at(&Digest::of(b"none")), None);
}

#[test]
fn a_site_is_founded_by_two_officers_with_keys_under_a_policy_that_can_be() {
    let site = Site::new();
    let [one, two] = OFFICERS.map(|name| site.registry.person(name).unwrap().clone());
    let found = |policy: Policy, officers: Vec<Person>| {
        Registry::found(Genesis { policy, officers }).map(drop).map_err(|refusal| (refusal.rule, refusal.what))
    };
    assert_eq!(found(policy(), vec![one.clone(), two.clone()]), Ok(()));
    let no_key = Person { key: None, ..two.clone() };
    let no_officer = Person { roles: [Role::Operator].into(), ..two.clone() };
    let one_key = Person { key: one.key.clone(), ..two.clone() };
    let closed = Person { disabled: true, ..two.clone() };
    let third = Person { name: "officer-3".into(), key: None, ..one.clone() };
    assert_eq!(found(policy(), vec![third, one.clone(), two.clone()]), Ok(()), "whoever has no key stops nobody");
    let halves = [no_key, no_officer, one_key, closed].map(|half| vec![one.clone(), half]);
    for officers in [vec![], vec![one.clone()]].into_iter().chain(halves) {
        let (rule, what) = found(policy(), officers).unwrap_err();
        assert!(rule == 10 && what.contains("two officers"), "{what}");
    }
    let mut broken = policy();
    broken.levels.pop();
    assert!(found(broken, vec![one.clone(), two.clone()]).unwrap_err().1.contains("can't be"));
    let machine = Person { name: MACHINE.into(), ..two.clone() };
    assert!(found(policy(), vec![one.clone(), machine]).is_err(), "nobody has the machine's name");
    let unreadable = Person { clearance: "nothing".into(), ..two };
    assert_eq!(found(policy(), vec![one, unreadable]).unwrap_err().0, 1);
}

#[test]
fn rule_1_a_card_is_for_members_stewards_and_officers_whose_clearance_admits_it() {
    let mut site = Site::with_cleared_officer();
    let secret = Dataset { card_label: HIGH.into(), ..dataset("secret@1", HIGH) };
    site.enact(Record::Dataset(Box::new(secret)), &STEWARDS).unwrap();
    let both = Permit { datasets: [DATA.to_owned(), "secret@1".to_owned()].into(), ..permit("P-2", &["colleague"]) };
    site.enact(Record::Permit(both), &["officer-3", "steward-1"]).unwrap();
    let cards = |name: &str| site.registry.cards(name, today()).into_keys().collect::<Vec<_>>();
    assert_eq!(cards("steward-1"), ["secret@1", DATA]);
    assert_eq!(cards("officer-1"), [DATA], "by duty, and only what their clearance admits");
    assert_eq!(cards("colleague"), [DATA], "a member of both permits, who isn't cleared for the other card");
    assert_eq!(cards("scientist"), [DATA], "cleared for both, and a member of the first permit");
    for nobody in ["stranger", "checker-1", "nobody"] {
        assert_eq!(cards(nobody), [""; 0], "{nobody}");
    }
}

#[test]
fn rule_1_a_member_reads_cards_for_as_long_as_the_permit_holds_and_no_longer() {
    let mut site = Site::new();
    let cards = |site: &Site, name: &str, day: &str| {
        site.registry.cards(name, day.parse().unwrap()).into_keys().map(str::to_owned).collect::<Vec<_>>()
    };
    let last = permit(PERMIT, &[]).until.to_string();
    for (name, over) in [("colleague", vec![]), ("steward-1", vec![DATA]), ("officer-1", vec![DATA])] {
        assert_eq!(cards(&site, name, &last), [DATA], "{name}: the last day counts");
        assert_eq!(cards(&site, name, "2027-07-01"), over, "{name}: it is over");
    }
    site.enact(Record::Withdrawal(Withdrawal { permit: PERMIT.into() }), &["officer-1"]).unwrap();
    for (name, withdrawn) in [("colleague", vec![]), ("steward-1", vec![DATA]), ("officer-1", vec![DATA])] {
        assert_eq!(cards(&site, name, "2026-11-23"), withdrawn, "{name}: it was withdrawn");
    }
    let another = Permit { until: "2027-12-31".parse().unwrap(), ..permit("P-2", &["colleague"]) };
    site.enact(Record::Permit(another), &["officer-1", "steward-1"]).unwrap();
    assert_eq!(cards(&site, "colleague", "2027-07-01"), [DATA], "under another permit that holds");
}

#[test]
fn rule_1_an_image_is_for_everybody_whose_clearance_admits_it() {
    let mut site = Site::new();
    let digest = Digest::of(b"tuned");
    site.enact(Record::Image(Image { name: "tuned".into(), digest, label: HIGH.into() }), &["officer-1"]).unwrap();
    let seen = |name: &str, digest: &Digest| site.registry.image_for(name, digest).map(|image| image.name.clone());
    assert_eq!(seen("stranger", &image()).unwrap(), "base");
    assert_eq!(seen("checker-1", &digest).unwrap(), "tuned");
    assert_eq!(site.registry.image(&digest).unwrap().name, "tuned");
    assert_eq!(site.registry.image(&Digest::of(b"none")), None);
    let refused = seen("stranger", &digest).unwrap_err();
    assert_eq!(refused, seen("stranger", &Digest::of(b"none")).unwrap_err(), "it may as well not be there");
    assert_eq!(refused, seen("nobody", &image()).unwrap_err());
}

#[test]
fn rule_1_the_policy_of_an_object_and_the_one_in_force_both_admit_its_reader() {
    let mut site = Site::new();
    let wide = *site.registry.policy_digest();
    // Nobody below a steward sees the data, and no checker anything: so nothing is released.
    let mut narrow = policy();
    narrow.releases.clear();
    for role in [Role::Scientist, Role::Checker] {
        narrow.roles.get_mut(&role).unwrap().clearance = "internal".into();
    }
    let reads = |site: &Site, policy: &Digest| {
        let label = site.registry.label(HIGH).unwrap();
        let at = At { label: &label, policy };
        let member = site.registry.may_read("scientist", Some(at), Need::Member(PERMIT), today()).is_ok();
        let reviewer = site.registry.may_read("checker-1", Some(at), Need::Reviewer(PERMIT), today()).is_ok();
        let submitter = "colleague".to_owned();
        let file = Marking { label: HIGH.into(), permit: PERMIT.into(), submitter, policy: *policy };
        assert_eq!(reviewer, site.registry.independent("checker-1", &file, "public", "colleague").is_ok());
        (member, reviewer)
    };
    assert_eq!(reads(&site, &wide), (true, true));
    assert_eq!(reads(&site, &Digest::of(b"none")), (false, false), "a policy that never was in force admits nobody");
    site.enact(Record::Policy(Box::new(narrow.clone())), &OFFICERS).unwrap();
    assert_eq!((reads(&site, &wide), reads(&site, &narrow.digest())), ((false, false), (false, false)));
    site.enact(Record::Policy(Box::new(policy())), &OFFICERS).unwrap();
    assert_eq!((reads(&site, &wide), reads(&site, &narrow.digest())), ((true, true), (false, false)));
}

#[test]
fn an_end_is_never_seen_before_it_is_there() {
    assert_eq!(Ends::Fixed.seen(5, 60), 62);
    assert_eq!(Ends::Fixed.seen(70, 60), 70);
    assert_eq!(Ends::Fixed.seen(5, u64::MAX), u64::MAX);
}
