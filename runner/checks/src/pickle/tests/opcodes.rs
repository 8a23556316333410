//! Every opcode: what it makes of good bytes, and that others are refused.

use super::asm::*;

#[test]
fn numbers_of_every_protocol_are_read() {
    let looked = passes(&two(&[
        b"(",
        b"I7\nI-8\nL9L\nL-10\nF0.5\nF-1e+300\nFinf\n",
        b"J\xff\xff\xff\xffK\x05M\x00\x01\x8a\x02\x00\x80\x8b\x01\x00\x00\x00\x07",
        b"G\x3f\xf8\x00\x00\x00\x00\x00\x00",
        b"\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01\x8a\x07\xff\xff\xff\xff\xff\xff\xff",
        b"L123456789012345678901234567890L\n",
        b"\x8a\x00",
        b"t",
    ]));
    let numbers = looked.numbers("");
    let expected =
        [7.0, -8.0, 9.0, -10.0, 0.5, -1e300, f64::INFINITY, -1.0, 5.0, 256.0, -32768.0, 7.0, 1.5, 2f64.powi(64), -1.0];
    assert_eq!(numbers[..15], expected);
    assert!((numbers[15] / 123456789012345678901234567890.0 - 1.0).abs() < 1e-12);
    assert_eq!(numbers[16], 0.0);
}

#[test]
fn texts_of_every_protocol_are_read() {
    let looked = passes(&two(&[
        b"(",
        b"Vplain\nVcaf\xe9 \\u4f60\\U0001f600\\u005c\\u000a\n",
        b"S'quoted \\'\\\\\\n\\x41'\nS\"two\"\nT\x03\x00\x00\x00oldU\x03OLD",
        b"X\x03\x00\x00\x00new\x8c\x02\xc3\xa9\x8d\x04\x00\x00\x00\x00\x00\x00\x00long",
        b"l",
    ]));
    let expected =
        ["plain", "caf\u{e9} \u{4f60}\u{1f600}\\\n", "quoted '\\\nA", "two", "old", "OLD", "new", "\u{e9}", "long"];
    assert_eq!(looked.texts(), expected);
}

#[test]
fn half_a_pair_of_surrogates_is_a_text_and_other_broken_bytes_are_not() {
    passes(&four(&[b"\x8c\x03\xed\xa0\x80"]));
    blocks(&four(&[b"\x8c\x02\xc3\x28"]), "isn't UTF-8");
    let long = "\u{e9}".repeat(200_000);
    let length = (long.len() as u32).to_le_bytes();
    assert_eq!(passes(&four(&[b"X", &length, long.as_bytes()])).texts(), [long.as_str()]);
    let mut broken = long.into_bytes();
    broken[300_001] = b'x';
    blocks(&four(&[b"X", &length, &broken]), "isn't UTF-8");
}

#[test]
fn words_are_read() {
    passes(&two(&[b"(N\x88\x89I00\nI01\nt"]));
}

#[test]
fn bytes_are_told() {
    let looked = passes(&four(&[b"(C\x03abcB\x03\x00\x00\x00def\x8e\x03\x00\x00\x00\x00\x00\x00\x00ghi\x96\x03\x00\x00\x00\x00\x00\x00\x00jklC\x00t"]));
    assert_eq!(looked.anatomy.parts.len(), 4);
}

#[test]
fn containers_of_every_protocol_are_read() {
    for (made, numbers) in [
        (b"(K\x01K\x02K\x03l".as_slice(), 3),
        (b"(lK\x01aK\x02aK\x03a", 3),
        (b"](K\x01K\x02K\x03e", 3),
        (b"(K\x01K\x02K\x03t", 3),
        (b"K\x01K\x02K\x03\x87", 3),
        (b"K\x01K\x02\x86", 2),
        (b"K\x01\x85", 1),
        (b")", 0),
        (b"(K\x01K\x02K\x03K\x04d", 4),
        (b"}K\x01K\x02s", 2),
        (b"}(K\x01K\x02K\x03K\x04u", 4),
        (b"\x8f(K\x01K\x02K\x03\x90", 3),
        (b"(K\x01K\x02K\x03\x91", 3),
    ] {
        let looked = passes(&four(&[made]));
        let found: usize = looked.arrays().iter().map(|(_, array)| array.len() as usize).sum();
        assert_eq!(found, numbers, "{:?}", String::from_utf8_lossy(made));
    }
}

