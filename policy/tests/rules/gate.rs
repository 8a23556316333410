//! Rules 6 and 9: the one gate, and the ledger before it.

use crate::at;
use crate::common::*;
use semla_policy::release::{Candidate, Decision, Judged, Verdict, Vote};
use semla_policy::*;

/// A file at the high label with two approvals and clean checks, changed by `spoil`.
fn lowered(spoil: impl Fn(&mut Attempt)) -> Result<std::collections::BTreeSet<String>, Refusal> {
    let site = Site::new();
    let policy = *site.registry.policy_digest();
    let vote = |by: &'static str| (by, vote(&policy));
    let mut attempt = Attempt {
        verdict: Verdict::Review,
        to: "public".into(),
        submitter: "colleague".into(),
        judged: vec![policy],
        votes: vec![vote("checker-1"), vote("checker-2")],
        digest: Digest::of(b"table"),
        today: today(),
    };
    spoil(&mut attempt);
    let marking = Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: attempt.submitter.clone(), policy };
    let file = Candidate { release: "r-1", file: "a.csv", digest: &attempt.digest, marking: &marking, to: &attempt.to };
    let judged: Vec<_> = attempt.judged.iter().map(|policy| judged(policy, attempt.verdict)).collect();
    let votes: Vec<_> = attempt.votes.iter().map(|(by, vote)| site.sign(vote, &[*by])).collect();
    site.registry.lowering(&file, &judged, &votes, attempt.today).map(|lowering| {
        assert_eq!(lowering.to(), attempt.to);
        lowering.approvals().clone()
    })
}

/// What the checks said without naming one.
fn judged(policy: &Digest, verdict: Verdict) -> Judged {
    Judged { policy: *policy, verdict, blocks: [].into() }
}

struct Attempt {
    verdict: Verdict,
    to: String,
    submitter: String,
    judged: Vec<Digest>,
    votes: Vec<(&'static str, Vote)>,
    digest: Digest,
    today: Date,
}

fn vote(policy: &Digest) -> Vote {
    Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: "a.csv".into(),
        digest: Digest::of(b"table"),
        from: HIGH.into(),
        to: "public".into(),
        policy: *policy,
        until: "2026-12-01".parse().unwrap(),
        decision: Decision::Approve,
        excuses: [].into(),
        reason: None,
        replies: [].into(),
    }
}

/// What the launcher knows of the file.
fn marking(site: &Site) -> Marking {
    let policy = *site.registry.policy_digest();
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy }
}

#[test]
fn rule_6_two_independent_approvals_and_clean_checks_lower_a_label() {
    let approvals = lowered(|_| {}).unwrap();
    assert_eq!(approvals.into_iter().collect::<Vec<_>>(), ["checker-1", "checker-2"]);
}

#[test]
fn rule_6_a_vote_counts_to_its_last_day_and_for_as_long_as_a_request_stays_open() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    assert!(lowered(|a| a.today = day("2026-12-01")).is_ok());
    // Thrice the five days in which reviewers answer.
    let until = |last: &'static str| lowered(move |a| a.votes.iter_mut().for_each(|(_, vote)| vote.until = day(last)));
    assert!(until("2026-12-08").is_ok() && until("2026-12-09").is_err());
}

#[test]
fn rule_6_anything_less_does_not() {
    type Spoil = fn(&mut Attempt);
    let spoils: [(&str, Spoil); 16] = [
        ("a vote that never ends", |a| a.votes[1].1.until = "2026-12-09".parse().unwrap()),
        ("a block", |a| a.verdict = Verdict::Block),
        ("no checks", |a| a.judged.clear()),
        ("checks under another policy", |a| a.judged = vec![Digest::of(b"other")]),
        ("one approval", |a| a.votes.truncate(1)),
        ("one person twice", |a| a.votes[1].0 = "checker-1"),
        ("a reviewer who isn't cleared", |a| a.votes[1].0 = "checker-3"),
        ("a reviewer who is a member of the permit", |a| a.votes[1].0 = "scientist"),
        ("somebody who is no checker", |a| a.votes[1].0 = "steward-2"),
        ("a vote under another policy", |a| a.votes[1].1.policy = Digest::of(b"other")),
        ("a changed file", |a| a.digest = Digest::of(b"other table")),
        ("a vote for another name", |a| a.votes[1].1.file = "b.csv".into()),
        ("a vote for another target", |a| a.votes[1].1.to = "internal".into()),
        ("a vote for another request", |a| a.votes[1].1.release = "r-2".into()),
        ("votes that are too old", |a| a.today = "2026-12-02".parse().unwrap()),
        ("a rejection", |a| a.votes[1].1.decision = Decision::Reject),
    ];
    for (what, spoil) in spoils {
        assert_eq!(lowered(spoil).map_err(|refusal| refusal.rule), Err(6), "{what}");
    }
    assert!(lowered(|a| a.to = "internal".into()).is_err(), "a way that the policy doesn't have");
    assert!(lowered(|a| a.submitter = "checker-1".into()).is_err(), "the submitter as a reviewer");
}

