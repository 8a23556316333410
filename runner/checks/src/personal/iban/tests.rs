use crate::personal::Kind;
use crate::personal::tests::{found, nothing};

/// The examples of the IBAN Registry, one for each form.
const EXAMPLES: [&str; 14] = [
    "AD12 0001 2030 2003 5910 0100",
    "AT61 1904 3002 3457 3201",
    "BE68 5390 0754 7034",
    "BR18 0036 0305 0000 1000 9795 493C 1",
    "CH93 0076 2011 6238 5295 7",
    "DE89 3704 0044 0532 0130 00",
    "FR14 2004 1010 0505 0001 3M02 606",
    "GB29 NWBK 6016 1331 9268 19",
    "LC55 HEMM 0001 0001 0012 0012 0002 3015",
    "LU28 0019 4006 4475 0000",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "NL91 ABNA 0417 1643 00",
    "NO93 8601 1117 947",
    "SC18 SSCB 1101 0000 0000 0000 1497 USD",
];

#[test]
fn examples_are_found_in_print_and_without_spaces() {
    for example in EXAMPLES {
        for text in
            [example.to_owned(), example.replace(' ', ""), example.replace(' ', "-"), example.replace(' ', "\u{a0}")]
        {
            assert_eq!(found(&text), [(Kind::Iban, text.as_str())]);
            assert_eq!(found(&format!("IBAN:{text}.")), [(Kind::Iban, text.as_str())]);
        }
        let small = example.replace(' ', "").to_lowercase();
        assert_eq!(found(&small), [(Kind::Iban, small.as_str())]);
    }
    assert_eq!(found("an LU 28 0019 4006 4475 0000"), [(Kind::Iban, "LU 28 0019 4006 4475 0000")]);
    assert_eq!(found("DE89370400440532013000,57,LU280019400644750000").len(), 2);
}

#[test]
fn a_wrong_digit_length_letter_or_country_makes_none() {
    for example in EXAMPLES {
        let plain = example.replace(' ', "");
        for place in (2..plain.len()).filter(|place| plain.as_bytes()[*place].is_ascii_digit()) {
            let mut wrong = plain.clone().into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + 1) % 10;
            nothing(&String::from_utf8(wrong).unwrap());
        }
        for wrong in
            [format!("{plain}0"), format!("A{plain}"), format!("0{plain}"), plain[..plain.len() - 1].to_owned()]
        {
            nothing(&wrong);
        }
        nothing(&format!("x{plain}x"));
        nothing(&format!("{plain}_1"));
        nothing(&plain.replace(&plain[..2], "ZZ"));
    }
    // The registry asks for letters or digits where they stand; both check digits would fit.
    nothing("DE89 3704 0044 0532 013A 00");
    nothing("XX89 3704 0044 0532 0130 00");
    nothing("dE89370400440532013000");
}

#[test]
fn all_check_digits_but_one_are_wrong() {
    let right = (0..100).filter(|check| !found(&format!("DE{check:02}370400440532013000")).is_empty());
    assert_eq!(right.collect::<Vec<_>>(), [89]);
}
