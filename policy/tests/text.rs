//! Files that people write: all that is wrong is said at once, with its place.
#![allow(clippy::unwrap_used)]

use semla_policy::{Isolation, OwnerSees, text};

#[test]
fn the_examples_of_every_kind_are_read() {
    let policy = text::policy(
        r#"
preset     = "ehds"
min_people = 12
categories = ["health", "genomics"]

[[level]]
name = "public"

[[level]]
name = "internal"

[[level]]
name       = "confidential"
isolation  = "gvisor"
owner_sees = "outcome"
budget     = { bits = 32, per = "permit", every = "7d" }

[[release]]
from      = "confidential/health"
to        = "public"
reviewers = 2
excuse    = { checks = ["T1", "T4"], reviewers = 3 }

[[release]]
from  = "*/genomics"
to    = "public"
never = true
"#,
    )
    .unwrap();
    assert_eq!(policy.profile("standard").unwrap().min_people, 12);
    let high = policy.levels.last().unwrap();
    assert_eq!((high.isolation, high.owner_sees, high.budget.bits), (Isolation::Gvisor, OwnerSees::Outcome, 32));
    let label = |text: &str| policy.scheme.label(text).unwrap();
    let public = label("public");
    assert_eq!(policy.terms(&label("confidential/health"), &public).unwrap().reviewers, 2);
    for barred in ["confidential/genomics", "confidential/health,genomics", "internal/genomics", "confidential"] {
        assert!(policy.terms(&label(barred), &public).is_err(), "{barred}");
    }
}

#[test]
fn every_error_has_a_place_and_a_suggestion() {
    let broken = r#"
preset = "ehds"
min_peple = 10

[[level]]
name = "public"
owner_sees = "reasons"

[[release]]
from = "confidental/health"
to = "public"
reviewers = 0
excuse = { checks = ["C1"], reviewers = 1 }
"#;
    let problems = text::policy(broken).unwrap_err();
    let shown = problems.to_string();
    for expected in [
        "3:1: `min_peple` isn't a key here; did you mean `min_people`?",
        "7:14: `reasons` isn't known here; did you mean `reason`?",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    let broken = broken.replace("owner_sees = \"reasons\"\n", "").replace("min_peple", "min_people");
    let shown = text::policy(&broken).unwrap_err().to_string();
    for expected in ["`confidental`", "`C1` can never be excused", "without a reviewer"] {
        assert!(shown.contains(expected), "{shown}");
    }
}

#[test]
fn a_file_that_is_not_toml_says_where() {
    let problems = text::policy("preset = \"ehds\"\nlevel = [[\n").unwrap_err();
    assert!(problems.0.iter().all(|problem| problem.line >= 2), "{problems}");
    assert!(text::job("run = 3\n").unwrap_err().0.len() >= 3, "each missing key and the wrong one");
}

#[test]
fn an_outputs_path_stays_below_out() {
    let job = |path: &str| {
        text::job(&format!(
            "permit = \"P\"\nimage = \"i\"\nrun = [\"x\"]\n[[output]]\npath = \"{path}\"\nkind = \"table\"\n"
        ))
    };
    assert!(job("tables/a.csv").is_ok());
    for bad in ["../a", "/a", "a//b", ".", "a/../b", "a\\u0007b", ""] {
        assert!(job(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn whoever_is_cleared_for_everything_is_cleared_for_each_level_category_and_audience() {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    let (levels, categories, audiences) = (names(&["low", "high"]), names(&["x", "y"]), names(&["LU", "DE"]));
    let scheme = semla_policy::Scheme { levels, categories, audiences };
    let everything = scheme.everything();
    for label in ["low", "high", "high/x,y", "low/y rel:LU", "high/x,y rel:DE", "high rel:LU,DE"] {
        assert!(everything.admits(&scheme.label(label).unwrap()), "{label}");
    }
    assert_eq!(scheme.show_clearance(&everything), "high/x,y rel:LU,DE");
    for less in ["low/x,y rel:LU,DE", "high/x rel:LU,DE", "high/x,y rel:LU", "high/x,y"] {
        assert!(!everything.within(&scheme.clearance(less).unwrap()), "{less}");
    }
}
