use crate::personal::Kind;
use crate::personal::tests::{found, nothing};

fn is(text: &str, number: &str) {
    assert_eq!(found(text), [(Kind::Phone, number)], "{text}");
}

#[test]
fn international_numbers_need_no_words() {
    for number in [
        "+352 26 12 34 56",
        "+352 621 123 456",
        "+352621123456",
        "+49 651 1234567",
        "+49 (0)170 1234567",
        "+49-170-1234567",
        "+49/651/1234567",
        "+4915112345678",
        "+33 6 12 34 56 78",
        "+33.1.23.45.67.89",
        "+32 470 12 34 56",
        "+31 6 12345678",
        "+44 20 7946 0958",
        "+44 (0)20 7946 0958",
        "+1 (202) 555-0143",
        "+12025550143",
        "+41 44 668 18 00",
        "+39 06 1234 5678",
        "+354 581 2345",
        "0049 651 1234567",
        "00352 26 12 34 56",
    ] {
        for text in [
            number.to_owned(),
            format!("call {number}."),
            format!("({number})"),
            format!("tel:{number};x"),
            format!("\"{number}\""),
        ] {
            is(&text, number);
        }
        nothing(&format!("x{number}"));
    }
    is("(+49) 651 12345", "(+49) 651 12345");
    is("(+49 (0)651 12345)", "+49 (0)651 12345");
    is("+33 6 12 34 56 78 57 m", "+33 6 12 34 56 78");
    is("+49 651 1234567 2024 12 31 23 59", "+49 651 1234567");
}

#[test]
fn numbers_with_a_plus_that_no_country_has_are_none() {
    for text in [
        "+1",
        "+12.5",
        "+123456",
        "+1234567890",
        "+1 102 555 0143",
        "+33 0 12 34 56 78",
        "+33 6 12 34 56",
        "+33612345678901",
        "+210 123 456 789",
        "+999 123 456 789",
        "+352 12",
        "+49.123.456",
        "+49.1234567890",
        "+4912345678.9",
        "+491701234567890123",
        "2+352 621 123 456",
        "e+352621123456",
        ")+352 621 123 456",
        "+12024-05-17",
        "0069 0307 0300",
        "0049 0307 0300",
        "00491701234567",
    ] {
        nothing(text);
    }
}

#[test]
fn national_numbers_are_found_beside_words_of_five_languages() {
    for words in [
        "Tel. ",
        "tel:",
        "Tel.-Nr. ",
        "Phone: ",
        "phone number is ",
        "PHONE=",
        "Telephone ",
        "Call me on ",
        "Fax ",
        "Telefon: ",
        "Telefonnummer ",
        "Rufnummer: ",
        "Handy ",
        "Handynummer: ",
        "Mobil ",
        "erreichbar unter ",
        "Téléphone : ",
        "TÉLÉPHONE ",
        "numéro de téléphone : ",
        "Tél. ",
        "Portable : ",
        "joignable au ",
        "Telefoon: ",
        "GSM: ",
        "telefoonnummer is ",
        "bereikbaar op ",
        "Mobiel: ",
        "Telefonsnummer: ",
        "GSM ",
        "phone_number = ",
        "\"phoneNumber\": \"",
    ] {
        for number in ["0651 1234567", "06 12 34 56 78", "0612345678", "020-1234567", "0170/1234567", "01.23.45.67.89"]
        {
            is(&format!("{words}{number}"), number);
            nothing(number);
            nothing(&format!("order {number}"));
        }
    }
    is("Tel. (0651) 1234567", "(0651) 1234567");
    is("(020) 7946 0958 (fax)", "(020) 7946 0958");
    is("Telefon: 26 12 34 56", "26 12 34 56");
    is("GSM 621 123 456", "621 123 456");
    is("phone: 555-0199", "555-0199");
    is("Fax 06501 98765-43", "06501 98765-43");
}

#[test]
fn words_do_not_make_a_number_of_everything() {
    for text in [
        "Tel Aviv 0612345678",
        "Tel. 12",
        "Tel. 12.5",
        "Tel. 0612",
        "Telefon am 12.03.2024",
        "phone 2024-03-12",
        "telephone interviews: 0612345678",
        "phone calls: 1234567",
        "mobile users: 1234567",
        "mobile 12 345 678 users",
        "mobile: 1234567",
        "telescope 0612345678",
        "Tel. 061234567890123",
        "Tel. 0612345678x",
        "Tel. 0.612345678",
        "phone 061234567%",
        "phone 12:34:56",
        "GSM 1800",
    ] {
        nothing(text);
    }
}