#[test]
fn the_stack_and_the_memo_work_as_in_python() {
    assert_eq!(passes(&two(&[b"K\x01q\x000K\x02q\x010(h\x01h\x00h\x00t"])).numbers(""), [2.0, 1.0, 1.0]);
    assert_eq!(passes(&two(&[b"K\x01p5\n0K\x02p300\n0(g5\ng300\ng5\nt"])).numbers(""), [1.0, 2.0, 1.0]);
    assert_eq!(
        passes(&two(&[b"K\x01r\x00\x01\x00\x000(j\x00\x01\x00\x00j\x00\x01\x00\x00K\x03t"])).numbers(""),
        [1.0, 1.0, 3.0]
    );
    assert_eq!(passes(&four(&[b"K\x01\x940K\x02\x940(h\x00h\x01K\x03t"])).numbers(""), [1.0, 2.0, 3.0]);
    // MEMOIZE counts places that are held, as both readers do.
    assert_eq!(passes(&four(&[b"K\x01q\x050K\x02\x940(h\x05h\x01K\x03t"])).numbers(""), [1.0, 2.0, 3.0]);
    // A place that is put again holds the later thing.
    assert_eq!(passes(&two(&[b"K\x01q\x000K\x02q\x000(h\x00h\x00h\x00t"])).numbers(""), [2.0; 3]);
    assert_eq!(passes(&two(&[b"(K\x01K\x02K\x0302t"])).numbers("").len(), 3);
    assert_eq!(passes(&two(&[b"((K\x01K\x021K\x03K\x04K\x05t"])).numbers(""), [3.0, 4.0, 5.0]);
    passes(&two(&[b"(0K\x01"]));
}

#[test]
fn what_python_never_writes_is_refused() {
    for line in [
        "I010\n",
        "I 1\n",
        "I+1\n",
        "I0x10\n",
        "I1_0\n",
        "I1 \n",
        "I\n",
        "I1\r\n",
        "I--1\n",
        "I1\0\n",
        "L1l\n",
        "L1LL\n",
        "L01L\n",
        "L\n",
        "LL\n",
        "I-0\n",
        "F1e999\n",
        "F-1e+3001\n",
        "F1_0\n",
        "F 1\n",
        "F1 \n",
        "Finfinity\n",
        "F1\0\n",
        "F.5\n",
        "F+1\n",
        "F\n",
        "Fnan2\n",
        "F0x1p3\n",
        "S'a\n",
        "Sa'\n",
        "Sa\n",
        "S'a\"\n",
        "S'a'b'\n",
        "S'\\q'\n",
        "S'\\x4'\n",
        "S'\\101'\n",
        "S'\\xe9'\n",
        "S'\u{e9}'\n",
        "S '\n",
        "S'a' \n",
        "S'\\'\n",
        "S\n",
        "V\\\n",
        "V\\u12\n",
        "V\\uzzzz\n",
        "V\\U00110000\n",
        "V\\n\n",
        "V\\u+123\n",
    ] {
        let looked = look(&two(&[line.as_bytes()]));
        assert!(looked.fault.is_some(), "{line:?}");
    }
    for place in ["g0\n", "g 0\n", "g+0\n", "g00\n", "g-0\n", "g0x0\n", "g\n", "g0 \n", "g99999999999\n"] {
        let looked = look(&two(&[b"K\x01p0\n0", place.as_bytes()]));
        assert_eq!(looked.fault.is_none(), place == "g0\n", "{place:?}");
    }
    blocks(&two(&[b"U\x01\xe9"]), "Python 2");
    blocks(&two(&[b"T\x01\x00\x00\x00\xe9"]), "Python 2");
}

#[test]
fn lengths_beyond_the_file_are_refused() {
    for opcode in [
        b"X\xff\xff\xff\x7f".as_slice(),
        b"X\x02\x00\x00\x00",
        b"\x8c\x05",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x8d\x02\x00\x00\x00\x00\x00\x00\x80",
        b"B\xff\xff\xff\xff",
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x96\xff\xff\xff\xff\xff\xff\xff\xff",
        b"C\x09",
        b"T\xff\xff\xff\xff",
        b"U\x09",
        b"\x8a\x09",
        b"\x8b\xff\xff\xff\xff",
        b"\x8b\x01\x01\x00\x00",
        b"J\x01",
        b"G\x01",
        b"V",
        b"Vx",
        b"cos",
        b"cos\nsystem",
        b"\x80",
        b"\x95\x01",
    ] {
        let pickle = all(&[b"\x80\x04", opcode, b"."]);
        assert!(look(&pickle).fault.is_some(), "{opcode:?}");
    }
    blocks(&all(&[b"\x80\x04\x8b\x01\x04\x00\x00", &[1; 2000], b"."]), "1024 bytes");
}

