//! Rule 6 where a way wants more than one role: a file stays open until each is among those who approve, and votes that don't count any
//! more are dropped before the launcher is asked.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::release::{
    Blocks, Candidate, CastVote, Decision, Effect, Event, FileState, Judged, Reason, Release, State, Verdict, Vote,
};
use semla_policy::*;
use std::collections::BTreeMap;

const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];

/// A site whose releases take a checker and a steward, and where T1 can be excused by three. One person is both.
fn site() -> Site {
    let mut policy = policy();
    policy.releases[0].who = [Role::Checker, Role::Steward].into();
    policy.releases[0].excuse = Some(Excuse { checks: vec!["T1".into()], reviewers: 3 });
    let mut site = Site::with(policy);
    for (name, roles) in [
        ("checker-4", &[Role::Checker][..]),
        ("steward-3", &[Role::Steward]),
        ("both", &[Role::Checker, Role::Steward]),
    ] {
        let person = site.newcomer(name, roles);
        site.enact(Record::Person(person), &OFFICERS).unwrap();
    }
    site
}

fn request(site: &Site, blocks: &[&str]) -> Release {
    let label = |text| site.registry.label(text).unwrap();
    let terms = site.registry.both(site.registry.policy_digest(), &label(HIGH), &label("public")).unwrap();
    let files = BTreeMap::from([("a.csv".to_owned(), Digest::of(b"a.csv"))]);
    let draft = Release::draft("r-1".into(), "colleague".into(), (HIGH.into(), "public".into()), &terms, files);
    let blocks = Blocks::Named(blocks.iter().map(|check| (*check).to_owned()).collect());
    let checked = Event::Checked { file: "a.csv".into(), digest: Digest::of(b"a.csv"), blocks };
    draft.step(Event::Submit).unwrap().0.step(checked).unwrap().0
}

fn vote(site: &Site, decision: Decision, blocks: &[&str]) -> Vote {
    let reason = Reason { salt: "0".repeat(32), text: "the cells are of published totals".into() };
    Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: "a.csv".into(),
        digest: Digest::of(b"a.csv"),
        from: HIGH.into(),
        to: "public".into(),
        policy: *site.registry.policy_digest(),
        until: "2026-12-01".parse().unwrap(),
        decision,
        excuses: blocks.iter().map(|check| (*check).to_owned()).collect(),
        reason: if blocks.is_empty() { None } else { reason.digest() },
        replies: [].into(),
    }
}

fn marking(site: &Site) -> Marking {
    let policy = *site.registry.policy_digest();
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy }
}

/// The votes of these people, as far as they may vote.
fn casts(site: &Site, by: &[&str]) -> Vec<CastVote> {
    let vote = vote(site, Decision::Approve, &[]);
    by.iter().filter_map(|name| site.registry.vote(&site.sign(&vote, &[name]), &marking(site)).ok()).collect()
}

fn say(site: &Site, release: &Release, by: &str, vote: &Vote) -> Result<Release, Refusal> {
    let cast = site.registry.vote(&site.sign(vote, &[by]), &marking(site))?;
    Ok(release.step(Event::Vote(Box::new(cast)))?.0)
}

fn approved(site: &Site, by: &[&str]) -> Release {
    let vote = vote(site, Decision::Approve, &[]);
    by.iter().fold(request(site, &[]), |release, by| say(site, &release, by, &vote).unwrap())
}

fn state(release: &Release) -> FileState {
    release.files["a.csv"].state
}

/// What the launcher says of the votes that the protocol counts.
fn lowers(site: &Site, release: &Release) -> Result<(), String> {
    let (digest, marking) = (Digest::of(b"a.csv"), marking(site));
    let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking: &marking, to: "public" };
    let judged = Judged { policy: marking.policy, verdict: Verdict::Pass, blocks: [].into() };
    let votes = release.files["a.csv"].votes.iter();
    let votes: Vec<_> = votes.map(|(by, said)| site.sign(&vote(site, *said, &[]), &[by])).collect();
    site.registry.lowering(&file, &[judged], &votes, today()).map(drop).map_err(|refusal| refusal.what)
}

#[test]
fn rule_6_a_file_stays_open_until_each_role_is_among_those_who_approve() {
    let site = site();
    let two = approved(&site, &["checker-1", "checker-2"]);
    assert_eq!((state(&two), two.state), (FileState::Open, State::InReview));
    assert!(lowers(&site, &two).unwrap_err().contains("no steward"), "the launcher says so, too");
    let three = say(&site, &two, "checker-4", &vote(&site, Decision::Approve, &[])).unwrap();
    assert_eq!(state(&three), FileState::Open, "more of the same role don't make up for the other");
    for open in [&two, &three] {
        let done = say(&site, open, "steward-3", &vote(&site, Decision::Approve, &[])).unwrap();
        assert_eq!((state(&done), done.state), (FileState::Approved, State::Approved));
        assert_eq!(lowers(&site, &done), Ok(()));
    }
    // Whoever has both roles stands for both, and is one person all the same.
    assert_eq!(state(&approved(&site, &["both"])), FileState::Open);
    for by in [["checker-1", "steward-3"], ["both", "checker-1"], ["steward-3", "both"]] {
        let release = approved(&site, &by);
        assert_eq!((state(&release), lowers(&site, &release)), (FileState::Approved, Ok(())), "{by:?}");
    }
}

