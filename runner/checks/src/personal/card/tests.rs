use crate::personal::Kind;
use crate::personal::checksum::luhn;
use crate::personal::tests::{found, nothing};

/// Numbers that card schemes and payment services publish for tests.
const EXAMPLES: [&str; 9] = [
    "4111 1111 1111 1111",
    "4012 8888 8888 1881",
    "5555 5555 5555 4444",
    "2223 0031 2200 3222",
    "3782 822463 10005",
    "3056 930902 5904",
    "6011 1111 1111 1117",
    "3530 1113 3330 0000",
    "6200 0000 0000 0005",
];

#[test]
fn embossed_numbers_are_found() {
    for example in EXAMPLES {
        assert_eq!(found(&format!("It was {example}.")), [(Kind::Card, example)]);
        let hyphens = example.replace(' ', "-");
        assert_eq!(found(&hyphens), [(Kind::Card, hyphens.as_str())]);
    }
}

#[test]
fn numbers_without_spaces_are_found_beside_words() {
    for example in EXAMPLES.map(|example| example.replace(' ', "")) {
        for text in [
            format!("card {example}"),
            format!("Kreditkarte: {example}"),
            format!("carte n° {example}"),
            format!("creditCard={example}"),
            format!("{example} (Visa)"),
            format!("CARD NUMBER\n{example}"),
            format!("kredietkaart {example}"),
        ] {
            assert_eq!(found(&text), [(Kind::Card, example.as_str())], "{text}");
        }
        nothing(&example);
        nothing(&format!("id {example}"));
        nothing(&format!("discard {example}"));
        nothing(&format!("card 0.{example}"));
        nothing(&format!("card {example}.25"));
        nothing(&format!("card {example}7"));
    }
}

#[test]
fn wrong_digits_issuers_and_lengths_are_none() {
    for example in EXAMPLES {
        let wrong =
            format!("{}{}", &example[..example.len() - 1], (example.as_bytes()[example.len() - 1] - b'0' + 1) % 10);
        nothing(&format!("card {wrong}"));
    }
    for prefix in ["1", "7", "9", "56", "2220", "2721", "3540", "60"] {
        let length = if prefix == "3540" { 15 } else { 16 };
        let body = format!("{prefix:0<0$}", length - 1);
        let digits = |check| body.bytes().map(|byte| byte - b'0').chain([check]).collect::<Vec<u8>>();
        let check = (0..10).find(|check| luhn(&digits(*check))).unwrap();
        nothing(&format!("card {body}{check}"));
    }
}

#[test]
fn rows_of_numbers_are_none() {
    for text in [
        "4111 1111 1111 1111",
        "[4111 1111 1111 1111]",
        "id: 7 4111 1111 1111 1111",
        "id: 4111 1111 1111 1111 7",
        "id: 4111 1111-1111 1111",
        "id: 4111,1111,1111,1111",
    ] {
        nothing(text);
    }
}
