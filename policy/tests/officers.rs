//! What officers and stewards are told: contradictions, consequences, explanations.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::*;

fn backend(isolation: Isolation) -> Backend {
    Backend { isolation, limits: true }
}

fn preset(name: &str) -> Policy {
    text::policy(&format!("preset = \"{name}\"\n")).unwrap()
}

#[test]
fn every_preset_loads_and_says_what_shares_a_host() {
    let presets: Vec<_> = text::presets().collect();
    assert_eq!(presets, ["ehds", "opensafely", "turing", "vs"]);
    for name in presets {
        let policy = preset(name);
        assert!(policy.faults().is_empty() && policy.beyond(&[backend(Isolation::Local)]).is_empty(), "{name}");
        assert!(!policy.shares.is_empty() && !policy.replies.is_empty() && !policy.tracebacks.is_empty(), "{name}");
        // A site can be founded on it.
        let officers = genesis(&policy);
        assert!(Registry::found(officers).is_ok(), "{name}");
    }
    // Names never imply order: the first level of OpenSAFELY is the last, and the most sensitive.
    let scheme = preset("opensafely").scheme;
    assert!(scheme.label("level1").unwrap().dominates(&scheme.label("level5").unwrap()));
}

fn genesis(policy: &Policy) -> Genesis {
    let site = Site::new();
    let low = policy.scheme.levels[0].clone();
    let officer = |name: &str| Person {
        clearance: low.clone(),
        ceiling: low.clone(),
        ..site.registry.person(name).unwrap().clone()
    };
    Genesis { policy: policy.clone(), officers: vec![officer("officer-1"), officer("officer-2")] }
}

/// What is said of a policy with these lines.
fn said(lines: &str) -> String {
    text::policy(&format!("preset = \"ehds\"\n{lines}")).map_or_else(|problems| problems.to_string(), |_| String::new())
}

#[test]
fn a_contradiction_is_found_where_it_stands() {
    let rule = |more: &str| format!("[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n{more}");
    let level = "[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\n";
    for (lines, place, words) in [
        (rule("[[release]]\nfrom = \"*/health\"\nto = \"public\"\nnever = true\n"), "3:8:", "bars it"),
        (rule("reviewers = 0\n"), "5:13:", "without a reviewer"),
        (rule("who = [\"checker\", \"steward\"]\nreviewers = 1\n"), "5:7:", "each role in `who` approves"),
        (rule("who = [\"checker\", \"steward\"]\nreviewers = 1\n"), "5:7:", "2 roles can't be among 1 reviewer"),
        (rule("who = [\"operator\"]\n"), "3:8:", "no operator can be cleared for `confidential/health`"),
        (rule("profile = \"strict\"\n"), "5:11:", "no profile is called `strict`"),
        (
            format!("[role.scientist]\nceiling = \"internal\"\n{}", rule("")),
            "5:8:",
            "nothing is ever made at `confidential/health`",
        ),
        (
            format!("[role.scientist]\nceiling = \"confidential\"\n{}", rule("")),
            "5:8:",
            "nothing is ever made at `confidential/health`",
        ),
        (format!("{level}budget = {{ bits = 2 }}\n"), "8:19:", "nobody is ever told"),
        ("[[share]]\nlabels = [\"internal\"]\n".into(), "3:10:", "share a host anyway"),
        ("[[share]]\nlabels = [\"intern\", \"public\"]\n".into(), "3:10:", "did you mean `internal`?"),
        ("replies = [\"\"]\n".into(), "2:11:", "isn't one line"),
        (rule("").repeat(257), "771:8:", "257 release rules are more than the 256"),
        ("[[share]]\nlabels = [\"public\", \"internal\"]\n".repeat(257), "515:10:", "257 shares are more"),
        ("tracebacks = [\"a b\"]\n".into(), "2:14:", "isn't the name of a class"),
        (
            rule("reviewers = 2\nexcuse = { checks = [\"X9\"], reviewers = 3 }\n"),
            "6:22:",
            "`X9` isn't a check; did you mean `T9`?",
        ),
        (rule("excuse = { checks = [\"X9\"], reviewers = 0 }\n"), "5:41:", "needs more reviewers than another"),
        (rule("excuse = { checks = [\"X9\"], reviewers = 0 }\n"), "5:22:", "`X9` isn't a check"),
        (rule("excuse = { checks = [], reviewers = 3 }\n"), "5:21:", "excuses nothing"),
        ("categories = [\"health\", \"health\"]\n".into(), "2:25:", "`health` stands twice"),
        (
            format!(
                "categories = [\"health\", \"genomics\"]\n{}",
                rule("").replace("confidential/health", "*/genomics")
            ),
            "4:8:",
            "at no level is anything made",
        ),
        (
            format!("{level}owner_sees = \"nothing\"\nfeedback = \"notices\"\nbudget = {{ bits = 2 }}\n"),
            "9:12:",
            "nobody is ever told of the checks",
        ),
        ("min_people = 3\nmin_people = 4\n".into(), "3:1:", "`min_people` isn't TOML"),
    ] {
        let said = said(&lines);
        assert!(said.contains(place) && said.contains(words), "{lines}\n{said}");
    }
    assert_eq!(said(&rule("")), "", "the control: the rule alone is sound");
}

