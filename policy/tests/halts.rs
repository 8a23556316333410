//! The kill switch: what a halt covers, who orders it, and who lifts it.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use semla_policy::*;

fn halt(scope: &str, lifted: bool) -> Record {
    Record::Halt(Halt { scope: scope.into(), lifted })
}

fn halted<'a>(site: &'a Site, label: &str, permit: &str) -> Option<&'a str> {
    site.registry.halted(&site.registry.label(label).unwrap(), permit)
}

#[test]
fn a_halt_covers_its_scope_and_nothing_else() {
    let within = [("public", "P-1"), ("confidential", "P-1"), (HIGH, "P-1"), (HIGH, "P-2"), ("confidential", "P-2")];
    for (scope, covered) in [
        ("all", [true, true, true, true, true]),
        ("permit P-1", [true, true, true, false, false]),
        ("label confidential", [false, true, true, true, true]),
        ("label confidential/health", [false, false, true, true, false]),
    ] {
        let mut site = Site::new();
        assert_eq!(within.map(|(label, permit)| halted(&site, label, permit)), [None; 5], "the control");
        site.enact(halt(scope, false), &["officer-2"]).unwrap();
        assert_eq!(within.map(|(label, permit)| halted(&site, label, permit).is_some()), covered, "{scope}");
        assert!(site.registry.halts().eq([scope]));
        // It holds after a start, too.
        assert!(site.restored().halts().eq([scope]));
        let label = site.registry.label(HIGH).unwrap();
        let about = Halt { scope: scope.into(), lifted: false };
        assert!(site.registry.covers(&about, &label, PERMIT));
        assert_eq!(site.registry.covers(&about, &site.registry.label("public").unwrap(), "P-2"), scope == "all");
        let ran = site.registry.admit(plan("scientist"), today());
        assert!(ran.is_err_and(|refusal| refusal.rule == 10 && refusal.what.contains(scope)));
    }
}

#[test]
fn one_officer_halts_and_two_lift_it() {
    let mut site = Site::new();
    for scope in ["", "nothing", "permit", "permit P-9", "permit ", "label secret", "label", "all of it", "person x"] {
        assert!(site.enact(halt(scope, false), &["officer-1"]).is_err(), "{scope:?}");
    }
    let unknown = site.enact(halt("permit P-9", false), &["officer-1"]).unwrap_err();
    assert!(unknown.what.contains("there is no permit `P-9`"), "{unknown}");
    for by in [&["checker-1"][..], &["scientist"], &["steward-1"], &[]] {
        assert_eq!(site.enact(halt("all", false), by).unwrap_err().rule, 10, "{by:?}");
    }
    assert!(site.enact(halt("all", true), &["officer-1", "officer-2"]).is_err(), "nothing is halted");
    site.enact(halt("all", false), &["officer-1"]).unwrap();
    assert!(site.enact(halt("all", true), &["officer-1"]).is_err(), "one doesn't lift it");
    assert!(site.enact(halt("all", true), &["officer-1", "checker-1"]).is_err());
    assert_eq!(halted(&site, "public", PERMIT), Some("all"));
    site.enact(halt("all", true), &["officer-1", "officer-2"]).unwrap();
    assert_eq!(halted(&site, "public", PERMIT), None);
    assert_eq!(site.restored().halts().count(), 0);
    assert!(site.registry.admit(plan("scientist"), today()).is_ok());
    // An order that was lifted isn't given again by its old signature.
    let first = site.sign(&site.change(halt("all", false)), &["officer-1"]);
    site.registry.enact(&first).unwrap();
    assert!(site.registry.enact(&first).is_err());
}
