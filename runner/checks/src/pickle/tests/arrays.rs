//! Arrays in every form in which numpy writes them.

use super::asm::*;
use crate::anatomy::Body;
use crate::array::{Number, Order};

#[test]
fn an_array_is_found_with_its_shape_and_order() {
    let content = bytes(&floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    for (columns, order) in [(false, Order::Rows), (true, Order::Columns)] {
        let looked = passes(&two(&[&array(&[2, 3], &f8(), columns, &content)]));
        let (at, found) = looked.arrays()[0];
        assert_eq!(
            (at, found.shape.as_slice(), found.order, found.number),
            ("", [2, 3].as_slice(), order, Number::F64)
        );
        assert_eq!(looked.numbers(""), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }
}

#[test]
fn kinds_of_numbers_are_what_they_say() {
    for (code, order, content, number, value) in [
        ("f4", "<", 1.5f32.to_le_bytes().to_vec(), Number::F32, 1.5),
        ("f8", ">", 1.5f64.to_be_bytes().to_vec(), Number::F64, 1.5),
        ("i4", ">", (-3i32).to_be_bytes().to_vec(), Number::I32, -3.0),
        ("u8", "<", 7u64.to_le_bytes().to_vec(), Number::U64, 7.0),
        ("b1", "|", vec![1], Number::Bool, 1.0),
        ("f2", "<", vec![0, 0x3c], Number::F16, 1.0),
    ] {
        let looked = passes(&two(&[&array(&[1], &kind(code, order, -1, -1, 0), false, &bytes(&content))]));
        assert_eq!(looked.arrays()[0].1.number, number);
        assert_eq!(looked.numbers(""), [value], "{code}");
    }
}

#[test]
fn times_are_numbers() {
    let unit = b"(N(C\x02nsK\x01K\x01K\x01tt";
    let state = all(&[b"(K\x04", &text("<"), b"NNN", &int(-1), &int(-1), b"K\x00", unit, b"t"]);
    let times = all(&[&global("numpy", "dtype"), &text("M8"), b"\x89\x88\x87R", &state, b"b"]);
    assert_eq!(passes(&two(&[&array(&[1], &times, false, &bytes(&7i64.to_le_bytes()))])).numbers(""), [7.0]);
}

#[test]
fn bytes_of_old_protocols_are_bytes() {
    let old = all(&[
        &global("_codecs", "encode"),
        b"X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc3\xb0?!",
        &text("latin1"),
        b"\x86R",
    ]);
    // Nine characters are one too many.
    blocks(&two(&[&array(&[1], &f8(), false, &old)]), "another number of bytes");
    let old = all(&[
        &global("_codecs", "encode"),
        b"X\x09\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc3\xb0?",
        &text("latin1"),
        b"\x86R",
    ]);
    assert_eq!(passes(&two(&[&array(&[1], &f8(), false, &old)])).numbers(""), [1.0]);
    let lines =
        all(&[&global("_codecs", "encode"), b"V\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\xf0?\nVlatin1\n\x86R"]);
    assert_eq!(passes(&two(&[&array(&[1], &f8(), false, &lines)])).numbers(""), [1.0]);
}

#[test]
fn a_buffer_of_protocol_5_is_an_array() {
    let make = |content: &[u8]| {
        let shape = b"K\x02\x85";
        four(&[&global("numpy.core.numeric", "_frombuffer"), b"(", content, &f8(), shape, &text("C"), b"tR"])
    };
    let content = floats(&[1.0, 2.0]);
    let changeable = [b"\x96".as_slice(), &16u64.to_le_bytes(), &content].concat();
    assert_eq!(passes(&make(&bytes(&content))).numbers(""), [1.0, 2.0]);
    assert_eq!(passes(&make(&changeable)).numbers(""), [1.0, 2.0]);
    blocks(&make(&bytes(&floats(&[1.0]))), "another number of bytes");
}

#[test]
fn a_number_of_numpy_is_a_number() {
    let scalar = all(&[&global("numpy.core.multiarray", "scalar"), &f8(), &bytes(&floats(&[2.5])), b"\x86R"]);
    assert_eq!(passes(&two(&[&scalar])).numbers(""), [2.5]);
    let short = all(&[&global("numpy.core.multiarray", "scalar"), &f8(), &bytes(&[1]), b"\x86R"]);
    blocks(&two(&[&short]), "another number of bytes");
}

/// Records of two fields at these places.
fn records(offsets: [i32; 2], size: i32, flags: i32, second: &[u8]) -> Vec<u8> {
    let field = |kind: &[u8], offset: i32| all(&[kind, &int(offset), b"\x86"]);
    let names = all(&[&text("a"), &text("b"), b"\x86"]);
    let fields = all(&[b"}(", &text("a"), &field(&f8(), offsets[0]), &text("b"), &field(second, offsets[1]), b"u"]);
    let state = all(&[b"(K\x03", &text("|"), b"N", &names, &fields, &int(size), b"K\x01", &int(flags), b"t"]);
    all(&[&global("numpy", "dtype"), &text(&format!("V{size}")), b"\x89\x88\x87R", &state, b"b"])
}

#[test]
fn each_field_of_records_is_an_array() {
    let content: Vec<u8> = [(1.0f64, 10u8), (2.0, 20), (3.0, 30)]
        .iter()
        .flat_map(|(a, b)| [&a.to_le_bytes()[..], &[*b]].concat())
        .collect();
    let kind = records([0, 8], 9, 16, &kind("u1", "|", -1, -1, 0));
    let looked = passes(&two(&[&array(&[3], &kind, false, &bytes(&content))]));
    assert_eq!(looked.numbers(".a"), [1.0, 2.0, 3.0]);
    assert_eq!(looked.numbers(".b"), [10.0, 20.0, 30.0]);
}

#[test]
fn what_lies_between_fields_is_a_part_unless_it_is_nothing() {
    let kind = records([0, 8], 16, 16, &kind("u1", "|", -1, -1, 0));
    let hidden = |filling: [u8; 7]| {
        let content: Vec<u8> = (0..3).flat_map(|_| [&1f64.to_le_bytes()[..], &[20], &filling].concat()).collect();
        let looked = passes(&two(&[&array(&[3], &kind, false, &bytes(&content))]));
        assert_eq!(looked.numbers(".b"), [20.0; 3]);
        let parts = looked.anatomy.parts.into_iter().filter(|part| part.at.ends_with("(between its fields)"));
        parts.map(|part| if let Body::Bytes(data) = part.body { data.bytes().unwrap() } else { vec![] }).collect()
    };
    let (some, none): (Vec<_>, Vec<_>) = (hidden(*b"Smith, "), hidden([0; 7]));
    assert_eq!(some, [b"Smith, Smith, Smith, ".to_vec()]);
    assert!(none.is_empty());
}

#[test]
fn records_that_lie_are_refused() {
    let byte = || kind("u1", "|", -1, -1, 0);
    passes(&two(&[&records([0, 8], 9, 16, &byte())]));
    passes(&two(&[&records([0, 8], 16, 144, &byte())]));
    for kind in [
        records([0, 9], 9, 16, &byte()),
        records([0, -1], 9, 16, &byte()),
        records([2, 8], 9, 16, &byte()),
        records([0, 8], 9, 27, &byte()),
        records([0, 8], 16, 16, &kind("O8", "|", -1, -1, 63)),
        records([0, 4], 16, 27, &kind("O8", "|", -1, -1, 63)),
        records([0, 8], 9, 63, &byte()),
        records([0, 8], 9, 16, b"K\x01"),
    ] {
        blocks(&two(&[&kind]), "isn't of the form that numpy writes");
    }
}

#[test]
fn a_kind_does_not_change_once_something_is_made_of_it() {
    // The kind is put away, an array of plain bytes made of it, and then it is given fields.
    let plain = all(&[&global("numpy", "dtype"), &text("V8"), b"\x89\x88\x87Rq\x07"]);
    let made = array(&[1], &plain, false, &bytes(&[65; 8]));
    let names = all(&[&text("a"), b"\x85"]);
    let fields = all(&[b"}", &text("a"), &kind("O8", "|", -1, -1, 63), b"K\x00\x86s"]);
    let state = all(&[b"(K\x03", &text("|"), b"N", &names, &fields, &int(8), b"K\x01", &int(27), b"t"]);
    blocks(&two(&[&made, b"h\x07", &state, b"b\x86"]), "after that was made");
}

#[test]
fn arrays_of_objects_are_looked_into() {
    let objects = kind("O8", "|", -1, -1, 63);
    let looked = passes(&two(&[&array(&[2], &objects, false, &all(&[b"](", &text("a"), b"K\x05e"]))]));
    assert_eq!(looked.texts(), ["a"]);
    let call = all(&[&global("os", "system"), &text("id"), b"\x85R"]);
    blocks(&two(&[&array(&[1], &objects, false, &all(&[b"]", &call, b"a"]))]), "[0] -> os.system");
    blocks(&two(&[&array(&[2], &objects, false, &all(&[b"]", &text("a"), b"a"]))]), "another number of bytes");
    blocks(&two(&[&array(&[1], &objects, false, &bytes(&[0; 8]))]), "another number of bytes");
}

#[test]
fn texts_of_a_fixed_width_are_texts() {
    let wide: Vec<u8> = "ab\0c\0\0".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let looked = passes(&two(&[&array(&[2], &kind("U3", "<", 12, 4, 8), false, &bytes(&wide))]));
    assert_eq!(looked.texts(), ["ab", "c"]);
    let looked = passes(&two(&[&array(&[2], &kind("S2", "|", 2, 1, 0), false, &bytes(b"abc\0"))]));
    assert_eq!(looked.texts(), ["ab", "c"]);
}

#[test]
fn shapes_that_lie_are_refused() {
    let content = bytes(&floats(&[1.0, 2.0]));
    passes(&two(&[&array(&[2], &f8(), false, &content)]));
    passes(&two(&[&array(&[0, 7], &f8(), false, &bytes(b""))]));
    passes(&two(&[&array(&[], &f8(), false, &bytes(&floats(&[1.0])))]));
    for shape in [[1].as_slice(), &[3], &[-2], &[i32::MAX, i32::MAX, i32::MAX], &[2, 2], &[0]] {
        let looked = look(&two(&[&array(shape, &f8(), false, &content)]));
        assert!(!looked.blocks().is_empty(), "{shape:?}");
    }
    blocks(&two(&[&array(&[1; 65], &f8(), false, &bytes(&floats(&[1.0])))]), "isn't of the form");
}

#[test]
fn other_kinds_are_bytes() {
    let looked = passes(&two(&[&array(&[1], &kind("V4", "|", 4, 1, 0), false, &bytes(b"abcd"))]));
    assert!(matches!(&looked.anatomy.parts[0].body, Body::Bytes(data) if data.len() == 4));
    let looked = passes(&two(&[&array(&[1], &kind("c16", "<", -1, -1, 0), false, &bytes(&floats(&[1.0, 2.0])))]));
    assert_eq!((looked.numbers(".real"), looked.numbers(".imag")), (vec![1.0], vec![2.0]));
}
