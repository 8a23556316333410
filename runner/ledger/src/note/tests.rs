use super::*;
use crate::key::SigningKey;
use crate::testing::signer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

// The example in the documentation of Go's package golang.org/x/mod/sumdb/note, which the format comes from.
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn published() -> String {
    format!("{TEXT}\n{LINE}")
}

#[test]
fn the_published_note_opens_with_its_key() {
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!(key.to_string(), KEY);
    assert_eq!(key.key_id(), "PeterNeumann+c74f20a3");
    let note = open(&published(), std::slice::from_ref(&key)).unwrap();
    assert_eq!(note, Note { text: TEXT.to_owned(), signers: vec![key], signatures: 1 });
}

#[test]
fn the_published_key_signs_the_published_note() {
    // RFC 8410's version 2 document around the published seed and public key.
    let (seed, key) = (STANDARD.decode(SEED).unwrap(), KEY.parse::<VerifierKey>().unwrap());
    let start = [0x30, 0x53, 2, 1, 1, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let pkcs8 = [&start, &seed[1..], &[0xa1, 0x23, 3, 0x21, 0], key.public()].concat();
    let signer = Signer::new("PeterNeumann", SigningKey::from_pkcs8(&pkcs8).unwrap()).unwrap();
    assert_eq!(signer.verifier(), &key);
    assert_eq!(sign(TEXT, &[&signer]).unwrap(), published());
}

#[test]
fn the_key_id_is_the_one_of_the_specification() {
    let key = VerifierKey::new("example.com/log", [7; 32]).unwrap();
    let hash = crate::hash::Hash::of(&[b"example.com/log\n\x01".as_slice(), &[7; 32]].concat());
    assert_eq!(key.id(), hash.as_bytes()[..4]);
}

#[test]
fn other_keys_signatures_are_ignored_and_one_of_a_trusted_key_is_enough() {
    let [ours, theirs, stranger] = ["ours", "theirs", "stranger"].map(signer);
    let note = sign("text\n", &[&theirs, &ours]).unwrap();
    let trusted = |signers: &[&Signer]| signers.iter().map(|signer| signer.verifier().clone()).collect::<Vec<_>>();
    let opened = open(&note, &trusted(&[&ours])).unwrap();
    assert_eq!((opened.signers, opened.signatures), (trusted(&[&ours]), 2));
    assert_eq!(open(&note, &trusted(&[&ours, &theirs])).unwrap().signers, trusted(&[&theirs, &ours]));
    assert_eq!(open(&note, &trusted(&[&stranger])), Err(NoteError::Untrusted));
    assert_eq!(open(&note, &[]), Err(NoteError::Untrusted));
    // The same name with another key is another key.
    assert_eq!(open(&note, &trusted(&[&signer("ours")])), Err(NoteError::Untrusted));
}

#[test]
fn one_wrong_signature_of_a_trusted_key_refuses_the_note_whoever_else_signed() {
    let [ours, theirs] = ["ours", "theirs"].map(signer);
    let trusted = [ours.verifier().clone(), theirs.verifier().clone()];
    let note = sign("text\n", &[&ours, &theirs]).unwrap();
    assert!(open(&note, &trusted).is_ok());
    let other = sign("texts\n", &[&theirs]).unwrap();
    let swapped: Vec<&str> = note.lines().take(3).chain(other.lines().last()).collect();
    assert_eq!(open(&(swapped.join("\n") + "\n"), &trusted), Err(NoteError::Forged("theirs".to_owned())));
}

#[test]
fn a_broken_note_says_what_is_broken() {
    let key = [KEY.parse().unwrap()];
    let at = |note: String| open(&note, &key).unwrap_err();
    assert_eq!(at(TEXT.to_owned()), NoteError::Unsigned);
    assert_eq!(at(String::new()), NoteError::Unsigned);
    assert_eq!(at(format!("{TEXT}\n")), NoteError::Unsigned);
    assert_eq!(at(published().trim_end().to_owned()), NoteError::Unsigned);
    assert_eq!(at(published() + "\n"), NoteError::Unsigned);
    assert_eq!(at(published().replace("If", "\tIf")), NoteError::Control);
    assert_eq!(at(published().replace('\n', "\r\n")), NoteError::Control);
    assert_eq!(at(published().replace('\u{2014}', "-")), NoteError::Line(1));
    assert_eq!(at(format!("{}\u{2014} a AAAAAA==\n", published())), NoteError::Line(2));
    assert_eq!(at(published().replace("nAM=", "nAN=")), NoteError::Line(1), "spare bits of base64");
    assert_eq!(at(published().replace("If", "if")), NoteError::Forged("PeterNeumann".to_owned()));
    assert_eq!(at(published().replace("PeterN", "PeterM")), NoteError::Untrusted);
    assert_eq!(at(format!("{TEXT}\n{}", LINE.repeat(MOST + 1))), NoteError::Many);
    assert!(open(&format!("{TEXT}\n{}", LINE.repeat(MOST)), &key).is_ok());
}

#[test]
fn a_broken_key_says_what_is_broken() {
    let at = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    for broken in ["", "name", "name+c74f20a3", "name+c74f20a3+", "name+c74f20a3+!", "name+c74f20a3+AQ=="] {
        assert_eq!(at(broken), NoteError::Key(broken.to_owned()));
    }
    let other = KEY.replace("c74f20a3", "c74f20a4");
    assert_eq!(at(&other), NoteError::KeyHash(other.clone()));
    let renamed = KEY.replace("Peter", "Piotr");
    assert_eq!(at(&renamed), NoteError::KeyHash(renamed.clone()));
    assert_eq!(at(&KEY.replace("PeterNeumann", "")), NoteError::Name(String::new()));
    // Another signature type.
    assert!(matches!(at(&KEY.replace("+ARpc", "+BBpc")), NoteError::Key(_)));
}

#[test]
fn a_name_or_text_that_would_be_misread_is_never_signed() {
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{2003}b"] {
        let refused = Signer::new(name, SigningKey::generate().unwrap());
        assert_eq!(refused.unwrap_err(), NoteError::Name(name.to_owned()));
    }
    let signer = signer("fine");
    for text in ["", "no newline", "tab\t\n", "return\r\n", "zero\0\n"] {
        assert_eq!(sign(text, &[&signer]), Err(NoteError::Text));
    }
    assert_eq!(sign("text\n", &[]), Err(NoteError::Text));
}

proptest! {
    #[test]
    fn every_text_comes_back(text in "([^\\x00-\\x09\\x0b-\\x1f]|\n){0,80}", names in proptest::collection::vec("[a-z/.]{1,9}", 1..5)) {
        let text = text + "\n";
        let signers: Vec<_> = names.iter().map(|name| signer(name)).collect();
        let keys: Vec<_> = signers.iter().map(|signer| signer.verifier().clone()).collect();
        let note = sign(&text, &signers.iter().collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(open(&note, &keys).unwrap(), Note { text, signatures: keys.len(), signers: keys });
    }

    #[test]
    fn every_key_comes_back(name in "[^\\s+\\p{Cc}]{1,20}", public: [u8; 32]) {
        let key = VerifierKey::new(&name, public).unwrap();
        prop_assert_eq!(key.to_string().parse::<VerifierKey>().unwrap(), key);
    }

    #[test]
    fn no_bytes_make_it_panic(note in ".{0,200}", key in ".{0,80}") {
        let _ = (open(&note, &[KEY.parse().unwrap()]), key.parse::<VerifierKey>());
    }
}
