use super::*;

#[test]
fn entropy_is_that_of_the_shares() {
    assert_eq!(entropy(b"aaaa"), 0.0);
    assert!((entropy(b"abab") - 1.0).abs() < 1e-12);
    assert!((entropy(b"abcdefgh") - 3.0).abs() < 1e-12);
    assert!((entropy(b"aab") - 0.918_295_834).abs() < 1e-9);
}

#[test]
fn bytes_are_told_apart() {
    assert_eq!(distinct(b""), 0);
    assert_eq!(distinct(b"aabbc"), 3);
    assert_eq!(distinct(&(0..=255).collect::<Vec<u8>>()), 256);
}

#[test]
fn words_have_few_joints_and_drawn_texts_have_many() {
    for words in
        ["RandomForestClassifier", "model_layers_11_weight", "gradient-boosting-2024", "q_proj.weight", "ISO-8859-15"]
    {
        assert!(!is_random(words.as_bytes()), "{words}");
    }
    for drawn in ["9f86d081884c7d65", "q8Tz1mW4kLr7Yd2X", "dGhpcyBpcyBhIHJh", "a1b2c3d4e5f6a7b8"] {
        assert!(is_random(drawn.as_bytes()), "{drawn}");
    }
    assert!(!is_random(b"a1a1a1a1a1a1a1a1"), "it has joints, and no entropy");
}
