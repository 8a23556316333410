//! Arrays and tensors that promise something else than they hold, or that leave room for something else.

use super::archives::{all_blocked, pair, stored, zip};
use super::{amiss, numbers, opened, sample, texts};

#[test]
fn arrays_that_promise_something_else_block() {
    let array = |header: &str, body: usize| {
        let mut bytes = b"\x93NUMPY\x01\0".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        [bytes, header.into(), vec![0; body]].concat()
    };
    let plain = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n";
    let with = |from: &str, to: &str| array(&plain.replace(from, to), 48);
    let hostile = vec![
        ("too few bytes", array(plain, 47)),
        ("too many bytes", array(plain, 49)),
        ("a pickle", with("<f8", "|O")),
        ("a shape that overflows", with("(2, 3)", "(4294967296, 4294967296)")),
        ("a shape that overflows twice", with("(2, 3)", "(18446744073709551615, 18446744073709551615)")),
        ("a huge shape", with("(2, 3)", "(1152921504606846976,)")),
        ("a negative shape", with("(2, 3)", "(-2, -3)")),
        ("a call", with("(2, 3)", "__import__('os')")),
        ("a sum", with("(2, 3)", "(1+1, 3)")),
        ("a second dictionary", with("}\n", "}{}\n")),
        ("a further key", with(", }", ", 'note': 'x'}")),
        ("a missing key", with("'fortran_order': False, ", "")),
        ("a key twice", with("'fortran_order': False", "'shape': (2, 3)")),
        ("an unknown type", with("<f8", "<q9")),
        ("a long double", with("<f8", "<f16")),
        ("no byte order", with("<f8", "=f8")),
        ("text behind the header", with("}\n", "} hidden\n")),
        ("no line break", with("}\n", "}")),
        ("an unknown version", [b"\x93NUMPY\x04\0", &array(plain, 48)[8..]].concat()),
        ("bytes without a type", with("<f8", "|V8")),
        ("deep nesting", array(&format!("{{'descr': {}'<f8'{}\n", "[".repeat(900), "]".repeat(900)), 48)),
        ("no header", b"\x93NUMPY\x01\0\xff\xff".to_vec()),
    ];
    all_blocked(("a.npy", array(plain, 48)), hostile);
    let aligned = "{'descr': [('a', '<f4'), ('', '|V4'), ('b', '<f8')], 'fortran_order': False, 'shape': (2,), }\n";
    assert!(!amiss("a.npy", array(aligned, 32)).is_empty(), "what lies between fields");
    let text = |letters: &[u8]| {
        let head = array("{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }\n", 0);
        [head, letters.to_vec()].concat()
    };
    assert_eq!(texts(&opened("a.npy", text(b"a\0\0\0b\0\0\0"))), ["ab"]);
    assert!(!amiss("a.npy", text(b"\0\0\0\0b\0\0\0")).is_empty(), "a text behind a text's end");
    assert!(!amiss("a.npy", text(b"\0\xd8\0\0b\0\0\0")).is_empty(), "half a character");
    let member = |bytes: &[u8]| zip(&[stored("w.npy", &array(plain, 48)), stored("b.npy", bytes)]);
    assert_eq!(numbers(&opened("a.npz", member(&sample("flags.npy")))).len(), 8);
    assert!(!amiss("a.npz", member(b"abc")).is_empty(), "a member that is no array");
    assert!(!amiss("a.npz", zip(&[stored("w.npy", &array(plain, 48)), stored("x.py", b"1")])).is_empty());
    assert!(!amiss("a.zip", member(&sample("flags.npy"))).is_empty(), "arrays called something else");
}

#[test]
fn tensors_with_spare_room_block() {
    let file = |header: &str, body: usize| {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; body]].concat()
    };
    let plain = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]}}"#;
    let with = |from: &str, to: &str| file(&plain.replace(from, to), 12);
    let hostile = vec![
        ("bytes behind", file(plain, 13)),
        ("too few bytes", file(plain, 11)),
        ("a gap", file(&plain.replace("[8,12]", "[9,13]"), 13)),
        ("an overlap", with("[8,12]", "[4,8]")),
        ("a reversed place", with("[8,12]", "[12,8]")),
        ("a place beyond the end", with("[8,12]", "[8,99]")),
        (
            "a shape that overflows",
            with("\"shape\":[2],\"data_offsets\":[8", "\"shape\":[9223372036854775808,4],\"data_offsets\":[8"),
        ),
        ("another size", with("F16", "F64")),
        ("an unknown type", with("F16", "X16")),
        ("eight bits", file(&plain.replace("F16", "F8_E4M3").replace("[8,12]", "[8,10]"), 10)),
        ("a name twice", with("\"b\"", "\"a\"")),
        ("a further key", with("\"dtype\":\"F16\"", "\"dtype\":\"F16\",\"note\":1")),
        ("metadata that isn't texts", with("{\"a\"", "{\"__metadata__\":{\"x\":[1]},\"a\"")),
        ("a hidden character", with("\"b\"", "\"b\\u200b\"")),
        ("a fraction", with("[8,12]", "[8.0,12]")),
        ("no object", file("[]", 0)),
        ("broken JSON", file("{", 0)),
        ("a header beyond the end", [&u64::MAX.to_le_bytes()[..6], &[0, 0], plain.as_bytes()].concat()),
        ("deep nesting", file(&format!("{{\"a\":{}", "[".repeat(1000)), 0)),
        ("a zip at the end", [file(plain, 12), zip(&pair())].concat()),
    ];
    all_blocked(("a.safetensors", file(plain, 12)), hostile);
    let noted = opened("a.safetensors", with("{\"a\"", "{\"__metadata__\":{\"note\":\"x\"},\"a\""));
    assert!(texts(&noted).contains(&"note".to_owned()));
    assert_eq!((noted.estimators.len(), noted.estimators[0].parameters), (1, 4));
}
