use crate::personal::Kind;
use crate::personal::checksum::{luhn, verhoeff};
use crate::personal::tests::{found, nothing};

/// Whether a text is a number of a kind, alone and in a sentence.
fn is(kind: Kind, text: &str) {
    for sentence in [text.to_owned(), format!("Nr. {text}, see above"), format!("({text})"), format!("id={text}\n")] {
        assert_eq!(found(&sentence), [(kind, text)], "{sentence}");
    }
}

/// Whether a number is one beside these words, and none without.
fn needs(kind: Kind, number: &str, words: &[&str]) {
    nothing(number);
    nothing(&format!("order {number}"));
    for word in words {
        for text in [
            format!("{word} {number}"),
            format!("{word}: {number}"),
            format!("{word}\n{number}"),
            format!("{number} ({word})"),
        ] {
            assert_eq!(found(&text), [(kind, number)], "{text}");
        }
        let upper = format!("{}={number}", word.to_uppercase());
        assert_eq!(found(&upper), [(kind, number)], "{upper}");
    }
}

/// A matricule with its two check digits.
fn matricule(body: &str) -> String {
    let digits = |check: u8| body.bytes().map(|byte| byte - b'0').chain([check]).collect::<Vec<u8>>();
    let check = |holds: fn(&[u8]) -> bool| (0..10).find(|check| holds(&digits(*check))).unwrap();
    format!("{body}{}{}", check(luhn), check(verhoeff))
}

#[test]
fn a_matricule_is_found_with_and_without_spaces() {
    // The example of the European Commission's list of tax numbers.
    needs(Kind::Matricule, "1893120105732", &["Matricule", "numéro de matricule"]);
    for body in ["19800101123", "20450704001", "19991231999", "19700000555", "19550300003"] {
        let number = matricule(body);
        is(Kind::Matricule, &number);
        is(Kind::Matricule, &format!("{} {}", &number[..8], &number[8..]));
        is(Kind::Matricule, &format!("{} {} {} {}", &number[..4], &number[4..6], &number[6..8], &number[8..]));
        assert_eq!(found(&format!("57,{number},f")), [(Kind::Matricule, number.as_str())]);
    }
}

#[test]
fn a_matricule_has_two_check_digits_and_a_date() {
    let right = matricule("19800101123");
    for digits in 0..100 {
        let text = format!("19800101123{digits:02}");
        assert_eq!(!found(&text).is_empty(), text == right, "{text}");
    }
    for body in ["19801301123", "19800132123", "18800101123", "20510101123", "17001112131"] {
        nothing(&matricule(body));
    }
    for text in ["0.{}", "{}.5", "-{}", "{}7", "7{}", "${}", "x{}", "{}x", "1,{}", "12:{}"] {
        nothing(&text.replace("{}", &right));
    }
}

#[test]
fn a_nir_is_found_in_print_or_beside_words() {
    // The example of INSEE; one of either part of Corsica, and one without spaces.
    for printed in ["2 95 10 99 126 111 93", "2951099126111 93", "1 85 05 2A 006 084 35", "1 85 05 2B 006 084 62"] {
        assert_eq!(found(&format!("Dossier {printed}.")), [(Kind::Nir, printed)], "{printed}");
    }
    needs(Kind::Nir, "295109912611193", &["NIR", "sécurité sociale", "Numéro de sécu", "INSEE", "social security"]);
    needs(Kind::Nir, "185052A00608435", &["NIR", "n° SS"]);
    needs(Kind::Nir, "2951099126111", &["NIR", "sécurité sociale"]);
    needs(Kind::Nir, "2 95 10 99 126 111", &["NIR"]);
}

#[test]
fn a_nir_has_a_key_a_sex_a_month_and_a_place() {
    let keys = (0..100).filter(|key| !found(&format!("NIR 2951099126111{key:02}")).is_empty());
    assert_eq!(keys.collect::<Vec<_>>(), [93]);
    for body in [5_951_099_126_111_u64, 2_951_399_126_111, 2_951_000_126_111, 2_951_099_126_000] {
        nothing(&format!("NIR {body}{:02}", 97 - body % 97));
    }
    nothing("NIR 185052C00608435");
}

