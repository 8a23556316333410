//! Pickles that are large, deep, or small with much in them.

use super::asm::*;
use crate::busy::Busy;
use std::time::Duration;

/// Longest that any of these may take.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 10 });

#[track_caller]
fn quickly(pickle: &[u8]) -> Looked {
    let start = Busy::start();
    let looked = look(pickle);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    looked
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [(b"]".as_slice(), b"a".as_slice()), (b"(", b"t"), (b"}N", b"s"), (b"\x8f(", b"\x90")] {
        let make = |depth: usize| four(&[&open.repeat(depth), b"N", &close.repeat(depth)]);
        assert!(quickly(&make(100)).blocks().is_empty());
        assert!(!quickly(&make(100_000)).blocks().is_empty());
    }
    let calls = all(&[&global("builtins", "bytearray").repeat(50_000), b")", &b"R\x85".repeat(50_000)]);
    quickly(&four(&[&calls]));
    let states = all(&[
        &all(&[&global("sklearn.svm._classes", "SVC"), b")\x81}\x8c\x01a"]).repeat(50_000),
        b"N",
        &b"sb".repeat(50_000),
    ]);
    assert!(!quickly(&four(&[&states])).blocks().is_empty());
}

#[test]
fn more_objects_than_fit_are_refused() {
    let pickle = two(&[&vec![b']'; 70_000_000], b"N"]);
    blocks(&pickle, "more objects than can be examined");
    // Marks take memory as well, and what lies on the stack is copied by what is made of it.
    blocks(&two(&[&vec![b'('; 70_000_000], b"N"]), "more objects than can be examined");
    blocks(&two(&[&vec![b'N'; 40_000_000]]), "more objects than can be examined");
    blocks(&two(&[b"Nr\xff\xff\xff\xff"]), "more objects than can be examined");
    // A number of numpy's takes no more than what it was made of, and a complex one does.
    let scalars = |kind: &[u8], content: &[f64], count: usize| {
        let scalar = global("numpy.core.multiarray", "scalar");
        let make = all(&[&scalar, b"q\x000", kind, b"q\x010", &bytes(&floats(content)), b"q\x020"]);
        two(&[&make, b"](", &b"h\x00h\x01h\x02\x86R".repeat(count), b"e"])
    };
    assert!(quickly(&scalars(&f8(), &[0.5], 3_500_000)).blocks().is_empty());
    let complex = kind("c16", "<", -1, -1, 0);
    blocks(&scalars(&complex, &[0.5, 0.25], 3_500_000), "more objects than can be examined");
    assert!(quickly(&scalars(&complex, &[0.5, 0.25], 10_000)).blocks().is_empty());
}

#[test]
fn the_same_large_part_many_times_takes_no_time() {
    let numbers = b"K\x07".repeat(4000);
    let row = all(&[b"(", &numbers, b"tq\x000"]);
    quickly(&two(&[&row, b"](", &b"h\x00".repeat(1_000_000), b"e"]));
    let keys: Vec<u8> = (0..4000).flat_map(|at| [text(&format!("k{at}")), b"N".to_vec()].concat()).collect();
    let state = all(&[b"}(", &keys, b"uq\x000"]);
    let object = all(&[&global("sklearn.svm._classes", "SVC"), b"q\x010"]);
    let looked = quickly(&two(&[&state, &object, b"](", &b"h\x01)\x81h\x00b".repeat(200_000), b"e"]));
    assert!(!looked.blocks().is_empty());
    let text = all(&[b"X\x00\x00\x10\x00", &vec![b'a'; 1 << 20], b"q\x000"]);
    let make = all(&[
        &global("numpy.core.multiarray", "_reconstruct"),
        b"q\x010",
        &global("numpy", "ndarray"),
        b"q\x020",
        &kind("u1", "|", -1, -1, 0),
        b"q\x030",
    ]);
    let array = b"h\x01h\x02K\x00\x85C\x01b\x87R(K\x01J\x00\x00\x10\x00\x85h\x03\x89h\x00tb";
    quickly(&two(&[&text, &make, b"](", &array.repeat(20_000), b"e"]));
}
