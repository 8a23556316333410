//! Everybody may ask what a policy comes to and why something may not be: whatever they send, there is an answer, and soon.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::*;
use std::time::{Duration, Instant};

/// Far more than any of these takes, and far less than it took once.
const SOON: Duration = Duration::from_secs(30);

/// A policy with so many categories, and a rule for each of them.
fn wide(rules: usize, from: &str) -> Policy {
    let mut policy = policy();
    let names: Vec<String> = (0..rules).map(|number| format!("c{number}")).collect();
    policy.scheme.categories.extend(names.iter().cloned());
    let highest = policy.scheme.show(&policy.scheme.label("confidential/health").unwrap());
    policy.roles.values_mut().for_each(|bounds| {
        (bounds.clearance, bounds.ceiling) = (format!("{highest},{}", names.join(",")), bounds.clearance.clone());
    });
    let rule = |name: &String| ReleaseRule { from: format!("{from}/{name}"), ..policy.releases[0].clone() };
    policy.releases = names.iter().map(rule).collect();
    policy
}

#[test]
fn as_many_rules_as_there_may_be_are_compared_soon_and_what_is_left_out_is_said() {
    for from in ["confidential", "*"] {
        let (old, mut new) = (wide(256, from), wide(256, from));
        new.releases.iter_mut().for_each(|rule| rule.reviewers = 3);
        let begun = Instant::now();
        let told = old.consequences(&new);
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        let way = "release from `confidential/c0` to `public` now needs 3 reviewers (was 2)";
        assert!(told.iter().any(|line| line == way), "{:?}", &told[..10]);
        assert!(told.last().unwrap().contains("more ways than the 65536"), "{:?}", told.last());
    }
}

#[test]
fn ways_to_every_target_count_among_those_that_are_compared() {
    let last = |targets: &[&str]| {
        // All that 16 categories can be together is one less than is compared.
        let mut new = wide(16, "confidential");
        new.releases.iter_mut().zip(targets).for_each(|(rule, to)| rule.to = (*to).into());
        new.consequences(&new).pop()
    };
    assert_eq!(last(&[]), None, "the control");
    assert!(last(&["internal"]).unwrap().contains("more ways than the 65536"));
}

#[test]
fn as_many_shares_as_there_may_be_are_compared_soon() {
    let mut new = wide(256, "confidential");
    let share = |start: usize| {
        let label = |at: usize| format!("confidential/c{}", (start + at) % 256);
        Share { labels: (0..64).map(label).collect(), permits: Permits::Any }
    };
    new.shares = (0..256).map(share).collect();
    let begun = Instant::now();
    let told = policy().consequences(&new);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!(
        told.iter()
            .any(|line| line
                == "jobs of several permits at `confidential/c0` and `confidential/c1` may now share a host")
    );
}

#[test]
fn a_job_with_more_datasets_than_can_be_left_out_is_explained() {
    let mut site = Site::new();
    let low = Person { ceiling: "internal".into(), ..site.registry.person("colleague").unwrap().clone() };
    site.enact(Record::Person(low), &["officer-1", "officer-2"]).unwrap();
    let data = |mounts: usize| (0..mounts).map(|number| (mount(&format!("m{number}")), DATA.to_owned())).collect();
    for mounts in [16, 17, 33, 40] {
        let refused = site.registry.explain_job(&JobPlan { data: data(mounts), ..plan("colleague") }, today());
        assert!(refused.changes.iter().any(|change| change == "rehearse with `--dummy`"), "{mounts}: {refused:?}");
    }
}

#[test]
fn a_flow_with_more_bars_than_can_be_taken_out_is_explained() {
    for bars in [16, 33, 256] {
        let mut policy = policy();
        let bar = ReleaseRule { never: true, ..policy.releases[0].clone() };
        policy.releases = vec![bar; bars];
        let from = policy.scheme.label(HIGH).unwrap();
        let answer = policy.explain_flow(&from, &Label::LOWEST);
        assert!(!answer.allowed && answer.why.contains("never releases"), "{bars}: {answer:?}");
    }
}

#[test]
fn a_name_longer_than_any_is_near_to_none() {
    let begun = Instant::now();
    let refused = policy().scheme.label(&"a".repeat(1 << 20)).unwrap_err();
    assert!(refused.to_string().ends_with("there is `public`, `internal`, `confidential`"));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}