#[test]
fn rule_6_the_policy_of_submission_and_the_one_in_force_both_count() {
    let mut site = Site::new();
    let old = *site.registry.policy_digest();
    let marking = Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy: old };
    let mut stricter = policy();
    stricter.profiles[0].min_people += 1;
    stricter.releases[1].reviewers = 3;
    site.enact(Record::Policy(Box::new(stricter)), &["officer-1", "officer-2"]).unwrap();
    let new = *site.registry.policy_digest();
    assert_ne!(old, new);

    let votes = ["checker-1", "checker-2"].map(|by| site.sign(&vote(&new), &[by]));
    let digest = Digest::of(b"table");
    let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking: &marking, to: "public" };
    let lowered = |judged: &[(&Digest, Verdict)]| {
        let judged = judged.iter().map(|(policy, verdict)| self::judged(policy, *verdict));
        site.registry.lowering(&file, &judged.collect::<Vec<_>>(), &votes, today()).is_ok()
    };
    assert!(lowered(&[(&old, Verdict::Pass), (&new, Verdict::Pass)]));
    assert!(!lowered(&[(&old, Verdict::Pass)]), "nobody checked under the policy in force");
    assert!(!lowered(&[(&new, Verdict::Pass)]), "nobody checked under the policy of the submission");
    assert!(!lowered(&[(&old, Verdict::Block), (&new, Verdict::Pass)]));
    assert!(!lowered(&[(&old, Verdict::Pass), (&new, Verdict::Block)]));
    // And the number of reviewers is the larger one, whichever policy has it.
    let labels = ["internal", "public"].map(|label| site.registry.label(label).unwrap());
    let reviewers = |pinned: &Digest| site.registry.both(pinned, &labels[0], &labels[1]).unwrap().panels.reviewers();
    assert_eq!((reviewers(&old), reviewers(&new)), (3, 3));
    site.enact(Record::Policy(Box::new(policy())), &["officer-1", "officer-2"]).unwrap();
    let reviewers = |pinned: &Digest| site.registry.both(pinned, &labels[0], &labels[1]).unwrap().panels.reviewers();
    assert_eq!((reviewers(&old), reviewers(&new)), (2, 3));
    // So is everybody who has to be among them, and each threshold.
    let mut officers = policy();
    officers.profiles.push(Profile { name: "strict".into(), min_people: 25, ..officers.profiles[0].clone() });
    officers.releases[1].profile = "strict".into();
    officers.releases[1].who.insert(Role::Officer);
    site.enact(Record::Policy(Box::new(officers)), &["officer-1", "officer-2"]).unwrap();
    let terms = |pinned: &Digest| site.registry.both(pinned, &labels[0], &labels[1]).unwrap();
    assert_eq!(terms(&old).panels.roles(), [Role::Checker, Role::Officer].into());
    assert_eq!((terms(&old).profile.name.as_str(), terms(&old).profile.min_people), ("strict+standard", 25));
    assert_eq!(terms(site.registry.policy_digest()).profile.name, "strict");
}

#[test]
fn rule_6_a_forged_signature_spoils_a_vote() {
    let site = Site::new();
    let mut signed = site.sign(&vote(site.registry.policy_digest()), &["checker-1"]);
    let file = marking(&site);
    assert!(site.registry.vote(&signed, &file).is_ok());
    signed.signatures[0].by = "checker-2".into();
    assert!(site.registry.vote(&signed, &file).is_err());
}

