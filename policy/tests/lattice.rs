//! The laws of labels, over every label of a small scheme.
#![allow(clippy::unwrap_used)]

use semla_policy::{Label, Scheme};

fn every() -> (Scheme, Vec<Label>) {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let scheme = Scheme {
        levels: names(&["l0", "l1", "l2"]),
        categories: names(&["a", "b", "c"]),
        audiences: names(&["x", "y", "z"]),
    };
    let subsets = |of: &[&str]| {
        (0..1 << of.len())
            .map(|bits: usize| {
                of.iter()
                    .enumerate()
                    .filter(|(n, _)| bits & (1 << n) != 0)
                    .map(|(_, name)| *name)
                    .collect::<Vec<_>>()
                    .join(",")
            })
            .collect::<Vec<_>>()
    };
    let mut labels = Vec::new();
    for level in ["l0", "l1", "l2"] {
        for categories in subsets(&["a", "b", "c"]) {
            for audiences in subsets(&["x", "y", "z"]) {
                let categories = if categories.is_empty() { String::new() } else { format!("/{categories}") };
                let audiences = if audiences.is_empty() { String::new() } else { format!(" rel:{audiences}") };
                labels.push(scheme.label(&format!("{level}{categories}{audiences}")).unwrap());
            }
        }
    }
    (scheme, labels)
}

#[test]
fn dominance_is_a_partial_order_with_joins_and_meets() {
    let (_, labels) = every();
    assert!(labels.len() >= 128);
    for a in &labels {
        assert!(a.dominates(a) && a.dominates(&Label::LOWEST));
        for b in &labels {
            assert!(!(a.dominates(b) && b.dominates(a)) || a == b);
            let (join, meet) = (a.join(b), a.meet(b));
            assert_eq!(join, b.join(a));
            assert!(a.dominates(&meet) && b.dominates(&meet));
            assert_eq!(
                join.as_ref() == Some(a),
                a.dominates(b),
                "the join is the upper one exactly where one dominates"
            );
            for c in &labels {
                assert!(!(a.dominates(b) && b.dominates(c)) || a.dominates(c));
                let above_both = c.dominates(a) && c.dominates(b);
                assert_eq!(
                    above_both,
                    join.as_ref().is_some_and(|join| c.dominates(join)),
                    "the join is the least above both"
                );
                assert_eq!(a.dominates(c) && b.dominates(c), meet.dominates(c), "the meet is the greatest below both");
            }
        }
    }
}

#[test]
fn what_admits_a_label_admits_all_below_it() {
    let (scheme, labels) = every();
    for top in &labels {
        let clearance = scheme.clearance(&scheme.show(top)).unwrap();
        for a in labels.iter().filter(|a| clearance.admits(a)) {
            assert!(labels.iter().filter(|b| a.dominates(b)).all(|b| clearance.admits(b)));
        }
        for bound in labels.iter().filter(|bound| clearance.admits(bound)) {
            let known = clearance.knows(bound);
            let read = labels.iter().filter(|l| clearance.admits(l) && bound.dominates(l));
            assert!(read.into_iter().all(|l| known.dominates(l)), "an author's label covers all they may have read");
        }
    }
}

#[test]
fn the_text_form_round_trips_and_nothing_else_is_read() {
    let (scheme, labels) = every();
    for label in labels {
        assert_eq!(scheme.label(&scheme.show(&label)).unwrap(), label);
    }
    for wrong in ["", "l9", "l0/", "l0/q", "l0 rel:", "l0 rel:any", "l0 rel:q", "l0/a,,b", "l0/a b", "/a", "l0//a"] {
        assert!(scheme.label(wrong).is_err(), "{wrong:?}");
    }
    assert!(scheme.label("l0/aa").unwrap_err().to_string().contains("did you mean `a`?"));
}