#[test]
fn a_belgian_number_is_found_in_print_or_beside_words() {
    // The examples of the National Register: born in 1985, born in 2017, a bis number.
    for printed in
        ["85.07.30-033.28", "17.07.30-033.84", "98.47.28-997.65", "85 07 30 033 28", "850730-033-28", "85.07.30-033-28"]
    {
        assert_eq!(found(&format!("Dossier {printed}.")), [(Kind::NationalNumber, printed)], "{printed}");
    }
    needs(
        Kind::NationalNumber,
        "85073003328",
        &[
            "Rijksregisternummer",
            "rijksregisternr",
            "registre national",
            "numéro national",
            "NISS",
            "INSZ",
            "national number",
        ],
    );
    needs(Kind::NationalNumber, "850730 03328", &["INSZ"]);
    let keys = (0..100).filter(|key| !found(&format!("INSZ 850730033{key:02}")).is_empty());
    assert_eq!(keys.collect::<Vec<_>>(), [28, 57], "with and without the 2 of the later century");
    for text in ["85.07.32-033.28", "INSZ 85133003328", "12 85.07.30-033.28", "85 07 30 033 28", "INSZ 85073003328.5"] {
        nothing(text);
    }
}

#[test]
fn a_german_tax_number_is_found_beside_words() {
    let words =
        ["Steuer-ID", "Steueridentifikationsnummer", "IdNr.", "steuerliche Identifikationsnummer", "tax id", "TIN"];
    // Examples of authorities and of handbooks; in the last one a digit comes three times.
    for number in ["86095742719", "47036892816", "65929970489", "57549285017", "25768131411"] {
        needs(Kind::TaxId, number, &words);
        let spaced = format!("{} {} {} {}", &number[..2], &number[2..5], &number[5..8], &number[8..]);
        needs(Kind::TaxId, &spaced, &words);
    }
}

#[test]
fn a_german_tax_number_repeats_one_digit_and_has_a_check_digit() {
    let keys = (0..10).filter(|key| !found(&format!("Steuer-ID 8609574271{key}")).is_empty());
    assert_eq!(keys.collect::<Vec<_>>(), [9]);
    for body in ["0609574271", "1234567890", "1123345678", "1112345678", "1111345678"] {
        for key in 0..10 {
            nothing(&format!("Steuer-ID {body}{key}"));
        }
    }
}

#[test]
fn a_pension_insurance_number_is_found_alone() {
    // Examples of the Deutsche Rentenversicherung, and others.
    for number in
        ["65170839J003", "65 170839 J 003", "65 170839 J 00 3", "15 070649 C 103", "10010490A443", "38551285K051"]
    {
        is(Kind::PensionNumber, number);
    }
    let keys = (0..10).filter(|key| !found(&format!("65170839J00{key}")).is_empty());
    assert_eq!(keys.collect::<Vec<_>>(), [3]);
    for text in [
        "65170839j003",
        "65320839J003",
        "65171339J003",
        "00170839J003",
        "x65170839J003",
        "65170839J0031",
        "65170839JJ003",
    ] {
        nothing(text);
    }
}

#[test]
fn a_health_insurance_number_is_found_beside_words() {
    let words = ["KVNR", "Versichertennummer", "Krankenversichertennummer", "Krankenkasse", "eGK", "Versicherten-ID"];
    needs(Kind::HealthNumber, "A123456780", &words);
    let keys = (0..10).filter(|key| !found(&format!("KVNR A12345678{key}")).is_empty());
    assert_eq!(keys.collect::<Vec<_>>(), [0]);
    for text in ["KVNR a123456780", "KVNR AA123456780", "KVNR 1A123456780", "KVNR A1234567801", "KVNR A12345678"] {
        nothing(text);
    }
}

#[test]
fn an_nhs_number_is_found_beside_its_name() {
    // The example of the NHS Data Dictionary.
    for number in ["9434765919", "943 476 5919", "943-476-5919"] {
        needs(Kind::NhsNumber, number, &["NHS", "NHS number", "nhs_no", "NHS-Number"]);
    }
    let keys = (0..10).filter(|key| !found(&format!("NHS 943476591{key}")).is_empty());
    assert_eq!(keys.collect::<Vec<_>>(), [9]);
    for text in ["NHS 1111111111", "NHS 94347659190", "NHS 0.9434765919", "NHS -9434765919", "NHSX 9434765919"] {
        nothing(text);
    }
}

#[test]
fn a_national_insurance_number_is_found_in_print_or_beside_words() {
    for printed in ["AB 12 34 56 C", "PX 24 68 10 A", "JG-10-37-59-D"] {
        is(Kind::Nino, printed);
    }
    needs(Kind::Nino, "AB123456C", &["NINO", "National Insurance number", "NI number", "NI No"]);
    needs(Kind::Nino, "AB 123456 C", &["NINO"]);
    for prefix in
        ["DA", "FA", "IA", "QA", "UA", "VA", "AD", "AO", "AF", "BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "A1", "ab"]
    {
        nothing(&format!("NINO {prefix}123456C"));
        nothing(&format!("{prefix} 12 34 56 C"));
    }
    for text in
        ["AB 12 34 56 E", "NINO AB123456E", "NINO AB1234567C", "NINO AB12345C", "XAB 12 34 56 C", "AB 12 34 56 CX"]
    {
        nothing(text);
    }
}
