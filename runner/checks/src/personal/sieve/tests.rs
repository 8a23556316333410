use super::*;

#[test]
fn every_place_where_a_word_may_begin_is_told() {
    let sieve = Sieve::new(["token", "://"].into_iter());
    let text = b"a token, TOKENS, http://x, tok";
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(place) = sieve.next(text, at, text.len()) {
        places.push(place);
        at = place + 1;
    }
    for place in [2, 9, 21, 27] {
        assert!(places.contains(&place), "{place} in {places:?}");
    }
    assert!(places.len() < 8, "{places:?}");
}

#[test]
fn places_before_the_end_are_told_whole() {
    let sieve = Sieve::new(["abc"].into_iter());
    assert_eq!(sieve.next(b"xabc", 0, 1), None);
    assert_eq!(sieve.next(b"xabc", 0, 2), Some(1));
    assert_eq!(sieve.next(b"xab", 0, 9), None);
    assert_eq!(sieve.next(b"", 0, 0), None);
    assert_eq!(sieve.next(b"abc", 7, 9), None);
}