#[test]
fn a_rule_for_every_level_needs_one_at_which_something_is_made_and_can_be_seen_that_is_above_its_target() {
    let rule = |from: &str, to: &str, more: &str| format!("[[release]]\nfrom = \"{from}\"\nto = \"{to}\"\n{more}");
    for to in ["public", "internal"] {
        assert_eq!(said(&rule("*", to, "")), "", "the control: {to}");
    }
    assert_eq!(
        said(&rule("*/health", "public", "who = [\"checker\", \"steward\"]\nreviewers = 2\n")),
        "",
        "the control"
    );
    let lowest = format!("[role.scientist]\nceiling = \"public/health\"\n{}", rule("*/health", "public", ""));
    assert_eq!(said(&lowest), "", "the control: a category is above its level alone");
    for lines in [
        format!("[role.scientist]\nceiling = \"public\"\n{}", rule("*", "public", "")),
        format!("[role.scientist]\nceiling = \"internal\"\n{}", rule("*", "internal", "")),
        rule("*", "confidential", ""),
        rule("*/health", "public", "who = [\"operator\"]\n"),
        rule("*/health", "public", "who = [\"checker\", \"operator\"]\nreviewers = 2\n"),
    ] {
        assert!(said(&lines).contains("at no level is anything made"), "{lines}\n{}", said(&lines));
    }
    // Each level by a bar of its own.
    let never = |from: &str| rule(from, "public", "never = true\n");
    assert_eq!(said(&[rule("*", "public", ""), never("internal")].concat()), "", "the control: one of two levels");
    let barred = said(&[rule("*", "public", ""), never("internal"), never("confidential")].concat());
    assert!(barred.contains("nothing can go this way"), "{barred}");
}

#[test]
fn each_who_approves_is_one_and_there_is_at_least_one() {
    let keys = |change: fn(&mut ReleaseRule)| {
        let mut policy = policy();
        change(&mut policy.releases[0]);
        policy.faults().into_iter().map(|fault| fault.key).collect::<Vec<_>>()
    };
    assert_eq!(keys(|rule| rule.who.clear()), ["who"]);
    assert_eq!(keys(|rule| rule.reviewers = 1), [""; 0], "the control: one role, and one reviewer");
    // That nobody reviews is said once.
    assert_eq!(keys(|rule| rule.reviewers = 0), ["reviewers"]);
}

#[test]
fn a_budget_suffices_for_the_checks_of_one_file_or_they_are_told_to_nobody() {
    let told = |feedback: Feedback, ends: Ends, bits: u32| {
        let mut policy = policy();
        (policy.levels[2].owner_sees, policy.levels[2].feedback, policy.levels[2].ends) =
            (OwnerSees::Nothing, feedback, ends);
        policy.levels[2].budget.bits = bits;
        policy.faults().iter().all(|fault| !fault.what.contains("nobody is ever told of the checks"))
    };
    // Blocked or not, and mended or not; with notices, a review or a block of one check, or none; and one of 18 moments of a day.
    for (feedback, ends, least) in [
        (Feedback::Verdict, Ends::Fixed, 2),
        (Feedback::Notices, Ends::AtOnce, 4),
        (Feedback::Verdict, Ends::Doubling, 2 + 5),
        (Feedback::Notices, Ends::Doubling, 4 + 5),
    ] {
        assert!(told(feedback, ends, least) && !told(feedback, ends, least - 1), "{feedback:?}, {ends:?}");
    }
    assert!(told(Feedback::Nothing, Ends::Doubling, 0), "what is told nothing of costs nothing");
}

