//! ONNX models with something in them that the specification doesn't have, or that lies elsewhere.

use super::{amiss, numbers, opened, sample, texts};
use crate::anatomy::Body;

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A field of bytes: a text, a message or packed numbers.
pub(super) fn of(number: u64, body: impl AsRef<[u8]>) -> Vec<u8> {
    [varint(number << 3 | 2), varint(body.as_ref().len() as u64), body.as_ref().to_vec()].concat()
}

fn int(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

fn float(number: u64, value: f32) -> Vec<u8> {
    [varint(number << 3 | 5), value.to_le_bytes().to_vec()].concat()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A model around the fields of its graph, and what follows it.
pub(super) fn model(graph: &[Vec<u8>], more: &[Vec<u8>]) -> Vec<u8> {
    [int(1, 8), of(8, int(2, 20)), of(7, graph.concat()), more.concat()].concat()
}

fn tensor(fields: &[Vec<u8>]) -> Vec<u8> {
    model(&[of(5, fields.concat())], &[])
}

fn node(fields: &[Vec<u8>]) -> Vec<u8> {
    model(&[of(1, [of(4, "Constant"), fields.concat()].concat())], &[])
}

fn attribute(fields: &[Vec<u8>]) -> Vec<u8> {
    node(&[of(5, [of(1, "value"), fields.concat()].concat())])
}

fn two() -> Vec<Vec<u8>> {
    vec![int(1, 2), int(2, 1), of(8, "w")]
}

#[test]
fn numbers_are_found_in_every_way_of_writing_them() {
    let all = [1.5, -2.5];
    let with = |field: Vec<u8>| tensor(&[two(), vec![field]].concat());
    for (what, bytes) in [
        ("raw", with(of(9, floats(&all)))),
        ("packed", with(of(4, floats(&all)))),
        ("packed in pieces", with([of(4, floats(&all[..1])), of(4, floats(&all[1..]))].concat())),
        ("one by one", with([float(4, 1.5), float(4, -2.5)].concat())),
        ("listed one by one", attribute(&[int(20, 6), float(7, 1.5), float(7, -2.5)])),
        ("listed and packed", attribute(&[int(20, 6), of(7, floats(&all))])),
        (
            "in a tensor of an attribute",
            attribute(&[int(20, 4), of(5, [two(), vec![of(9, floats(&all))]].concat().concat())]),
        ),
    ] {
        let found = numbers(&opened("a.onnx", bytes));
        assert!(found.windows(2).any(|pair| pair == [1.5, -2.5]), "{what}: {found:?}");
    }
    let ints = attribute(&[int(20, 7), int(8, 3), int(8, u64::MAX)]);
    assert!(numbers(&opened("a.onnx", ints)).windows(2).any(|pair| pair == [3.0, -1.0]));
    let halves = tensor(&[int(1, 2), int(2, 10), of(5, [varint(0x3e00), varint(0xc100)].concat())]);
    assert!(numbers(&opened("a.onnx", halves)).windows(2).any(|pair| pair == [1.5, -2.5]));
}

#[test]
fn models_say_what_they_are() {
    let svc = opened("svc.onnx", sample("svc.onnx"));
    let classes: Vec<_> = svc.estimators.iter().map(|estimator| estimator.class.as_str()).collect();
    assert_eq!(classes, ["onnx", "ai.onnx.ml.SVMClassifier", "ai.onnx.ml.ZipMap"]);
    let found = &svc.estimators[1];
    assert!(found.settings.iter().any(|(name, value)| name == "kernel_type" && value == "RBF"), "{found:?}");
    let vectors = found.arrays.iter().find(|(name, _)| name == "support_vectors").unwrap();
    assert!(vectors.1[0] >= 6 && found.parameters > 6, "{found:?}");
    let forest = opened("forest.onnx", sample("forest.onnx"));
    assert!(forest.estimators.iter().any(|model| model.class == "ai.onnx.ml.TreeEnsembleClassifier"));
    let branches = opened("branches.onnx", sample("branches.onnx"));
    let found = numbers(&branches);
    assert!([1.5, 2.5, 2.0, -2.0].iter().all(|number| found.contains(number)), "{found:?}");
    assert!(
        ["purpose", "test", "two branches", "a", "b"].iter().all(|text| texts(&branches).contains(&(*text).to_owned()))
    );
}

#[test]
fn lists_go_by_their_node_and_tensors_have_their_shape() {
    let offset = of(5, [of(1, "offset"), int(20, 6), of(7, floats(&[1.5, 2.5]))].concat());
    let square = of(5, [int(1, 2), int(1, 2), int(2, 1), of(8, "w"), of(4, floats(&[1.5; 4]))].concat());
    let scaler = of(1, [offset, of(4, "Scaler")].concat());
    let found = opened("a.onnx", model(&[of(1, of(4, "Neg")), scaler, square], &[]));
    let shape = |at: &str| {
        found.parts.iter().find_map(|part| match &part.body {
            Body::Array(array) if part.at == at => Some(array.shape.clone()),
            _ => None,
        })
    };
    assert_eq!((shape("Scaler[2].offset"), shape("w")), (Some(vec![2]), Some(vec![2, 2])));
}

#[test]
fn going_over_stored_points_is_a_model() {
    let points = of(5, [two(), vec![of(9, floats(&[1.5, 2.5]))]].concat().concat());
    let node = |operator: &str, takes: &[&str], gives: &str, more: &[Vec<u8>]| {
        let takes: Vec<u8> = takes.iter().flat_map(|name| of(1, name)).collect();
        of(1, [takes, of(2, gives), of(4, operator), more.concat()].concat())
    };
    let one = of(5, [of(1, "num_scan_inputs"), int(20, 2), int(3, 1)].concat());
    let scan = |takes: &[&str]| node("Scan", takes, "y", std::slice::from_ref(&one));
    for (nodes, expected) in [
        (vec![scan(&["x", "w"])], true),
        (vec![node("Div", &["w", "w"], "z", &[]), scan(&["x", "z"])], true),
        (vec![node("Div", &["x", "w"], "z", &[]), scan(&["x", "z"])], false),
        (vec![scan(&["w", "x"])], false),
        (vec![node("MatMul", &["x", "w"], "y", &[])], false),
    ] {
        let found = opened("a.onnx", model(&[nodes.concat(), points.clone()], &[]));
        assert_eq!(found.estimators.iter().any(|model| model.class == "Scan"), expected, "{nodes:?}");
    }
}

#[test]
fn models_with_something_else_block() {
    let plain = tensor(&[two(), vec![of(9, floats(&[1.5, 2.5]))]].concat());
    opened("a.onnx", plain.clone());
    opened("a.onnx", node(&[of(7, "ai.onnx.ml")]));
    let with = |field: Vec<u8>| tensor(&[two(), vec![of(9, floats(&[1.5, 2.5])), field]].concat());
    let nested = |depth: usize| {
        let constant = of(1, of(4, "Constant"));
        let around =
            |inner: Vec<u8>, _| of(1, [of(4, "If"), of(5, [of(1, "x"), int(20, 5), of(6, inner)].concat())].concat());
        model(&[(0..depth).fold(constant, around)], &[])
    };
    opened("a.onnx", nested(10));
    let typed = |depth: usize| {
        let kind = (0..depth).fold(of(1, int(1, 1)), |inner, _| of(4, of(1, inner)));
        model(&[of(11, [of(1, "x"), of(2, kind)].concat())], &[])
    };
    opened("a.onnx", typed(3));
    for (what, bytes) in [
        ("numbers in another file", with(int(14, 1))),
        ("the name of another file", with(of(13, [of(1, "location"), of(2, "../x")].concat()))),
        ("an operator of one's own", node(&[of(7, "my.domain")])),
        ("an operator of a company", node(&[of(7, "com.microsoft")])),
        ("operators of one's own", model(&[], &[of(8, of(1, "my.domain"))])),
        ("training", model(&[], &[of(20, of(1, ""))])),
        ("an unknown field of a model", model(&[], &[of(99, "hidden")])),
        ("an unknown number of a model", model(&[], &[int(99, 7)])),
        ("an unknown field of a graph", model(&[of(99, "hidden")], &[])),
        ("an unknown field of a node", node(&[of(99, "hidden")])),
        ("an unknown field of an attribute", attribute(&[of(99, "hidden")])),
        ("an unknown field of a tensor", with(of(99, "hidden"))),
        ("an unknown field of a type", model(&[of(11, of(2, of(99, "hidden")))], &[])),
        ("a reserved field", model(&[of(3, "hidden")], &[])),
        ("a text where a number belongs", model(&[], &[of(5, "hidden")])),
        ("a segment", with(of(3, int(1, 0)))),
        ("a text that isn't UTF-8", model(&[of(2, b"\xff")], &[])),
        ("an attribute of two types", attribute(&[int(20, 6), float(7, 1.5), of(4, "hidden")])),
        ("an attribute of another type", attribute(&[int(20, 1), float(7, 1.5)])),
        ("eight bits", tensor(&[int(1, 2), int(2, 17), of(9, "ab")])),
        ("no type", tensor(&[int(1, 2), of(9, floats(&[1.5, 2.5]))])),
        ("more numbers than promised", with(of(4, floats(&[3.5])))),
        ("fewer numbers than promised", tensor(&[two(), vec![of(9, floats(&[1.5]))]].concat())),
        ("numbers of another type", tensor(&[two(), vec![of(10, [0; 16])]].concat())),
        ("raw numbers twice", with(of(9, floats(&[1.5, 2.5])))),
        ("texts among numbers", with(of(6, "hidden"))),
        ("a shape that overflows", tensor(&[int(1, 1 << 62), int(1, 1 << 62), int(2, 1), of(9, "abcd")])),
        ("a broken number in a list", attribute(&[int(20, 6), of(7, "abc")])),
        ("two graphs", [plain.clone(), of(7, "")].concat()),
        ("no graph", int(1, 8)),
        ("no version", of(7, "")),
        ("nothing", Vec::new()),
        ("a group", [plain.clone(), vec![0x0b, 0x0c]].concat()),
        ("a field without a number", [plain.clone(), vec![0x02, 0]].concat()),
        ("a number that doesn't end", [plain.clone(), vec![0x08], vec![0xff; 11]].concat()),
        ("a length beyond the end", [plain.clone(), vec![0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]].concat()),
        ("a length beyond all numbers", [plain.clone(), vec![0x12], varint(u64::MAX)].concat()),
        ("graphs in graphs", nested(1000)),
        ("types in types", typed(1000)),
        ("a text", b"The area is 0.91.\n".to_vec()),
    ] {
        assert!(!amiss("a.onnx", bytes).is_empty(), "{what} is let through");
    }
}
