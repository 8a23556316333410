use super::{Token, values};
use crate::copies::shown::shown;

/// Whether a text spells each of these values, in this order.
fn spells(text: &str, expected: &[&str]) -> bool {
    let mut told: Vec<Vec<Token>> = Vec::new();
    values(text, &mut |readings| told.push(readings.to_vec()));
    let mut rest = told.iter();
    expected.iter().all(|value| {
        let mut wanted = Vec::new();
        shown(value, &mut wanted);
        rest.any(|readings| readings.iter().any(|reading| wanted.contains(reading)))
    })
}

#[test]
fn whatever_stands_between_values_they_are_found() {
    let row = ["17.99", "north", "0.1184", "45"];
    for separator in
        "/ & _ # \\ ~ ! ^ $ % + @ ; : | = * ( ) [ ] { } < > \" ' ` , → · • § x".split(' ').chain([" ", "\t"])
    {
        let text = row.join(separator);
        let is_letter = separator == "x";
        let expected: &[&str] = if is_letter { &["17.99", "0.1184"] } else { &row };
        assert!(spells(&text, expected), "{text}");
    }
    assert!(spells("17.99-10.38-north", &["17.99", "10.38", "north"]));
    assert!(spells("17.99--10.38", &["17.99", "-10.38"]));
}

#[test]
fn marks_and_units_hide_no_number() {
    for (text, expected) in [
        ("17.99mm", "17.99"),
        ("x17.99", "17.99"),
        ("€17.99", "17.99"),
        ("17.99%", "17.99"),
        ("17.99±0.5", "17.99"),
        ("0.5±17.99", "17.99"),
        ("17.99***", "17.99"),
        ("~17.99", "17.99"),
        ("(17.99)", "17.99"),
        ("-17.99", "-17.99"),
        ("a-17.99", "17.99"),
        ("1.799e1", "17.99"),
        ("1.799e+01kg", "17.99"),
        ("0x1.1fd70a3d70a3dp+4", "17.99"),
        ("1,204.5", "1204.5"),
        ("17,99", "17.99"),
        ("P10034/2011-05-03", "P10034"),
        ("P10034/2011-05-03", "2011-05-03"),
        ("x,2011-05-03,y", "2011-05-03"),
        ("(north-east),5", "north-east"),
        ("score: 17.99.", "17.99"),
        ("a=1e-05;", "0.00001"),
        (".5", "0.5"),
        ("v.17", "17"),
    ] {
        assert!(spells(text, &[expected]), "{text}: {expected}");
    }
    assert!(!spells("w34 2011-05-03", &["34"]) && !spells("w34 2011-05-03", &["5"]));
    assert!(!spells("17.99 mm", &["18"]) && !spells("two words", &["2"]));
}
