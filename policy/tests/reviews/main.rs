//! Rule 6 as reviewers meet it: votes that are blind until they are given, blocks that may be excused, replies to an author, and
//! records that change under a request.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod excuses;
mod follow;
mod rounds;
mod votes;

use common::*;
use semla_policy::release::{
    Blocks, Candidate, Decision, Effect, Event, FileState, Judged, Reason, Release, State, Verdict, Vote, replies,
};
use semla_policy::*;
use std::collections::{BTreeMap, BTreeSet};

const THREE: [&str; 3] = ["checker-1", "checker-2", "checker-4"];

/// A site with three independent checkers, whose policy excuses T1 and T4 with three approvals. There is another way, with other terms.
fn site() -> Site {
    let mut policy = policy();
    policy.releases[0].excuse = Some(Excuse { checks: vec!["T1".into(), "T4".into()], reviewers: 3 });
    policy.releases.push(ReleaseRule { to: "internal".into(), excuse: None, ..policy.releases[0].clone() });
    let mut site = Site::with(policy);
    let third = site.newcomer("checker-4", &[Role::Checker]);
    site.enact(Record::Person(third), &["officer-1", "officer-2"]).unwrap();
    site
}

fn terms(site: &Site) -> Terms {
    let label = |text| site.registry.label(text).unwrap();
    site.registry.both(site.registry.policy_digest(), &label(HIGH), &label("public")).unwrap()
}

/// Terms that take three and excuse nothing.
fn three(site: &Site) -> Terms {
    let panels = serde_json::json!([{ "who": ["checker"], "reviewers": 3, "excusing": 3 }]);
    Terms { panels: serde_json::from_value(panels).unwrap(), excuse: None, ..terms(site) }
}

fn named(checks: &[&str]) -> Blocks {
    Blocks::Named(checks.iter().map(|check| (*check).to_owned()).collect())
}

/// Two files that the checks answered for.
fn request(site: &Site, a: Blocks, b: Blocks) -> Release {
    let files = BTreeMap::from(["a.csv", "b.csv"].map(|name| (name.to_owned(), Digest::of(name.as_bytes()))));
    let labels = (HIGH.to_owned(), "public".to_owned());
    let draft = Release::draft("r-1".into(), "colleague".into(), labels, &terms(site), files);
    let (mut release, effects) = draft.step(Event::Submit).unwrap();
    assert_eq!(effects.len(), 2);
    for (file, blocks) in [("a.csv", a), ("b.csv", b)] {
        let digest = release.files[file].digest;
        release = release.step(Event::Checked { file: file.into(), digest, blocks }).unwrap().0;
    }
    release
}

fn vote(site: &Site, file: &str, decision: Decision) -> Vote {
    Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: file.into(),
        digest: Digest::of(file.as_bytes()),
        from: HIGH.into(),
        to: "public".into(),
        policy: *site.registry.policy_digest(),
        until: "2026-12-01".parse().unwrap(),
        decision,
        excuses: [].into(),
        reason: None,
        replies: [].into(),
    }
}

fn excusing(checks: &[&str], vote: Vote) -> Vote {
    let reason = Reason { salt: "0".repeat(32), text: "the cells are of published totals".into() };
    Vote { excuses: checks.iter().map(|check| (*check).to_owned()).collect(), reason: reason.digest(), ..vote }
}

fn marking(site: &Site) -> Marking {
    let policy = *site.registry.policy_digest();
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy }
}

fn cast(site: &Site, release: &Release, by: &str, vote: &Vote) -> Result<Release, Refusal> {
    let cast = site.registry.vote(&site.sign(vote, &[by]), &marking(site))?;
    Ok(release.step(Event::Vote(Box::new(cast)))?.0)
}

fn state(release: &Release, file: &str) -> FileState {
    release.files[file].state
}
