use super::*;
use crate::testing::Folder;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_saved_key_is_its_owners_alone_and_comes_back() {
    let folder = Folder::new();
    let (key, path) = (SigningKey::generate().unwrap(), folder.at("new"));
    key.save(&path).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let again = SigningKey::load(&path).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(again.sign(b"text"), key.sign(b"text"));
    assert_ne!(SigningKey::generate().unwrap().public(), key.public());
}

#[test]
fn saving_never_replaces_or_follows_what_is_there() {
    let folder = Folder::new();
    let key = SigningKey::generate().unwrap();
    std::fs::write(folder.at("taken"), b"something").unwrap();
    std::os::unix::fs::symlink(folder.at("elsewhere"), folder.at("link")).unwrap();
    for name in ["taken", "link"] {
        let refused = key.save(&folder.at(name)).unwrap_err();
        assert!(matches!(refused, KeyError::File(error) if error.source.kind() == std::io::ErrorKind::AlreadyExists));
    }
    assert_eq!(std::fs::read(folder.at("taken")).unwrap(), b"something");
    assert!(!folder.at("elsewhere").exists());
}

#[test]
fn a_broken_key_file_is_refused() {
    let folder = Folder::new();
    let key = SigningKey::generate().unwrap();
    key.save(&folder.at("whole")).unwrap();
    let whole = std::fs::read(folder.at("whole")).unwrap();
    for length in 0..whole.len() {
        std::fs::write(folder.at("torn"), &whole[..length]).unwrap();
        assert!(matches!(SigningKey::load(&folder.at("torn")), Err(KeyError::Format)), "{length} bytes");
    }
    // A public half that isn't the private one's.
    let mut mixed = whole.clone();
    *mixed.last_mut().unwrap() ^= 1;
    assert!(matches!(SigningKey::from_pkcs8(&mixed), Err(KeyError::Format)));
    assert!(SigningKey::from_pkcs8(&whole).is_ok());
    assert!(matches!(SigningKey::load(&folder.at("none")), Err(KeyError::File(_))));
}

#[test]
fn showing_a_key_shows_nothing_of_it() {
    let key = SigningKey::generate().unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey { .. }");
    let signer = crate::note::Signer::new("name", key).unwrap();
    assert!(format!("{signer:?}").contains("SigningKey { .. }"));
}
