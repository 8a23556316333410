//! One byte that isn't what it was.

use super::*;

#[test]
fn a_flipped_bit_in_any_byte_of_any_file_is_refused() {
    let released = Released::new();
    let mut seen = 0;
    for (path, whole) in on_disk(&released.folder.at("bundle")) {
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 1 << (place % 8);
            std::fs::write(&path, &changed).unwrap();
            assert!(released.verify().is_err(), "byte {place} of {}", path.display());
            seen += 1;
        }
        std::fs::write(&path, &whole).unwrap();
        released.verify().unwrap();
    }
    assert!(seen > 2000);
}

#[test]
fn a_byte_added_or_taken_anywhere_is_refused() {
    let released = Released::new();
    for (path, whole) in on_disk(&released.folder.at("bundle")) {
        for place in 0..=whole.len() {
            let space = [b' ', b'\n', b'\t'][place % 3];
            std::fs::write(&path, [&whole[..place], &[space], &whole[place..]].concat()).unwrap();
            assert!(released.verify().is_err(), "space before byte {place} of {}", path.display());
            std::fs::write(&path, &whole[..place]).unwrap();
            assert_eq!(released.verify().is_ok(), place == whole.len(), "{place} bytes of {}", path.display());
        }
        std::fs::write(&path, &whole).unwrap();
        released.verify().unwrap();
    }
}

#[test]
fn the_changed_file_is_named() {
    let released = Released::new();
    let refused = released.after(|bundle| std::fs::write(bundle.join("files/by_site.csv"), b"site,n\n").unwrap());
    assert!(matches!(&refused, VerifyError::Changed(name) if name == "by_site.csv"));
    assert!(refused.to_string().contains("`by_site.csv`"));
}

#[test]
fn the_same_json_in_another_text_is_refused() {
    let released = Released::new();
    for name in [ATTESTATION, PROOF] {
        let refused = released.after(|bundle| {
            let text = std::fs::read_to_string(bundle.join(name)).unwrap();
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            std::fs::write(bundle.join(name), serde_json::to_string_pretty(&value).unwrap()).unwrap();
        });
        assert!(matches!(refused, VerifyError::Proof | VerifyError::Unbound(_)), "{name}: {refused}");
    }
}

#[test]
fn a_second_signature_on_the_checkpoint_is_refused() {
    let released = Released::new();
    let refused = released.after(|bundle| {
        let path = bundle.join(CHECKPOINT);
        let note = std::fs::read_to_string(&path).unwrap();
        let checkpoint = Checkpoint::open(&note, &released.key).unwrap();
        let other = checkpoint.sign(&crate::testing::signer("witness.example")).unwrap();
        std::fs::write(path, format!("{note}{}\n", other.lines().last().unwrap())).unwrap();
    });
    assert!(matches!(refused, VerifyError::Signatures(2)));
}
