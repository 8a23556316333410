//! T1 in tables: which cells are counts, which may be, and which number rows or classes.
#![allow(clippy::unwrap_used)]

mod common;

use common::evidence;
use semla_checks::Outcome::{self, Block, Pass, Review};

fn t1(text: &str) -> Outcome {
    common::outcome("T1", &evidence("a.csv", text)).unwrap()
}

fn judged(cases: &[(&str, Outcome)]) {
    for (text, expected) in cases {
        assert_eq!(t1(text), *expected, "{text}");
    }
}

#[test]
fn a_numbering_says_nothing_that_the_order_does_not_say() {
    judged(&[
        ("z,share\n1,0.5\n2,0.25\n3,0.125\n", Pass),
        ("z,share\n0,0.5\n1,0.25\n2,0.125\n", Pass),
        ("z,share\n1,0.5\n2,0.25\n4,0.125\n", Review),
        ("z,share\n2,0.5\n3,0.25\n4,0.125\n", Review),
        // Elsewhere than in front, a few rows may be numbered by chance.
        ("share,z\n0.5,1\n0.25,2\n0.125,3\n0.1,4\n", Review),
        ("share,z\n0.5,1\n0.25,2\n0.125,3\n0.1,4\n0.05,5\n", Pass),
    ]);
}

#[test]
fn an_index_without_a_name_tells_rows_apart() {
    judged(&[
        (",share\n7,0.5\n3,0.25\n5,0.125\n", Pass),
        (",share\n7,0.5\n3,0.25\n7,0.125\n", Review),
        ("z,share\n7,0.5\n3,0.25\n5,0.125\n", Review),
        ("share,\n0.5,7\n0.25,3\n0.125,5\n", Review),
    ]);
}

#[test]
fn a_header_with_numbers_is_a_row_unless_it_numbers_classes() {
    judged(&[
        ("site,0,1\nnorth,120,130\nsouth,110,99\n", Pass),
        ("site,1,2\nnorth,120,130\nsouth,110,99\n", Pass),
        ("site,3,7\nnorth,120,130\nsouth,110,99\n", Block),
        ("site,kind,1,2\nnorth,a,120,130\nsouth,b,110,99\n", Block),
    ]);
}

#[test]
fn a_cross_table_has_two_rows_and_two_columns_of_whole_numbers() {
    judged(&[
        ("site,a,b\nnorth,120,7\nsouth,110,99\n", Block),
        ("site,a,b\nnorth,120,7\n", Review),
        ("site,a\nnorth,120\nsouth,7\n", Review),
        // Among fractions, what is written as one is one.
        ("site,a,b\nnorth,120,0.5\nsouth,110,7.0\n", Pass),
        ("site,a,b\nnorth,120,0.5\nsouth,110,7\n", Review),
        ("site,a,b\nnorth,120,-5\nsouth,7,99\n", Review),
    ]);
}

#[test]
fn in_a_list_of_names_and_values_each_row_stands_for_itself() {
    judged(&[
        ("name,value\nauc,0.91\nn,7\n", Block),
        ("name,value\nauc,0.91\nn,70\n", Pass),
        ("name,value\nauc,0.91\nz,7\n", Review),
        ("name,value\nauc,0.91\nrecall,1\n", Pass),
    ]);
}

#[test]
fn fewer_than_so_many_is_a_small_count_where_it_can_be_one_to_nine() {
    let count = |cell: &str| t1(&format!("site,n\nnorth,120\nsouth,{cell}\n"));
    let unknown = |cell: &str| t1(&format!("site,z\nnorth,120\nsouth,{cell}\n"));
    for (cell, counted, seen) in [
        // Fewer than one is none.
        ("<1", Pass, Pass),
        ("<2", Block, Review),
        ("<9", Block, Review),
        ("\u{2264}8", Block, Review),
        ("<=8", Block, Review),
        // Fewer than ten is what suppressed cells say.
        ("<10", Pass, Pass),
        ("\u{2264}9", Pass, Pass),
        ("<100", Pass, Pass),
    ] {
        assert_eq!((count(cell), unknown(cell)), (counted, seen), "{cell}");
    }
    assert_ne!(count("<-3"), Pass);
    assert_ne!(count("<x"), Pass);
}

#[test]
fn a_number_with_a_share_behind_it_may_be_a_count() {
    let unknown = |cell: &str| t1(&format!("site,z\nnorth,120\nsouth,{cell}\n"));
    for (cell, expected) in [
        ("7 (5%)", Review),
        ("7/120", Review),
        ("70 (50%)", Pass),
        ("70/120", Pass),
        ("7 beds", Pass),
        ("beds (7)", Pass),
        ("0 (0%)", Pass),
    ] {
        assert_eq!(unknown(cell), expected, "{cell}");
    }
}

#[test]
fn what_only_looks_like_a_number_is_none() {
    let count = |cell: &str| t1(&format!("site,n\nnorth,120\nsouth,{cell}\n"));
    for (cell, expected) in [
        // A share is no count.
        ("7%", Pass),
        ("many%", Review),
        // More than any number is, and three digits to the thousand.
        ("1e999", Block),
        ("1,200", Pass),
        ("7,20", Block),
        ("7,,200", Block),
        ("7,2000", Block),
        ("7777,200", Review),
        ("inf", Review),
    ] {
        let quoted = format!("\"{cell}\"");
        assert_eq!(count(&quoted), expected, "{cell}");
    }
}
