use super::line;
use super::trail::Trail;
use super::{Ask, Days};
use crate::site::entries::Opened;
use semla_policy::Date;
use std::collections::BTreeSet;

/// A job on a dataset from its submission to its release, a job on another one, and what people did beside them.
const LEDGER: [&str; 16] = [
    r#"{"at":0,"by":"steward-1","label":"internal","event":"enacted","record":"r0","kind":"dataset","name":"a@1"}"#,
    r#"{"at":1,"by":"officer-1","label":"public","event":"signed","record":"r1","kind":"permit","name":"P"}"#,
    r#"{"at":2,"by":"anna","label":"internal","event":"read","object":"a@1","what":"card"}"#,
    r#"{"at":3,"by":"anna","label":"internal","permit":"P","event":"dummy","dataset":"a@1","object":"d-1"}"#,
    r#"{"at":4,"by":"anna","label":"high","permit":"P","event":"submitted","job":"j-1","data":["a@1","b@1"],"dummy":false}"#,
    r#"{"at":5,"by":"bob","label":"high","permit":"P","event":"submitted","job":"j-2","data":["b@1"],"dummy":true}"#,
    r#"{"at":6,"by":"semla","label":"high","permit":"P","event":"launching","job":"j-1","fence":"j-1-1"}"#,
    r#"{"at":7,"by":"semla","label":"high","permit":"P","event":"ended","job":"j-2","ending":"succeeded"}"#,
    r#"{"at":8,"by":"anna","label":"high","permit":"P","event":"requested","release":"r-1","job":"j-1","to":"public","files":["x.csv","y.csv"]}"#,
    r#"{"at":9,"by":"semla","label":"high","permit":"P","event":"checking","release":"r-1","file":"x.csv","fence":"k-1"}"#,
    r#"{"at":10,"by":"carl","label":"high","permit":"P","event":"read","object":"k-1-findings","what":"findings"}"#,
    r#"{"at":11,"by":"carl","label":"high","permit":"P","event":"read","object":"j-1-1-x","what":"x.csv"}"#,
    r#"{"at":12,"by":"carl","label":"high","permit":"P","event":"read","object":"j-2-1-x","what":"x.csv"}"#,
    r#"{"at":13,"by":"semla","label":"high","permit":"P","event":"lowering","release":"r-1","file":"x.csv","approvals":["carl","dora"]}"#,
    r#"{"at":14,"by":"anna","label":"public","permit":"P","event":"downloaded","release":"r-1"}"#,
    r#"{"at":15,"by":"erik","label":"internal","event":"read","object":"ledger","what":"audit of dataset a@1"}"#,
];

fn met(mut trail: Trail, hidden: &[usize]) -> Vec<usize> {
    let open = LEDGER.iter().enumerate().filter(|(at, _)| !hidden.contains(at));
    open.filter(|(_, body)| trail.meets(&Opened::read(0, body).unwrap())).map(|(at, _)| at).collect()
}

#[test]
fn a_dataset_is_followed_through_jobs_attempts_checks_and_releases() {
    let trail = || Trail::dataset("a@1", BTreeSet::from(["P"]));
    assert_eq!(met(trail(), &[]), [0, 1, 2, 3, 4, 6, 8, 9, 10, 11, 13, 14, 15]);
    assert_eq!(met(Trail::dataset("a@1", BTreeSet::new()), &[]), [0, 2, 3, 4, 6, 8, 9, 10, 11, 13, 14, 15]);
    assert_eq!(met(Trail::dataset("c@1", BTreeSet::new()), &[]), [0; 0]);
}

#[test]
fn whoever_may_not_open_the_job_isnt_told_that_a_release_came_from_it() {
    let high: Vec<usize> = (4..14).collect();
    let trail = || Trail::dataset("a@1", BTreeSet::new());
    assert_eq!(met(trail(), &high), [0, 2, 3, 15]);
    assert!(met(trail(), &[]).contains(&14), "control: whoever opens the job finds the download");
}

