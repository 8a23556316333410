use super::*;

#[test]
fn words_are_folded_to_small_letters_without_accents() {
    for (text, folded) in [
        ("", " "),
        ("NHS-Number", " nhs number "),
        ("nhsNumber", " nhs number "),
        ("  nhs__number: ", " nhs number "),
        ("TÉLÉPHONE", " telephone "),
        ("te\u{301}le\u{301}phone", " telephone "),
        ("Straße 7a", " strasse 7a "),
        ("n° 7", " n 7 "),
        ("Ωmega", " ωmega "),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn the_words_around_a_place_are_whole() {
    let page = Page::new("a prénom: b7", crate::personal::kind::Kinds::default());
    assert_eq!(before(&page, 9), (2, "prénom"));
    assert_eq!(after(&page, 2), "prénom");
    assert_eq!(after(&page, 11), "b");
    assert_eq!(after(&page, 99), "");
}