#[test]
fn rule_9_an_effect_needs_the_receipt_of_exactly_its_decision() {
    let receipt = |text: &str| Receipt { index: 7, digest: Digest::of(entry(&text).unwrap().as_bytes()) };
    assert!(Recorded::after("lower a", receipt("lower a")).is_ok());
    assert_eq!(Recorded::after("lower a", receipt("lower b")).unwrap_err().rule, 9);
}

#[test]
fn rule_6_who_signed_a_permit_reviews_nothing_made_under_it() {
    let mut site = Site::new();
    let both = site.newcomer("officer-3", &[Role::Officer, Role::Checker]);
    site.enact(Record::Person(both), &["officer-1", "officer-2"]).unwrap();
    let file = marking(&site);
    let permitted = permit(PERMIT, &["colleague"]);
    assert!(site.registry.independent("officer-3", &file, "public", "colleague").is_ok());
    site.enact(Record::Permit(permitted.clone()), &["officer-3", "steward-1"]).unwrap();
    assert_eq!(site.registry.independent("officer-3", &file, "public", "colleague").unwrap_err().rule, 6);
    // Nor after somebody else signed the next version.
    site.enact(Record::Permit(permitted.clone()), &["officer-1", "steward-1"]).unwrap();
    assert_eq!(site.registry.independent("officer-3", &file, "public", "colleague").unwrap_err().rule, 6);
}

#[test]
fn rule_6_who_withdrew_halted_or_resumed_a_permit_reviews_nothing_made_under_it() {
    let halt = |lifted| Record::Halt(Halt { scope: format!("permit {PERMIT}"), lifted });
    let withdrawal = Record::Withdrawal(Withdrawal { permit: PERMIT.into() });
    for (steps, who) in [
        (vec![(withdrawal, "officer-3")], "officer-3"),
        (vec![(halt(false), "officer-3")], "officer-3"),
        (vec![(halt(false), "officer-1"), (halt(true), "officer-3")], "officer-3"),
    ] {
        let mut site = Site::new();
        let both = site.newcomer(who, &[Role::Officer, Role::Checker]);
        site.enact(Record::Person(both), &["officer-1", "officer-2"]).unwrap();
        let file = marking(&site);
        assert!(site.registry.independent(who, &file, "public", "colleague").is_ok(), "the control");
        for (record, by) in steps {
            site.enact(record.clone(), &[by, "officer-2"]).unwrap();
        }
        for registry in [&site.registry, &site.restored()] {
            assert_eq!(registry.independent(who, &file, "public", "colleague").unwrap_err().rule, 6);
        }
    }
}

#[test]
fn rule_10_a_member_may_stop_what_is_theirs_and_lifts_nothing_that_stops_it() {
    let mut site = Site::new();
    let both = site.newcomer("officer-3", &[Role::Officer, Role::Scientist]);
    let both = Person { clearance: "internal".into(), ..both };
    site.enact(Record::Person(both), &["officer-1", "officer-2"]).unwrap();
    let permitted = || Record::Permit(permit(PERMIT, &["colleague", "officer-3"]));
    site.enact(permitted(), &["officer-1", "steward-1"]).unwrap();
    for scope in [format!("permit {PERMIT}"), "all".into(), format!("label {HIGH}")] {
        let halt = |lifted| Record::Halt(Halt { scope: scope.clone(), lifted });
        site.enact(halt(false), &["officer-3"]).unwrap();
        assert!(site.enact(halt(true), &["officer-3", "officer-1"]).is_err(), "{scope}");
        assert!(site.enact(halt(true), &["officer-2", "officer-1"]).is_ok(), "{scope}: the control");
    }
    // What their permit made before it was narrowed is theirs, too.
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let (up_to, datasets) = ("internal".to_owned(), ["low@1".to_owned()].into());
    let narrow = Permit { up_to, datasets, ..permit(PERMIT, &["colleague", "officer-3"]) };
    site.enact(Record::Permit(narrow), &["officer-1", "steward-1"]).unwrap();
    let halt = |lifted| Record::Halt(Halt { scope: format!("label {HIGH}"), lifted });
    site.enact(halt(false), &["officer-3"]).unwrap();
    assert!(site.enact(halt(true), &["officer-3", "officer-1"]).is_err(), "narrowed");
    site.enact(halt(true), &["officer-2", "officer-1"]).unwrap();
    // They are members still: stopping what is theirs vouches for nothing.
    assert!(site.enact(permitted(), &["officer-1", "steward-1"]).is_ok());
    // What stops nothing of theirs they lift like others, and whatever there is once theirs is withdrawn.
    site.enact(Record::Permit(permit("P-2", &["colleague"])), &["officer-1", "steward-1"]).unwrap();
    let lifts = |site: &mut Site, scope: &str| {
        let halt = |lifted| Record::Halt(Halt { scope: scope.to_owned(), lifted });
        site.enact(halt(false), &["officer-1"]).unwrap();
        site.enact(halt(true), &["officer-3", "officer-1"]).is_ok()
    };
    assert!(lifts(&mut site, "permit P-2"));
    site.enact(Record::Withdrawal(Withdrawal { permit: PERMIT.into() }), &["officer-2"]).unwrap();
    assert!(lifts(&mut site, "all"));
}

