//! Parts that are missing, too many, of another kind or of another bundle.

use super::*;
use crate::note::Signer;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

#[test]
fn a_missing_file_is_named() {
    let released = Released::new();
    for (name, said) in [
        ("files/by_site.csv", "by_site.csv"),
        ("files/empty.txt", "empty.txt"),
        (ATTESTATION, ATTESTATION),
        (PROOF, PROOF),
        (CHECKPOINT, CHECKPOINT),
    ] {
        let refused = released.after(|bundle| fs::remove_file(bundle.join(name)).unwrap());
        assert!(matches!(refused, VerifyError::Missing(missing) if missing == said));
    }
    let refused = released.after(|bundle| fs::remove_dir_all(bundle.join("files")).unwrap());
    assert!(matches!(refused, VerifyError::Missing(missing) if missing == "files"));
    fs::remove_dir_all(released.at("")).unwrap();
    assert!(matches!(released.verify(), Err(VerifyError::File(_))));
}

#[test]
fn anything_more_is_named() {
    let released = Released::new();
    for (name, said) in [
        ("files/more.csv", "more.csv"),
        ("files/.hidden", ".hidden"),
        ("files/models/more", "models/more"),
        ("README", "README"),
        ("files.csv", "files.csv"),
        ("attestation.json.bak", "attestation.json.bak"),
    ] {
        let refused = released.after(|bundle| fs::write(bundle.join(name), b"").unwrap());
        assert!(matches!(&refused, VerifyError::Extra(extra) if extra == said), "{refused}");
    }
    for (name, said) in [("files/folder", "folder"), ("files/models/deep", "models/deep"), ("more", "more")] {
        let refused = released.after(|bundle| fs::create_dir(bundle.join(name)).unwrap());
        assert!(matches!(&refused, VerifyError::Extra(extra) if extra == said), "{refused}");
    }
}

#[test]
fn links_are_refused_even_to_the_right_content() {
    let released = Released::new();
    for name in ["files/by_site.csv", ATTESTATION, PROOF, CHECKPOINT, "files", "files/models"] {
        let refused = released.after(|bundle| {
            let moved = released.folder.at("moved");
            fs::rename(bundle.join(name), &moved).unwrap();
            symlink(&moved, bundle.join(name)).unwrap();
        });
        assert!(matches!(&refused, VerifyError::Odd(path) if path.ends_with(name)), "{name}: {refused}");
        let moved = released.folder.at("moved");
        drop(fs::remove_file(&moved).or_else(|_| fs::remove_dir_all(&moved)));
    }
    symlink(released.at(""), released.folder.at("link")).unwrap();
    assert!(matches!(verify(&released.folder.at("link"), &released.key), Err(VerifyError::Odd(_))));
}

#[test]
fn pipes_sockets_and_folders_in_place_of_files_are_refused_without_waiting() {
    let released = Released::new();
    for name in ["files/by_site.csv", ATTESTATION, PROOF, CHECKPOINT] {
        let refused = released.after(|bundle| {
            fs::remove_file(bundle.join(name)).unwrap();
            assert!(Command::new("mkfifo").arg(bundle.join(name)).status().unwrap().success());
        });
        assert!(matches!(refused, VerifyError::Odd(_)), "{name}");
        let refused = released.after(|bundle| {
            fs::remove_file(bundle.join(name)).unwrap();
            fs::create_dir(bundle.join(name)).unwrap();
        });
        assert!(matches!(refused, VerifyError::Missing(_)), "{name}");
    }
    let refused = released.after(|bundle| drop(std::os::unix::net::UnixListener::bind(bundle.join("s")).unwrap()));
    assert!(matches!(refused, VerifyError::Odd(_)));
}

#[test]
fn parts_of_two_bundles_of_one_log_dont_mix() {
    let released = Released::new();
    let mut log = released.folder.log();
    let mut other = contents();
    other.insert("by_site.csv".to_owned(), b"site,n\n".to_vec());
    Parts::of(&mut log, &other).write(&released.folder.at("other")).unwrap();
    verify(&released.folder.at("other"), &released.key).unwrap();
    for name in [ATTESTATION, PROOF, CHECKPOINT, "files/by_site.csv"] {
        released.after(|bundle| {
            fs::copy(released.folder.at("other").join(name), bundle.join(name)).unwrap();
        });
    }
    // Proof and checkpoint together are right, but of another attestation.
    let refused = released.after(|bundle| {
        for name in [PROOF, CHECKPOINT] {
            fs::copy(released.folder.at("other").join(name), bundle.join(name)).unwrap();
        }
    });
    assert!(matches!(refused, VerifyError::Unbound(_)));
}

/// Logs an envelope that this made of the payload, writes the bundle aside from its files, and verifies it.
fn with(payload_type: &str, payload: Vec<u8>, signer: impl Fn(&Folder) -> Signer) -> Result<Statement, VerifyError> {
    let folder = Folder::new();
    let mut log = folder.log();
    let attestation = Envelope::sign(payload_type, payload, &[&signer(&folder)]).text().unwrap();
    Parts::logged(&mut log, &contents(), attestation).write(&folder.at("bundle")).unwrap();
    verify(&folder.at("bundle"), log.verifier())
}

fn log_itself(folder: &Folder) -> Signer {
    Signer::new(crate::testing::ORIGIN, folder.key()).unwrap()
}

fn statement() -> Statement {
    Statement::new(&contents(), "type", json!(null))
}

#[test]
fn an_attestation_that_is_logged_is_still_refused_if_it_is_wrong() {
    let right = statement().payload().unwrap();
    with(PAYLOAD, right.clone(), log_itself).unwrap();
    let refused = with(PAYLOAD, right.clone(), |_| crate::testing::signer(crate::testing::ORIGIN));
    assert!(matches!(refused, Err(VerifyError::Envelope(EnvelopeError::Untrusted))));
    assert!(matches!(with("text/plain", right, log_itself), Err(VerifyError::Payload(_))));
    assert!(matches!(with(PAYLOAD, b"{}".to_vec(), log_itself), Err(VerifyError::Statement(_))));
}

#[test]
fn subjects_that_lead_elsewhere_or_come_twice_are_refused() {
    for name in ["../log/openings", "/etc/hostname", "a/./b", ""] {
        let mut statement = statement();
        statement.subject[0].name = name.to_owned();
        let refused = with(PAYLOAD, statement.payload().unwrap(), log_itself);
        assert!(matches!(refused, Err(VerifyError::Subject(odd)) if odd == name));
    }
    let mut twice = statement();
    twice.subject.push(twice.subject[0].clone());
    assert!(matches!(with(PAYLOAD, twice.payload().unwrap(), log_itself), Err(VerifyError::Subject(_))));
    let mut unsaid = statement();
    unsaid.subject.remove(0);
    assert!(matches!(with(PAYLOAD, unsaid.payload().unwrap(), log_itself), Err(VerifyError::Extra(_))));
}
