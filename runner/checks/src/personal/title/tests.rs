use crate::personal::Kind;
use crate::personal::tests::{found, nothing};

#[test]
fn names_behind_titles_are_found() {
    for (text, name) in [
        ("Mr Ashworth came.", "Ashworth"),
        ("Mr. Ashworth", "Ashworth"),
        ("(Mrs Mary-Ann O'Connor)", "Mary-Ann O'Connor"),
        ("dear Ms. Ellington,", "Ellington"),
        ("Miss Jane Ellington", "Jane Ellington"),
        ("Dr. med. vet. A. Weber", "A. Weber"),
        ("Herr Prof. Dr. Kowalski", "Kowalski"),
        ("Frau Yılmaz", "Yılmaz"),
        ("FRAU MÜLLER", "MÜLLER"),
        ("Frau von Arnim", "von Arnim"),
        ("Mme Élodie Lefèvre-Garnier", "Élodie Lefèvre-Garnier"),
        ("Monsieur Dupont", "Dupont"),
        ("chez M. Dupont", "Dupont"),
        ("M. Dupont a été revu", "Dupont"),
        ("57;M. Dupont;f", "Dupont"),
        ("Mevrouw de Vries", "de Vries"),
        ("de heer en mevrouw Peeters", "Peeters"),
        ("Dhr. Van den Berg", "Van den Berg"),
        ("Geachte heer Jansen,", "Jansen"),
        ("Den Här Schmit", "Schmit"),
        ("Joffer Thill", "Thill"),
    ] {
        assert_eq!(found(text), [(Kind::PersonName, name)], "{text}");
    }
}

#[test]
fn titles_without_a_name_and_words_that_look_like_titles_are_none() {
    for text in [
        "Mr",
        "Mr. ",
        "Mr.Ashworth",
        "mr Ashworth",
        "MR Imaging",
        "MS Word",
        "XMr Ashworth",
        "Miss Rate",
        "Dr. med.",
        "Frau",
        "eine Frau Anfang 50",
        "Jede Frau Mitte 40",
        "pro Frau Maria",
        "Herr und Frau",
        "M. le Directeur",
        "M. tuberculosis",
        "J. M. Weber",
        "Anna M. Weber",
        "O. Ledoit and M. Wolf",
        "[1] M. Hubert and E. Vandervieren",
        "see M. Wolf (2004)",
        "Mr A",
        "Dr. 12",
        "12 ms Anna",
        "Prof. of Statistics",
    ] {
        nothing(text);
    }
    assert_eq!(found(&"Herr Dr. ".repeat(50)), []);
}
