//! Rule 6: who decides on a way down is whom the rules of exactly that way name.

use crate::at;
use crate::common::*;
use semla_policy::release::{Candidate, Decision, Judged, Verdict, Vote};
use semla_policy::*;
use std::collections::BTreeSet;

/// Stewards decide on what goes to everybody, and checkers on what stays inside.
fn policy_of_two_ways() -> Policy {
    let mut policy = policy();
    let inside = ReleaseRule { to: "internal".into(), ..policy.releases[0].clone() };
    policy.releases[0].who = [Role::Steward].into();
    policy.releases.push(inside);
    policy
}

fn site(policy: Policy) -> Site {
    let mut site = Site::with(policy);
    for (name, roles) in [("steward-3", &[Role::Steward][..]), ("both", &[Role::Checker, Role::Steward])] {
        let person = site.newcomer(name, roles);
        site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
    }
    site
}

fn file(pinned: Digest) -> Marking {
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy: pinned }
}

fn lowered(site: &Site, pinned: Digest, to: &str, by: &[&str]) -> Result<(), String> {
    let (digest, marking) = (Digest::of(b"table"), file(pinned));
    let vote = Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: "a.csv".into(),
        digest,
        from: HIGH.into(),
        to: to.into(),
        policy: *site.registry.policy_digest(),
        until: "2026-12-01".parse().unwrap(),
        decision: Decision::Approve,
        excuses: [].into(),
        reason: None,
        replies: [].into(),
    };
    let votes: Vec<_> = by.iter().map(|name| site.sign(&vote, &[name])).collect();
    let judged = |policy| Judged { policy, verdict: Verdict::Pass, blocks: [].into() };
    let judged = [judged(pinned), judged(vote.policy)];
    let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking: &marking, to };
    site.registry.lowering(&file, &judged, &votes, today()).map(drop).map_err(|refusal| refusal.what)
}

#[test]
fn rule_6_a_vote_counts_where_a_rule_for_exactly_this_target_names_the_voters_role() {
    let site = site(policy_of_two_ways());
    let pinned = *site.registry.policy_digest();
    let goes = |to: &str, by: [&str; 2]| lowered(&site, pinned, to, &by);
    assert_eq!(goes("public", ["steward-2", "steward-3"]), Ok(()));
    assert_eq!(goes("public", ["steward-2", "both"]), Ok(()));
    assert_eq!(goes("internal", ["checker-1", "checker-2"]), Ok(()), "a checker decides on the other way");
    for (to, by) in [("public", ["steward-2", "checker-1"]), ("internal", ["checker-1", "steward-2"])] {
        assert!(goes(to, by).unwrap_err().contains("whose role the policy names for it"), "{to} {by:?}");
    }
    // Whoever isn't named for a way votes on nothing that goes it, whatever else they say.
    let may = |name: &str, to: &str| site.registry.independent(name, &file(pinned), to, "colleague");
    assert_eq!(may("both", "public").unwrap(), [Role::Steward].into());
    assert_eq!(may("both", "internal").unwrap(), [Role::Checker].into());
    assert_eq!(may("checker-1", "public").unwrap_err().rule, 6);
    assert_eq!(may("both", "confidential").unwrap_err().rule, 6, "a way that the policy doesn't have");
}

#[test]
fn rule_1_a_request_is_shown_to_those_who_decide_on_its_way_and_to_no_other_reviewer() {
    let site = site(policy_of_two_ways());
    let from = site.registry.label(HIGH).unwrap();
    let may = |name: &str, need: Need<'_>| site.registry.may_read(name, Some(at(&from, &site)), need, today()).is_ok();
    let sees = |name: &str, to: &str| {
        let to = &site.registry.label(to).unwrap();
        may(name, Need::Register { permit: PERMIT, to })
    };
    let all = ["steward-2", "steward-3", "both", "checker-1", "checker-2"];
    let who = |to: &str| all.into_iter().filter(|name| sees(name, to)).collect::<Vec<_>>();
    assert_eq!(who("public"), ["steward-2", "steward-3", "both"]);
    assert_eq!(who("internal"), ["both", "checker-1", "checker-2"]);
    assert_eq!(who("confidential"), [""; 0]);
    // The launcher is told of no request: it hands the content out to whoever decides on some way.
    assert!(all.into_iter().all(|name| may(name, Need::Reviewer(PERMIT))));
    assert!(!may("steward-1", Need::Reviewer(PERMIT)) && !sees("steward-1", "public"), "one who signed the permit");
}

#[test]
fn rule_6_whom_the_pinned_policy_names_for_a_way_decides_on_it_too() {
    let mut before = policy();
    before.releases[0].who = [Role::Checker, Role::Steward].into();
    let mut site = site(before);
    let pinned = *site.registry.policy_digest();
    let by = ["checker-1", "steward-2"];
    assert_eq!(lowered(&site, pinned, "public", &by), Ok(()), "the control");
    site.enact(Record::Policy(Box::new(policy())), &["officer-1", "officer-2"]).unwrap();
    // What was submitted before takes a steward still, and what is submitted now has none to decide.
    let all = ["checker-1", "checker-2", "steward-2"];
    assert_eq!(lowered(&site, pinned, "public", &all), Ok(()));
    assert!(lowered(&site, pinned, "public", &["checker-1", "checker-2"]).unwrap_err().contains("no steward"));
    // The one in force gets its two checkers, too.
    let refused = lowered(&site, pinned, "public", &by).unwrap_err();
    assert!(refused.contains("the file has 1 distinct approvals of 2 by checker"), "{refused}");
    let now = *site.registry.policy_digest();
    assert_eq!(lowered(&site, now, "public", &["checker-1", "checker-2"]), Ok(()));
    assert!(lowered(&site, now, "public", &by).is_err());
}

#[test]
fn rule_6_of_rules_that_speak_together_each_names_some_of_those_who_decide() {
    let mut two = policy();
    let of_all = ReleaseRule { from: "confidential".into(), who: [Role::Steward].into(), ..two.releases[0].clone() };
    two.releases.push(of_all);
    let site = site(two);
    let pinned = *site.registry.policy_digest();
    let labels = [HIGH, "public"].map(|text| site.registry.label(text).unwrap());
    let panels = site.registry.policy().terms(&labels[0], &labels[1]).unwrap().panels;
    assert_eq!(panels.roles(), BTreeSet::from([Role::Checker, Role::Steward]));
    let [checkers, stewards] = [["checker-1", "checker-2"], ["steward-2", "steward-3"]];
    assert_eq!(lowered(&site, pinned, "public", &[checkers, stewards].concat()), Ok(()));
    // Two people are enough for one of them; for neither, where each counts for the other.
    let refused = |by: &[&str]| lowered(&site, pinned, "public", by).unwrap_err();
    assert!(refused(&checkers).contains("the file has 0 distinct approvals of 2 by steward"));
    assert!(refused(&stewards).contains("the file has 0 distinct approvals of 2 by checker"));
    assert!(refused(&["checker-1", "steward-2"]).contains("of 2 by"));
    assert!(refused(&["checker-1", "checker-2", "steward-2"]).contains("1 distinct approvals of 2 by steward"));
    // Who is both counts for both.
    assert_eq!(lowered(&site, pinned, "public", &["both", "checker-1", "steward-2"]), Ok(()));
}