#[test]
fn a_stack_that_is_too_low_is_refused() {
    for opcodes in [
        ".",
        "0",
        "2",
        "a",
        "b",
        "e",
        "s",
        "u",
        "t",
        "l",
        "d",
        "1",
        "R",
        "Q",
        "o",
        "q\0",
        "p0\n",
        "r\0\0\0\0",
        "K\x01R",
        "K\x01a",
        "K\x01s",
        "K\x01K\x02s",
        "(.",
        "(2",
        "(q\0",
        "](K\x01a",
        "]a",
        "K\x01(a",
        "(K\x01d",
        "}K\x01K\x02(s",
        "}(K\x01u",
        "(o",
        "e(",
        "0(",
        "K\x01(R",
        "((t0",
    ] {
        let looked = look(&two(&[opcodes.as_bytes()]));
        assert!(looked.fault.is_some(), "{opcodes:?}");
    }
    for opcodes in [
        b"\x85".as_slice(),
        b"K\x01\x86",
        b"K\x01K\x02\x87",
        b"(K\x01\x86",
        b"\x90",
        b"\x91",
        b"\x92",
        b"\x93",
        b"\x94",
        b"\x81",
        b"K\x01K\x02\x92",
    ] {
        assert!(look(&four(&[opcodes])).fault.is_some(), "{opcodes:?}");
    }
}

#[test]
fn bytes_that_are_no_opcodes_are_refused() {
    let known =
        b"(.012FIJKLMNPQRSTUVX abcd}eghijl]opqrst)uGBC".iter().copied().filter(|byte| *byte != b' ').chain(0x80..=0x98);
    let known: Vec<u8> = known.collect();
    for byte in 0..=255u8 {
        let looked = look(&[&[byte], b"\n\n\n\n.".as_slice()].concat());
        let unknown =
            looked.fault.as_ref().is_some_and(|fault| fault.what.contains("no opcode") && fault.offset == Some(0));
        assert_eq!(unknown, !known.contains(&byte), "{byte:#x} {looked:?}");
    }
}

#[test]
fn a_protocol_is_named_at_the_beginning_alone() {
    passes(b"N.");
    for protocol in 0..=5 {
        passes(&[0x80, protocol, b'N', b'.']);
    }
    blocks(b"\x80\x06N.", "protocol");
    blocks(b"\x80\xffN.", "protocol");
    blocks(b"N\x80\x02.", "protocol");
    blocks(b"\x80\x02\x80\x04N.", "protocol");
}

#[test]
fn frames_hold_whole_opcodes_and_end_where_they_say() {
    let frame = |len: u64, rest: &[u8]| [b"\x80\x04\x95".as_slice(), &len.to_le_bytes(), rest].concat();
    passes(&frame(2, b"N."));
    passes(&frame(3, b"NN0."));
    // What is large lies between frames.
    let second = [1u64.to_le_bytes().as_slice(), b"."].concat();
    passes(&frame(2, &[b"N0C\x01x\x95", second.as_slice()].concat()));
    for (len, rest) in [
        (1, b"N.".as_slice()),
        (3, b"N."),
        (0, b"N."),
        (u64::MAX, b"N."),
        (1 << 63, b"N."),
        (2, b"K\x01."),
        (3, b"J\x01\x00\x00\x00."),
    ] {
        let looked = look(&frame(len, rest));
        assert_eq!(
            looked.fault.is_some(),
            (len, rest.len()) != (1, 2) && (len, rest.len()) != (2, 3),
            "{len} {rest:?} {looked:?}"
        );
    }
    blocks(&frame(20, &[b"N0\x95".as_slice(), &9u64.to_le_bytes(), b"NNNNNNNN."].concat()), "inside another");
}

#[test]
fn one_pickle_is_all_that_a_file_holds() {
    blocks(b"N.N.", "behind its end");
    blocks(b"N.\n", "behind its end");
    blocks(b"N.\0", "behind its end");
    blocks(b"N.cos\nsystem\n(S'id'\ntR.", "behind its end: it would call `os.system`");
    blocks(b"", "ends in the middle");
    blocks(b"\x80", "ends in the middle");
    blocks(b"N", "ends in the middle");
    blocks(b"NN.", "leaves lying");
    blocks(b"N(N.", "leaves lying");
}