#[test]
fn rule_6_a_former_member_and_whoever_asked_review_nothing() {
    let mut site = Site::new();
    site.enact(Record::Permit(permit(PERMIT, &["colleague"])), &["officer-1", "steward-1"]).unwrap();
    let file = marking(&site);
    assert_eq!(
        site.registry.independent("scientist", &file, "public", "colleague").unwrap_err().rule,
        6,
        "a member once"
    );
    assert!(site.registry.independent("checker-1", &file, "public", "colleague").is_ok());
    assert_eq!(
        site.registry.independent("checker-1", &file, "public", "checker-1").unwrap_err().rule,
        6,
        "whoever asked"
    );
    let label = site.registry.label(HIGH).unwrap();
    let read = |name| site.registry.may_read(name, Some(at(&label, &site)), Need::Reviewer(PERMIT), today());
    assert!(read("scientist").is_err() && read("checker-1").is_ok());
}

#[test]
fn rule_8_a_worker_says_one_of_three_words_and_any_other_is_a_block() {
    for (word, verdict) in [("pass", Verdict::Pass), ("review", Verdict::Review), ("block", Verdict::Block)] {
        assert_eq!((Verdict::read(word), verdict.word()), (verdict, word));
        assert_eq!(serde_json::to_value(verdict).unwrap(), word);
    }
    for other in ["", "Pass", "pass ", "passed", "ok"] {
        assert_eq!(Verdict::read(other), Verdict::Block, "{other:?}");
    }
    assert!(Verdict::Pass < Verdict::Review && Verdict::Review < Verdict::Block, "the worst is the largest");
}

#[test]
fn rule_6_whoever_has_to_be_among_the_reviewers_is() {
    let mut policy = policy();
    policy.releases[0].who = [Role::Checker, Role::Steward].into();
    let mut site = Site::with(policy);
    let third = site.newcomer("steward-3", &[Role::Steward]);
    site.enact(Record::Person(third), &["officer-1", "officer-2"]).unwrap();
    let (digest, file) = (Digest::of(b"table"), marking(&site));
    let lowered = |by: [&str; 2]| {
        let vote = vote(site.registry.policy_digest());
        let votes = by.map(|name| site.sign(&vote, &[name]));
        let checked = [judged(site.registry.policy_digest(), Verdict::Pass)];
        let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking: &file, to: "public" };
        site.registry.lowering(&file, &checked, &votes, today()).map(drop).map_err(|refusal| refusal.what)
    };
    let refused = lowered(["checker-1", "checker-2"]).unwrap_err();
    assert!(refused.contains("no steward is among those who approved"), "{refused}");
    assert_eq!(lowered(["checker-1", "steward-3"]), Ok(()));
    // One who signed the permit is a party to what is made under it.
    assert!(lowered(["checker-1", "steward-1"]).is_err());
}
