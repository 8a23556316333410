//! What is told of a pickle, and under which names.

use super::asm::*;

#[test]
fn parts_are_called_as_people_call_them() {
    let inner = object(
        "sklearn.svm._classes",
        "SVC",
        &[("intercept_", &array(&[3], &f8(), false, &bytes(&floats(&[1.0, 2.0, 3.0]))))],
    );
    let steps = all(&[b"](", &text("svc"), &inner, b"\x86e"]);
    let outer = object("sklearn.pipeline", "Pipeline", &[("steps", &steps)]);
    let looked = passes(&two(&[b"}", &text("x"), b"](K\x01K\x02K\x03es", &text("model"), &outer, b"s"]));
    assert_eq!(looked.numbers("[\"model\"].steps[0][1].intercept_"), [1.0, 2.0, 3.0]);
    assert_eq!(looked.numbers("[\"x\"]"), [1.0, 2.0, 3.0]);
}

#[test]
fn a_model_is_told_with_class_version_settings_and_arrays() {
    let coef = array(&[1, 2], &f8(), false, &bytes(&floats(&[1.0, 2.0])));
    let state: &[(&str, &[u8])] = &[
        ("C", b"K\x02"),
        ("kernel", &text("rbf")),
        ("intercept_", &coef),
        ("_gamma", b"K\x07"),
        ("_sklearn_version", &text("1.5.2")),
    ];
    let looked = passes(&two(&[&object("sklearn.svm._classes", "SVC", state)]));
    let [model] = looked.anatomy.estimators.as_slice() else { panic!("{:?}", looked.anatomy.estimators) };
    assert_eq!((model.class.as_str(), model.version.as_deref()), ("sklearn.svm._classes.SVC", Some("1.5.2")));
    assert_eq!(model.settings, [("C".to_owned(), "2".to_owned()), ("kernel".to_owned(), "\"rbf\"".to_owned())]);
    assert_eq!(model.arrays, [("intercept_".to_owned(), vec![1, 2])]);
    assert_eq!(model.parameters, 4);
}

#[test]
fn rows_are_told_as_a_table() {
    let row = |number: u8, word: &str| all(&[b"K", &[number], &text(word), b"G\x3f\xf8\x00\x00\x00\x00\x00\x00\x87"]);
    let looked = passes(&four(&[b"](", &row(1, "a"), &row(2, "b"), &row(3, "c"), b"e"]));
    assert_eq!(looked.arrays()[0].1.shape, [3, 2]);
    assert_eq!(looked.numbers(""), [1.0, 1.5, 2.0, 1.5, 3.0, 1.5]);
    assert_eq!(looked.texts(), ["a", "b", "c"]);
    let row = |number: u8| all(&[b"}(", &text("age"), b"K", &[number], &text("weight"), b"K\x05u"]);
    let looked = passes(&four(&[b"](", &row(1), &row(2), b"e"]));
    assert_eq!(looked.numbers(""), [1.0, 5.0, 2.0, 5.0]);
    let looked = passes(&four(&[b"](((K\x01K\x02lK\x03(K\x04]tt", b"(K\x05K\x06le"]));
    let mut all: Vec<f64> = looked.arrays().iter().flat_map(|(at, _)| looked.numbers(at)).collect();
    all.sort_by(f64::total_cmp);
    assert_eq!(all, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn what_is_thrown_away_is_told_too() {
    assert_eq!(passes(&four(&[&text("hidden"), b"0N"])).texts(), ["hidden"]);
    assert_eq!(passes(&four(&[b"(](K\x01K\x02K\x03e1N"])).numbers(""), [1.0, 2.0, 3.0]);
    let number = [b"\x8a\x64".as_slice(), &[0x41; 100]].concat();
    assert!(
        matches!(&passes(&four(&[&number, b"\x85"])).anatomy.parts[0].body, crate::anatomy::Body::Bytes(data) if data.len() == 100)
    );
    assert!(!passes(&four(&[&number])).anatomy.parts.is_empty());
}

#[test]
fn what_is_referred_to_twice_is_told_once() {
    let looked = passes(&four(&[b"]\x94(](K\x01K\x02K\x03e\x94h\x01h\x00}h\x01h\x01se"]));
    assert_eq!(looked.arrays().len(), 1);
}

#[test]
fn names_that_a_job_chose_are_made_safe() {
    let looked = passes(&four(&[b"}", &text("a\u{1b}[31m`\u{202e}"), b"](K\x01K\x02K\x03es"]));
    assert_eq!(looked.arrays()[0].0, "[\"a?[31m??\"]");
}