#[test]
fn rule_6_until_then_reviews_stay_blind_and_one_who_differs_is_heard() {
    let site = site();
    let [yes, no] = [Decision::Approve, Decision::Reject].map(|decision| vote(&site, decision, &[]));
    let two = approved(&site, &["checker-1", "checker-2"]);
    assert!(say(&site, &two, "checker-1", &no).unwrap_err().what.contains("has voted"));
    let disputed = say(&site, &two, "steward-3", &no).unwrap();
    assert_eq!(state(&disputed), FileState::Disputed);
    assert_eq!(state(&say(&site, &disputed, "steward-3", &yes).unwrap()), FileState::Approved);
    // Those who agree in the end may still lack a role.
    let disputed = say(&site, &approved(&site, &["checker-1"]), "checker-2", &no).unwrap();
    let agreed = say(&site, &disputed, "checker-2", &yes).unwrap();
    assert_eq!((state(&disputed), state(&agreed)), (FileState::Disputed, FileState::Open));
    // To keep a file back takes as many as before, of whatever role.
    let one = say(&site, &request(&site, &[]), "checker-1", &no).unwrap();
    assert_eq!(state(&say(&site, &one, "checker-2", &no).unwrap()), FileState::Rejected);
}

#[test]
fn rule_6_an_excused_file_takes_the_roles_and_the_larger_number() {
    let site = site();
    let excusing = vote(&site, Decision::Approve, &["T1"]);
    let by = |names: &[&str]| {
        names.iter().fold(request(&site, &["T1"]), |release, by| say(&site, &release, by, &excusing).unwrap())
    };
    assert_eq!(state(&by(&["checker-1", "steward-3"])), FileState::Open);
    assert_eq!(state(&by(&["checker-1", "checker-2", "checker-4"])), FileState::Open);
    assert_eq!(state(&by(&["checker-1", "checker-2", "steward-3"])), FileState::Approved);
    assert_eq!(state(&by(&["checker-1", "checker-2", "checker-4", "both"])), FileState::Approved);
}

#[test]
fn rule_6_votes_that_no_longer_count_are_dropped_and_the_request_goes_on() {
    let both = ["checker-1", "steward-3"];
    let recounted = |release: &Release, votes| release.step(Event::Recounted { file: "a.csv".into(), votes }).unwrap();
    for (what, change) in [
        ("an account", (|person| person.disabled = true) as fn(&mut Person)),
        ("a clearance", |person| person.clearance = "public".into()),
        ("a role", |person| person.roles = [Role::Checker].into()),
    ] {
        let mut site = site();
        let release = approved(&site, &both);
        let (same, effects) = recounted(&release, casts(&site, &both));
        assert_eq!((&same, effects), (&release, vec![Effect::Lower(vec!["a.csv".into()])]), "the control");
        let mut steward = site.registry.person("steward-3").unwrap().clone();
        change(&mut steward);
        site.enact(Record::Person(steward), &OFFICERS).unwrap();
        assert!(lowers(&site, &release).is_err(), "{what}");
        let (next, effects) = recounted(&release, casts(&site, &both));
        assert_eq!((state(&next), next.state, effects), (FileState::Open, State::InReview, vec![]), "{what}");
        assert_eq!((next.round, next.files["a.csv"].votes.contains_key("checker-1")), (release.round, true), "{what}");
        let done = say(&site, &next, "both", &vote(&site, Decision::Approve, &[])).unwrap();
        assert_eq!((state(&done), lowers(&site, &done)), (FileState::Approved, Ok(())), "{what}");
    }
    // Votes that nobody gave before don't come in by counting, nor do those on something else.
    let site = site();
    let release = approved(&site, &both);
    let (same, _) = recounted(&release, casts(&site, &["checker-1", "checker-2", "steward-3"]));
    assert_eq!(same, release);
    let other = Vote { digest: Digest::of(b"other"), ..vote(&site, Decision::Approve, &[]) };
    let others = both.map(|by| site.registry.vote(&site.sign(&other, &[by]), &marking(&site)).unwrap());
    assert!(recounted(&release, others.into()).0.files["a.csv"].votes.is_empty());
    // Of an open file, too: a vote that nobody stands by any more keeps nobody from agreeing.
    let open = request(&site, &[]);
    assert_eq!(recounted(&open, vec![]).0, open);
    let disputed = say(&site, &open, "checker-1", &vote(&site, Decision::Approve, &[])).unwrap();
    let disputed = say(&site, &disputed, "checker-2", &vote(&site, Decision::Reject, &[])).unwrap();
    assert_eq!(state(&disputed), FileState::Disputed);
    let (freed, _) = recounted(&disputed, casts(&site, &["checker-1"]));
    assert_eq!(state(&freed), FileState::Open);
    let agreed = say(&site, &freed, "steward-3", &vote(&site, Decision::Approve, &[])).unwrap();
    assert_eq!(state(&agreed), FileState::Approved);
    // Without it those who are left may agree already, and it is decided; where roles change and nobody leaves, people think on.
    let three = say(&site, &disputed, "steward-3", &vote(&site, Decision::Approve, &[])).unwrap();
    let (agreed, effects) = recounted(&three, casts(&site, &["checker-1", "steward-3"]));
    assert_eq!((state(&agreed), effects), (FileState::Approved, vec![Effect::Lower(vec!["a.csv".into()])]));
    let decided = say(&site, &open, "checker-1", &vote(&site, Decision::Reject, &[])).unwrap();
    let decided = say(&site, &decided, "checker-2", &vote(&site, Decision::Reject, &[])).unwrap();
    assert!(decided.step(Event::Recounted { file: "a.csv".into(), votes: vec![] }).is_err(), "what is over is over");
}