#[test]
fn a_person_is_found_by_what_they_did_and_a_permit_by_what_was_done_under_it() {
    assert_eq!(met(Trail::person("carl"), &[]), [10, 11, 12, 13]);
    assert_eq!(met(Trail::person("dora"), &[]), [13]);
    assert_eq!(met(Trail::permit("P"), &[]), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    assert_eq!(met(Trail::permit("Q"), &[]), [0; 0]);
}

#[test]
fn who_withdrew_a_permit_and_whose_votes_were_dropped_is_found() {
    let finds = |mut trail: Trail, body: &str| trail.meets(&Opened::read(0, body).unwrap());
    let withdrawn =
        r#"{"at":1,"by":"olga","label":"public","event":"enacted","kind":"withdrawal","name":"P","record":"r9"}"#;
    assert!(finds(Trail::permit("P"), withdrawn) && finds(Trail::dataset("a@1", BTreeSet::from(["P"])), withdrawn));
    assert!(!finds(Trail::permit("Q"), withdrawn), "the control");
    for halt in ["permit P", "all", "label high"] {
        let halt = format!(
            r#"{{"at":1,"by":"olga","label":"public","event":"enacted","kind":"halt","name":"{halt}","record":"r9"}}"#
        );
        assert!(
            finds(Trail::permit("P"), &halt) && finds(Trail::dataset("a@1", BTreeSet::from(["P"])), &halt),
            "{halt}"
        );
        assert_eq!(finds(Trail::permit("Q"), &halt), !halt.contains("permit P"), "the control");
        assert!(!finds(Trail::person("carl"), &halt), "the control");
    }
    let dropped =
        r#"{"at":2,"by":"semla","label":"high","event":"dropped","release":"r-1","file":"a","votes":["carl"]}"#;
    assert!(finds(Trail::person("carl"), dropped) && !finds(Trail::person("dora"), dropped));
}

#[test]
fn who_was_told_what_of_a_dataset_is_found() {
    let mut trail = Trail::dataset("a@1", BTreeSet::from(["P"]));
    assert!(LEDGER.iter().any(|body| trail.meets(&Opened::read(0, body).unwrap())));
    LEDGER.iter().for_each(|body| assert!(trail.meets(&Opened::read(0, body).unwrap()) || !body.contains("r-1")));
    let mut told = |about: &str| {
        let body = format!(
            r#"{{"at":20,"by":"anna","label":"high","permit":"P","event":"told","about":"{about}","bits":5,"left":9}}"#
        );
        trail.meets(&Opened::read(0, &body).unwrap())
    };
    for about in ["j-1", "j-1/end", "r-1", "r-1/0/checks/end", "r-1/0/people", "r-1/sha256:00/x.csv"] {
        assert!(told(about), "{about}");
    }
    assert!(!told("j-2/end") && !told("r-12/0/checks"), "the control");
}

#[test]
fn a_line_says_all_that_the_entry_does() {
    let line = |at: usize| line::of(&Opened::read(0, LEDGER[at]).unwrap());
    let asked = line(8);
    assert_eq!((asked.at.as_str(), asked.about.as_str()), ("1970-01-01T00:00:00Z", "r-1"));
    assert_eq!(asked.what, "files x.csv y.csv, job j-1, to public");
    assert_eq!((line(5).what.as_str(), line(5).permit.as_deref()), ("data b@1, dummy", Some("P")));
    assert_eq!((line(4).what.as_str(), line(10).what.as_str()), ("data a@1 b@1", "findings"));
    assert_eq!((line(0).about.as_str(), line(0).what.as_str()), ("a@1", "kind dataset, record r0"));
}

#[test]
fn both_ends_of_the_days_are_in() {
    let day = |text: &str| Some(text.parse::<Date>().unwrap());
    let ask = |from, to| Ask { from, to, ..Ask::default() };
    let march = Days::of(&ask(day("2026-03-01"), day("2026-03-31"))).unwrap();
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    assert!(march.hold(at("2026-03-01T00:00:00Z")) && march.hold(at("2026-03-31T23:59:59.999Z")));
    assert!(!march.hold(at("2026-02-28T23:59:59.999Z")) && !march.hold(at("2026-04-01T00:00:00Z")));
    assert!(Days::of(&ask(None, None)).unwrap().hold(0));
    assert!(Days::of(&ask(day("2026-03-02"), day("2026-03-01"))).is_err());
}
