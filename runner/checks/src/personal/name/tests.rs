use super::*;
use crate::personal::tests::{found, nothing};

#[test]
fn names_behind_labels_for_persons_are_found() {
    for label in [
        "Surname",
        "surname",
        "First name",
        "first_name",
        "lastName",
        "Family name",
        "patient_name",
        "Patient name",
        "Full Name",
        "Nachname",
        "Vorname",
        "Familienname",
        "Name des Patienten",
        "Name der Patientin",
        "Prénom",
        "PRÉNOM",
        "Nom de famille",
        "Nom du patient",
        "Nom de la patiente",
        "Achternaam",
        "Voornaam",
        "Naam van de patiënt",
        "Virnumm",
        "Numm vum Patient",
    ] {
        for text in [
            format!("{label}: Weber"),
            format!("{label} : Weber, 57"),
            format!("{label}: Weber."),
            format!("{label}: Weber.\nNext"),
            format!("{label}=Weber"),
            format!("x; {label}: Weber"),
            format!("\"{label}\": \"Weber\""),
        ] {
            assert_eq!(found(&text), [(Kind::PersonName, "Weber")], "{text}");
        }
    }
}

#[test]
fn labels_for_anything_need_a_whole_name_and_their_own_place() {
    for label in ["Name", "NAME", "Nom", "Naam", "Numm", "Patient", "Patientin", "Patiente", "Patiënt"] {
        for text in [
            format!("{label}: Anna Weber"),
            format!("\n- {label} : Anna Weber\n"),
            format!("57; {label}: Anna Weber; f"),
            format!("**{label}:** Anna Weber"),
        ] {
            assert_eq!(found(&text), [(Kind::PersonName, "Anna Weber")], "{text}");
        }
        for text in [
            format!("{label}: Weber"),
            format!("{label}: Random Forest"),
            format!("{label}: Anna Model"),
            format!("{label}: anna weber"),
            format!("{label}: Anna Weber 3"),
            format!("{label}: Anna Weber Score"),
            format!("{label}: Anna Weber, dtype: object"),
            format!("{label}:Anna Weber"),
            format!("{label}=Anna Weber"),
            format!("\"{label}\": \"Anna Weber\""),
            format!("model {label}: Anna Weber"),
            format!("{label} Anna Weber"),
            format!("{label} of the model: Anna Weber"),
        ] {
            nothing(&text);
        }
    }
    assert_eq!(found("Name: Weber, Anna"), [(Kind::PersonName, "Weber, Anna")]);
    assert_eq!(found("Patient: John Ashworth, 57 years"), [(Kind::PersonName, "John Ashworth")]);
    nothing("  - name: Install Rust");
}

#[test]
fn programs_that_speak_of_names_have_none() {
    for text in [
        "first_name: String,",
        "last_name: Option<String>",
        "full_name = Explorer.guard(x)",
        "surname = Column(String)",
        "username: Anna",
        "filename = Anna",
        "first_name = models.CharField()",
        "given_name: Text",
        "names: Anna",
        "surname_prefix: Anna",
        "renamed: Anna",
        "nominal: Anna",
    ] {
        nothing(text);
    }
}

#[test]
fn headers_say_whose_names_are_below() {
    for (header, expected) in [
        ("nachname", Some(Says::Person)),
        ("Patient Name", Some(Says::Person)),
        ("firstName", Some(Says::Person)),
        ("Prénom", Some(Says::Person)),
        ("name", Some(Says::Something)),
        ("model_name", Some(Says::Something)),
        ("Patient", Some(Says::Something)),
        ("patients", None),
        ("username", None),
        ("name_length", None),
        ("", None),
    ] {
        assert_eq!(says(header), expected, "{header}");
    }
}
