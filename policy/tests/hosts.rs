//! Rule 5: what may run beside what on one host.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use semla_policy::*;

#[test]
fn rule_5_one_label_and_permit_at_a_time_but_for_what_a_rule_shares() {
    let shared = |permits, labels: &[&str]| {
        let mut policy = policy();
        policy.shares = vec![Share { labels: labels.iter().map(|label| (*label).to_owned()).collect(), permits }];
        policy
    };
    let beside = |policy: &Policy, a: (&str, &str), b: (&str, &str)| {
        let [first, second] = [a.0, b.0].map(|text| policy.scheme.label(text).unwrap());
        let answer = policy.beside((&first, a.1), (&second, b.1));
        assert_eq!(answer, policy.beside((&second, b.1), (&first, a.1)), "either way round");
        answer
    };
    let lows = ["public", "internal"];
    for (permits, others) in [(Permits::Same, false), (Permits::Any, true)] {
        let policy = shared(permits, &lows);
        assert!(beside(&policy, ("public", "P-1"), ("internal", "P-1")));
        assert_eq!(beside(&policy, ("public", "P-1"), ("internal", "P-2")), others);
        assert_eq!(beside(&policy, ("public", "P-1"), ("public", "P-2")), others);
        // What no rule names is beside itself alone.
        assert!(beside(&policy, (HIGH, "P-1"), (HIGH, "P-1")));
        assert!(!beside(&policy, (HIGH, "P-1"), (HIGH, "P-2")));
        assert!(!beside(&policy, (HIGH, "P-1"), ("internal", "P-1")));
        assert!(!beside(&policy, ("confidential", "P-1"), (HIGH, "P-1")), "labels are named exactly");
    }
    // Two rules don't add up to one.
    let mut apart = shared(Permits::Any, &["public"]);
    apart.shares.push(Share { labels: vec!["internal".into()], permits: Permits::Any });
    assert!(!beside(&apart, ("public", "P-1"), ("internal", "P-1")));
    assert!(beside(&apart, ("internal", "P-1"), ("internal", "P-2")), "the control");
}
