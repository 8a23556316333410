use super::*;

#[test]
fn names_end_where_they_end() {
    for (text, length, words) in [
        ("Anna", 4, 1),
        ("Anna Weber was here", 10, 2),
        ("Anna-Maria Weber-Müller, 57", 24, 2),
        ("O'Connor", 8, 1),
        ("J. M. Weber", 11, 1),
        ("Anna M. Weber", 13, 2),
        ("von Arnim", 9, 1),
        ("Pieter van den Berg", 19, 2),
        ("Weber, Anna", 11, 2),
        ("Weber, anna", 5, 1),
        ("Anna Weber, Bern", 10, 2),
        ("ÉLODIE DUPONT", 14, 2),
        ("Anna  Weber", 4, 1),
        ("Anna_Weber", 4, 1),
    ] {
        let name = read(text).unwrap();
        assert_eq!((name.length, name.words), (length, words), "{text}");
    }
}

#[test]
fn what_has_another_form_or_sense_is_no_name() {
    for text in ["", "anna", "A", "A.", "7", " Anna", "Random Forest", "Age", "von", "la Roche", "Anna-", "'Anna"] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read("Anna Model").unwrap().words, 1);
}

#[test]
fn names_in_small_letters_are_words_without_digits() {
    assert!(is_small("anna") && is_small("anna-maria müller"));
    assert!(!is_small("") && !is_small("a") && !is_small("anna2") && !is_small("random") && !is_small("anna,"));
}
