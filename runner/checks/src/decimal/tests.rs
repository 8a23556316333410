#![allow(clippy::unwrap_used)]

use super::Decimal;

fn value(text: &str) -> Option<f64> {
    Decimal::read(text.as_bytes()).and_then(Decimal::value)
}

#[test]
fn a_number_is_the_one_that_other_readers_see() {
    for text in [
        "0",
        "1",
        "-1",
        "1.00",
        "17.99",
        "0.1",
        "0.30000000000000004",
        "123456789.123456789",
        "9007199254740993",
        "1e22",
        "1e23",
        "4.9e-324",
        "1.7976931348623157e308",
        "-2.5e-7",
        "12345678901234567",
        "0.000001",
        "1E5",
    ] {
        assert_eq!(value(text), text.parse().ok(), "{text}");
    }
    assert_eq!(value("+3,5"), Some(3.5));
    assert_eq!(value("14.126999855041503906250000"), Some(f64::from(14.127f32)));
    assert_eq!(value("1e400"), None);
}

#[test]
fn what_is_no_number_has_no_value() {
    for text in ["", "-", ".", "1.2.3", "1e", "e5", "0x10", "nan", "inf", "1 2", "12-", "1e99999"] {
        assert_eq!(value(text), None, "{text}");
    }
}

#[test]
fn digits_are_counted_without_zeros_at_the_ends() {
    for (text, digits) in [("0", 1), ("0.0", 1), ("1.500", 2), ("100", 1), ("0.00123", 3), ("12.5e3", 3), ("-4096", 4)]
    {
        assert_eq!(Decimal::read(text.as_bytes()).unwrap().digits(), digits, "{text}");
    }
}

#[test]
fn marks_between_thousands_are_told_from_points() {
    for (text, expected) in [
        ("1,204.5", Some(1204.5)),
        ("1.204,5", Some(1204.5)),
        ("12'345", Some(12_345.0)),
        ("-1 000 000", Some(-1e6)),
        ("1,20", None),
        ("0,123", None),
        ("1234,567", None),
        ("12", None),
    ] {
        assert_eq!(Decimal::grouped(text).and_then(Decimal::value), expected, "{text}");
    }
}