#[test]
fn rule_8_a_request_that_was_kept_without_its_roles_is_approved_by_nobody() {
    let site = site();
    let mut kept = serde_json::to_value(approved(&site, &["checker-1"])).unwrap();
    kept.as_object_mut().unwrap().remove("panels");
    kept["files"]["a.csv"].as_object_mut().unwrap().remove("roles");
    let kept: Release = serde_json::from_value(kept).unwrap();
    assert!(kept.panels.is_empty() && kept.files["a.csv"].roles.is_empty());
    let next = say(&site, &kept, "steward-3", &vote(&site, Decision::Approve, &[])).unwrap();
    assert_eq!(state(&next), FileState::Open);
    // Once its terms are taken anew it can be.
    let label = |text| site.registry.label(text).unwrap();
    let terms = site.registry.both(site.registry.policy_digest(), &label(HIGH), &label("public")).unwrap();
    let (anew, _) = next.step(Event::PolicyChanged(Box::new(terms))).unwrap();
    assert_eq!((anew.panels.roles().len(), state(&anew)), (2, FileState::Unchecked));
}

#[test]
fn rule_6_what_comes_back_comes_back_with_the_roles_of_those_who_voted_on_it() {
    let (mut site, both) = (site(), ["checker-1", "steward-3"]);
    let change = vote(&site, Decision::RequestChanges, &[]);
    let wanted = both.iter().fold(request(&site, &[]), |now, by| say(&site, &now, by, &change).unwrap());
    let digest = Digest::of(b"a.csv");
    let same = wanted.step(Event::Replace([("a.csv".to_owned(), digest)].into())).unwrap().0;
    let checked = Event::Checked { file: "a.csv".into(), digest, blocks: Blocks::Named([].into()) };
    let back = same.step(checked).unwrap().0;
    let (before, now) = (&wanted.files["a.csv"], &back.files["a.csv"]);
    assert_eq!((now.state, &now.votes, &now.roles), (FileState::Disputed, &before.votes, &before.roles));
    // To count them once more decides nothing: those who voted haven't thought again.
    let casts = both.map(|by| site.registry.vote(&site.sign(&change, &[by]), &marking(&site)).unwrap());
    let recounted = Event::Recounted { file: "a.csv".into(), votes: casts.into() };
    assert_eq!(back.step(recounted).unwrap().0, back);
    // Nor where somebody stands for another role by now: that is noted, and no more.
    let mut person = site.registry.person("checker-1").unwrap().clone();
    person.roles.insert(Role::Steward);
    site.enact(Record::Person(person), &OFFICERS).unwrap();
    let casts = both.map(|by| site.registry.vote(&site.sign(&change, &[by]), &marking(&site)).unwrap());
    let next = back.step(Event::Recounted { file: "a.csv".into(), votes: casts.into() }).unwrap().0;
    assert_eq!(state(&next), FileState::Disputed);
    assert_eq!(next.files["a.csv"].roles["checker-1"], [Role::Checker, Role::Steward].into());
}

#[test]
fn a_request_that_was_kept_before_anything_was_remembered_of_what_was_replaced_can_be_read() {
    let site = site();
    let release = approved(&site, &["checker-1"]);
    let mut kept = serde_json::to_value(&release).unwrap();
    assert!(kept["files"]["a.csv"].as_object_mut().unwrap().remove("earlier").is_some());
    assert_eq!(serde_json::from_value::<Release>(kept).unwrap(), release);
}

#[test]
fn rule_6_who_comes_into_the_role_that_was_waited_for_is_counted_at_once() {
    let mut site = site();
    let open = approved(&site, &["checker-1", "checker-2"]);
    assert_eq!(state(&open), FileState::Open, "no steward is among them");
    let again = |site: &Site| {
        let votes = casts(site, &["checker-1", "checker-2"]);
        open.step(Event::Recounted { file: "a.csv".into(), votes }).unwrap().0
    };
    assert_eq!(state(&again(&site)), FileState::Open, "the control: nobody has another role");
    let mut person = site.registry.person("checker-2").unwrap().clone();
    person.roles.insert(Role::Steward);
    site.enact(Record::Person(person), &OFFICERS).unwrap();
    assert_eq!(state(&again(&site)), FileState::Approved);
}
