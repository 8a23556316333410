use super::*;

/// The kinds that are found in a column, with the numbers of their cells.
fn kinds(header: &str, cells: &[&str]) -> Vec<(usize, Kind)> {
    let mut all = Vec::new();
    column(header, cells.iter().copied(), &mut |place, hit| {
        assert!(cells[place].get(hit.start..hit.end).is_some_and(|part| !part.is_empty()));
        all.push((place, hit.kind));
    });
    all
}

/// The same for each cell.
fn each(kind: Kind, cells: &[&str]) -> Vec<(usize, Kind)> {
    (0..cells.len()).map(|place| (place, kind)).collect()
}

/// NHS numbers of the range for tests.
fn numbers(count: usize) -> Vec<String> {
    let right = |text: &String| {
        let sum: u32 = text.bytes().zip((1..=10).rev()).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
        sum.is_multiple_of(11)
    };
    (9_990_000_000_u64..).step_by(7).map(|number| number.to_string()).filter(right).take(count).collect()
}

#[test]
fn a_header_says_what_numbers_are() {
    for (header, cell, kind) in [
        ("nhs_number", "9434765919", Kind::NhsNumber),
        ("Steuer-ID", "86095742719", Kind::TaxId),
        ("NISS", "85073003328", Kind::NationalNumber),
        ("nir", "295109912611193", Kind::Nir),
        ("KVNR", "A123456780", Kind::HealthNumber),
        ("NINO", "AB123456C", Kind::Nino),
        ("credit card", "4111111111111111", Kind::Card),
        ("phone", "0612345678", Kind::Phone),
        ("Telefonnummer", "26123456", Kind::Phone),
        ("Tél.", "01 23 45 67 89", Kind::Phone),
    ] {
        assert_eq!(kinds(header, &[cell, "", "n/a", cell]), [(0, kind), (3, kind)], "{header}");
        assert_eq!(kinds("value", &[cell]), [], "{header}");
    }
    assert_eq!(
        kinds("value", &["anna@example.org", "0.5", "LU280019400644750000"]),
        [(0, Kind::Email), (2, Kind::Iban)]
    );
    assert_eq!(kinds("phone_calls", &["1234567"]), []);
}

#[test]
fn what_most_cells_are_the_others_are_too() {
    let numbers = numbers(20);
    let cells: Vec<&str> = numbers.iter().map(String::as_str).collect();
    assert_eq!(kinds("id", &cells), each(Kind::NhsNumber, &cells));
    assert_eq!(kinds("id", &cells[..5]), each(Kind::NhsNumber, &cells[..5]));
    assert_eq!(kinds("id", &cells[..4]), []);
    assert_eq!(kinds("id", &[cells[0]; 20]), [], "one number, again and again, shows nothing");
    let others: Vec<String> =
        (1_000_000_000_u64..).step_by(7_654_321).take(20).map(|number| number.to_string()).collect();
    let mixed: Vec<&str> = cells.iter().copied().chain(others.iter().map(String::as_str)).collect();
    assert_eq!(kinds("id", &mixed), []);
}

#[test]
fn names_are_found_below_their_headers() {
    let cells = ["Weber", "Müller-Lüdenscheidt", "anna", "O'Connor", "von Arnim", "Weber, Anna"];
    for header in ["nachname", "Vorname", "surname", "prénom", "patient_name", "Achternaam"] {
        assert_eq!(kinds(header, &cells), each(Kind::PersonName, &cells), "{header}");
        assert_eq!(kinds(header, &["n/a", "", "57", "W12", "unknown", "x", "A. 7"]), [], "{header}");
    }
    let persons = ["Anna Weber", "Jean Dupont", "Piet Jansen", "Jang Schmit", "unknown"];
    for header in ["name", "Nom", "patient", "naam"] {
        assert_eq!(kinds(header, &persons), each(Kind::PersonName, &persons[..4]), "{header}");
        assert_eq!(kinds(header, &persons[..2]), [], "two may be anything");
        for others in [
            ["Random Forest", "Logistic Regression", "Gradient Boosting"],
            ["age", "bmi", "glucose"],
            ["ResNet", "DenseNet", "VGG"],
            ["Anna Weber", "Random Forest", "bmi"],
        ] {
            assert_eq!(kinds(header, &others), [], "{header}");
        }
    }
    assert_eq!(kinds("site", &persons), []);
}

#[test]
fn secrets_are_found_below_their_headers() {
    for header in ["password", "Passwort", "user_password", "mot de passe", "api_key", "secret"] {
        assert_eq!(kinds(header, &["q8Tz1mW4kLr7Yd2Xv9Bn", "yes", ""]), [(0, Kind::Password)], "{header}");
    }
    for header in ["password_hash", "token_count", "tokens", "value"] {
        assert_eq!(kinds(header, &["q8Tz1mW4kLr7Yd2Xv9Bn"]), [], "{header}");
    }
}

#[test]
fn ordinary_columns_have_nothing() {
    let cells: Vec<String> = (0..1000_u64).map(|row| format!("{}", row * 7_919_000_017 % 10_000_000_000)).collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    for header in ["id", "n", "seed", "timestamp", "value", "patient_id", ""] {
        assert_eq!(kinds(header, &cells), [], "{header}");
    }
    assert_eq!(kinds("name", &[]), []);
}
