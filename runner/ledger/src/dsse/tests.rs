use super::*;
use crate::testing::signer;

#[test]
fn what_is_signed_is_the_example_of_the_protocol() {
    let text = pae("http://example.com/HelloWorld", b"hello world");
    assert_eq!(text, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
}

#[test]
fn an_envelope_verifies_with_the_key_that_signed_it() {
    let [ours, theirs] = ["ours", "theirs"].map(signer);
    let envelope = Envelope::sign("text/plain", b"hello".to_vec(), &[&theirs, &ours]);
    envelope.verify(&[ours.verifier().clone()]).unwrap();
    envelope.verify(&[theirs.verifier().clone(), ours.verifier().clone()]).unwrap();
    let refused = envelope.verify(&[signer("ours").verifier().clone()]);
    assert!(matches!(refused, Err(EnvelopeError::Untrusted)));
    assert!(matches!(envelope.verify(&[]), Err(EnvelopeError::Untrusted)));
}

#[test]
fn a_changed_payload_type_or_signature_is_refused() {
    let ours = signer("ours");
    let trusted = [ours.verifier().clone()];
    let right = Envelope::sign("text/plain", b"hello".to_vec(), &[&ours]);
    right.verify(&trusted).unwrap();
    let forged =
        |envelope: Envelope| matches!(envelope.verify(&trusted), Err(EnvelopeError::Forged(name)) if name == "ours");
    assert!(forged(Envelope { payload: b"hellO".to_vec(), ..right.clone() }));
    assert!(forged(Envelope { payload_type: "text/plaim".to_owned(), ..right.clone() }));
    let mut envelope = right.clone();
    envelope.signatures[0].sig[63] ^= 1;
    assert!(forged(envelope));
    let mut envelope = right.clone();
    envelope.signatures[0].keyid.push('0');
    assert!(matches!(envelope.verify(&trusted), Err(EnvelopeError::Untrusted)));
}

#[test]
fn an_envelope_has_one_text() {
    let envelope = Envelope::sign("text/plain", b"hello".to_vec(), &[&signer("ours")]);
    let text = envelope.text().unwrap();
    assert!(text.starts_with(r#"{"payload":"aGVsbG8=","payloadType":"text/plain","signatures":[{"keyid":"ours+"#));
    assert_eq!(Envelope::parse(&text).unwrap(), envelope);
    assert!(matches!(Envelope::parse(&format!("{text}\n")), Err(EnvelopeError::Canonical)));
    assert!(matches!(Envelope::parse(&text.replace("ours", r"\u006furs")), Err(EnvelopeError::Canonical)));
    assert!(matches!(
        Envelope::parse(&text.replace("{\"payload\"", "{\"more\":1,\"payload\"")),
        Err(EnvelopeError::Shape(_))
    ));
    assert!(matches!(Envelope::parse(""), Err(EnvelopeError::Shape(_))));
}

#[test]
fn a_checkpoint_never_passes_for_an_envelope() {
    // What an envelope signs starts with a word and a space; the first line of a checkpoint is a name without spaces.
    assert!(Signer::new("DSSEv1 3", crate::key::SigningKey::generate().unwrap()).is_err());
    assert!(pae("type", b"payload").starts_with(b"DSSEv1 "));
}