#[test]
fn lists_of_a_policy_have_bounds() {
    let faults = |change: &dyn Fn(&mut Policy)| {
        let mut policy = policy();
        change(&mut policy);
        policy.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let days = |days: u32| faults(&|policy: &mut Policy| policy.levels[0].budget.days = days);
    assert!(days(1).is_empty() && days(0).contains("after 0 days"), "{}", days(0));
    let people = |people: u32| faults(&|policy: &mut Policy| policy.profiles[0].min_people = people);
    assert!(people(2).is_empty() && people(1).contains("every cell of one person could leave"), "{}", people(1));
    let kept = |days: u32| faults(&|policy: &mut Policy| policy.levels[0].keep_logs = days);
    assert!(kept(1).is_empty() && kept(0).contains("kept for 0 days"), "{}", kept(0));
    let answered = |days: u32| faults(&|policy: &mut Policy| policy.releases[0].answer_in = days);
    assert!(answered(1).is_empty() && answered(0).contains("answers in 0 days"), "{}", answered(0));
    let replies = |count: usize| move |policy: &mut Policy| policy.replies = vec!["merge small groups".into(); count];
    let long = |letters: usize| move |policy: &mut Policy| policy.replies = vec!["ä".repeat(letters)];
    assert_eq!((faults(&replies(64)), faults(&long(120))), (String::new(), String::new()));
    for count in [65, 66] {
        assert!(faults(&replies(count)).contains(&format!("{count} replies are more than the 64")));
    }
    for letters in [0, 121, 122] {
        assert!(faults(&long(letters)).contains("isn't one line of at most 120 characters"), "{letters}");
    }
    let classes = |name: &str| faults(&|policy: &mut Policy| policy.tracebacks.push(name.into()));
    assert_eq!(["sklearn.exceptions.NotFittedError", "My_Error2"].map(classes), [""; 2]);
    assert!(["a b", "a-b", "a/b"].map(classes).iter().all(|said| said.contains("isn't the name of a class")));
    let shared = |labels: &[&str]| {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        faults(&|policy: &mut Policy| {
            policy.shares = vec![Share { labels: labels.clone(), permits: Permits::Same }];
        })
    };
    assert_eq!(shared(&["public", "internal"]), "");
    assert!(shared(&["public"]).contains("share a host anyway"));
    let rules = |count: usize| faults(&|policy: &mut Policy| policy.releases = vec![policy.releases[0].clone(); count]);
    assert_eq!(rules(256), "");
    assert_eq!(rules(257), "257 release rules are more than the 256 that there may be; leave some out");
    let shares = |count: usize, labels: usize| {
        let share = Share { labels: vec!["public".into(); labels], permits: Permits::Any };
        faults(&|policy: &mut Policy| policy.shares = vec![share.clone(); count])
    };
    assert_eq!(shares(256, 64), "");
    assert!(shares(257, 1).contains("257 shares are more") && shares(1, 65).contains("65 labels of a share"));
    let excused = |count: usize| {
        let excuse = Excuse { checks: vec!["T1".into(); count], reviewers: 3 };
        faults(&|policy: &mut Policy| policy.releases[0].excuse = Some(excuse.clone()))
    };
    assert_eq!(excused(64), "");
    assert!(excused(65).contains("65 checks of an excuse"));
    let profiles =
        |count: usize| faults(&|policy: &mut Policy| policy.profiles = vec![policy.profiles[0].clone(); count]);
    assert_eq!(profiles(64), "");
    assert!(profiles(65).contains("65 profiles are more"));
    let types = |count: usize| faults(&|policy: &mut Policy| policy.profiles[0].types = vec!["csv".into(); count]);
    assert_eq!(types(64), "");
    assert!(types(65).contains("65 types of a profile"));
    let levels = [Isolation::Rootless, Isolation::Local, Isolation::Docker, Isolation::Gvisor];
    assert!(levels.is_sorted());
    assert_eq!(levels.map(Isolation::name), ["rootless", "local", "docker", "gvisor"]);
}

#[test]
fn a_level_that_no_host_can_run_is_found() {
    let mut policy = policy();
    let (local, docker, gvisor) = (backend(Isolation::Local), backend(Isolation::Docker), backend(Isolation::Gvisor));
    assert!(policy.beyond(&[local]).is_empty());
    assert_eq!(policy.beyond(&[]).len(), policy.levels.len());
    policy.levels[2].isolation = Isolation::Gvisor;
    let fault = policy.beyond(&[local, docker]).remove(0);
    assert_eq!(
        fault.what,
        "no host can run `confidential`: it asks for `gvisor` with limits, and there is `local` with limits, `docker` with limits"
    );
    assert_eq!((fault.at, fault.key.as_str()), (Place::Level(2), "isolation"));
    assert!(policy.beyond(&[local, gvisor]).is_empty());

    // One that isolates well enough and doesn't limit is none for a level that asks for limits.
    let boundless = Backend { limits: false, ..gvisor };
    let fault = policy.beyond(&[local, boundless]).remove(0);
    assert_eq!((fault.at, fault.key.as_str()), (Place::Level(2), "limits"));
    policy.levels[2].limits = false;
    assert!(policy.beyond(&[local, boundless]).is_empty());
}

#[test]
fn a_policy_under_which_nobody_could_approve_is_refused() {
    let mut site = Site::new();
    let officers = ["officer-1", "officer-2"];
    let mut next = policy();
    next.releases[0].reviewers = 3;
    // checker-3 isn't cleared, and the scientist is a member.
    let refused = site.enact(Record::Policy(Box::new(next.clone())), &officers).unwrap_err();
    assert!(refused.what.contains("takes 3 reviewers, and 2 are cleared and independent"), "{refused}");
    assert_eq!(site.registry.policy().releases[0].reviewers, 2, "the policy in force stays");
    let third = site.newcomer("checker-4", &[Role::Checker]);
    site.enact(Record::Person(third), &officers).unwrap();
    site.enact(Record::Policy(Box::new(next.clone())), &officers).unwrap();
    next.releases[0].who.insert(Role::Officer);
    next.roles.get_mut(&Role::Officer).unwrap().clearance = HIGH.into();
    let refused = site.enact(Record::Policy(Box::new(next)), &officers).unwrap_err();
    assert!(refused.what.contains("no officer is cleared and independent"), "{refused}");
}

#[test]
fn rules_that_join_are_judged_together() {
    let site = Site::new();
    let rule = |from: &str, who: Role, reviewers: u8| {
        let who = [who].into();
        ReleaseRule { from: from.into(), who, reviewers, ..policy().releases[0].clone() }
    };
    let of = |releases: Vec<ReleaseRule>| site.registry.contradictions(&Policy { releases, ..policy() });
    let (stewards, checkers) = (rule("confidential", Role::Steward, 1), rule(HIGH, Role::Checker, 1));
    assert_eq!((of(vec![stewards.clone()]), of(vec![checkers.clone()])), (vec![], vec![]), "the control: each alone");
    assert_eq!(of(vec![stewards, checkers.clone()]), [], "each of them gets whom it wants");
    // What nobody can give one of them, nothing that both speak for gets.
    let faults = of(vec![rule("confidential", Role::Steward, 9), checkers]);
    assert_eq!(faults.iter().map(|fault| fault.at).collect::<Vec<_>>(), [Place::Release(0), Place::Release(1)]);
    assert!(faults.iter().all(|fault| fault.what.contains("it takes 9 reviewers")), "{faults:?}");
}

#[test]
fn a_rule_is_judged_at_the_labels_that_it_speaks_for() {
    let site = Site::new();
    let rule = |from: &str, reviewers: u8| ReleaseRule { from: from.into(), reviewers, ..policy().releases[0].clone() };
    let told = |releases: Vec<ReleaseRule>| {
        let faults = site.registry.contradictions(&Policy { releases, ..policy() });
        faults.into_iter().map(|fault| (fault.at, fault.key)).collect::<Vec<_>>()
    };
    // The permit goes up to confidential/health; what its rehearsals leave is at internal.
    for from in ["internal", "*"] {
        let releases = |reviewers| vec![policy().releases[0].clone(), rule(from, reviewers)];
        assert_eq!(told(releases(2)), [], "the control");
        assert!(told(releases(9)).contains(&(Place::Release(1), "reviewers".into())), "{from}");
    }
    // At internal both of them speak, and one wants somebody whom there isn't; at the permit's top the other one does.
    let of = |from: &str, who: Role| ReleaseRule { who: [who].into(), ..rule(from, 1) };
    assert_eq!(told(vec![of("*", Role::Checker), of("internal", Role::Steward)]), [], "the control");
    let both = told(vec![of("*", Role::Checker), of("internal", Role::Auditor)]);
    assert_eq!(both, [0, 1].map(|number| (Place::Release(number), "reviewers".into())));
}

#[test]
fn each_rule_is_judged_by_itself_for_each_permit_and_a_bar_wants_nobody() {
    let mut site = Site::new();
    let rule = policy().releases[0].clone();
    let told = |site: &Site, releases: &[ReleaseRule]| {
        let faults = site.registry.contradictions(&Policy { releases: releases.to_vec(), ..policy() });
        faults.into_iter().map(|fault| (fault.at, fault.key, fault.what)).collect::<Vec<_>>()
    };
    // Together they excuse nothing, and what one of them says is said for nothing.
    let excuse = Some(Excuse { checks: vec!["T1".into()], reviewers: 9 });
    let excusing = ReleaseRule { excuse, ..rule.clone() };
    let other = ReleaseRule { from: "confidential".into(), ..rule.clone() };
    assert_eq!(told(&site, &[rule.clone(), other.clone()]), [], "the control");
    let [(at, key, _)] = told(&site, &[excusing, other]).try_into().unwrap();
    assert_eq!((at, key.as_str()), (Place::Release(0), "excuse"));
    // A permit that a rule doesn't concern hides none that it does.
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let (up_to, datasets) = ("internal".to_owned(), ["low@1".to_owned()].into());
    let low = Permit { up_to, datasets, ..permit("A", &["colleague"]) };
    site.enact(Record::Permit(low), &["officer-1", "steward-1"]).unwrap();
    let many = ReleaseRule { reviewers: 9, ..rule };
    let [(_, _, what)] = told(&site, std::slice::from_ref(&many)).try_into().unwrap();
    assert!(what.contains(&format!("release what `{PERMIT}` makes")), "{what}");
    // Nothing under `A` goes to the label that it goes up to: it is there.
    let inward = ReleaseRule { from: "*".into(), to: "internal".into(), ..many.clone() };
    let [(_, _, what)] = told(&site, &[inward]).try_into().unwrap();
    assert!(what.contains(&format!("release what `{PERMIT}` makes")), "{what}");
    let health = ReleaseRule { from: "*/health".into(), ..many.clone() };
    let [(_, _, what)] = told(&site, &[health]).try_into().unwrap();
    assert!(what.contains(&format!("release what `{PERMIT}` makes")), "{what}");
    assert_eq!(told(&site, &[ReleaseRule { never: true, ..many }]), []);
}

#[test]
fn rules_that_join_below_a_permits_top_for_more_audiences_are_judged_together() {
    let mut old = policy();
    old.scheme.audiences.extend(["X", "Y"].map(str::to_owned));
    let wide = format!("{HIGH} rel:X,Y");
    for role in [Role::Checker, Role::Steward] {
        old.roles.get_mut(&role).unwrap().clearance = wide.clone();
    }
    let narrow = "confidential rel:X,Y".to_owned();
    let bounds = Bounds { clearance: narrow.clone(), ..old.roles[&Role::Checker].clone() };
    old.roles.insert(Role::Auditor, bounds);
    old.roles.get_mut(&Role::Scientist).unwrap().ceiling = wide.clone();
    let mut site = Site::with(old.clone());
    let top = format!("{HIGH} rel:X");
    let cleared = |name: &str| Person { clearance: wide.clone(), ..site.registry.person(name).unwrap().clone() };
    let people = ["steward-1", "steward-2", "checker-1", "checker-2"].map(cleared);
    for person in people {
        site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
    }
    // Who is cleared for the level, and for no category.
    let auditor = Person { clearance: narrow, ..site.newcomer("auditor", &[Role::Auditor]) };
    site.enact(Record::Person(auditor), &["officer-1", "officer-2"]).unwrap();
    site.enact(Record::Dataset(Box::new(dataset("x@1", &top))), &["steward-1", "steward-2"]).unwrap();
    let (up_to, datasets) = (top, ["x@1".to_owned()].into());
    let granted = Permit { up_to, datasets, ..permit("P-9", &["colleague"]) };
    site.enact(Record::Permit(granted), &["officer-1", "steward-1"]).unwrap();
    let rule = |from: &str, who: Role| ReleaseRule {
        from: format!("{from} rel:X,Y"),
        who: [who].into(),
        reviewers: 1,
        ..old.releases[0].clone()
    };
    let judged = |site: &Site, releases: &[ReleaseRule]| {
        let faults = site.registry.contradictions(&Policy { releases: releases.to_vec(), ..old.clone() });
        faults.into_iter().map(|fault| (fault.at, fault.what)).collect::<Vec<_>>()
    };
    let told = |releases: &[ReleaseRule]| judged(&site, releases);
    let (checkers, auditors) = (rule(HIGH, Role::Checker), rule("confidential", Role::Auditor));
    assert_eq!(
        (told(std::slice::from_ref(&checkers)), told(std::slice::from_ref(&auditors))),
        (vec![], vec![]),
        "the control: each alone"
    );
    let both = told(&[checkers, auditors]);
    assert!(both.len() == 1 && both[0].1.contains("no auditor is cleared and independent"), "{both:?}");
    // What is releasable to some is nothing that a rule for others speaks for.
    for name in ["checker-1", "checker-2", "checker-3", "checker-4"] {
        let Some(person) = site.registry.person(name).cloned() else { continue };
        let person = Person { clearance: HIGH.into(), ..person };
        site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
    }
    let [some, all] =
        [format!("{HIGH} rel:X"), HIGH.into()].map(|from| ReleaseRule { from, ..old.releases[0].clone() });
    assert_eq!(judged(&site, &[some]).len(), 1, "the control: nobody may see it who could review it");
    assert_eq!(judged(&site, &[all]), []);
}

#[test]
fn whoever_left_reviews_nothing_and_a_block_takes_as_many_as_the_excuse_says() {
    let mut site = Site::new();
    let mut policy = policy();
    assert_eq!(site.registry.contradictions(&policy), [], "the control: two checkers are cleared");
    policy.releases[0].excuse = Some(Excuse { checks: vec!["T1".into()], reviewers: 3 });
    let told = |site: &Site| {
        let faults = site.registry.contradictions(&policy);
        faults.into_iter().map(|fault| (fault.key, fault.what)).collect::<Vec<_>>()
    };
    let [(key, what)] = told(&site).try_into().unwrap();
    assert!(key == "excuse" && what.contains("takes 3 reviewers, and 2 are cleared"), "{what}");
    let gone = Person { disabled: true, ..site.registry.person("checker-2").unwrap().clone() };
    site.enact(Record::Person(gone), &["officer-1", "officer-2"]).unwrap();
    let [(key, what)] = told(&site).try_into().unwrap();
    assert!(key == "reviewers" && what.contains("takes 2 reviewers, and 1 are cleared"), "{what}");
}

#[test]
fn a_permit_goes_as_high_as_its_data_and_no_higher() {
    let mut site = Site::new();
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let of = |up_to: &str| Permit {
        datasets: ["low@1".to_owned()].into(),
        up_to: up_to.into(),
        ..permit("P-9", &["colleague"])
    };
    let refused = site.enact(Record::Permit(of(HIGH)), &["officer-1", "steward-1"]).unwrap_err();
    assert!(refused.what.contains("all its data is at `internal`"), "{refused}");
    assert!(site.enact(Record::Permit(of("internal")), &["officer-1", "steward-1"]).is_ok());
}

#[test]
fn a_change_is_told_in_its_consequences() {
    let old = policy();
    let told = |change: fn(&mut Policy)| {
        let mut new = policy();
        change(&mut new);
        old.consequences(&new).join("\n")
    };
    assert_eq!(told(|_| ()), "");
    for (change, words) in [
        (
            (|new| new.roles.get_mut(&Role::Scientist).unwrap().ceiling = "internal".into()) as fn(&mut Policy),
            "scientists can no longer submit above `internal`",
        ),
        (|new| new.releases[0].reviewers = 3, "release from `confidential/health` to `public` now needs 3 reviewers"),
        (|new| new.releases.truncate(1), "release from `internal` to `public` is no longer possible"),
        (|new| new.profiles[0].min_people = 20, "now wants counts of at least 20 people (was 10)"),
        (|new| new.levels[2].owner_sees = OwnerSees::State, "is told of a job `state` (was `reason`)"),
        (|new| new.levels[2].ends = Ends::Fixed, "an end is seen `fixed` (was `doubling`)"),
        (|new| new.shares.clear(), "no longer share a host"),
        (|new| new.scheme.categories.push("genomics".into()), "there is a new category `genomics`"),
        (|new| drop(new.replies.pop()), "reviewers can no longer reply"),
        (
            |new| {
                new.scheme.levels.push("secret".into());
                new.levels.push(LevelRules { owner_sees: OwnerSees::Nothing, ..new.levels[2].clone() });
            },
            "at `secret`, a submitter who isn't cleared is told of a job `nothing`\n",
        ),
        (
            |new| new.releases[0].excuse = Some(Excuse { checks: vec!["T1".into()], reviewers: 3 }),
            "3 reviewers can now excuse `T1`",
        ),
    ] {
        assert!(told(change).contains(words), "{words}\n{}", told(change));
    }
    let mut before = policy();
    before.roles.remove(&Role::Checker);
    let words = format!("there are checkers now: they can see up to `{HIGH}` and submit up to `public`");
    assert_eq!(before.consequences(&old), [words]);
    // Who may excuse with fewer is no detail.
    let excusing = |reviewers| {
        let mut policy = policy();
        policy.releases[0].excuse = Some(Excuse { checks: vec!["T1".into()], reviewers });
        policy
    };
    let way = "release from `confidential/health` to `public`";
    let fewer = excusing(4).consequences(&excusing(3));
    assert_eq!(fewer, [format!("{way}: an excuse now takes 3 reviewers (was 4)")]);
    assert_eq!(old.consequences(&excusing(3)), [format!("{way}: 3 reviewers can now excuse `T1`")]);
    let mut narrower = policy();
    narrower.roles.get_mut(&Role::Checker).unwrap().clearance = "internal".into();
    let affected = Site::new().registry.affected(&narrower).join("\n");
    assert!(affected.contains("4 people see nothing above the lowest label any more: `checker-1`"), "{affected}");
}

#[test]
fn whoever_sees_nothing_any_more_is_told_and_nobody_else() {
    let mut narrower = policy();
    narrower.roles.get_mut(&Role::Checker).unwrap().clearance = "internal".into();
    let mut site = Site::new();
    let enrol = |site: &mut Site, name: &str, clearance: &str| {
        let person = Person { clearance: clearance.into(), ..site.newcomer(name, &[Role::Checker]) };
        site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
    };
    let told = |site: &Site| site.registry.affected(&narrower).into_iter().find(|line| line.contains("see nothing"));
    let said = |count: usize, names: &str| {
        Some(format!("{count} people see nothing above the lowest label any more: `checker-1`, `checker-2`, {names}"))
    };
    assert_eq!(told(&site), said(4, "`checker-3`, `scientist`"));
    // Those who are gone lose nothing, nor do those who never saw anything.
    let gone = Person { disabled: true, ..site.registry.person("checker-3").unwrap().clone() };
    site.enact(Record::Person(gone), &["officer-1", "officer-2"]).unwrap();
    enrol(&mut site, "checker-0", "public");
    assert_eq!(told(&site), said(3, "`scientist`"));
    ["checker-4", "checker-5"].into_iter().for_each(|name| enrol(&mut site, name, HIGH));
    assert_eq!(told(&site), said(5, "`checker-4`, `checker-5`, `scientist`"));
    enrol(&mut site, "checker-6", HIGH);
    assert_eq!(told(&site), said(6, "`checker-4`, `checker-5`, `checker-6`, …"));
    let affected = site.registry.affected(&narrower);
    assert!(affected.iter().any(|line| line.contains("nobody could release what")), "{affected:?}");
}

#[test]
fn ways_up_are_no_ways_and_more_labels_than_are_compared_are_said_to_be() {
    let rule = |from: String, to: &str| ReleaseRule { from, to: to.into(), ..policy().releases[0].clone() };
    let with = |releases: Vec<ReleaseRule>| Policy { releases, ..policy() };
    let told = policy().consequences(&with(vec![policy().releases[0].clone(), rule("*".into(), "internal")]));
    assert!(told.iter().all(|line| !line.contains("`public` to") && !line.contains("`internal` to `int")), "{told:?}");
    assert!(
        told.iter().any(|line| line.starts_with("release from `confidential` to `internal` is now")),
        "the control"
    );
    // Each of 16 levels with ever more of so many categories: nothing new comes of two of them together.
    let many = |categories: usize| {
        let mut policy = policy();
        policy.scheme.levels = (0..16).map(|level| format!("l{level}")).collect();
        policy.scheme.categories = (0..categories).map(|category| format!("c{category}")).collect();
        let of = |most: usize| policy.scheme.categories.iter().take(most).cloned().collect::<Vec<_>>().join(",");
        policy.releases = (1..=categories).map(|most| rule(format!("*/{}", of(most)), "l0")).collect();
        policy
    };
    let more = |categories: usize| {
        let told = many(categories).consequences(&many(categories));
        told.iter().any(|line| line.starts_with("more ways than"))
    };
    assert!(!more(64) && more(65));
}

#[test]
fn a_way_that_is_new_is_told_with_what_it_takes() {
    let mut inside = policy();
    inside.releases.push(ReleaseRule { to: "internal".into(), ..inside.releases[0].clone() });
    let terms = "2 reviewers (checker among them), no block of the profile `standard`, counts of at least 10 people";
    let told = format!("release from `{HIGH}` to `internal` is now possible, with {terms}");
    assert_eq!(policy().consequences(&inside), [told]);
}

#[test]
fn what_three_rules_make_possible_together_is_told() {
    let mut old = policy();
    old.scheme.categories.extend(["genomics", "crime"].map(str::to_owned));
    let rule = |category: &str| ReleaseRule { from: format!("confidential/{category}"), ..old.releases[0].clone() };
    let with =
        |categories: &[&str]| Policy { releases: categories.iter().map(|one| rule(one)).collect(), ..old.clone() };
    let told = with(&["health", "genomics"]).consequences(&with(&["health", "genomics", "crime"]));
    for from in ["confidential/crime", "confidential/health,crime", "confidential/health,genomics,crime"] {
        let words = format!("release from `{from}` to `public` is now possible");
        assert!(told.iter().any(|line| line.starts_with(&words)), "{words}: {told:?}");
    }
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn each_pair_that_may_share_a_host_is_told_once_and_what_shares_it_anyway_is_not() {
    let sharing = |permits: Option<Permits>| {
        let share = |permits| Share { labels: vec!["public".into(), "internal".into()], permits };
        Policy { shares: permits.map(share).into_iter().collect(), ..policy() }
    };
    let [none, one, several] = [None, Some(Permits::Same), Some(Permits::Any)].map(sharing);
    let lines = |pairs: &[&str], what: &str| pairs.iter().map(|pair| format!("jobs {pair} {what}")).collect::<Vec<_>>();
    let of_one = ["of one permit at `internal` and `public`"];
    let of_several = [
        "of several permits at `internal` and `internal`",
        "of several permits at `internal` and `public`",
        "of several permits at `public` and `public`",
    ];
    assert_eq!(none.consequences(&one), lines(&of_one, "may now share a host"));
    assert_eq!(one.consequences(&several), lines(&of_several, "may now share a host"));
    assert_eq!(several.consequences(&none), lines(&[&of_one[..], &of_several].concat(), "no longer share a host"));
}

#[test]
fn an_explanation_names_the_smallest_change_and_it_is_enough() {
    let mut site = Site::new();
    let ok = site.registry.explain_job(&plan("colleague"), today());
    assert!(ok.allowed && ok.why.contains(HIGH), "{ok:?}");

    let mut low = site.registry.person("colleague").unwrap().clone();
    low.ceiling = "internal".into();
    site.enact(Record::Person(low.clone()), &["officer-1", "officer-2"]).unwrap();
    let refused = site.registry.explain_job(&plan("colleague"), today());
    assert_eq!((refused.allowed, refused.rule), (false, 4));
    for change in ["leave `wdbc@1` out", "rehearse with `--dummy`", "raise your ceiling to `confidential/health`"] {
        assert!(refused.changes.iter().any(|one| one.contains(change)), "{change}: {refused:?}");
    }
    // Each was tried: made so, it is allowed.
    assert!(site.registry.admit(JobPlan { dummy: true, ..plan("colleague") }, today()).is_ok());
    low.ceiling = HIGH.into();
    site.enact(Record::Person(low), &["officer-1", "officer-2"]).unwrap();
    assert!(site.registry.admit(plan("colleague"), today()).is_ok());

    // A ceiling that the policy doesn't grant is no advice, nor a permit that goes up higher than its data.
    let above = JobPlan { label: Some("confidential".into()), data: [].into(), ..plan("stranger") };
    let low =
        Permit { up_to: "internal".into(), datasets: ["low@1".to_owned()].into(), ..permit("P-2", &["stranger"]) };
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    site.enact(Record::Permit(low), &["officer-1", "steward-1"]).unwrap();
    let answer = site.registry.explain_job(&JobPlan { permit: "P-2".into(), ..above }, today());
    assert_eq!(answer.changes, ["leave `label` out"]);

    // What isn't there and what may not be known give the same answer.
    let of = |permit: &str| site.registry.explain_job(&JobPlan { permit: permit.into(), ..plan("stranger") }, today());
    assert_eq!(of(PERMIT), of("P-77"));
}

#[test]
fn an_excuse_that_rules_have_not_in_common_is_none() {
    let why = |checks: [&str; 2]| {
        let rule = |from: &str, check: &str| ReleaseRule {
            from: from.into(),
            excuse: Some(Excuse { checks: vec![check.into()], reviewers: 3 }),
            ..policy().releases[0].clone()
        };
        let releases = vec![rule(HIGH, checks[0]), rule("confidential", checks[1])];
        let both = Policy { releases, ..policy() };
        let [from, to] = [HIGH, "public"].map(|label| both.scheme.label(label).unwrap());
        both.explain_flow(&from, &to).why
    };
    assert!(why(["T1", "T1"]).ends_with("; 3 reviewers can excuse T1"), "{}", why(["T1", "T1"]));
    assert!(!why(["T1", "T4"]).contains("excuse"), "{}", why(["T1", "T4"]));
}

#[test]
fn a_read_and_a_flow_are_explained() {
    let site = Site::new();
    let label = |text: &str| site.registry.label(text).unwrap();
    let (high, policy) = (label(HIGH), site.registry.policy_digest());
    let read = |name: &str| site.registry.explain_read(name, At { label: &high, policy }, PERMIT, today());
    assert!(read("scientist").why.contains("as a member") && read("checker-1").why.contains("as a reviewer"));
    // What officers couldn't grant under the policy isn't said to do: scientists see no more than `internal` under this one.
    let colleague = read("colleague");
    assert_eq!(
        colleague.changes,
        ["another policy: under this one no change of the account or the permit is enough"],
        "a member becomes no reviewer either"
    );
    let stranger = read("stranger");
    let raised = format!("have two officers raise the clearance of `stranger` to `{HIGH}`");
    assert_eq!(stranger.changes, [format!("{raised}, and make `stranger` a checker")]);
    let mut wider = common::policy();
    wider.roles.get_mut(&Role::Scientist).unwrap().clearance = HIGH.into();
    let wide = Site::with(wider);
    let policy = wide.registry.policy_digest();
    let read = |name: &str| wide.registry.explain_read(name, At { label: &high, policy }, PERMIT, today());
    assert_eq!(
        read("colleague").changes,
        [format!("have two officers raise the clearance of `colleague` to `{HIGH}`")]
    );
    let stranger = read("stranger");
    assert_eq!(stranger.changes.len(), 2, "{stranger:?}");
    assert!(stranger.changes.iter().all(|change| change.contains(", and ")), "it takes two: {stranger:?}");

    let flow = |from: &str, to: &str| site.registry.policy().explain_flow(&label(from), &label(to));
    assert!(flow("internal", HIGH).why.contains("data flows up"));
    let down = flow(HIGH, "public");
    assert!(down.allowed && down.why.contains("2 reviewers"), "{down:?}");
    let none = flow(HIGH, "internal");
    assert_eq!((none.allowed, none.rule), (false, 6));
    assert_eq!(none.labels, Some(("internal".into(), HIGH.into())), "the one that should dominate comes first");
    let expected = [format!("add a release rule from `{HIGH}` to `internal`"), "release it to `public` instead".into()];
    assert_eq!(none.changes, expected);
    let wide = "[role.scientist]\nceiling = \"confidential/health,genomics\"\n[role.checker]\nclearance = \"confidential/health,genomics\"\n";
    let barred = format!(
        "preset = \"ehds\"\ncategories = [\"health\", \"genomics\"]\n{wide}[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n[[release]]\nfrom = \"*/genomics\"\nto = \"public\"\nnever = true\n"
    );
    let barred = text::policy(&barred).unwrap();
    let from = barred.scheme.label("confidential/health,genomics").unwrap();
    let answer = barred.explain_flow(&from, &Label::LOWEST);
    assert!(
        answer.changes[0].contains("take out the rule `never`") && answer.changes[0].contains(", and add"),
        "{answer:?}"
    );
    // What would contradict itself isn't said to do: nothing is ever made with a category that nobody's ceiling has.
    let narrow = text::policy("preset = \"ehds\"\ncategories = [\"health\", \"genomics\"]\n").unwrap();
    let from = narrow.scheme.label("confidential/genomics").unwrap();
    assert_eq!(narrow.explain_flow(&from, &Label::LOWEST).changes, ["see `semla policy show` for the ways that exist"]);
}

#[test]
fn nobody_is_told_to_become_a_member_of_what_they_signed() {
    let mut wider = policy();
    wider.roles.get_mut(&Role::Officer).unwrap().clearance = HIGH.into();
    let mut site = Site::with(wider);
    let officer = Person { clearance: "internal".into(), ..site.newcomer("officer-3", &[Role::Officer]) };
    site.enact(Record::Person(officer), &["officer-1", "officer-2"]).unwrap();
    let (high, policy) = (site.registry.label(HIGH).unwrap(), site.registry.policy_digest());
    let changes =
        |name: &str| site.registry.explain_read(name, At { label: &high, policy }, PERMIT, today()).changes.join("; ");
    assert!(changes("officer-3").contains("make `officer-3` a member"), "the control: {}", changes("officer-3"));
    assert!(!changes("officer-1").contains("a member"), "{}", changes("officer-1"));
}

#[test]
fn an_explanation_has_an_end_whatever_is_asked() {
    let site = Site::new();
    let many = |count: usize| (0..count).map(|at| (mount(&format!("m{at}")), "nothing@1".to_owned())).collect();
    // More than there are bits in a number: the first are tried.
    let forty = site.registry.explain_job(&JobPlan { data: many(40), ..plan("stranger") }, today());
    assert!(!forty.allowed && !forty.changes.is_empty());
    let start = std::time::Instant::now();
    let refused = site.registry.explain_job(&JobPlan { data: many(14_000), ..plan("stranger") }, today());
    assert!(!refused.allowed && start.elapsed() < std::time::Duration::from_millis(500), "{:?}", start.elapsed());
    // As many bars.
    let mut barred = policy();
    let rule = ReleaseRule { never: true, ..barred.releases[0].clone() };
    barred.releases.extend(vec![rule; 40]);
    let [from, to] = [HIGH, "public"].map(|text| barred.scheme.label(text).unwrap());
    assert!(!barred.explain_flow(&from, &to).allowed);
}

#[test]
fn who_has_to_approve_is_told_when_it_changes_to_more_to_fewer_and_to_others() {
    let told = |change: &dyn Fn(&mut ReleaseRule)| {
        let mut next = policy();
        change(&mut next.releases[0]);
        policy().consequences(&next)
    };
    let way = "release from `confidential/health` to `public` now needs";
    for (number, words) in [(1, "1 reviewers (was 2)"), (3, "3 reviewers (was 2)")] {
        assert_eq!(told(&|rule| rule.reviewers = number), [format!("{way} {words}")]);
    }
    let others = told(&|rule| rule.who = [Role::Steward].into());
    let words = "2 reviewers (steward among them); before, 2 reviewers (checker among them)";
    assert_eq!(others, [format!("{way} {words}")]);
    assert_eq!(told(&|_| {}), [""; 0], "the control");
}
